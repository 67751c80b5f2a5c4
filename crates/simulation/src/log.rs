//! The log of one world: a line for each thing that happened, with its time. It is kept only for a replay, where
//! somebody looks for the reason of a failure.

#[derive(Debug, Default)]
pub(crate) struct Log {
    is_kept: bool,
    lines: Vec<String>,
}

impl Log {
    /// A log that keeps its lines. The default one does not.
    pub(crate) fn kept() -> Self {
        Self {
            is_kept: true,
            lines: Vec::new(),
        }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// Adds a line. `now` is the virtual time, in ms.
    pub(crate) fn add(&mut self, now: u64, line: &str) {
        let (seconds, millis) = (now / 1_000, now % 1_000);
        self.lines.push(format!("{seconds:5}.{millis:03}  {line}"));
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
