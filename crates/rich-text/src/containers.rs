//! Builds the lists, items and quotes around blocks while the markup is read.

use crate::{Block, ListKind};

/// The maximum depth of lists, items and quotes inside each other. Deeper content is added to the deepest container.
pub const MAX_DEPTH: usize = 16;

/// The finished blocks, and the open containers, from the outermost to the innermost.
#[derive(Default)]
pub(crate) struct Containers {
    finished: Vec<Block>,
    open: Vec<Container>,
    /// The number of lists and quotes that are open and were not added to `open`, because they are too deep.
    too_deep: usize,
}

/// A part of a message that contains blocks.
pub(crate) enum Container {
    Quote(Vec<Block>),
    List(ListKind, Vec<Vec<Block>>),
    /// An item of the list around it. Without such a list, the item gets a list with bullets.
    Item(Vec<Block>),
}

impl Containers {
    /// The number of open containers.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn open_list(&mut self, kind: ListKind) {
        self.open(Container::List(kind, Vec::new()));
    }

    pub(crate) fn open_quote(&mut self) {
        self.open(Container::Quote(Vec::new()));
    }

    /// Opens an item, and closes the previous one.
    pub(crate) fn open_item(&mut self) {
        if matches!(self.open.last(), Some(Container::Item(_))) {
            self.close_last();
        }
        if self.open.len() < MAX_DEPTH {
            self.open.push(Container::Item(Vec::new()));
        }
    }

    fn open(&mut self, container: Container) {
        if self.open.len() < MAX_DEPTH {
            self.open.push(container);
        } else {
            self.too_deep += 1;
        }
    }

    /// Closes the innermost list and everything in it.
    pub(crate) fn close_list(&mut self) {
        self.close(|container| matches!(container, Container::List(..)));
    }

    /// Closes the innermost quote and everything in it.
    pub(crate) fn close_quote(&mut self) {
        self.close(|container| matches!(container, Container::Quote(_)));
    }

    /// Closes the innermost item and everything in it, unless a list inside the item is open.
    pub(crate) fn close_item(&mut self) {
        let innermost = self
            .open
            .iter()
            .rposition(|container| !matches!(container, Container::Quote(_)));
        if let Some(at) = innermost
            && matches!(self.open.get(at), Some(Container::Item(_)))
        {
            self.close_from(at);
        }
    }

    fn close(&mut self, is_kind: fn(&Container) -> bool) {
        if let Some(too_deep) = self.too_deep.checked_sub(1) {
            self.too_deep = too_deep;
        } else if let Some(at) = self.open.iter().rposition(is_kind) {
            self.close_from(at);
        }
    }

    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            self.close_last();
        }
    }

    /// Closes the innermost container. An empty one is dropped.
    fn close_last(&mut self) {
        match self.open.pop() {
            Some(Container::Quote(blocks)) if !blocks.is_empty() => self.add(Block::Quote(blocks)),
            Some(Container::List(kind, items)) if !items.is_empty() => {
                self.add(Block::List(kind, items));
            }
            Some(Container::Item(blocks)) if !blocks.is_empty() => self.add_item(blocks),
            _ => {}
        }
    }

    /// Adds a block to the innermost container. A block that is directly in a list becomes an item; a list that
    /// is directly in a list becomes part of the previous item.
    pub(crate) fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            None => self.finished.push(block),
            Some(Container::Quote(blocks) | Container::Item(blocks)) => blocks.push(block),
            Some(Container::List(_, items)) => match items.last_mut() {
                Some(item) if matches!(block, Block::List(..)) => item.push(block),
                _ => items.push(vec![block]),
            },
        }
    }

    fn add_item(&mut self, item: Vec<Block>) {
        let siblings = match self.open.last_mut() {
            None => &mut self.finished,
            Some(Container::Quote(blocks) | Container::Item(blocks)) => blocks,
            Some(Container::List(_, items)) => return items.push(item),
        };
        match siblings.last_mut() {
            Some(Block::List(ListKind::Bulleted, items)) => items.push(item),
            _ => siblings.push(Block::List(ListKind::Bulleted, vec![item])),
        }
    }

    /// Closes all containers and returns the blocks.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.close_from(0);
        self.finished
    }
}
