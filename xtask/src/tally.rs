//! Adds up test results.

use std::{fmt, ops::AddAssign};

/// The numbers of passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// Parses the summary line of libtest and wasm-bindgen-test: `test result: ok. 3 passed; 0 failed; …`.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        let (_, summary) = line.split_once("test result: ")?;
        Some(Self {
            passed: count(summary, "passed;")?,
            failed: count(summary, "failed;")?,
        })
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number before a word.
fn count(summary: &str, word: &str) -> Option<u32> {
    let mut pairs = summary
        .split_whitespace()
        .zip(summary.split_whitespace().skip(1));
    pairs.find(|(_, next)| *next == word)?.0.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_harnesses_are_read() {
        let libtest =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        let wasm =
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.21s";
        assert_eq!(
            Tally::from_line(libtest),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        assert_eq!(
            Tally::from_line(wasm),
            Some(Tally {
                passed: 4,
                failed: 0
            })
        );
    }

    #[test]
    fn colour_does_not_hide_a_result() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(
            Tally::from_line(line),
            Some(Tally {
                passed: 7,
                failed: 0
            })
        );
    }

    #[test]
    fn other_lines_are_no_result() {
        for line in [
            "test engagement::starts ... ok",
            "running 3 tests",
            "test result: ok.",
        ] {
            assert_eq!(Tally::from_line(line), None, "{line}");
        }
    }
}
