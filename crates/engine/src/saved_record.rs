//! What the driver of a tab stores, and in which order it writes it. The *driver* is the code that runs the tab and has
//! access to the storage: `src/runtime` in the widget, the simulation, and tests.
//!
//! A record is a *head* and the *pieces* that the head names (`snapshot::pieces`). They are stored under separate keys, so
//! that a message costs the same however long the transcript is.

use std::rc::Rc;

use pipit_wire::Secret;

use crate::snapshot::{Piece, named_pieces};

/// The record of a tab for a reload. It contains the conversation with its session id.
#[derive(Clone, Debug)]
pub struct SavedRecord {
    head: Secret,
    pieces: Vec<Rc<Piece>>,
}

/// A storage with one place for the head and one for each piece, whose name is a number.
pub trait RecordStorage {
    /// The head; `None` if there is none.
    fn head(&self) -> Option<String>;

    /// Stores the head. Returns whether the storage accepted it.
    fn write_head(&mut self, text: &str) -> bool;

    /// Stores a piece under its name. Returns whether the storage accepted it.
    fn write_piece(&mut self, name: u64, text: &str) -> bool;

    /// Removes the head.
    fn remove_head(&mut self);

    /// Removes a piece.
    fn remove_piece(&mut self, name: u64);

    /// The names of all pieces that are stored.
    fn piece_names(&self) -> Vec<u64>;
}

/// Writes records into a storage, and remembers which pieces it already has.
#[derive(Debug, Default)]
pub struct RecordWriter {
    /// What this writer has written most recently; `None` before the first write.
    written: Option<Written>,
}

/// What a storage has after a write, unless somebody else has changed it.
#[derive(Debug)]
struct Written {
    head: Rc<SavedRecord>,
    /// The names of the pieces.
    names: Vec<u64>,
}

impl SavedRecord {
    pub(crate) fn new(head: String, pieces: &[Rc<Piece>]) -> Self {
        Self {
            head: Secret::new(head),
            pieces: pieces.to_vec(),
        }
    }

    /// The record of which the driver has this text.
    pub(crate) fn from_text(text: &str) -> Self {
        Self::new(head_of(text).to_owned(), &[])
    }

    /// Whether this record has this head. The head is enough for a comparison, because the name of a piece stands for its
    /// text.
    pub(crate) fn has_head(&self, head: &str) -> bool {
        self.head.reveal() == head
    }

    /// Whether this is the record of which the driver has this text.
    pub(crate) fn is_of_text(&self, text: &str) -> bool {
        self.has_head(head_of(text))
    }

    /// The whole record as one text, which [`Tab::new`](crate::Tab::new) reads.
    pub fn text(&self) -> Secret {
        let pieces = self.pieces.iter();
        let pieces = pieces.map(|piece| (piece.name(), piece.text().reveal()));
        record_text(self.head.reveal(), pieces)
    }
}

// Compares only the heads, as `has_head` explains.
impl PartialEq for SavedRecord {
    fn eq(&self, other: &Self) -> bool {
        self.head == other.head
    }
}

/// The first two lines of a record's text. They are its head: the members of the tab, and those of the conversation.
fn head_of(text: &str) -> &str {
    let second_break = text.match_indices('\n').nth(1);
    let end = second_break.map_or(text.len(), |(index, _)| index);
    text.get(..end).unwrap_or(text)
}

/// The text of a record from the texts that are stored: the head, and after it a line for each piece, with its name and
/// its text. Pieces that the head does not name may be among them, in any order.
pub fn record_text<'a>(head: &str, pieces: impl Iterator<Item = (u64, &'a str)>) -> Secret {
    let mut text = head.to_owned();
    for (name, piece) in pieces {
        text.push('\n');
        text.push_str(&name.to_string());
        text.push(' ');
        text.push_str(piece);
    }
    Secret::new(text)
}

/// Removes the pieces that the head does not name. A page that has crashed while it stored a record may have left them, also
/// those of a conversation that the visitor has had forgotten. To be called before a page reads its storage.
pub fn remove_unnamed_pieces(storage: &mut dyn RecordStorage) {
    let head = storage.head();
    let snapshot = head.as_ref().and_then(|head| head.split_once('\n'));
    let named = snapshot.map_or_else(Vec::new, |(_, snapshot)| named_pieces(snapshot));
    remove_pieces_except(&named, storage);
}

impl RecordWriter {
    /// Stores a record in place of the previous one; with `None`, removes the previous one. Returns whether the storage
    /// accepted all of it.
    ///
    /// The new pieces are written first, then the head, and only then are pieces removed that the head does not name. If
    /// this ends early, the storage therefore has either the previous record or the new one. If the storage is full, the
    /// pieces that it does not accept are lost at a reload, and nothing else; the next call tries again.
    pub fn save(
        &mut self,
        record: Option<&Rc<SavedRecord>>,
        storage: &mut dyn RecordStorage,
    ) -> bool {
        let Some(record) = record else {
            self.written = None;
            storage.remove_head();
            remove_pieces_except(&[], storage);
            return true;
        };
        // The page may have emptied its storage, or another chat of the page may have used it.
        let known = self.written.take();
        let known = known.filter(|known| {
            storage
                .head()
                .is_some_and(|head| known.head.has_head(&head))
        });
        let mut names = known
            .as_ref()
            .map_or_else(Vec::new, |known| known.names.clone());
        let missing = write_missing(record, &mut names, storage);
        if !storage.write_head(record.head.reveal()) {
            // The storage has the previous head, or none, and keeps the pieces that the previous head names.
            self.written = known.map(|known| Written { names, ..known });
            return false;
        }
        let named: Vec<u64> = record.pieces.iter().map(|piece| piece.name()).collect();
        if known.is_some() {
            for name in names.extract_if(.., |name| !named.contains(name)) {
                storage.remove_piece(name);
            }
        } else {
            remove_pieces_except(&named, storage);
        }
        // Removing pieces has made room.
        let is_complete = missing == 0 || write_missing(record, &mut names, storage) == 0;
        self.written = Some(Written {
            head: record.clone(),
            names,
        });
        is_complete
    }
}

/// Writes the pieces of a record that the storage does not have, and adds their names to `written`. Returns how many the
/// storage did not accept.
fn write_missing(
    record: &SavedRecord,
    written: &mut Vec<u64>,
    storage: &mut dyn RecordStorage,
) -> usize {
    let mut refused = 0;
    for piece in &record.pieces {
        if written.contains(&piece.name()) {
            continue;
        }
        if storage.write_piece(piece.name(), piece.text().reveal()) {
            written.push(piece.name());
        } else {
            refused += 1;
        }
    }
    refused
}

/// Removes all pieces except those with these names.
fn remove_pieces_except(names: &[u64], storage: &mut dyn RecordStorage) {
    for name in storage.piece_names() {
        if !names.contains(&name) {
            storage.remove_piece(name);
        }
    }
}
