//! The sandbox's clock. There are two kinds. The *system's* clock starts at the system's time, and can run faster. A
//! *manual* clock stands still until its owner sets it, so that a test decides how much time passes. A clock never runs
//! backwards, because the switchboard (the server's rules) requires that.
//!
//! Everything in the sandbox that waits must wait by this clock. Otherwise it would not end under a manual clock.

use std::time::Duration;

use crate::manual_clock::ManualClock;
#[cfg(not(target_arch = "wasm32"))]
use crate::system_clock::SystemClock;

/// The clock of one sandbox.
#[derive(Debug)]
pub(crate) enum Clock {
    /// Runs by itself. Browsers' WebAssembly has no access to the system's time.
    #[cfg(not(target_arch = "wasm32"))]
    System(SystemClock),
    /// Is set by its owner.
    Manual(ManualClock),
}

impl Clock {
    /// The current time, in ms since 1970.
    pub(crate) fn now(&self) -> i64 {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::System(clock) => clock.now(),
            Self::Manual(clock) => clock.now(),
        }
    }

    /// Sets a manual clock, in ms since 1970. An earlier time than the current one has no effect. The system's clock cannot be
    /// set.
    pub(crate) fn set(&self, now_ms: i64) {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::System(_) => {}
            Self::Manual(clock) => clock.set(now_ms),
        }
    }

    /// The earliest time for which somebody waits by a manual clock, in ms since 1970.
    pub(crate) fn next_wake(&self) -> Option<i64> {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::System(_) => None,
            Self::Manual(clock) => clock.next_wake(),
        }
    }

    /// Waits until a time in ms since 1970. Returns at once if that time has passed.
    pub(crate) async fn sleep_until(&self, at_ms: i64) {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::System(clock) => tokio::time::sleep_until(clock.instant(at_ms)).await,
            Self::Manual(clock) => clock.sleep_until(at_ms).await,
        }
    }

    /// Waits for a duration that `--speed` does not shorten, such as the delay of a slow network.
    pub(crate) async fn sleep(&self, duration: Duration) {
        match self {
            #[cfg(not(target_arch = "wasm32"))]
            Self::System(_) => tokio::time::sleep(duration).await,
            Self::Manual(clock) => {
                let duration_ms = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
                clock
                    .sleep_until(clock.now().saturating_add(duration_ms))
                    .await;
            }
        }
    }
}
