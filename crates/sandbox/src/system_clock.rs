//! The clock that runs by itself. It starts at the system's time, and can run faster. It never runs backwards, even if the
//! system's time is changed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct SystemClock {
    /// The start, on the monotonic clock, which never runs backwards.
    started: Instant,
    /// The system's time at the start, in ms since 1970. 0 if the system's time is before 1970.
    started_ms: i64,
    /// How many times faster than the system's clock this clock runs; at least 1.
    speed: u32,
}

impl SystemClock {
    pub(crate) fn new(speed: u32) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            started: Instant::now(),
            started_ms: since_1970.map_or(0, millis),
            speed: speed.max(1),
        }
    }

    /// The current time, in ms since 1970.
    pub(crate) fn now(&self) -> i64 {
        let elapsed = self.started.elapsed().saturating_mul(self.speed);
        self.started_ms.saturating_add(millis(elapsed))
    }

    /// Converts a time in ms since 1970 to an [`Instant`]. The result is never before the clock's start.
    pub(crate) fn instant(&self, at_ms: i64) -> Instant {
        let since_start = u64::try_from(at_ms - self.started_ms).unwrap_or(0);
        // Rounded up, so that a time-out is due when the instant is reached.
        let system_ms = since_start.div_ceil(u64::from(self.speed));
        self.started + Duration::from_millis(system_ms)
    }
}

/// A duration in ms.
fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_faster_clock_reaches_its_instants_earlier() {
        let clock = SystemClock::new(20);
        let began_ms = clock.now();
        tokio::time::sleep_until(clock.instant(began_ms + 30_000)).await;
        let passed_ms = clock.now() - began_ms;
        assert!((30_000..30_100).contains(&passed_ms), "{passed_ms} ms");
        assert_eq!(millis(clock.started.elapsed()) / 100, 15, "30 s in 1.5 s");
    }
}
