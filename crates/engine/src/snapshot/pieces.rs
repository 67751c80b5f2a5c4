//! The transcript of a snapshot in *pieces*: texts with some successive entries each. A new message changes one piece, so
//! the driver (the code that runs the engine and has access to the storage) writes only this piece and the rest of the
//! snapshot, however long the transcript is.
//!
//! A piece never changes. If its entries change, another piece with another name takes its place. The rest of the snapshot,
//! the *head*, names the pieces in their order. As long as the head is the earlier one, the earlier pieces are complete, so
//! a crash between two writes leaves either the earlier transcript or the new one.

use std::rc::Rc;

use pipit_wire::{Fields, Secret, WireValue};

use crate::chunked_list::Chunk;
use crate::entries::Entries;
use crate::entry::{Content, Delivery, Entry};

/// About this many entries are stored (the newest), because the storage of a tab is small. The number is exceeded by a part
/// of a chunk, because whole chunks are stored.
const MAX_ENTRIES: usize = 500;

/// At most this many bytes of entries are stored (the newest), because a reload has to read and draw all of them. A
/// message of the visitor that has not arrived is stored in any case.
const MAX_ENTRY_BYTES: usize = 500_000;

/// A piece gets no more entries when it has this many bytes, so that a message after long messages costs little.
const MAX_PIECE_BYTES: usize = 8_192;

/// The beginning of a piece's text, which is a JSON object with the entries.
const BEGINNING: &str = "{\"transcript\":[";

/// The end of a piece's text.
const END: &str = "]}";

/// Some successive entries of a stored transcript, as text.
#[derive(Debug)]
pub struct Piece {
    name: u64,
    text: Secret,
}

/// The pieces of the current snapshot, with what is needed to make the next ones quickly.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// The pieces that are stored, in the order of the transcript.
    stored: Vec<Rc<Piece>>,
    /// The text of each entry, for the newest chunks, newest first.
    chunks: Vec<Rc<ChunkText>>,
    /// The highest name of a piece so far. A name is never used again.
    last_name: u64,
}

/// The text of a chunk of the transcript.
#[derive(Debug)]
struct ChunkText {
    chunk: Rc<Chunk<Entry>>,
    runs: Vec<Run>,
}

/// The successive entries of one piece.
#[derive(Debug)]
struct Run {
    entries: Vec<EntryText>,
    /// The bytes of the entries' texts.
    bytes: usize,
    piece: Rc<Piece>,
}

/// An entry and its JSON text.
#[derive(Clone, Debug)]
struct EntryText {
    entry: Rc<Entry>,
    json: Rc<str>,
}

impl Piece {
    /// The name of this piece. No other piece of this browser tab has it.
    pub fn name(&self) -> u64 {
        self.name
    }

    /// The text of this piece. It has no line breaks.
    pub fn text(&self) -> &Secret {
        &self.text
    }

    /// The texts of the entries, separated by commas.
    fn entries(&self) -> &str {
        let text = self.text.reveal();
        let text = text.strip_prefix(BEGINNING).unwrap_or_default();
        text.strip_suffix(END).unwrap_or_default()
    }

    /// Reads the line of a piece: its name, a space and its text. `None` if the line is something else.
    fn from_line(line: &str) -> Option<Rc<Self>> {
        let (name, text) = line.split_once(' ')?;
        let piece = Self {
            name: name.parse().ok()?,
            text: Secret::new(text),
        };
        Some(Rc::new(piece))
    }
}

/// The pieces in the lines that follow the head of a snapshot.
pub(super) fn pieces_of(lines: &str) -> Vec<Rc<Piece>> {
    lines.lines().filter_map(Piece::from_line).collect()
}

/// The entries of the pieces with these names. A piece that is missing or damaged has none.
pub(super) fn entries_of(names: &[u64], lines: &str) -> Vec<Entry> {
    let pieces = pieces_of(lines);
    let named = names
        .iter()
        .filter_map(|name| pieces.iter().find(|piece| piece.name == *name));
    let entries = named.filter_map(|piece| {
        let mut fields = Fields::from_json(piece.text.reveal()).ok()?;
        fields.take::<Vec<Entry>>("transcript")
    });
    entries.flatten().collect()
}

impl Pieces {
    /// The pieces that are stored, in the order of the transcript.
    pub(super) fn stored(&self) -> &[Rc<Piece>] {
        &self.stored
    }

    /// Notes that the driver has stored these pieces: they are used again if their entries are the same, and their names
    /// are not used for others.
    pub(super) fn note_stored(&mut self, pieces: Vec<Rc<Piece>>) {
        let highest = pieces.iter().map(|piece| piece.name).max();
        self.last_name = self.last_name.max(highest.unwrap_or(0));
        self.stored = pieces;
    }

    /// The JSON text of all entries that are stored, separated by commas.
    pub(super) fn all_entries(&self) -> String {
        let entries: Vec<&str> = self.stored.iter().map(|piece| piece.entries()).collect();
        entries.join(",")
    }

    /// Makes the pieces of a transcript: the newest entries, as far as [`MAX_ENTRIES`] and [`MAX_ENTRY_BYTES`] allow.
    pub(super) fn update(&mut self, entries: &Entries) {
        let earlier_chunks = std::mem::take(&mut self.chunks);
        let mut maker = PieceMaker {
            earlier: std::mem::take(&mut self.stored),
            last_name: self.last_name,
        };
        let mut entry_count = 0;
        let mut bytes: usize = 0;
        let blocks = entries.blocks().iter().rev();
        for chunk in blocks.flat_map(|block| block.members().iter().rev()) {
            if entry_count >= MAX_ENTRIES {
                break;
            }
            entry_count += chunk.members().len();
            let unchanged = earlier_chunks
                .iter()
                .find(|earlier| Rc::ptr_eq(&earlier.chunk, chunk));
            let text = match unchanged {
                Some(unchanged) => unchanged.clone(),
                None => Rc::new(maker.chunk_text(chunk, &earlier_chunks)),
            };
            for run in text.runs.iter().rev() {
                bytes += run.bytes;
                let piece = if bytes <= MAX_ENTRY_BYTES {
                    Some(run.piece.clone())
                } else {
                    maker.undelivered_piece(run)
                };
                self.stored.extend(piece);
            }
            self.chunks.push(text);
        }
        self.stored.reverse();
        self.last_name = maker.last_name;
    }
}

/// Makes pieces, and uses the earlier ones again where the entries are the same.
struct PieceMaker {
    earlier: Vec<Rc<Piece>>,
    last_name: u64,
}

impl PieceMaker {
    /// The text of a chunk that is new or has changed.
    fn chunk_text(&mut self, chunk: &Rc<Chunk<Entry>>, earlier: &[Rc<ChunkText>]) -> ChunkText {
        let mut runs = Vec::new();
        let mut entries = Vec::new();
        let mut bytes = 0;
        let mut members = chunk.members().iter().peekable();
        while let Some(entry) = members.next() {
            let text = known_text(entry, earlier).unwrap_or_else(|| EntryText {
                entry: entry.clone(),
                json: Entry::write(entry).to_string().into(),
            });
            bytes += text.json.len();
            entries.push(text);
            if bytes >= MAX_PIECE_BYTES || members.peek().is_none() {
                let entries = std::mem::take(&mut entries);
                runs.push(Run {
                    piece: self.piece(entries.iter()),
                    bytes: std::mem::take(&mut bytes),
                    entries,
                });
            }
        }
        ChunkText {
            chunk: chunk.clone(),
            runs,
        }
    }

    /// A piece with those entries of a run that are stored in any case; `None` if there is none.
    fn undelivered_piece(&mut self, run: &Run) -> Option<Rc<Piece>> {
        let undelivered = run
            .entries
            .iter()
            .filter(|text| is_undelivered(&text.entry));
        let mut undelivered = undelivered.peekable();
        undelivered.peek()?;
        Some(self.piece(undelivered))
    }

    /// The piece with these entries.
    fn piece<'a>(&mut self, entries: impl Iterator<Item = &'a EntryText>) -> Rc<Piece> {
        let entries: Vec<&str> = entries.map(|text| &*text.json).collect();
        let text = [BEGINNING, &entries.join(","), END].concat();
        let mut earlier = self.earlier.iter();
        if let Some(same) = earlier.find(|piece| piece.text.reveal() == text) {
            return same.clone();
        }
        self.last_name += 1;
        Rc::new(Piece {
            name: self.last_name,
            text: Secret::new(text),
        })
    }
}

/// The text of an entry that is equal to an entry of an earlier chunk. The entries of another tab's conversation are equal
/// to those of this tab, but never the same objects.
fn known_text(entry: &Rc<Entry>, earlier: &[Rc<ChunkText>]) -> Option<EntryText> {
    let chunks = earlier
        .iter()
        .filter(|earlier| earlier.chunk.summary().may_contain(entry.id));
    let mut texts = chunks
        .flat_map(|chunk| &chunk.runs)
        .flat_map(|run| &run.entries);
    let text = texts.find(|text| text.entry.id == entry.id)?;
    let is_same = Rc::ptr_eq(&text.entry, entry) || text.entry == *entry;
    is_same.then(|| EntryText {
        entry: entry.clone(),
        json: text.json.clone(),
    })
}

/// Whether an entry is a message of the visitor that may not have arrived.
fn is_undelivered(entry: &Entry) -> bool {
    matches!(&entry.content, Content::Visitor { delivery, .. } if *delivery != Delivery::Accepted)
}
