//! The storage of a page for the record of its tab, as the browser keeps it: a text for the head of the record, and a text
//! for each of the pieces in which the transcript is stored. [`RecordWriter`] writes them, as in the widget.

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_engine::{RecordStorage, RecordWriter, SavedRecord, record_text, remove_unnamed_pieces};

/// What a page has stored of its conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct PageStorage {
    pub(crate) head: Option<String>,
    pieces: BTreeMap<u64, String>,
    /// The page crashes before it removes the pieces that the head does not name.
    keeps_unnamed_pieces: bool,
}

impl PageStorage {
    /// The text of the record for a page that is loaded, as the widget reads it.
    pub(crate) fn load(&mut self) -> Option<String> {
        remove_unnamed_pieces(self);
        self.text()
    }

    /// The text of the record, with all pieces. `None` if nothing is stored.
    pub(crate) fn text(&self) -> Option<String> {
        let pieces = self.pieces.iter();
        let pieces = pieces.map(|(name, piece)| (*name, piece.as_str()));
        let record = record_text(self.head.as_ref()?, pieces);
        Some(record.reveal().to_owned())
    }

    /// Stores a record. If the page crashes afterwards (`is_last`), pieces stay that the record does not name.
    pub(crate) fn save(
        &mut self,
        writer: &mut RecordWriter,
        record: Option<&Rc<SavedRecord>>,
        is_last: bool,
    ) {
        self.keeps_unnamed_pieces = is_last;
        writer.save(record, self);
        self.keeps_unnamed_pieces = false;
    }
}

impl RecordStorage for PageStorage {
    fn head(&self) -> Option<String> {
        self.head.clone()
    }

    fn write_head(&mut self, text: &str) -> bool {
        self.head = Some(text.to_owned());
        true
    }

    fn write_piece(&mut self, name: u64, text: &str) -> bool {
        self.pieces.insert(name, text.to_owned());
        true
    }

    fn remove_head(&mut self) {
        self.head = None;
    }

    fn remove_piece(&mut self, name: u64) {
        if !self.keeps_unnamed_pieces {
            self.pieces.remove(&name);
        }
    }

    fn piece_names(&self) -> Vec<u64> {
        self.pieces.keys().copied().collect()
    }
}
