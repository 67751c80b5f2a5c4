//! The log of one world (simulated run): a line for each thing that happened, with its virtual time. Only a replay (a
//! second run of the same seed) keeps the lines: they cost time, and are read only to explain a failure.

/// The lines of a log. The default log drops them.
#[derive(Debug, Default)]
pub(crate) struct Log {
    is_kept: bool,
    lines: Vec<String>,
}

impl Log {
    /// Creates a log that keeps its lines. `Log::default()` creates one that drops them.
    pub(crate) fn kept() -> Self {
        Self {
            is_kept: true,
            lines: Vec::new(),
        }
    }

    /// Whether lines are kept. If not, callers need not format them.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Adds a line, even if the log is not kept: callers check [`Self::is_kept`] first. `now` is the virtual time in
    /// ms.
    pub(crate) fn add(&mut self, now: u64, line: &str) {
        let (seconds, millis) = (now / 1_000, now % 1_000);
        self.lines.push(format!("{seconds:5}.{millis:03}  {line}"));
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
