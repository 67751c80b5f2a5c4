//! A persistent list: a clone shares all items with the original, and a change of one of them copies only the few
//! nodes on the way to the changed item. Two versions of a list can be compared quickly, because the nodes that have
//! not changed are the same objects.
//!
//! The list has three levels. Up to 32 successive items are a *chunk*, and up to 32 successive chunks are a *block*. The
//! root has all blocks, so each 1,024 items lengthen it by one pointer. Each node has a *summary* of the items below it,
//! by which a search skips nodes.

use std::fmt::Debug;
use std::rc::Rc;
use std::slice;

/// The largest number of members of a chunk and of a block.
const MAX_MEMBERS: usize = 32;

/// An item of a [`ChunkedList`].
pub trait Listed {
    /// What a node knows about the items below it. The default is the summary of no items.
    type Summary: Clone + Debug + Default;

    /// The summary of this item alone.
    fn summary(&self) -> Self::Summary;

    /// Adds the summary of the items that follow to the summary of some items.
    fn extend(summary: &mut Self::Summary, following: &Self::Summary);
}

/// A list. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct ChunkedList<T: Listed> {
    root: Rc<Node<Block<T>, T::Summary>>,
}

/// Up to 32 successive chunks.
pub type Block<T> = Node<Chunk<T>, <T as Listed>::Summary>;

/// Up to 32 successive items.
pub type Chunk<T> = Node<T, <T as Listed>::Summary>;

/// Successive members: blocks, chunks or items. Only the root of an empty list has no members.
#[derive(Debug)]
pub struct Node<M, S> {
    members: Vec<Rc<M>>,
    summary: S,
}

/// Where an item is: the indices of its block in the list, of its chunk in the block, and of the item in the chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    block: usize,
    chunk: usize,
    item: usize,
}

impl<M, S> Node<M, S> {
    /// The members in their order.
    pub fn members(&self) -> &[Rc<M>] {
        &self.members
    }

    /// The summary of all items below this node.
    pub fn summary(&self) -> &S {
        &self.summary
    }
}

// The new node has room for one more member, because a node is usually copied to add one.
impl<M, S: Clone> Clone for Node<M, S> {
    fn clone(&self) -> Self {
        let mut members = Vec::with_capacity(self.members.len() + 1);
        members.extend_from_slice(&self.members);
        Self {
            members,
            summary: self.summary.clone(),
        }
    }
}

// Compares pointers first, because an unchanged member is usually the same object. The summary follows from the members.
impl<M: PartialEq, S> PartialEq for Node<M, S> {
    fn eq(&self, other: &Self) -> bool {
        self.members.len() == other.members.len()
            && (self.members.iter().zip(&other.members)).all(|(one, other)| is_same(one, other))
    }
}

/// Compares the items. Two equal lists may have divided them differently.
impl<T: Listed + PartialEq> PartialEq for ChunkedList<T> {
    fn eq(&self, other: &Self) -> bool {
        let mut others = other.iter();
        self.is_same(other)
            || self
                .iter()
                .all(|one| others.next().is_some_and(|other| is_same(one, other)))
                && others.next().is_none()
    }
}

impl<T: Listed> Default for ChunkedList<T> {
    fn default() -> Self {
        let node = Node {
            members: Vec::new(),
            summary: T::Summary::default(),
        };
        Self {
            root: Rc::new(node),
        }
    }
}

impl<T: Listed> FromIterator<Rc<T>> for ChunkedList<T> {
    fn from_iter<I: IntoIterator<Item = Rc<T>>>(items: I) -> Self {
        let mut list = Self::default();
        items.into_iter().for_each(|item| list.push(item));
        list
    }
}

impl<T: Listed> ChunkedList<T> {
    /// The blocks in their order.
    pub fn blocks(&self) -> &[Rc<Block<T>>] {
        &self.root.members
    }

    /// The summary of all items.
    pub fn summary(&self) -> &T::Summary {
        &self.root.summary
    }

    /// The items in their order.
    pub fn iter(&self) -> Items<'_, T> {
        Items {
            blocks: self.root.members.iter(),
            first_chunks: [].iter(),
            first: [].iter(),
            last_chunks: [].iter(),
            last: [].iter(),
        }
    }

    /// The items of those chunks for whose summaries `may_contain` returns true. It is a `dyn` function, so that the code
    /// exists once.
    pub fn items_where(&self, may_contain: &dyn Fn(&T::Summary) -> bool) -> Vec<&Rc<T>> {
        let mut items = Vec::new();
        for block in &self.root.members {
            if may_contain(&block.summary) {
                for chunk in &block.members {
                    if may_contain(&chunk.summary) {
                        items.extend(&chunk.members);
                    }
                }
            }
        }
        items
    }

    /// The first item; `None` if the list is empty.
    pub fn first(&self) -> Option<&Rc<T>> {
        self.iter().next()
    }

    /// The last item; `None` if the list is empty.
    pub fn last(&self) -> Option<&Rc<T>> {
        self.iter().next_back()
    }

    /// Whether the list has no items.
    pub fn is_empty(&self) -> bool {
        self.root.members.is_empty()
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        let chunks = self.root.members.iter().flat_map(|block| &block.members);
        chunks.map(|chunk| chunk.members.len()).sum()
    }

    /// Whether two lists are the same object, so that their items are certainly equal.
    pub fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.root, &other.root)
    }

    /// What differs between an earlier version of this list and this list: the items that only the earlier version has,
    /// and the items that only this list has, both in their order. An item that was changed is in both. Items that are in
    /// both lists as the same objects may be returned too, if they are near a difference.
    pub fn differences<'a>(&'a self, earlier: &'a Self) -> (Vec<&'a Rc<T>>, Vec<&'a Rc<T>>) {
        let (old, new) = trim(&earlier.root.members, &self.root.members);
        let chunks_of = |blocks: &'a [Rc<Block<T>>]| -> Vec<&'a Rc<Chunk<T>>> {
            blocks.iter().flat_map(|block| &block.members).collect()
        };
        let (old, new) = (chunks_of(old), chunks_of(new));
        let (mut old, mut new) = trim_refs(&old, &new);
        // If chunks were neither added nor removed, unchanged chunks between changed ones are at the same indices.
        let (old_changed, new_changed): (Vec<_>, Vec<_>);
        if old.len() == new.len() {
            let pairs = old.iter().zip(new);
            (old_changed, new_changed) =
                pairs.filter(|(one, other)| !Rc::ptr_eq(one, other)).unzip();
            (old, new) = (&old_changed, &new_changed);
        }
        let items_of = |chunks: &[&'a Rc<Chunk<T>>]| -> Vec<&'a Rc<T>> {
            chunks.iter().flat_map(|chunk| &chunk.members).collect()
        };
        let (old, new) = (items_of(old), items_of(new));
        let (old, new) = trim_refs(&old, &new);
        (old.to_vec(), new.to_vec())
    }

    /// Adds an item at the end.
    pub fn push(&mut self, item: Rc<T>) {
        let summary = item.summary();
        let root = Rc::make_mut(&mut self.root);
        T::extend(&mut root.summary, &summary);
        let block = root.members.last_mut().filter(|block| !is_full(block));
        let Some(block) = block else {
            root.members
                .push(node_of(node_of(item, &summary), &summary));
            return;
        };
        let block = Rc::make_mut(block);
        T::extend(&mut block.summary, &summary);
        let chunk = block.members.last_mut();
        match chunk.filter(|chunk| chunk.members.len() < MAX_MEMBERS) {
            Some(chunk) => {
                let chunk = Rc::make_mut(chunk);
                T::extend(&mut chunk.summary, &summary);
                chunk.members.push(item);
            }
            None => block.members.push(node_of(item, &summary)),
        }
    }

    /// The place of the last item that is wanted, among the items of those chunks for whose summaries `may_contain`
    /// returns true; `None` if there is none.
    pub(crate) fn place(
        &self,
        may_contain: &dyn Fn(&T::Summary) -> bool,
        is_wanted: &dyn Fn(&T) -> bool,
    ) -> Option<Place> {
        for (block_index, block) in self.root.members.iter().enumerate().rev() {
            if !may_contain(&block.summary) {
                continue;
            }
            for (chunk_index, chunk) in block.members.iter().enumerate().rev() {
                if !may_contain(&chunk.summary) {
                    continue;
                }
                if let Some(item) = chunk.members.iter().rposition(|item| is_wanted(item)) {
                    return Some(Place {
                        block: block_index,
                        chunk: chunk_index,
                        item,
                    });
                }
            }
        }
        None
    }

    /// Inserts an item before the item at this place.
    pub(crate) fn insert_before(&mut self, place: Place, item: Rc<T>) {
        let mut item = Some(item);
        self.edit(place, &mut |items, index| {
            let index = index.min(items.len());
            items.splice(index..index, item.take());
        });
    }

    /// Removes the item at this place.
    pub(crate) fn remove(&mut self, place: Place) {
        self.edit(place, &mut |items, index| {
            items.drain(index..items.len().min(index + 1));
        });
    }

    /// Changes the chunk with this place. `change` gets the items of the chunk and the index of the item in it.
    fn edit(&mut self, place: Place, change: &mut dyn FnMut(&mut Vec<Rc<T>>, usize)) {
        let root = Rc::make_mut(&mut self.root);
        let Some(block) = root.members.get_mut(place.block) else {
            return;
        };
        let block = Rc::make_mut(block);
        let Some(chunk) = block.members.get_mut(place.chunk) else {
            return;
        };
        let chunk = Rc::make_mut(chunk);
        change(&mut chunk.members, place.item);
        let new_chunk = divide(chunk);
        chunk.summary = summary_of::<T>(chunk.members.iter().map(|item| item.summary()));
        if chunk.members.is_empty() {
            block.members.remove(place.chunk);
        }
        if let Some(mut new_chunk) = new_chunk {
            new_chunk.summary =
                summary_of::<T>(new_chunk.members.iter().map(|item| item.summary()));
            block.members.insert(place.chunk + 1, Rc::new(new_chunk));
        }
        let new_block = divide(block);
        let summary_of_chunks = |chunks: &[Rc<Chunk<T>>]| {
            summary_of::<T>(chunks.iter().map(|chunk| chunk.summary.clone()))
        };
        block.summary = summary_of_chunks(&block.members);
        if block.members.is_empty() {
            root.members.remove(place.block);
        }
        if let Some(mut new_block) = new_block {
            new_block.summary = summary_of_chunks(&new_block.members);
            root.members.insert(place.block + 1, Rc::new(new_block));
        }
        root.summary = summary_of::<T>(root.members.iter().map(|block| block.summary.clone()));
    }
}

impl<T: Listed + Clone> ChunkedList<T> {
    /// Changes the item at this place. Other lists that share the item keep it as it is.
    pub(crate) fn change(&mut self, place: Place, change: &dyn Fn(&mut T)) {
        self.edit(place, &mut |items, index| {
            if let Some(item) = items.get_mut(index) {
                change(Rc::make_mut(item));
            }
        });
    }
}

/// The items of a list in their order. It has no code that the compiler could repeat in each loop.
#[derive(Debug)]
pub struct Items<'a, T: Listed> {
    /// The blocks that no end has reached.
    blocks: slice::Iter<'a, Rc<Block<T>>>,
    /// The rest of the block and of the chunk at the front.
    first_chunks: slice::Iter<'a, Rc<Chunk<T>>>,
    first: slice::Iter<'a, Rc<T>>,
    /// The rest of the block and of the chunk at the back.
    last_chunks: slice::Iter<'a, Rc<Chunk<T>>>,
    last: slice::Iter<'a, Rc<T>>,
}

impl<T: Listed> Clone for Items<'_, T> {
    fn clone(&self) -> Self {
        Self {
            blocks: self.blocks.clone(),
            first_chunks: self.first_chunks.clone(),
            first: self.first.clone(),
            last_chunks: self.last_chunks.clone(),
            last: self.last.clone(),
        }
    }
}

impl<'a, T: Listed> Iterator for Items<'a, T> {
    type Item = &'a Rc<T>;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a Rc<T>> {
        loop {
            if let Some(item) = self.first.next() {
                return Some(item);
            }
            if let Some(chunk) = self.first_chunks.next() {
                self.first = chunk.members.iter();
            } else if let Some(block) = self.blocks.next() {
                self.first_chunks = block.members.iter();
            } else if let Some(chunk) = self.last_chunks.next() {
                self.first = chunk.members.iter();
            } else {
                return self.last.next();
            }
        }
    }
}

impl<'a, T: Listed> DoubleEndedIterator for Items<'a, T> {
    #[inline(never)]
    fn next_back(&mut self) -> Option<&'a Rc<T>> {
        loop {
            if let Some(item) = self.last.next_back() {
                return Some(item);
            }
            if let Some(chunk) = self.last_chunks.next_back() {
                self.last = chunk.members.iter();
            } else if let Some(block) = self.blocks.next_back() {
                self.last_chunks = block.members.iter();
            } else if let Some(chunk) = self.first_chunks.next_back() {
                self.last = chunk.members.iter();
            } else {
                return self.first.next_back();
            }
        }
    }
}

impl<'a, T: Listed> IntoIterator for &'a ChunkedList<T> {
    type Item = &'a Rc<T>;
    type IntoIter = Items<'a, T>;

    fn into_iter(self) -> Items<'a, T> {
        self.iter()
    }
}

/// A node with only this member.
fn node_of<M, S: Clone>(member: Rc<M>, summary: &S) -> Rc<Node<M, S>> {
    Rc::new(Node {
        members: vec![member],
        summary: summary.clone(),
    })
}

/// Whether neither the block nor its last chunk has room for one more.
fn is_full<T, S>(block: &Node<Node<T, S>, S>) -> bool {
    let last_chunk = block.members.last();
    block.members.len() >= MAX_MEMBERS
        && last_chunk.is_none_or(|chunk| chunk.members.len() >= MAX_MEMBERS)
}

/// Takes the second half of the members out of a node that has too many. The caller sets both summaries.
fn divide<M, S: Default>(node: &mut Node<M, S>) -> Option<Node<M, S>> {
    (node.members.len() > MAX_MEMBERS).then(|| Node {
        members: node.members.split_off(node.members.len() / 2),
        summary: S::default(),
    })
}

/// The summary of successive items, from the summaries of their parts.
fn summary_of<T: Listed>(parts: impl Iterator<Item = T::Summary>) -> T::Summary {
    let mut whole = T::Summary::default();
    parts.for_each(|part| T::extend(&mut whole, &part));
    whole
}

fn is_same<M: PartialEq>(one: &Rc<M>, other: &Rc<M>) -> bool {
    Rc::ptr_eq(one, other) || one == other
}

/// Removes what two lists have in common at their beginnings and at their ends.
fn trim<'a, M>(old: &'a [Rc<M>], new: &'a [Rc<M>]) -> (&'a [Rc<M>], &'a [Rc<M>]) {
    trim_by(old, new, Rc::ptr_eq)
}

/// As [`trim`], for lists of references.
fn trim_refs<'a, 'b, M>(
    old: &'b [&'a Rc<M>],
    new: &'b [&'a Rc<M>],
) -> (&'b [&'a Rc<M>], &'b [&'a Rc<M>]) {
    trim_by(old, new, |one, other| Rc::ptr_eq(one, other))
}

fn trim_by<'a, M>(
    mut old: &'a [M],
    mut new: &'a [M],
    is_same: impl Fn(&M, &M) -> bool,
) -> (&'a [M], &'a [M]) {
    while let ([first_old, rest_of_old @ ..], [first_new, rest_of_new @ ..]) = (old, new)
        && is_same(first_old, first_new)
    {
        (old, new) = (rest_of_old, rest_of_new);
    }
    while let ([rest_of_old @ .., last_old], [rest_of_new @ .., last_new]) = (old, new)
        && is_same(last_old, last_new)
    {
        (old, new) = (rest_of_old, rest_of_new);
    }
    (old, new)
}

#[cfg(test)]
mod tests;
