//! What the test command cannot run completely each time runs in turns. The number of commits decides whose turn it is, so
//! that the tests of some successive commits together run everything.

use crate::{failure::Outcome, process, workspace};
use std::process::Command;

/// The number of commits up to the one that is checked out.
pub(crate) fn number() -> Outcome<usize> {
    let mut count = Command::new("git");
    let count = process::read(
        count
            .args(["rev-list", "--count", "HEAD"])
            .current_dir(workspace::root()),
    )?;
    Ok(count.trim().parse().unwrap_or_default())
}

/// Of two halves of `all`, the one with this number. Neighbours are in different halves.
pub(crate) fn half<T>(all: impl IntoIterator<Item = T>, number: usize) -> Vec<T> {
    all.into_iter().skip(number % 2).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn each_item_is_in_one_of_two_successive_halves() {
        assert_eq!(half(0..5, 0), [0, 2, 4]);
        assert_eq!(half(0..5, 1), [1, 3]);
        assert_eq!(half(0..5, 2), [0, 2, 4]);
    }
}
