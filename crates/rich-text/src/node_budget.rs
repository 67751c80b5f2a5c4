//! Limits the size of the tree.

/// The maximum number of blocks, items, spans and phrases in a message, all together. The rest of the message is cut.
pub const MAX_NODES: usize = 2_000;

/// The number of nodes that may still be added.
pub(crate) struct NodeBudget {
    left: usize,
    /// Whether more nodes were requested than are left.
    pub(crate) is_exhausted: bool,
}

impl NodeBudget {
    pub(crate) fn new() -> Self {
        Self {
            left: MAX_NODES,
            is_exhausted: false,
        }
    }

    /// Reserves this many nodes. Returns false if there are not enough; after that, every further call returns false.
    pub(crate) fn reserve(&mut self, nodes: usize) -> bool {
        match self.left.checked_sub(nodes) {
            Some(left) if !self.is_exhausted => self.left = left,
            _ => self.is_exhausted = true,
        }
        !self.is_exhausted
    }

    /// How often this many nodes can still be reserved.
    pub(crate) fn times(&self, nodes: usize) -> usize {
        self.left.checked_div(nodes).unwrap_or(0)
    }
}
