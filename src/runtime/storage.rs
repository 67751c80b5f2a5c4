//! Stores a conversation in the session storage of the tab, so that the conversation survives a reload. One key
//! holds the whole record of the conversation, so that a crash leaves either the old record or the new record.
//! The draft (the text in the composer) has a second key, because it changes with every key press. Both keys
//! contain the version of the format and the name of the chat service, and of the visitor if the host (the web team's
//! code on the page) names one.
//!
//! The local storage, which all tabs of the site share, contains nothing of a conversation. It has the *marker*, a number
//! that rises each time that the site forgets a visitor, and the name of the visitor for whom conversations are stored.
//! SECURITY.md lists all keys.

use std::cell::RefCell;

use pipit_engine::ForgetMarker;
use pipit_wire::Secret;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use super::clock;
use super::visitor::VisitorName;

/// The beginning of every key, if the chat does not run in an iframe. (The script in the iframe passes another
/// beginning.) The number is the version of the format. This text equals `STORAGE_PREFIX` in `npm/contract.ts`.
const NAMESPACE: &str = "pipit.1.";

/// The beginning of all keys of a chat that does not run in an iframe, also of those that belong to no version.
const ALL: &str = "pipit.";

/// The end of the key of the marker in the local storage. This text equals `MARKER` in `npm/stored-conversation.ts`.
const MARKER: &str = "forgotten";

/// The storage of one conversation.
pub(crate) struct ConversationStorage {
    namespace: String,
    service: String,
    /// The visitor whose conversation this is; `None` if the host names none.
    visitor: RefCell<Option<VisitorName>>,
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
        [&*self.namespace, &self.service, ".visitor"].concat()
    }

    fn marker_key(&self) -> String {
        [&*self.namespace, MARKER].concat()
    }

    /// The stored record; `None` if no record is stored, or if storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        session_storage()?.get_item(&self.key()).ok()?
    }

    /// The stored draft; `None` if no draft is stored, or if storage is blocked.
    pub(crate) fn read_draft(&self) -> Option<String> {
        session_storage()?.get_item(&self.draft_key()).ok()?
    }

    /// Stores a record; with `None`, removes the stored record.
    ///
    /// # Errors
    /// The browser's exception if the record cannot be stored, for example because the storage is full; `null` if
    /// storage is blocked.
    pub(crate) fn write(&self, record: Option<&str>) -> Result<(), JsValue> {
        write(&self.key(), record)
    }

    /// Stores a draft. If the draft is empty, removes the stored draft.
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub(crate) fn write_draft(&self, draft: &str) -> Result<(), JsValue> {
        write(
            &self.draft_key(),
            Some(draft).filter(|text| !text.is_empty()),
        )
    }

    /// The marker of the latest forgetting in this browser; 0 before the first one, or if storage is blocked.
    pub(crate) fn marker(&self) -> ForgetMarker {
        let stored = || local_storage()?.get_item(&self.marker_key()).ok()?;
        let number = stored().and_then(|text| text.parse().ok());
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
    }

    /// Whether the visitor has this name.
    pub(crate) fn is_visitor(&self, name: Option<&VisitorName>) -> bool {
        self.visitor.borrow().as_ref() == name
    }

    /// If the latest visitor of this service in this browser was somebody else, removes everything
    /// that is stored and raises the marker, so that all tabs forget. Returns the texts that were removed from this
    /// tab's storage, records among them.
    pub(crate) fn remove_others(&self) -> Vec<Secret> {
        let stored = local_storage()
            .and_then(|storage| storage.get_item(&self.visitor_key()).ok())
            .flatten();
        let current = self
            .visitor
            .borrow()
            .as_ref()
            .map(|it| it.as_str().to_owned());
        // The page may have removed the name with `localStorage.clear()`. The visitor's own record shows then that the
        // visitor is the same.
        let is_same = stored == current || stored.is_none() && self.read().is_some();
        let records = if is_same && !self.has_records_of_others() {
            Vec::new()
        } else {
            self.forget()
        };
        if stored != current
            && let Some(storage) = local_storage()
        {
            // If the storage is full, the next page forgets once more.
            let _ = match current {
                Some(name) => storage.set_item(&self.visitor_key(), &name),
                None => storage.remove_item(&self.visitor_key()),
            };
        }
        records
    }

    /// Whether this tab has stored a record or a draft of another visitor of this service.
    fn has_records_of_others(&self) -> bool {
        let service = [&*self.namespace, &self.service].concat();
        let (key, draft_key) = (self.key(), self.draft_key());
        let names = session_storage().map(|storage| names(&storage, &service));
        names.unwrap_or_default().iter().any(|name| {
            let rest = name.strip_prefix(&*service).unwrap_or_default();
            let is_of_service = rest.is_empty() || rest == ".draft" || rest.starts_with(" @");
            is_of_service && *name != key && *name != draft_key
        })
    }

    /// Removes everything that is stored under this namespace, and raises the marker. Returns the texts that were
    /// removed from this tab's storage. `npm/stored-conversation.ts` does the same for the command `forget`, because it
    /// works before the panel's code is loaded.
    fn forget(&self) -> Vec<Secret> {
        let marker = self.marker().0;
        let beginning = match &*self.namespace {
            NAMESPACE => ALL,
            of_frame => of_frame,
        };
        let mut records = Vec::new();
        if let Some(storage) = session_storage() {
            for name in names(&storage, beginning) {
                records.extend(storage.get_item(&name).ok().flatten().map(Secret::new));
                let _ = storage.remove_item(&name);
            }
        }
        if let Some(storage) = local_storage() {
            for name in names(&storage, beginning) {
                if name != self.marker_key() {
                    let _ = storage.remove_item(&name);
                }
            }
        }
        let marker = if marker == 0 {
            clock::now().wall
        } else {
            marker
        };
        self.repair_marker(ForgetMarker(marker.saturating_add(1)));
        records
    }
}

/// The keys of a storage that begin with this text.
fn names(storage: &Storage, beginning: &str) -> Vec<String> {
    let length = storage.length().unwrap_or_default();
    let all = (0..length).filter_map(|index| storage.key(index).ok().flatten());
    all.filter(|name| name.starts_with(beginning)).collect()
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
    web_sys::window()?.local_storage().ok()?
}
