//! Where things are: the repository, cargo's target directory, the lock file.

use crate::failure::{Failure, Outcome};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The top of the repository. Cargo says at run time where this package is: with a target directory
/// that several clones share, the one known at compile time may be another clone.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR");
    let mut path = PathBuf::from(package.unwrap_or(env!("CARGO_MANIFEST_DIR").into()));
    path.pop();
    path
}

/// Cargo's target directory. Cargo has put this very program into it, so that every way to
/// configure it is heeded.
pub(crate) fn target() -> Outcome<PathBuf> {
    let program = env::current_exe().ok();
    program
        .as_deref()
        .and_then(|path| path.ancestors().nth(2))
        .map(Path::to_owned)
        .ok_or_else(|| {
            Failure::new("could not tell cargo's target directory. Start me as `cargo xtask`.")
        })
}

/// `cargo` with these arguments, to be run at the top of the repository.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments.split(' '));
    command
}

/// Whether a file is there and not older than what it is made from.
pub(crate) fn is_fresh(product: &Path, sources: &[&Path]) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let Some(made) = written(product) else {
        return false;
    };
    sources
        .iter()
        .all(|source| written(source).is_some_and(|changed| changed <= made))
}

/// The version of a package in `Cargo.lock`.
pub(crate) fn locked_version(package: &str) -> Outcome<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
    version_in(&lock, package)
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("{} does not name {package}.", path.display())))
}

fn version_in<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_package_with_exactly_this_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
