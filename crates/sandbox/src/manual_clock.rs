//! The clock that stands still until its owner sets it. It knows who waits for which time, so that its owner can go from
//! one of these times to the next and skip nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

#[derive(Debug)]
pub(crate) struct ManualClock(Mutex<Times>);

#[derive(Debug)]
struct Times {
    now_ms: i64,
    /// The number of the newest sleeper. Two sleepers of the same time wake in the order of their numbers.
    last_sleeper: u64,
    /// What wakes each sleeper, by the time of waking and the sleeper's number.
    sleepers: BTreeMap<(i64, u64), oneshot::Sender<()>>,
}

impl ManualClock {
    /// A clock that shows this time, in ms since 1970.
    pub(crate) fn new(now_ms: i64) -> Self {
        Self(Mutex::new(Times {
            now_ms,
            last_sleeper: 0,
            sleepers: BTreeMap::new(),
        }))
    }

    pub(crate) fn now(&self) -> i64 {
        self.lock().now_ms
    }

    /// Sets the time, in ms since 1970, and wakes everybody whose time has come. An earlier time than the current one has no
    /// effect.
    pub(crate) fn set(&self, now_ms: i64) {
        let mut times = self.lock();
        times.now_ms = times.now_ms.max(now_ms);
        // The sleepers of the next millisecond and later ones remain.
        let after_now = (times.now_ms + 1, 0);
        let later = times.sleepers.split_off(&after_now);
        let due = std::mem::replace(&mut times.sleepers, later);
        drop(times);
        for waker in due.into_values() {
            // An error means that the sleeper does not wait any more.
            let _ = waker.send(());
        }
    }

    /// The earliest time for which somebody waits, in ms since 1970.
    pub(crate) fn next_wake(&self) -> Option<i64> {
        let times = self.lock();
        times.sleepers.keys().next().map(|(at_ms, _)| *at_ms)
    }

    /// Waits until the clock shows this time or a later one.
    pub(crate) async fn sleep_until(&self, at_ms: i64) {
        let (waker, woken) = oneshot::channel();
        let key = {
            let mut times = self.lock();
            if at_ms <= times.now_ms {
                return;
            }
            times.last_sleeper += 1;
            let key = (at_ms, times.last_sleeper);
            times.sleepers.insert(key, waker);
            key
        };
        let _forget = ForgetOnDrop { clock: self, key };
        // The other end is dropped only together with this sleeper's entry, after it has been used.
        let _ = woken.await;
    }

    fn lock(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes a sleeper that does not wait any more. Otherwise the clock's owner would stop at a time for which nobody waits.
struct ForgetOnDrop<'a> {
    clock: &'a ManualClock,
    key: (i64, u64),
}

impl Drop for ForgetOnDrop<'_> {
    fn drop(&mut self) {
        self.clock.lock().sleepers.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::ManualClock;

    #[test]
    fn sleepers_wake_at_their_times_and_not_before() {
        let clock = ManualClock::new(1_000);
        let mut context = Context::from_waker(Waker::noop());
        let mut first = pin!(clock.sleep_until(1_500));
        let mut second = pin!(clock.sleep_until(2_000));
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert_eq!(clock.next_wake(), Some(1_500));
        clock.set(1_499);
        assert!(first.as_mut().poll(&mut context).is_pending());
        clock.set(1_500);
        assert!(first.as_mut().poll(&mut context).is_ready());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert_eq!(clock.next_wake(), Some(2_000));
        assert!(pin!(clock.sleep_until(1_500)).poll(&mut context).is_ready());
    }

    #[test]
    fn a_sleeper_that_gives_up_is_forgotten() {
        let clock = ManualClock::new(0);
        {
            let mut sleeper = Box::pin(clock.sleep_until(10));
            let mut context = Context::from_waker(Waker::noop());
            assert!(sleeper.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(clock.next_wake(), None);
    }

    #[test]
    fn the_clock_never_runs_backwards() {
        let clock = ManualClock::new(10);
        clock.set(5);
        assert_eq!(clock.now(), 10);
    }
}
