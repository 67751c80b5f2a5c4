//! Stores a conversation in the session storage of the tab, so that the conversation survives a reload. One key has the
//! head of the record, and one key for each *piece* has a part of the transcript; `crates/engine/src/saved_record.rs` says
//! in which order they are written. The draft (the text in the composer) has its own key, because it changes with every key
//! press. All keys
//! contain the version of the format and the name of the chat service, and of the visitor if the host (the web team's
//! code on the page) names one.
//!
//! The local storage, which all tabs of the site share, contains nothing of a conversation. It has the *marker*, a number
//! that rises each time that the site forgets a visitor, and the name of the visitor for whom conversations are stored.
//! SECURITY.md lists all keys.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Object, Reflect};
use pipit_engine::{
    ForgetMarker, RecordStorage, RecordWriter, SavedRecord, record_text, remove_unnamed_pieces,
};
use pipit_wire::Secret;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Storage;

use super::clock;
use super::visitor::VisitorName;

#[wasm_bindgen]
extern "C" {
    /// A storage whose functions may return anything, because a script of the page may have replaced them. web-sys expects a text
    /// there, and another value would break the WASM.
    type ReplacedStorage;
    #[wasm_bindgen(catch, method, js_name = getItem)]
    fn get_item(this: &ReplacedStorage, key: &str) -> Result<JsValue, JsValue>;
}

/// The beginning of every key, if the chat does not run in an iframe. (The script in the iframe passes another
/// beginning.) The number is the version of the format. This text equals `STORAGE_PREFIX` in `npm/contract.ts`.
const NAMESPACE: &str = "pipit.1.";

/// The beginning of all keys of a chat that does not run in an iframe, also of those that belong to no version.
const ALL: &str = "pipit.";

/// The beginning of all keys of chats that run in an iframe.
const OF_FRAMES: &str = "pipit.frame.";

/// The key of the engagement that the visitor has rated. It does not begin with [`NAMESPACE`], because it is no conversation that
/// could continue. It begins with [`ALL`], so that it is forgotten with everything else.
const RATED: &str = "pipit.rated";

/// What stands between the key of the record and the name of a piece.
const PIECE: &str = ".piece ";

/// The end of the key of the marker in the local storage. This text equals `MARKER` in `npm/stored-conversation.ts`.
const MARKER: &str = "forgotten";

/// The end of the key of a visitor's name in the local storage.
const VISITOR: &str = ".visitor";

/// The greatest marker: JavaScript's greatest safe integer.
const MAX_MARKER: i64 = (1 << 53) - 1;

/// The storage of one conversation.
pub(crate) struct ConversationStorage {
    namespace: String,
    service: String,
    /// The visitor whose conversation this is; `None` if the host names none.
    visitor: RefCell<Option<VisitorName>>,
    /// Writes the record, and remembers which pieces are stored.
    writer: RefCell<RecordWriter>,
}

/// The places of one record in the session storage. The names of the pieces follow the key of the record.
struct RecordKeys {
    key: String,
}

impl ConversationStorage {
    /// The storage for conversations of a visitor with the chat service `service`. All keys begin with `namespace`, or
    /// with `pipit.1.` if `namespace` is `None`.
    pub(crate) fn new(
        namespace: Option<&str>,
        service: String,
        visitor: Option<VisitorName>,
    ) -> Self {
        Self {
            namespace: namespace.unwrap_or(NAMESPACE).to_owned(),
            service,
            visitor: RefCell::new(visitor),
            writer: RefCell::default(),
        }
    }

    /// The key of the record. The tab lock and the channel between the tabs have the same name.
    pub(crate) fn key(&self) -> String {
        let visitor = self.visitor.borrow();
        let (separator, visitor) = match &*visitor {
            Some(visitor) => (" @", visitor.as_str()),
            None => ("", ""),
        };
        [&self.namespace, &*self.service, separator, visitor].concat()
    }

    fn draft_key(&self) -> String {
        [&*self.key(), ".draft"].concat()
    }

    /// The key of the visitor's name in the local storage.
    fn visitor_key(&self) -> String {
        [&*self.namespace, &self.service, VISITOR].concat()
    }

    fn marker_key(&self) -> String {
        [&*self.namespace, MARKER].concat()
    }

    /// The text of the stored record with its pieces; `None` if no record is stored, or if storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        // Another page of this tab may have written since this page has.
        self.writer.take();
        let mut keys = self.record_keys();
        remove_unnamed_pieces(&mut keys);
        let head = read_item(&keys.key)?;
        let mut pieces = Vec::new();
        for name in keys.piece_names() {
            pieces.extend(read_item(&keys.piece_key(name)).map(|piece| (name, piece)));
        }
        let pieces = pieces.iter().map(|(name, piece)| (*name, &**piece));
        Some(record_text(&head, pieces).reveal().to_owned())
    }

    /// Whether a record is stored.
    fn has_record(&self) -> bool {
        read_item(&self.key()).is_some()
    }

    /// The stored draft; `None` if no draft is stored, or if storage is blocked.
    pub(crate) fn read_draft(&self) -> Option<String> {
        read_item(&self.draft_key())
    }

    /// Stores a record; with `None`, removes the stored record. Returns whether the browser accepted all of it: it refuses
    /// where storage is blocked or full.
    pub(crate) fn write(&self, record: Option<&Rc<SavedRecord>>) -> bool {
        // The host may have replaced the functions of the storage, so the writer is not borrowed while they run.
        let mut writer = self.writer.take();
        let is_stored = session_storage().is_some() && writer.save(record, &mut self.record_keys());
        self.writer.replace(writer);
        is_stored
    }

    /// Stores this text under the key of the record, and removes all pieces.
    pub(crate) fn write_text(&self, text: Option<&str>) {
        self.write(None);
        // If the storage is full now, the conversation does not survive a reload, of which the next write warns.
        let _ = write(&self.key(), text);
    }

    fn record_keys(&self) -> RecordKeys {
        RecordKeys { key: self.key() }
    }

    /// Stores a draft. If the draft is empty, removes the stored draft.
    ///
    /// # Errors
    /// The browser's exception if the draft cannot be stored, for example because the storage is full; `null` if
    /// storage is blocked.
    pub(crate) fn write_draft(&self, draft: &str) -> Result<(), JsValue> {
        write(
            &self.draft_key(),
            Some(draft).filter(|text| !text.is_empty()),
        )
    }

    /// The engagement that the visitor has rated; `None` if there is none.
    pub(super) fn rated(&self) -> Option<String> {
        read_item(&self.rated_key())
    }

    /// Stores the engagement that the visitor has rated. Where storage is blocked, the next page asks again.
    pub(super) fn write_rated(&self, engagement: &str) {
        let _ = write(&self.rated_key(), Some(engagement));
    }

    fn rated_key(&self) -> String {
        match &*self.namespace {
            NAMESPACE => RATED.to_owned(),
            of_frame => [of_frame, RATED].concat(),
        }
    }

    /// The marker of the latest forgetting in this browser; 0 before the first one, or if storage is blocked.
    pub(crate) fn marker(&self) -> ForgetMarker {
        let stored = read_local(&self.marker_key());
        let number = stored.and_then(|text| text.parse().ok());
        // As in the TypeScript, a number that JavaScript cannot hold exactly does not count.
        let number = number.filter(|number| (0..=MAX_MARKER).contains(number));
        ForgetMarker(number.unwrap_or_default())
    }

    /// Writes the marker again if the page has removed it from the local storage, as `localStorage.clear()` does.
    pub(crate) fn repair_marker(&self, known: ForgetMarker) {
        if self.marker() < known
            && let Some(storage) = local_storage()
        {
            // If the storage is full, other tabs learn the marker from messages only.
            let _ = storage.set_item(&self.marker_key(), &known.0.to_string());
        }
    }

    /// Changes the visitor whose conversation this is. The caller then calls [`Self::remove_others`].
    pub(crate) fn set_visitor(&self, visitor: Option<VisitorName>) {
        *self.visitor.borrow_mut() = visitor;
        self.writer.take();
    }

    /// Whether the visitor has this name.
    pub(crate) fn is_visitor(&self, name: Option<&VisitorName>) -> bool {
        self.visitor.borrow().as_ref() == name
    }

    /// If the latest visitor of this service in this browser was somebody else, removes everything that is stored and
    /// raises the marker, so that all tabs forget. Returns the texts that were removed from this tab's storage, records
    /// among them.
    pub(crate) fn remove_others(&self) -> Vec<Secret> {
        let name = self.visitor.borrow().clone();
        let current = name.as_ref().map(VisitorName::as_str);
        let stored = read_local(&self.visitor_key());
        let is_same = stored.as_deref() == current || stored.is_none() && self.is_known(current);
        let records = if is_same && !self.has_records_of_others() {
            Vec::new()
        } else {
            self.forget(None)
        };
        if stored.as_deref() != current
            && let Some(storage) = local_storage()
        {
            // If the storage is full, the next page forgets once more.
            let _ = match current {
                Some(name) => storage.set_item(&self.visitor_key(), name),
                None => storage.remove_item(&self.visitor_key()),
            };
        }
        records
    }

    /// Whether the visitor is known although no name is stored for this service. The visitor's own record shows it if the
    /// page has removed the name with `localStorage.clear()`. The name that is stored for another service shows it if the
    /// visitor uses this service for the first time.
    fn is_known(&self, current: Option<&str>) -> bool {
        let others = local_storage().map(|storage| names(&storage, &self.namespace));
        let mut others = others.unwrap_or_default().into_iter();
        let is_known_elsewhere =
            others.any(|name| name.ends_with(VISITOR) && read_local(&name).as_deref() == current);
        is_known_elsewhere || self.has_record()
    }

    /// Whether this tab has stored a record or a draft of another visitor of this service.
    fn has_records_of_others(&self) -> bool {
        let service = [&*self.namespace, &self.service].concat();
        let (key, draft_key) = (self.key(), self.draft_key());
        let names = session_storage().map(|storage| names(&storage, &service));
        names.unwrap_or_default().iter().any(|name| {
            let rest = name.strip_prefix(&*service).unwrap_or_default();
            let is_of_service = rest.is_empty()
                || rest == ".draft"
                || rest.starts_with(PIECE)
                || rest.starts_with(" @");
            is_of_service && *name != key && *name != draft_key && piece_name(name, &key).is_none()
        })
    }

    /// Removes everything that is stored under this namespace, and raises the marker: to `wanted`, or by one. Returns the
    /// texts that were removed from this tab's storage. `npm/stored-conversation.ts` does the same before the code of the
    /// conversation is loaded.
    pub(crate) fn forget(&self, wanted: Option<ForgetMarker>) -> Vec<Secret> {
        let marker = self.marker();
        let beginning = match &*self.namespace {
            NAMESPACE => ALL,
            of_frame => of_frame,
        };
        let marker_key = self.marker_key();
        let remove_all = |storage: Option<Storage>| -> Vec<Secret> {
            let Some(storage) = storage else {
                return Vec::new();
            };
            let names = names(&storage, beginning).into_iter().filter(|name| {
                // Chats in an iframe on this origin have their own marker.
                *name != marker_key && (beginning != ALL || !name.starts_with(OF_FRAMES))
            });
            let take = |name: String| {
                let text = read(storage.clone(), &name);
                let _ = storage.remove_item(&name);
                text.map(Secret::new)
            };
            names.filter_map(take).collect()
        };
        self.writer.take();
        let records = remove_all(session_storage());
        remove_all(local_storage());
        let next = match marker.0 {
            0 => clock::now().wall,
            known => known,
        };
        self.repair_marker(wanted.unwrap_or(ForgetMarker(next.saturating_add(1))));
        records
    }
}

impl RecordKeys {
    fn piece_key(&self, name: u64) -> String {
        [&*self.key, PIECE, &name.to_string()].concat()
    }
}

impl RecordStorage for RecordKeys {
    fn head(&self) -> Option<String> {
        read_item(&self.key)
    }

    fn write_head(&mut self, text: &str) -> bool {
        write(&self.key, Some(text)).is_ok()
    }

    fn write_piece(&mut self, name: u64, text: &str) -> bool {
        write(&self.piece_key(name), Some(text)).is_ok()
    }

    fn remove_head(&mut self) {
        remove_item(&self.key);
    }

    fn remove_piece(&mut self, name: u64) {
        remove_item(&self.piece_key(name));
    }

    fn piece_names(&self) -> Vec<u64> {
        let keys = session_storage().map(|storage| names(&storage, &self.key));
        let keys = keys.unwrap_or_default().into_iter();
        keys.filter_map(|name| piece_name(&name, &self.key))
            .collect()
    }
}

/// The name of the piece that is stored under `name`; `None` if it is no piece of the record with the key `key`.
fn piece_name(name: &str, key: &str) -> Option<u64> {
    name.strip_prefix(key)?.strip_prefix(PIECE)?.parse().ok()
}

/// The keys of a storage that begin with this text.
fn names(storage: &Storage, beginning: &str) -> Vec<String> {
    let all = Object::keys(storage.unchecked_ref::<Object>());
    let all = all.iter().filter_map(|name| name.as_string());
    all.filter(|name| name.starts_with(beginning)).collect()
}

/// The text under this key in the tab's storage; `None` if there is none, or if storage is blocked.
pub(super) fn read_item(key: &str) -> Option<String> {
    read(session_storage()?, key)
}

/// The text under this key in the local storage of the site; `None` if there is none, or if storage is blocked.
fn read_local(key: &str) -> Option<String> {
    read(local_storage()?, key)
}

/// Removes this key from the tab's storage.
pub(super) fn remove_item(key: &str) {
    // Removing cannot fail if reading did not.
    let _ = write(key, None);
}

/// The text under this key in a storage; `None` if there is none, or if the storage gives something else.
fn read(storage: Storage, key: &str) -> Option<String> {
    let storage: ReplacedStorage = storage.unchecked_into();
    storage.get_item(key).ok()?.as_string()
}

fn write(key: &str, text: Option<&str>) -> Result<(), JsValue> {
    let storage = session_storage().ok_or(JsValue::NULL)?;
    match text {
        Some(text) => storage.set_item(key, text),
        None => storage.remove_item(key),
    }
}

/// The session storage of the tab; `None` if storage is blocked. The browser's getter throws in this case.
fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// The local storage of the site; `None` if storage is blocked. The browser's getter throws in this case.
fn local_storage() -> Option<Storage> {
    let storage = Reflect::get(&js_sys::global(), &"localStorage".into()).ok()?;
    storage.is_object().then(|| storage.unchecked_into())
}
