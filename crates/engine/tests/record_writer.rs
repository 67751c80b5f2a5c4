//! Tests of [`RecordWriter`]: a page may crash between any two writes to its storage, the storage may be full, and pieces
//! may be damaged. The tests play a conversation, store each record, and load a tab from what the storage has.

mod chat;

use std::collections::BTreeMap;
use std::rc::Rc;

use chat::Chat;
use pipit_engine::{RecordStorage, RecordWriter, SavedRecord, record_text, remove_unnamed_pieces};

/// A storage that stops accepting anything, as after a crash, or that is full.
#[derive(Clone, Debug, Default)]
struct Storage {
    head: Option<String>,
    pieces: BTreeMap<u64, String>,
    /// After this many changes the page crashes, so that no further change has an effect. `None` if it does not crash.
    changes_left: Option<usize>,
    /// The most bytes that the storage accepts; `None` if it accepts everything.
    max_bytes: Option<usize>,
}

impl Storage {
    fn text(&self) -> Option<String> {
        let pieces = self.pieces.iter();
        let pieces = pieces.map(|(name, piece)| (*name, piece.as_str()));
        let record = record_text(self.head.as_ref()?, pieces);
        Some(record.reveal().to_owned())
    }

    /// The texts that a tab shows after a reload.
    fn texts(&self) -> Vec<String> {
        self.text()
            .map(|record| Chat::texts_of(&record))
            .unwrap_or_default()
    }

    /// Makes one change, unless the page has crashed.
    fn change(&mut self, make: impl FnOnce(&mut Self)) {
        match &mut self.changes_left {
            Some(0) => return,
            Some(left) => *left -= 1,
            None => {}
        }
        make(self);
    }

    /// Stores a text unless the storage would then be too full.
    fn write(&mut self, old_bytes: usize, new_bytes: usize, make: impl FnOnce(&mut Self)) -> bool {
        let pieces: usize = self.pieces.values().map(String::len).sum();
        let bytes = self.head.as_ref().map_or(0, String::len) + pieces - old_bytes + new_bytes;
        let is_accepted = self.max_bytes.is_none_or(|max_bytes| bytes <= max_bytes);
        if is_accepted {
            self.change(make);
        }
        is_accepted
    }
}

impl RecordStorage for Storage {
    fn head(&self) -> Option<String> {
        self.head.clone()
    }

    fn write_head(&mut self, text: &str) -> bool {
        let old_bytes = self.head.as_ref().map_or(0, String::len);
        self.write(old_bytes, text.len(), |it| it.head = Some(text.to_owned()))
    }

    fn write_piece(&mut self, name: u64, text: &str) -> bool {
        let old_bytes = self.pieces.get(&name).map_or(0, String::len);
        self.write(old_bytes, text.len(), |it| {
            it.pieces.insert(name, text.to_owned());
        })
    }

    fn remove_head(&mut self) {
        self.change(|it| it.head = None);
    }

    fn remove_piece(&mut self, name: u64) {
        self.change(|it| {
            it.pieces.remove(&name);
        });
    }

    fn piece_names(&self) -> Vec<u64> {
        self.pieces.keys().copied().collect()
    }
}

/// The records of a chat with this many messages, one for each message.
fn records(count: usize) -> (Chat, Vec<Rc<SavedRecord>>) {
    let mut chat = Chat::with_messages(0);
    let mut records = Vec::new();
    for _ in 0..count {
        let answer = chat.answer_text(1);
        chat.take(answer);
        records.extend(chat.record.clone());
    }
    assert_eq!(records.len(), count, "each message is stored");
    (chat, records)
}

#[test]
fn a_crash_between_two_writes_leaves_the_record_before_or_the_one_after() {
    let (_, records) = records(70);
    let mut storage = Storage::default();
    let mut writer = RecordWriter::default();
    for record in &records {
        let before = storage.texts();
        let mut complete = storage.clone();
        writer.save(Some(record), &mut complete);
        let after = complete.texts();
        assert_eq!(after.len(), before.len().max(1) + 1);
        for changes in 0..8 {
            // A page that has just been loaded does not know which pieces are stored.
            let mut crashed = storage.clone();
            crashed.changes_left = Some(changes);
            RecordWriter::default().save(Some(record), &mut crashed);
            let left = crashed.texts();
            assert!(left == before || left == after, "{changes}: {left:?}");
        }
        storage = complete;
    }
    // 70 messages and the notice before them are two full pieces and a third one.
    assert_eq!(storage.pieces.len(), 3, "old pieces are removed");
    writer.save(None, &mut storage);
    assert_eq!(storage.text(), None);
    assert!(storage.pieces.is_empty());
}

#[test]
fn what_a_full_storage_refuses_costs_only_its_own_messages() {
    let (mut chat, records) = records(70);
    let mut storage = Storage {
        // Room for the head and the first piece and a part of the second.
        max_bytes: Some(9_000),
        ..Storage::default()
    };
    let mut writer = RecordWriter::default();
    let mut is_complete = true;
    for record in &records {
        is_complete = writer.save(Some(record), &mut storage);
    }
    assert!(!is_complete, "the caller learns that the storage is full");
    let kept = storage.texts();
    assert!(kept.len() >= 32, "{} messages are kept", kept.len());
    // As soon as there is room, everything is stored again.
    storage.max_bytes = None;
    let answer = chat.answer_text(1);
    chat.take(answer);
    assert!(writer.save(chat.record.as_ref(), &mut storage));
    assert_eq!(storage.texts().len(), 72);
}

#[test]
fn a_piece_that_is_missing_or_damaged_costs_only_its_own_messages() {
    let (_, records) = records(70);
    let mut storage = Storage::default();
    RecordWriter::default().save(records.last(), &mut storage);
    let all = storage.texts();
    let names = storage.piece_names();
    for (index, name) in names.iter().enumerate() {
        let (first, last) = (index * 32, all.len().min(index * 32 + 32));
        let mut expected = all.clone();
        expected.drain(first..last);
        let text = storage.pieces.get(name).cloned().unwrap_or_default();
        let half = text.get(..text.len() / 2).unwrap_or_default().to_owned();
        for damaged in [
            None,
            Some(half),
            Some("\n1 {}\n".to_owned()),
            Some(String::new()),
        ] {
            let mut storage = storage.clone();
            storage.pieces.remove(name);
            storage.pieces.extend(damaged.map(|text| (*name, text)));
            assert_eq!(storage.texts(), expected);
        }
    }
}

#[test]
fn all_is_written_again_after_somebody_else_has_changed_the_storage() {
    let (_, records) = records(40);
    let (last, others) = records.split_last().expect("there are records");
    let changed = |head: Option<&str>| Storage {
        head: head.map(ToOwned::to_owned),
        ..Storage::default()
    };
    // A page that empties its storage, and a chat that was taken off the page.
    for mut changed in [changed(None), changed(Some(""))] {
        let mut storage = Storage::default();
        let mut writer = RecordWriter::default();
        for record in others {
            writer.save(Some(record), &mut storage);
        }
        writer.save(Some(last), &mut changed);
        assert_eq!(changed.texts().len(), 41);
    }
}

#[test]
fn a_record_that_is_one_text_with_its_pieces_is_read_as_one() {
    let (_, records) = records(40);
    let mut storage = Storage::default();
    let last = records.last();
    RecordWriter::default().save(last, &mut storage);
    let text = storage.text().unwrap_or_default();
    let whole = Storage {
        head: Some(text),
        ..Storage::default()
    };
    assert_eq!(whole.texts(), storage.texts());
}

/// The visitor has the conversation forgotten, and the page crashes meanwhile.
#[test]
fn after_a_crash_the_next_page_removes_what_nobody_names() {
    let (_, records) = records(70);
    let mut whole = Storage::default();
    RecordWriter::default().save(records.last(), &mut whole);
    let texts = whole.texts();
    remove_unnamed_pieces(&mut whole);
    assert_eq!(whole.texts(), texts, "what the head names stays");
    let mut is_gone = Vec::new();
    for changes in 1..=whole.pieces.len() {
        let mut storage = whole.clone();
        storage.changes_left = Some(changes);
        RecordWriter::default().save(None, &mut storage);
        storage.changes_left = None;
        assert!(!storage.pieces.is_empty(), "the crash came earlier");
        remove_unnamed_pieces(&mut storage);
        is_gone.push(storage.pieces.is_empty());
    }
    assert_eq!(is_gone, vec![true; whole.pieces.len()]);
}
