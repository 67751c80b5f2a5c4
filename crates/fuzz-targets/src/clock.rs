//! The simulated clocks of a web page, for the fuzz targets of the engine. A target runs a script (a list of steps).
//! The script advances the monotonic clock and can set the wall clock.

use pipit_engine::Moment;

/// A monotonic clock, and a wall clock that can be set.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    /// The time of the monotonic clock, in ms.
    pub(crate) now: u64,
    /// The time of the wall clock, in ms since 1970, minus the time of the monotonic clock, in ms.
    wall_offset: i64,
}

impl Clock {
    /// Creates clocks that show arbitrary times.
    pub(crate) fn new() -> Self {
        Self {
            now: 1_000,
            wall_offset: 1_800_000_000_000,
        }
    }

    /// Sets the wall clock forward by this many ms, or back if the number is negative.
    pub(crate) fn set_wall_clock(&mut self, millis: i64) {
        self.wall_offset = self.wall_offset.saturating_add(millis);
    }

    /// The current time on both clocks.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: self.wall_offset.saturating_add_unsigned(self.now),
        }
    }
}
