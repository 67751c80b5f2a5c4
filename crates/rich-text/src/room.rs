//! How much may still be written.

/// How many blocks, items, spans and phrases a message may have, all together. The rest is cut.
pub const MAX_NODES: usize = 2_000;

/// What is left of [`MAX_NODES`].
pub(crate) struct Room {
    left: usize,
    /// Whether more was asked for than was left.
    pub(crate) cut: bool,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self {
            left: MAX_NODES,
            cut: false,
        }
    }

    /// Takes room for so many nodes; false, and for good, if there is not enough.
    pub(crate) fn take(&mut self, nodes: usize) -> bool {
        match self.left.checked_sub(nodes) {
            Some(left) if !self.cut => self.left = left,
            _ => self.cut = true,
        }
        !self.cut
    }

    /// How many things of so many nodes there is room for.
    pub(crate) fn for_things_of(&self, nodes: usize) -> usize {
        self.left.checked_div(nodes).unwrap_or(0)
    }
}
