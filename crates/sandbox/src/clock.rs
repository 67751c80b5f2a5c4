//! The time: it begins at the system's and then only runs forwards.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct Clock {
    began: Instant,
    began_ms: i64,
}

impl Clock {
    pub(crate) fn new() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            began: Instant::now(),
            began_ms: since_1970.map_or(0, millis),
        }
    }

    /// Now, in ms since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.began_ms + millis(self.began.elapsed())
    }

    /// The moment of a time in ms since 1970; never before the clock began.
    pub(crate) fn instant(&self, at_ms: i64) -> Instant {
        let since_began = u64::try_from(at_ms - self.began_ms).unwrap_or(0);
        self.began + Duration::from_millis(since_began)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
