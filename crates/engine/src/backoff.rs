//! Chooses the pause before a request is repeated (exponential backoff with jitter). The pause has a fixed part and a
//! random part. The caller doubles the upper limit of the random part after each failure, up to a cap.

/// The upper limit of the random part of the pause, in ms, before that limit is doubled for the first time.
const FIRST_RANDOM_LIMIT_MS: u64 = 500;
/// The fixed part of the pause, in ms.
const FIXED_PART_MS: u64 = FIRST_RANDOM_LIMIT_MS / 2;
/// The random part of the pause never exceeds this, in ms.
const RANDOM_CAP_MS: u64 = 15_000;
/// The longest pause that the server can demand with the header `Retry-After`, in ms. If the server demands a longer
/// pause, the request is repeated after this time, because the visitor is waiting.
const RETRY_AFTER_CAP_MS: u64 = 120_000;

/// A source of random numbers for the pauses. It contains the state of the generator SplitMix64. The same seed and the
/// same calls give the same pauses.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    /// A source that starts from this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A random number between 0 and `limit`, both included. The numbers in the code are the constants of SplitMix64.
    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % (limit + 1)
    }

    /// The pause before the next attempt, in ms: [`FIXED_PART_MS`] and a random part. The upper limit of the random
    /// part is [`FIRST_RANDOM_LIMIT_MS`], doubled `doublings` times, but at most [`RANDOM_CAP_MS`]. If the server
    /// demands a longer pause (`retry_after_ms`), the pause is that long, but at most [`RETRY_AFTER_CAP_MS`].
    pub(crate) fn pause_ms(&mut self, doublings: u32, retry_after_ms: Option<u64>) -> u64 {
        // 16 doublings exceed `RANDOM_CAP_MS` by far. With more doublings, the shift could overflow.
        let random_limit = FIRST_RANDOM_LIMIT_MS
            .saturating_mul(1 << doublings.min(16))
            .min(RANDOM_CAP_MS);
        let backoff = FIXED_PART_MS + self.up_to(random_limit);
        backoff.max(retry_after_ms.unwrap_or(0).min(RETRY_AFTER_CAP_MS))
    }
}
