//! Finds what the commands need in the repository: its root, cargo's target directory, and the versions in
//! `Cargo.lock`.

use crate::failure::{Failure, Outcome};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The root of the repository: the parent of this package's directory. cargo passes the package's path at run time. The
/// path at compile time is used only if cargo passes none, because it can be the path of another clone that shares the
/// target directory.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR");
    let mut path = PathBuf::from(package.unwrap_or(env!("CARGO_MANIFEST_DIR").into()));
    path.pop();
    path
}

/// Cargo's target directory. It is derived from the path of this program, which cargo has put into a subdirectory of
/// that directory, such as `debug`.
pub(crate) fn target() -> Outcome<PathBuf> {
    let program = env::current_exe().ok();
    program
        .as_deref()
        .and_then(|path| path.ancestors().nth(2))
        .map(Path::to_owned)
        .ok_or_else(|| {
            Failure::new("cargo's target directory is unknown. Run this as `cargo xtask`.")
        })
}

/// A `cargo` command that runs in the root of the repository. `arguments` are separated by blanks.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments.split(' '));
    command
}

/// Whether a file exists and is not older than any of its sources. False if a source is missing.
pub(crate) fn is_fresh(product: &Path, sources: &[&Path]) -> bool {
    let modified_at = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let Some(product_time) = modified_at(product) else {
        return false;
    };
    sources
        .iter()
        .all(|source| modified_at(source).is_some_and(|time| time <= product_time))
}

/// The version of a package in `Cargo.lock`. Fails if `Cargo.lock` does not name the package.
pub(crate) fn locked_version(package: &str) -> Outcome<String> {
    let path = root().join("Cargo.lock");
    let lock = fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
    version_in(&lock, package)
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("{} does not name {package}.", path.display())))
}

/// The version of the package with exactly this name in the text of a `Cargo.lock`. If there are several versions, the
/// first one. `None` if the package is not in the text.
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
    fn the_version_of_the_package_with_exactly_this_name_is_found() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in(lock, "wasm"), None);
    }
}
