//! File operations of the commands. Their errors name the file (for a copy, the source), whereas the errors of `std::fs`
//! do not.

use crate::failure::{Failure, Outcome};
use std::{fs, io, path::Path};

pub(crate) fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|error| Failure::file("read", file, &error))
}

pub(crate) fn read_text(file: &Path) -> Outcome<String> {
    fs::read_to_string(file).map_err(|error| Failure::file("read", file, &error))
}

/// Writes a file, and creates its directory if necessary.
pub(crate) fn write(file: &Path, content: impl AsRef<[u8]>) -> Outcome {
    file.parent().map_or(Ok(()), create_directory)?;
    fs::write(file, content).map_err(|error| Failure::file("write", file, &error))
}

/// Creates a directory and its parents. An existing directory is not an error.
pub(crate) fn create_directory(directory: &Path) -> Outcome {
    fs::create_dir_all(directory).map_err(|error| Failure::file("create", directory, &error))
}

/// The sorted names of a directory's entries.
pub(crate) fn names(directory: &Path) -> Outcome<Vec<String>> {
    let failed = |error: io::Error| Failure::file("read", directory, &error);
    let entries = fs::read_dir(directory).map_err(failed)?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<io::Result<Vec<_>>>().map_err(failed)?;
    names.sort();
    Ok(names)
}

/// Copies a file, and creates the directory of the copy if necessary.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome {
    to.parent().map_or(Ok(()), create_directory)?;
    fs::copy(from, to).map_err(|error| Failure::file("copy", from, &error))?;
    Ok(())
}

/// Copies the content of the directory `from`, with its subdirectories, into the directory `to`. Other files in `to`
/// stay.
pub(crate) fn copy_directory(from: &Path, to: &Path) -> Outcome {
    create_directory(to)?;
    for name in names(from)? {
        let (source, target) = (from.join(&name), to.join(&name));
        if source.is_dir() {
            copy_directory(&source, &target)?;
        } else {
            copy(&source, &target)?;
        }
    }
    Ok(())
}

/// Removes a directory with its content. A missing directory is not an error.
pub(crate) fn remove(directory: &Path) -> Outcome {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Failure::file("remove", directory, &error))
        }
        _ => Ok(()),
    }
}
