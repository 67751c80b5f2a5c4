//! Builds the nested lists, items and quotes of a message while `parse.rs` reads the message's markup. A list, an item
//! or a quote is called a *container*, because it contains blocks. A container is *open* until its end tag, or a tag
//! that ends it, is read.

use crate::{Block, ListKind};

/// The maximum number of containers (lists, items and quotes) inside each other. Content that is deeper in the markup is
/// added to the innermost container that this limit allows.
pub const MAX_DEPTH: usize = 16;

/// The containers of a message that is being read.
#[derive(Default)]
pub(crate) struct Containers {
    /// The complete blocks that are in no container.
    finished: Vec<Block>,
    /// The open containers, from the outermost to the innermost.
    open: Vec<Container>,
    /// The number of open lists and quotes that were not added to `open`, because the limit was reached. Their end tags
    /// must not close a container in `open`.
    too_deep: usize,
}

/// A list, an item or a quote, with its content so far.
pub(crate) enum Container {
    Quote(Vec<Block>),
    List(ListKind, Vec<Vec<Block>>),
    /// An item. If it is not directly in a list, it is put into a list with bullets when it is closed.
    Item(Vec<Block>),
}

impl Containers {
    /// The number of open containers, without those beyond the limit.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn open_list(&mut self, kind: ListKind) {
        self.open(Container::List(kind, Vec::new()));
    }

    pub(crate) fn open_quote(&mut self) {
        self.open(Container::Quote(Vec::new()));
    }

    /// Closes the previous item if it is the innermost container, and opens an item. Beyond the limit no item is opened,
    /// and its content is added to the innermost container.
    pub(crate) fn open_item(&mut self) {
        if matches!(self.open.last(), Some(Container::Item(_))) {
            self.close_last();
        }
        if self.open.len() < MAX_DEPTH {
            self.open.push(Container::Item(Vec::new()));
        }
    }

    /// Opens a list or a quote, or only counts it if the limit is reached.
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

    /// Closes the innermost item and everything in it. Does nothing if a list inside the item is open, because an end
    /// tag `</li>` in that list does not belong to the item. Lists beyond the limit are not considered.
    pub(crate) fn close_item(&mut self) {
        let innermost_list_or_item = self
            .open
            .iter()
            .rposition(|container| !matches!(container, Container::Quote(_)));
        if let Some(index) = innermost_list_or_item
            && matches!(self.open.get(index), Some(Container::Item(_)))
        {
            self.close_from(index);
        }
    }

    /// Closes the innermost open container for which `is_kind` is true, and everything in it. If lists or quotes beyond
    /// the limit are open, only reduces their number.
    fn close(&mut self, is_kind: fn(&Container) -> bool) {
        if let Some(remaining) = self.too_deep.checked_sub(1) {
            self.too_deep = remaining;
        } else if let Some(index) = self.open.iter().rposition(is_kind) {
            self.close_from(index);
        }
    }

    /// Closes the open container at this index and all containers inside it.
    fn close_from(&mut self, index: usize) {
        while self.open.len() > index {
            self.close_last();
        }
    }

    /// Closes the innermost container and adds it to the container around it. An empty container is dropped.
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

    /// Adds a block to the innermost container. If that is a list, the block becomes an item. A block that is itself a
    /// list becomes part of the previous item instead, if there is one, as browsers show it.
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

    /// Adds a closed item to the list directly around it. If there is none, adds it to the list with bullets that precedes
    /// it, or to a new list with bullets.
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

    /// Closes all containers and returns the blocks of the message.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        self.close_from(0);
        self.finished
    }
}
