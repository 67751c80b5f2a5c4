//! Reads files of the repository for the tests that compare them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The root of the repository, as an absolute path.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Reads a file. A relative path begins at the root of the repository.
pub(crate) fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).expect("the file can be read")
}
