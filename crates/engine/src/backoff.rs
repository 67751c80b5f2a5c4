//! How long to wait before a request is repeated: exponential backoff with a cap and full jitter.

/// The upper limit of the jitter after the first failure, in ms; it doubles with each further one.
const FIRST_MS: u64 = 500;
/// The upper limit that the doubling stops at, in ms.
const CAP_MS: u64 = 15_000;
/// The longest `Retry-After` that is respected, in ms. A server that asks for more is asked again
/// anyway, because the visitor is waiting.
const RETRY_AFTER_CAP_MS: u64 = 120_000;

/// A seeded source of jitter (SplitMix64): the same seed gives the same waits.
#[derive(Clone, Debug)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number between 0 and `limit`, both included.
    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % (limit + 1)
    }

    /// The wait before the attempt that follows `failures` failures in a row, in ms. A `retry_after`
    /// of the server, in ms, is the least wait.
    pub(crate) fn wait(&mut self, failures: u32, retry_after: Option<u64>) -> u64 {
        let cap = FIRST_MS.saturating_mul(1 << failures.min(16)).min(CAP_MS);
        let backoff = FIRST_MS / 2 + self.up_to(cap);
        backoff.max(retry_after.unwrap_or(0).min(RETRY_AFTER_CAP_MS))
    }
}
