//! The lists, items and quotes that blocks stand in.

use crate::{Block, ListKind};

/// How deep lists, items and quotes may stand in each other. What is deeper joins the deepest one.
pub const MAX_DEPTH: usize = 16;

/// The blocks that are done, and the containers that are open, the outermost first.
#[derive(Default)]
pub(crate) struct Containers {
    done: Vec<Block>,
    open: Vec<Container>,
    /// How many lists and quotes were opened and not closed since there was no depth for more.
    too_deep: usize,
}

/// A part of a message that holds blocks.
pub(crate) enum Container {
    Quote(Vec<Block>),
    List(ListKind, Vec<Vec<Block>>),
    /// Of the list around it, or, if there is none, of one with bullets.
    Item(Vec<Block>),
}

impl Containers {
    /// How many containers are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn open_list(&mut self, kind: ListKind) {
        self.open(Container::List(kind, Vec::new()));
    }

    pub(crate) fn open_quote(&mut self) {
        self.open(Container::Quote(Vec::new()));
    }

    /// Opens an item, and closes the one before it.
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

    /// Closes the innermost list and all in it.
    pub(crate) fn close_list(&mut self) {
        self.close(|container| matches!(container, Container::List(..)));
    }

    /// Closes the innermost quote and all in it.
    pub(crate) fn close_quote(&mut self) {
        self.close(|container| matches!(container, Container::Quote(_)));
    }

    /// Closes the innermost item and all in it, if no list stands between.
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

    fn close(&mut self, is_meant: fn(&Container) -> bool) {
        if let Some(too_deep) = self.too_deep.checked_sub(1) {
            self.too_deep = too_deep;
        } else if let Some(at) = self.open.iter().rposition(is_meant) {
            self.close_from(at);
        }
    }

    fn close_from(&mut self, at: usize) {
        while self.open.len() > at {
            self.close_last();
        }
    }

    /// Closes the innermost container; an empty one leaves nothing behind.
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

    /// Adds a block to the innermost container. What stands in a list outside its items is an item,
    /// but a list is of the item before it.
    pub(crate) fn add(&mut self, block: Block) {
        match self.open.last_mut() {
            None => self.done.push(block),
            Some(Container::Quote(blocks) | Container::Item(blocks)) => blocks.push(block),
            Some(Container::List(_, items)) => match items.last_mut() {
                Some(item) if matches!(block, Block::List(..)) => item.push(block),
                _ => items.push(vec![block]),
            },
        }
    }

    fn add_item(&mut self, item: Vec<Block>) {
        let beside = match self.open.last_mut() {
            None => &mut self.done,
            Some(Container::Quote(blocks) | Container::Item(blocks)) => blocks,
            Some(Container::List(_, items)) => return items.push(item),
        };
        match beside.last_mut() {
            Some(Block::List(ListKind::Bulleted, items)) => items.push(item),
            _ => beside.push(Block::List(ListKind::Bulleted, vec![item])),
        }
    }

    /// Closes everything.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.close_from(0);
        self.done
    }
}
