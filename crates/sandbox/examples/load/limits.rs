//! The limit of open files.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Raises the limit of open files to what is needed, as far as the system allows it to this user.
///
/// # Errors
/// What to do, if the system does not allow it.
pub(crate) fn raise_file_limit(needed: u64) -> Result<(), String> {
    let unreadable = |error| format!("the limit of open files cannot be read ({error})");
    let (current, highest) = getrlimit(Resource::RLIMIT_NOFILE).map_err(unreadable)?;
    if current >= needed {
        return Ok(());
    }
    if highest < needed {
        return Err(format!(
            "{needed} files must be open at a time, and the system allows {highest}. Raise the limit with \
             `ulimit -Hn {needed}` as root, or use a smaller number with --visitors"
        ));
    }
    setrlimit(Resource::RLIMIT_NOFILE, needed, highest)
        .map_err(|error| format!("the limit of open files cannot be raised ({error})"))
}
