//! The pause before a request is repeated: it is random, and its upper limit doubles up to a cap
//! (exponential backoff with jitter).

/// The upper limit of the random part of the pause, in ms, before that limit is doubled for the first time. Half of
/// this time is the fixed part of every pause.
const FIRST_MS: u64 = 500;
/// The random part of the pause never exceeds this, in ms.
const CAP_MS: u64 = 15_000;
/// The longest `Retry-After` that is respected, in ms. If the server asks for a longer pause, the request
/// is repeated after this time, because the visitor is waiting.
const RETRY_AFTER_CAP_MS: u64 = 120_000;

/// A source of random numbers for the pauses (SplitMix64). The same seed gives the same pauses.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    /// A source that starts from this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A random number between 0 and `limit`, both included.
    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % (limit + 1)
    }

    /// The pause before the next attempt, in ms: half of [`FIRST_MS`] and a random part. The limit of the
    /// random part is [`FIRST_MS`], doubled `doublings` times, but at most [`CAP_MS`]. If the server asks
    /// for a longer pause (`retry_after_ms`), the pause is that long, but at most [`RETRY_AFTER_CAP_MS`].
    pub(crate) fn pause_ms(&mut self, doublings: u32, retry_after_ms: Option<u64>) -> u64 {
        // 16 doublings exceed `CAP_MS` by far. With more doublings, the shift could overflow.
        let random_limit = FIRST_MS.saturating_mul(1 << doublings.min(16)).min(CAP_MS);
        let backoff = FIRST_MS / 2 + self.up_to(random_limit);
        backoff.max(retry_after_ms.unwrap_or(0).min(RETRY_AFTER_CAP_MS))
    }
}
