//! The only source of randomness in a simulated run. The same seed gives the same sequence of numbers, so the run can
//! be repeated.

/// Sebastiano Vigna's `SplitMix64`, a generator of pseudo-random numbers.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next number of the sequence, which may be any `u64`.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Returns true with this probability, in percent.
    pub(crate) fn percent(&mut self, probability: u64) -> bool {
        self.between(1, 100) <= probability
    }

    /// Returns one of the choices, each with the same probability. `None` if `choices` is empty.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = self.index(choices.len())?;
        choices.get(index).copied()
    }

    /// Returns one of two values, each with the same probability.
    pub(crate) fn either<T>(&mut self, one: T, other: T) -> T {
        if self.percent(50) { one } else { other }
    }

    /// Puts the items into a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            if let Some(index) = self.index(last + 1) {
                items.swap(index, last);
            }
        }
    }

    /// Returns an index into a list of this length. `None` if the list is empty.
    fn index(&mut self, length: usize) -> Option<usize> {
        let modulus = u64::try_from(length).ok().filter(|length| *length > 0)?;
        usize::try_from(self.next() % modulus).ok()
    }
}
