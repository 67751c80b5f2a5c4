//! The log of one world (simulated run): a line for each thing that happened, with its virtual time. Only a replay (a
//! second run of the same seed) keeps the lines: they cost time, and are read only to explain a failure.

/// A log. The default log is not kept, so callers add no lines to it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    is_kept: bool,
    lines: Vec<String>,
}

impl Log {
    /// Creates a log that is kept. `Log::default()` creates a log that is not kept.
    pub(crate) fn kept() -> Self {
        Self {
            is_kept: true,
            lines: Vec::new(),
        }
    }

    /// Whether the log is kept. If not, callers neither format lines nor call [`Self::add`].
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Adds a line, without a check of [`Self::is_kept`]. `now` is the virtual time in ms, which the line shows in s.
    pub(crate) fn add(&mut self, now: u64, line: &str) {
        let (seconds, millis) = (now / 1_000, now % 1_000);
        self.lines.push(format!("{seconds:5}.{millis:03}  {line}"));
    }

    /// The lines; none if the log is not kept.
    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
