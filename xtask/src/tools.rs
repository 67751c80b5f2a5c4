//! `cargo xtask setup`, and each tool on its own: what is missing is installed, and what cannot be
//! is named.

use crate::{
    args::Args,
    browser::Engine,
    disk,
    failure::{Failure, Outcome},
    process,
    workspace::{self, cargo, locked_version},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The target of everything that runs in a browser.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Without it no newer Firefox lets its own window be used (`tests/e2e/src/chrome_window.rs`).
const GECKODRIVER: &str = "0.36.0";

/// The oldest Node.js that the npm packages run on.
const NODE: u32 = 20;

pub(crate) fn run(args: Args) -> Outcome<ExitCode> {
    args.finish()?;
    wasm_target()?;
    npm_packages()?;
    wasm_bindgen()?;
    // The other engines are installed by who asks for their tests.
    Engine::Chromium.driver()?;
    println!("Everything is installed.");
    Ok(ExitCode::SUCCESS)
}

/// The standard library for WASM: compiled, for the tests, and as source, for the site.
pub(crate) fn wasm_target() -> Outcome {
    let library =
        process::read(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    if !Path::new(&library).exists() {
        rustup("target", WASM)?;
    }
    let sysroot = process::read(Command::new("rustc").args(["--print", "sysroot"]))?;
    if !Path::new(&sysroot)
        .join("lib/rustlib/src/rust/library/std")
        .exists()
    {
        rustup("component", "rust-src")?;
    }
    Ok(())
}

fn rustup(kind: &str, name: &str) -> Outcome {
    if find_program("rustup").is_none() {
        return Err(Failure::new(format!(
            "this Rust has no {kind} {name}, and there is no rustup to add it. Install rustup from \
             https://rustup.rs."
        )));
    }
    process::run(
        Command::new("rustup")
            .args([kind, "add", name])
            .current_dir(workspace::root()),
    )
}

/// The packages of `npm/package-lock.json`. Returns the directory of their programs.
pub(crate) fn npm_packages() -> Outcome<PathBuf> {
    let npm = workspace::root().join("npm");
    npm_ci(&npm)?;
    Ok(npm.join("node_modules/.bin"))
}

/// Installs the packages of a directory's lock file, unless they are there.
pub(crate) fn npm_ci(directory: &Path) -> Outcome {
    let lock = directory.join("package-lock.json");
    let installed = directory.join("node_modules/installed-lock.json");
    // By what is in it: a copied lock file is as old as its copy.
    if disk::read(&installed).ok() == Some(disk::read(&lock)?) {
        return Ok(());
    }
    node()?;
    process::run(
        Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(directory),
    )?;
    disk::copy(&lock, &installed)
}

/// wasm-bindgen's programs at the version of `Cargo.lock`: another version does not read the
/// compiled module. Returns their directory. Installing takes minutes.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    cargo_install(
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &locked_version("wasm-bindgen")?,
        Optimised::Fully,
    )
}

/// Firefox's driver. Installing takes minutes.
pub(crate) fn geckodriver() -> Outcome<PathBuf> {
    let programs = cargo_install("geckodriver", "geckodriver", GECKODRIVER, Optimised::Not)?;
    Ok(programs.join("geckodriver"))
}

/// How much time cargo takes over a program.
#[derive(Clone, Copy)]
enum Optimised {
    /// It works through much.
    Fully,
    /// It waits for another program: in half the time it is there, and nobody sees a difference.
    Not,
}

/// Has cargo install a program of this version into the target directory, unless it is there. Returns
/// the directory.
fn cargo_install(
    package: &str,
    program: &str,
    version: &str,
    optimised: Optimised,
) -> Outcome<PathBuf> {
    let tools = workspace::target()?.join("tools");
    let programs = tools.join("bin");
    let path = programs.join(program);
    let wanted = format!("{program} {version}");
    if path.exists()
        && tells(
            &process::read(Command::new(&path).arg("--version"))?,
            &wanted,
        )
    {
        return Ok(programs);
    }
    println!(
        "Installing {wanted} into {}. This takes some minutes.",
        tools.display()
    );
    let build = tools.join("build").join(package);
    // Without --locked: the lock file of wasm-bindgen-cli 0.2.130 names a crate version that was
    // taken back.
    let mut install = cargo(&format!("install {package} --version {version}"));
    if matches!(optimised, Optimised::Not) {
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    }
    process::run(
        install
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(&build),
    )?;
    fs::remove_dir_all(&build).map_err(|error| Failure::file("remove", &build, &error))?;
    Ok(programs)
}

/// Whether what a program says of its version, which may go on after it, is this.
fn tells(said: &str, wanted: &str) -> bool {
    let rest = said.strip_prefix(wanted);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit() || next == '.'))
}

/// The first program of this name on the PATH.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
}

fn node() -> Outcome {
    let get_it = format!("Install Node.js {NODE} or newer, with npm, from https://nodejs.org.");
    for program in ["node", "npm"] {
        if find_program(program).is_none() {
            return Err(Failure::new(format!(
                "the site's build needs {program}, and it is not on the PATH. {get_it}"
            )));
        }
    }
    let version = process::read(Command::new("node").arg("--version"))?;
    match major(&version) {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node.js {version} is too old for the site's build. {get_it}"
        ))),
    }
}

/// The first number of a version such as `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_tells_its_major_version() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nightly"), None);
    }

    #[test]
    fn a_version_is_told_apart_from_a_longer_one() {
        assert!(tells(
            "geckodriver 0.36.0 (a lot more)",
            "geckodriver 0.36.0"
        ));
        assert!(!tells("geckodriver 0.36.01", "geckodriver 0.36.0"));
        assert!(!tells("geckodriver 0.36.0.1", "geckodriver 0.36.0"));
        assert!(!tells("wasm-bindgen 0.2.9", "wasm-bindgen 0.2.99"));
    }

    #[test]
    fn a_program_is_found_by_its_name() {
        assert!(find_program("sh").is_some());
        assert!(find_program("pipit-no-such-program").is_none());
    }
}
