//! Reads the numbers of passed and failed tests from the output of test programs, and adds them up.

use std::{fmt, ops::AddAssign};

/// The numbers of passed and failed tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    /// Parses the summary line that libtest and wasm-bindgen-test print, `test result: ok. 3 passed; 0 failed; …`, or one
    /// of the two lines that the test runner of Node.js prints, `ℹ pass 3` and `ℹ fail 0`. `None` for any other line, and
    /// for a summary without these two numbers.
    pub(crate) fn from_line(line: &str) -> Option<Self> {
        if let Some(passed) = line.strip_prefix("ℹ pass ") {
            let passed = passed.parse().ok()?;
            return Some(Self { passed, failed: 0 });
        }
        if let Some(failed) = line.strip_prefix("ℹ fail ") {
            let failed = failed.parse().ok()?;
            return Some(Self { passed: 0, failed });
        }
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

/// The number directly before `word` in `summary`. `None` if the word is missing or no number precedes it.
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
    fn the_summaries_of_libtest_and_wasm_bindgen_test_are_parsed() {
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
    fn the_summary_of_nodes_test_runner_is_parsed() {
        let tally = |line| Tally::from_line(line).map(|tally| (tally.passed, tally.failed));
        assert_eq!(tally("ℹ pass 12"), Some((12, 0)));
        assert_eq!(tally("ℹ fail 3"), Some((0, 3)));
        assert_eq!(tally("ℹ tests 15"), None);
        assert_eq!(tally("ℹ pass"), None);
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
    fn a_line_that_is_no_summary_gives_no_result() {
        for line in [
            "test engagement::starts ... ok",
            "running 3 tests",
            "test result: ok.",
        ] {
            assert_eq!(Tally::from_line(line), None, "{line}");
        }
    }
}
