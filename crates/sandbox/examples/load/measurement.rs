//! Collects how long messages take, and counts errors.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The measurement of one rate after the other. A message carries the time of its post in its text, so that whoever
/// receives it knows how long it took.
pub(crate) struct Measurement {
    began: Instant,
    delays: Mutex<Vec<Duration>>,
    errors: AtomicUsize,
}

/// The figures of one rate.
pub(crate) struct Figures {
    pub(crate) sent: usize,
    pub(crate) delays: Vec<Duration>,
    pub(crate) errors: usize,
}

impl Measurement {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            delays: Mutex::default(),
            errors: AtomicUsize::new(0),
        }
    }

    /// The text of a message that is posted now.
    pub(crate) fn stamp(&self) -> String {
        format!("sent at {}", self.began.elapsed().as_micros())
    }

    /// Records the arrival of a message. Other texts are ignored.
    pub(crate) fn record_arrival(&self, text: &str) {
        let sent = text
            .strip_prefix("sent at ")
            .and_then(|micros| micros.parse().ok());
        if let Some(sent) = sent.map(Duration::from_micros) {
            let delay = self.began.elapsed().saturating_sub(sent);
            self.lock().push(delay);
        }
    }

    /// Counts an error, and prints the first few of them.
    pub(crate) fn record_error(&self, error: &str) {
        if self.errors.fetch_add(1, Ordering::Relaxed) < 3 {
            eprintln!("error: {error}");
        }
    }

    pub(crate) fn arrival_count(&self) -> usize {
        self.lock().len()
    }

    /// Takes the figures since the last call.
    pub(crate) fn take(&self, sent: usize) -> Figures {
        let mut delays = std::mem::take(&mut *self.lock());
        delays.sort_unstable();
        Figures {
            sent,
            delays,
            errors: self.errors.swap(0, Ordering::Relaxed),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.delays
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Figures {
    /// The delay that this share of the messages, in hundredths, does not exceed.
    fn percentile(&self, hundredths: usize) -> Duration {
        let last = self.delays.len().saturating_sub(1);
        let index = last * hundredths / 100;
        self.delays.get(index).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = |duration: Duration| duration.as_secs_f64() * 1_000.0;
        write!(
            f,
            "{} of {} | {:.1} ms | {:.1} ms | {:.1} ms | {}",
            self.delays.len(),
            self.sent,
            millis(self.percentile(50)),
            millis(self.percentile(99)),
            millis(self.percentile(100)),
            self.errors
        )
    }
}
