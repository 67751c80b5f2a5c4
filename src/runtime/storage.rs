//! Stores a conversation in the session storage of the tab, so that the conversation survives a reload. One key
//! holds the whole record of the conversation, so that a crash leaves either the old record or the new record.
//! The draft (the text in the composer) has a second key, because it changes with every key press. Both keys
//! contain the version of the format and the name of the chat service.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Storage;

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

/// The storage of one conversation.
pub(crate) struct ConversationStorage {
    key: String,
    draft_key: String,
}

impl ConversationStorage {
    /// The storage for conversations with the chat service `service`. All keys begin with `namespace`, or with
    /// `pipit.1.` if `namespace` is `None`.
    pub(crate) fn new(namespace: Option<&str>, service: &str) -> Self {
        let namespace = namespace.unwrap_or(NAMESPACE);
        let key = format!("{namespace}{service}");
        Self {
            draft_key: format!("{key}.draft"),
            key,
        }
    }

    /// The key of the record. The tab lock and the channel between the tabs have the same name.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The stored record; `None` if no record is stored, or if storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        read(&self.key)
    }

    /// The stored draft; `None` if no draft is stored, or if storage is blocked.
    pub(crate) fn read_draft(&self) -> Option<String> {
        read(&self.draft_key)
    }

    /// Stores a record; with `None`, removes the stored record.
    ///
    /// # Errors
    /// The browser's exception if the record cannot be stored, for example because the storage is full; `null` if
    /// storage is blocked.
    pub(crate) fn write(&self, record: Option<&str>) -> Result<(), JsValue> {
        write(&self.key, record)
    }

    /// Stores a draft. If the draft is empty, removes the stored draft.
    ///
    /// # Errors
    /// As for [`Self::write`].
    pub(crate) fn write_draft(&self, draft: &str) -> Result<(), JsValue> {
        write(&self.draft_key, Some(draft).filter(|text| !text.is_empty()))
    }
}

fn read(key: &str) -> Option<String> {
    let storage: ReplacedStorage = session_storage()?.unchecked_into();
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
