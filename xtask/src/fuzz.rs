//! `cargo xtask fuzz`: runs libFuzzer on the readers and the engine until it finds a failure or the time is over. The fuzzed
//! functions are in `crates/fuzz-targets`.
//!
//! New inputs are written to the target directory. `keep` adds the smallest set of them that reaches the same code to
//! `fuzz/corpus`, which the tests replay.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process,
    workspace::{self, cargo},
};
use std::{
    env,
    ffi::OsString,
    fs, iter,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The program that runs the compiler and libFuzzer, with its version.
const CARGO_FUZZ: &str = "cargo-fuzz --version =0.13.2";

/// The default time for each target, in minutes.
const MINUTES: u64 = 10;

/// The longest input in bytes: while searching, and in the corpus.
const MAX_LEN: &str = "-max_len=16384";
const KEPT_MAX_LEN: &str = "-max_len=2048";

/// Limits whose violation is a defect: memory in MB, and time for one input in s. The memory includes 256 MB of freed memory
/// that the sanitizer retains.
const LIMITS: [&str; 2] = ["-rss_limit_mb=1024", "-timeout=10"];

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let target: Option<String> = args.value("--target")?;
    let minutes = args.value("--minutes")?.unwrap_or(MINUTES);
    let action: fn(&Fuzzer, &str, u64) -> Outcome = match args.positional().as_deref() {
        None => Fuzzer::search,
        Some("keep") => |fuzzer, target, _| fuzzer.keep(target),
        Some(other) => {
            return Err(Failure::new(format!(
                "there is no action '{other}'. The only one is `keep`."
            )));
        }
    };
    args.finish()?;
    let fuzzer = Fuzzer::install()?;
    for target in chosen(target)? {
        action(&fuzzer, &target, minutes)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The target of this name, or all of them: each file of `fuzz/fuzz_targets`.
fn chosen(target: Option<String>) -> Outcome<Vec<String>> {
    let files = files(&directory().join("fuzz_targets"))?;
    let names = files.iter().filter_map(|file| file.file_stem()?.to_str());
    let all: Vec<String> = names.map(str::to_owned).collect();
    match target {
        None => Ok(all),
        Some(target) if all.contains(&target) => Ok(vec![target]),
        Some(target) => Err(Failure::new(format!(
            "there is no fuzz target '{target}'. There are {}; without a name, all of them run.",
            all.join(", ")
        ))),
    }
}

fn directory() -> PathBuf {
    workspace::root().join("fuzz")
}

/// An installed cargo-fuzz.
struct Fuzzer {
    /// The PATH, with the directory of cargo-fuzz first.
    path: OsString,
    /// The directory for its builds and for the inputs that it finds.
    target: PathBuf,
}

impl Fuzzer {
    /// Installs cargo-fuzz. Cargo does nothing if this version is installed.
    fn install() -> Outcome<Self> {
        let target = workspace::target()?;
        let tools = target.join("tools");
        let install = format!("install --quiet --locked {CARGO_FUZZ}");
        process::run(cargo(&install).arg("--root").arg(&tools))?;
        let path = env::var_os("PATH").unwrap_or_default();
        let path = iter::once(tools.join("bin")).chain(env::split_paths(&path));
        Ok(Self {
            path: env::join_paths(path)
                .map_err(|error| Failure::new(format!("the PATH cannot be extended: {error}")))?,
            target: target.join("fuzz"),
        })
    }

    /// Runs a target. It starts from the corpus and from the inputs of earlier searches.
    fn search(&self, target: &str, minutes: u64) -> Outcome {
        println!("\n== {target}: {minutes} min");
        let seconds = 60 * minutes;
        process::run(
            self.run(target, &[&self.found(target)?, &kept(target)?])
                .args(["--", MAX_LEN, &format!("-max_total_time={seconds}")])
                .args(LIMITS)
                .arg(format!(
                    "-dict={}",
                    directory().join("words.dict").display()
                )),
        )
    }

    /// Replaces the corpus of a target by the smallest set of known inputs that reaches the same code.
    fn keep(&self, target: &str) -> Outcome {
        let before = kept(target)?;
        let after = self.target.join("keep").join(target);
        remove(&after)?;
        process::run(
            self.run(
                target,
                &[&existing(after.clone())?, &before, &self.found(target)?],
            )
            .args(["--", "-set_cover_merge=1", "-use_counters=0", KEPT_MAX_LEN]),
        )?;
        remove(&before)?;
        copy(&after, &kept(target)?)
    }

    /// The command for one run. `RUSTC_BOOTSTRAP` lets the stable compiler accept the flags of sanitizer and coverage.
    fn run(&self, target: &str, corpora: &[&Path]) -> Command {
        let mut command = cargo("fuzz run --fuzz-dir fuzz --target-dir");
        command
            .arg(&self.target)
            .arg(target)
            .args(corpora)
            .env("PATH", &self.path)
            .env("RUSTC_BOOTSTRAP", "1");
        command
    }

    /// The directory of inputs that earlier searches found.
    fn found(&self, target: &str) -> Outcome<PathBuf> {
        existing(self.target.join("corpus").join(target))
    }
}

/// The directory of a target's corpus.
fn kept(target: &str) -> Outcome<PathBuf> {
    existing(directory().join("corpus").join(target))
}

fn existing(directory: PathBuf) -> Outcome<PathBuf> {
    fs::create_dir_all(&directory).map_err(|error| Failure::file("create", &directory, &error))?;
    Ok(directory)
}

fn remove(directory: &Path) -> Outcome {
    if !directory.exists() {
        return Ok(());
    }
    fs::remove_dir_all(directory).map_err(|error| Failure::file("remove", directory, &error))
}

/// Copies the files of a directory, without subdirectories.
fn copy(from: &Path, to: &Path) -> Outcome {
    for file in files(from)? {
        let name = file.file_name().unwrap_or_default();
        fs::copy(&file, to.join(name)).map_err(|error| Failure::file("copy", &file, &error))?;
    }
    Ok(())
}

fn files(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let entries =
        fs::read_dir(directory).map_err(|error| Failure::file("read", directory, &error))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|it| Some(it.ok()?.path())).collect();
    files.sort();
    Ok(files)
}
