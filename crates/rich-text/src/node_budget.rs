//! Limits the size of the tree that `parse.rs` builds from a message. The code that builds the tree reserves the nodes
//! of each part here. When a reservation fails, the rest of the message is left out of the tree.

/// The maximum number of nodes in the tree of a message. Blocks, items, spans and phrases are nodes. The rest of the
/// message is cut off.
pub const MAX_NODES: usize = 2_000;

/// Counts how many nodes may still be added to the tree.
pub(crate) struct NodeBudget {
    /// The number of nodes that may still be added.
    left: usize,
    /// True after a reservation failed. Then `parse.rs` reads no further tokens of the message.
    pub(crate) is_exhausted: bool,
}

impl NodeBudget {
    pub(crate) fn new() -> Self {
        Self {
            left: MAX_NODES,
            is_exhausted: false,
        }
    }

    /// Reserves this number of nodes. Returns false if fewer nodes are left. After the first failure every further call
    /// returns false, so that no part of the message follows a gap.
    pub(crate) fn reserve(&mut self, nodes: usize) -> bool {
        match self.left.checked_sub(nodes) {
            Some(left) if !self.is_exhausted => self.left = left,
            _ => self.is_exhausted = true,
        }
        !self.is_exhausted
    }

    /// The number of times that this number of nodes can still be reserved; 0 if `nodes` is 0. After a failed
    /// reservation the result is meaningless, because every further reservation fails.
    pub(crate) fn possible_reservations(&self, nodes: usize) -> usize {
        self.left.checked_div(nodes).unwrap_or(0)
    }
}
