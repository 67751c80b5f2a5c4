//! The most recent waits of visitors in the queue that ended because an agent accepted the engagement (chat). Their
//! average is announced to later visitors.

use std::collections::VecDeque;

/// The average is computed from at most this many waits.
const MEASURED_WAITS: usize = 20;

/// The most recent waits, in ms, newest first.
#[derive(Debug, Default)]
pub(crate) struct WaitTimes(VecDeque<i64>);

impl WaitTimes {
    /// Records a wait that has ended, and forgets the oldest if there are more than `MEASURED_WAITS`.
    pub(crate) fn record(&mut self, wait_ms: i64) {
        self.0.truncate(MEASURED_WAITS - 1);
        self.0.push_front(wait_ms);
    }

    /// The average wait, in s; `None` until a wait has been measured.
    pub(crate) fn average_seconds(&self) -> Option<i64> {
        let count = i64::try_from(self.0.len()).ok()?;
        let sum = self.0.iter().sum::<i64>();
        sum.checked_div(count).map(|average_ms| average_ms / 1_000)
    }
}
