//! What happened, in lines, for the one who looks for the reason of a failure.

/// The last lines of what happened; kept only for a world that is known to fail.
#[derive(Debug, Default)]
pub(crate) struct Log {
    is_kept: bool,
    lines: Vec<String>,
}

impl Log {
    pub(crate) fn kept() -> Self {
        Self {
            is_kept: true,
            lines: Vec::new(),
        }
    }

    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub(crate) fn add(&mut self, now: u64, line: &str) {
        let (seconds, millis) = (now / 1_000, now % 1_000);
        self.lines.push(format!("{seconds:5}.{millis:03}  {line}"));
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }
}
