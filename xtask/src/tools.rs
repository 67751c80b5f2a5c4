//! Finds or installs the tools that builds and tests need. If a tool cannot be installed, the error says how to get it.

use crate::{
    disk,
    failure::{Failure, Outcome},
    process,
    workspace::{self, cargo, locked_version},
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The compile target of everything that runs in a browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The version of geckodriver, Firefox's WebDriver. It has the option `--allow-system-access`, with which
/// `tests/e2e/src/chrome_window.rs` controls the window of Firefox itself, outside of the web page.
const GECKODRIVER_VERSION: &str = "0.36.0";

/// The version of cargo-deny, the program that checks the licences and the sources of crates.
const CARGO_DENY_VERSION: &str = "0.20.2";

/// The oldest major version of Node.js that the npm packages run on.
const OLDEST_NODE: u32 = 20;

/// Checks that the programs which each build needs are there, so that no build fails after minutes.
pub(crate) fn check_programs() -> Outcome {
    if find_program("rustc").is_none() {
        return Err(Failure::new(
            "the Rust compiler `rustc` is not on the PATH. Install rustup from https://rustup.rs.",
        ));
    }
    check_node()
}

/// Installs Rust's standard library for WASM if it is missing: the compiled form for the tests, and the source code for
/// the site's build.
pub(crate) fn wasm_target() -> Outcome {
    let library = process::read(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        WASM_TARGET,
    ]))?;
    if !Path::new(&library).exists() {
        rustup("target", WASM_TARGET)?;
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

/// Lets rustup install a part of Rust. `kind` is `target` or `component`.
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

/// Installs the packages of `npm/package-lock.json` if they are missing. Returns the directory with the executables of
/// these packages, such as esbuild.
pub(crate) fn npm_packages() -> Outcome<PathBuf> {
    let npm = workspace::root().join("npm");
    npm_ci(&npm)?;
    Ok(npm.join("node_modules/.bin"))
}

/// Installs the npm packages that the lock file of a directory names. Does nothing if they are installed.
pub(crate) fn npm_ci(directory: &Path) -> Outcome {
    let lock = directory.join("package-lock.json");
    // A copy of the lock file whose packages are installed.
    let installed = directory.join("node_modules/installed-lock.json");
    // The contents of the lock files are compared, and not their dates: the date of a copy only says when it was
    // copied.
    if disk::read(&installed).ok() == Some(disk::read(&lock)?) {
        return Ok(());
    }
    check_node()?;
    let mut install = Command::new("npm");
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    let name = directory
        .strip_prefix(workspace::root())
        .unwrap_or(directory);
    let step = format!("Installing the npm packages of {}", name.display());
    process::run_step(&step, install.current_dir(directory)).map_err(|failure| {
        Failure::new(format!(
            "{failure} If npm could not reach its registry, check the network, and npm's proxy (`npm config get proxy`)."
        ))
    })?;
    disk::copy(&lock, &installed)
}

/// Installs wasm-bindgen's programs if they are missing, and returns their directory. The programs have the version of
/// wasm-bindgen in `Cargo.lock`, because other versions reject the compiled module. Installing takes minutes.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    cargo_install(
        "wasm-bindgen-cli",
        "wasm-bindgen",
        &locked_version("wasm-bindgen")?,
        Optimization::Full,
    )
}

/// Installs geckodriver, Firefox's WebDriver, if it is missing, and returns its path. Installing takes minutes.
pub(crate) fn geckodriver() -> Outcome<PathBuf> {
    let programs = cargo_install(
        "geckodriver",
        "geckodriver",
        GECKODRIVER_VERSION,
        Optimization::None,
    )?;
    Ok(programs.join("geckodriver"))
}

/// Installs cargo-deny if it is missing, and returns its path. Installing takes one to two minutes.
pub(crate) fn cargo_deny() -> Outcome<PathBuf> {
    let programs = cargo_install(
        "cargo-deny",
        "cargo-deny",
        CARGO_DENY_VERSION,
        Optimization::None,
    )?;
    Ok(programs.join("cargo-deny"))
}

/// The level to which cargo optimises a program that it installs.
#[derive(Clone, Copy)]
enum Optimization {
    /// For programs that process large inputs.
    Full,
    /// For programs that mostly wait. Without optimization, they compile in half the time and are still fast enough.
    None,
}

/// Installs this version of a program into a subdirectory of cargo's target directory, unless that version is installed
/// there already. Returns the directory of the executable.
fn cargo_install(
    package: &str,
    program: &str,
    version: &str,
    optimization: Optimization,
) -> Outcome<PathBuf> {
    let tools = workspace::target()?.join("tools");
    let programs = tools.join("bin");
    let path = programs.join(program);
    let wanted = format!("{program} {version}");
    if path.exists()
        && is_version(
            &process::read(Command::new(&path).arg("--version"))?,
            &wanted,
        )
    {
        return Ok(programs);
    }
    let build = tools.join("build").join(package);
    // The command has no `--locked`, because the lock file of wasm-bindgen-cli 0.2.130 names a crate version that was
    // yanked.
    let mut install = cargo(&format!("install {package} --version {version}"));
    if matches!(optimization, Optimization::None) {
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
    }
    process::run_step(
        &format!(
            "Installing {wanted} into {} (some minutes)",
            tools.display()
        ),
        install
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(&build),
    )?;
    fs::remove_dir_all(&build).map_err(|error| Failure::file("remove", &build, &error))?;
    Ok(programs)
}

/// Whether a program's answer to `--version` begins with the wanted name and version, such as `geckodriver 0.36.0`.
/// More text may follow, but no text that continues the version.
fn is_version(answer: &str, wanted: &str) -> bool {
    let rest = answer.strip_prefix(wanted);
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit() || next == '.'))
}

/// The path of the first program with this name on the PATH. `None` if no directory of the PATH has such a program.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|program| program.is_file())
}

/// Checks that Node.js and npm are installed, and that Node.js is recent enough.
fn check_node() -> Outcome {
    let how_to_install =
        format!("Install Node.js {OLDEST_NODE} or newer, with npm, from https://nodejs.org.");
    for program in ["node", "npm"] {
        if find_program(program).is_none() {
            return Err(Failure::new(format!(
                "the site's build needs {program}, and it is not on the PATH. {how_to_install}"
            )));
        }
    }
    let version = process::read(Command::new("node").arg("--version"))?;
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node.js {version} is too old for the site's build. {how_to_install}"
        ))),
    }
}

/// The first number of a version such as `v20.20.2`. `None` if the text does not begin with a number.
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
    fn the_major_version_of_node_is_parsed() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("nightly"), None);
    }

    #[test]
    fn a_version_is_not_confused_with_a_longer_one() {
        assert!(is_version(
            "geckodriver 0.36.0 (a lot more)",
            "geckodriver 0.36.0"
        ));
        assert!(!is_version("geckodriver 0.36.01", "geckodriver 0.36.0"));
        assert!(!is_version("geckodriver 0.36.0.1", "geckodriver 0.36.0"));
        assert!(!is_version("wasm-bindgen 0.2.9", "wasm-bindgen 0.2.99"));
    }

    #[test]
    fn a_program_is_found_by_its_name() {
        assert!(find_program("sh").is_some());
        assert!(find_program("pipit-no-such-program").is_none());
    }
}
