//! The sandbox's clock. It starts at the system's time. It never runs backwards, even if the system's time is changed,
//! because the switchboard (the server's rules) requires that.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct Clock {
    /// The start, on the monotonic clock, which never runs backwards.
    started: Instant,
    /// The system's time at the start, in ms since 1970. 0 if the system's time is before 1970.
    started_ms: i64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            started: Instant::now(),
            started_ms: since_1970.map_or(0, millis),
        }
    }

    /// The current time, in ms since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.started_ms + millis(self.started.elapsed())
    }

    /// Converts a time in ms since 1970 to an [`Instant`]. The result is never before the clock's start.
    pub(crate) fn instant(&self, at_ms: i64) -> Instant {
        let since_start = u64::try_from(at_ms - self.started_ms).unwrap_or(0);
        self.started + Duration::from_millis(since_start)
    }
}

/// A duration in ms.
fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
