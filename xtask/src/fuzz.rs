//! `cargo xtask fuzz`: runs libFuzzer on the fuzz targets. Each file in `fuzz/fuzz_targets` is a target, and calls one
//! function of `crates/fuzz-targets`. libFuzzer tries many inputs for each target, until the target fails or the time
//! is over.
//!
//! Each target has a corpus: a directory of inputs in `fuzz/corpus`, which the tests replay. libFuzzer writes new
//! inputs to cargo's target directory. `cargo xtask fuzz keep` selects a few of all known inputs that together reach the
//! same code as all of them. These inputs become the new corpus.

use crate::{
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

/// The arguments with which cargo installs cargo-fuzz, the program that compiles the targets and runs libFuzzer.
const CARGO_FUZZ: &str = "cargo-fuzz --version =0.13.2";

/// The default time for each target, in minutes.
const DEFAULT_MINUTES: u64 = 10;

/// libFuzzer's argument for the maximum length of an input while it searches, in bytes.
const MAX_LEN: &str = "-max_len=16384";
/// libFuzzer's argument for the maximum length of an input in the corpus, in bytes. Shorter inputs make the tests fast.
const CORPUS_MAX_LEN: &str = "-max_len=2048";

/// libFuzzer's arguments for the limits of one input: memory in MB, and time in s. An input that exceeds a limit counts as
/// a failure. The memory includes 256 MB of freed memory that the sanitizer (the compiler's check for memory errors)
/// retains.
const LIMITS: [&str; 2] = ["-rss_limit_mb=1024", "-timeout=10"];

/// Fuzz the readers and the engine, or keep the inputs that were found
///
/// Takes --minutes for each target, and some minutes more the first time.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask fuzz --minutes 2
  cargo xtask fuzz --target tolerant_json
  cargo xtask fuzz keep --target tolerant_json    # makes the found inputs the corpus")]
pub(crate) struct Arguments {
    /// Without an action, search for inputs that fail
    action: Option<Action>,
    /// Only this target. A name that is unknown lists all
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// How long to search in each target
    #[arg(long, default_value_t = DEFAULT_MINUTES, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Action {
    /// Select a few of all known inputs, which together reach the same code, as the new corpus
    Keep,
}

pub(crate) fn run(arguments: Arguments) -> Outcome<ExitCode> {
    let targets = select_targets(arguments.target)?;
    let fuzzer = Fuzzer::install()?;
    for target in targets {
        match arguments.action {
            None => fuzzer.search(&target, arguments.minutes)?,
            Some(Action::Keep) => fuzzer.keep(&target)?,
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the target with this name, or all targets if no name is given. Fails if there is no target with this name.
fn select_targets(target: Option<String>) -> Outcome<Vec<String>> {
    let target_files = files(&fuzz_directory().join("fuzz_targets"))?;
    let names = target_files
        .iter()
        .filter_map(|file| file.file_stem()?.to_str());
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

fn fuzz_directory() -> PathBuf {
    workspace::root().join("fuzz")
}

/// The installed program cargo-fuzz.
struct Fuzzer {
    /// The PATH, with the directory of cargo-fuzz first.
    path: OsString,
    /// The directory for cargo-fuzz's builds and for the inputs that libFuzzer finds.
    output: PathBuf,
}

impl Fuzzer {
    /// Installs cargo-fuzz. If this version is installed already, cargo does nothing.
    fn install() -> Outcome<Self> {
        let target = workspace::target()?;
        let tools = target.join("tools");
        let install = format!("install --quiet --locked {CARGO_FUZZ}");
        process::run(cargo(&install).arg("--root").arg(&tools))?;
        let old_path = env::var_os("PATH").unwrap_or_default();
        let directories = iter::once(tools.join("bin")).chain(env::split_paths(&old_path));
        Ok(Self {
            path: env::join_paths(directories)
                .map_err(|error| Failure::new(format!("the PATH cannot be extended: {error}")))?,
            output: target.join("fuzz"),
        })
    }

    /// Runs libFuzzer on a target for this number of minutes. libFuzzer starts with the inputs of the corpus and with
    /// the inputs that earlier runs have found.
    fn search(&self, target: &str, minutes: u64) -> Outcome {
        println!("\n== {target}: {minutes} min");
        let seconds = 60 * minutes;
        process::run(
            self.command(target, &[&self.found(target)?, &corpus(target)?])
                .args(["--", MAX_LEN, &format!("-max_total_time={seconds}")])
                .args(LIMITS)
                // The texts of the dictionary, which libFuzzer inserts into inputs.
                .arg(format!(
                    "-dict={}",
                    fuzz_directory().join("words.dict").display()
                )),
        )
    }

    /// Replaces the corpus of a target. The known inputs are the inputs of the old corpus and the inputs that earlier
    /// runs have found. The new corpus has a few of them that together reach the same code as all of them.
    fn keep(&self, target: &str) -> Outcome {
        let old_corpus = corpus(target)?;
        let merged = self.output.join("keep").join(target);
        remove(&merged)?;
        process::run(
            self.command(
                target,
                &[
                    &ensure_directory(merged.clone())?,
                    &old_corpus,
                    &self.found(target)?,
                ],
            )
            // `-set_cover_merge=1` selects the inputs. With `-use_counters=0`, it does not matter how often an input runs
            // a piece of code.
            .args([
                "--",
                "-set_cover_merge=1",
                "-use_counters=0",
                CORPUS_MAX_LEN,
            ]),
        )?;
        remove(&old_corpus)?;
        copy(&merged, &corpus(target)?)
    }

    /// The cargo-fuzz command that runs a target. libFuzzer reads all `corpora`, and writes new inputs to the first
    /// corpus. `RUSTC_BOOTSTRAP` lets the stable compiler accept the flags for the sanitizer and for coverage.
    fn command(&self, target: &str, corpora: &[&Path]) -> Command {
        let mut command = cargo("fuzz run --fuzz-dir fuzz --target-dir");
        command
            .arg(&self.output)
            .arg(target)
            .args(corpora)
            .env("PATH", &self.path)
            .env("RUSTC_BOOTSTRAP", "1");
        command
    }

    /// The directory of the inputs that earlier runs have found for a target.
    fn found(&self, target: &str) -> Outcome<PathBuf> {
        ensure_directory(self.output.join("corpus").join(target))
    }
}

/// The directory of a target's corpus.
fn corpus(target: &str) -> Outcome<PathBuf> {
    ensure_directory(fuzz_directory().join("corpus").join(target))
}

/// Creates a directory if it does not exist, and returns it.
fn ensure_directory(directory: PathBuf) -> Outcome<PathBuf> {
    fs::create_dir_all(&directory).map_err(|error| Failure::file("create", &directory, &error))?;
    Ok(directory)
}

/// Removes a directory with its content. A missing directory is not an error.
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

/// The paths of the entries of a directory, sorted.
fn files(directory: &Path) -> Outcome<Vec<PathBuf>> {
    let entries =
        fs::read_dir(directory).map_err(|error| Failure::file("read", directory, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    Ok(files)
}
