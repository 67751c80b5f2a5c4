//! The only source of chance: the same seed gives the same world.

/// Sebastiano Vigna's SplitMix64.
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// True so often in a hundred.
    pub(crate) fn percent(&mut self, of_hundred: u64) -> bool {
        self.between(1, 100) <= of_hundred
    }

    /// One of the choices; `None` when there is none.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let index = self.index(choices.len())?;
        choices.get(index).copied()
    }

    /// One of two.
    pub(crate) fn either<T>(&mut self, one: T, other: T) -> T {
        if self.percent(50) { one } else { other }
    }

    /// Puts things into another order.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            if let Some(index) = self.index(last + 1) {
                things.swap(index, last);
            }
        }
    }

    fn index(&mut self, length: usize) -> Option<usize> {
        let length = u64::try_from(length).ok().filter(|length| *length > 0)?;
        usize::try_from(self.next() % length).ok()
    }
}
