//! Stores a conversation for a reload, in the session storage of the tab. The whole record has a single key, so
//! that a crash leaves either the old record or the new one. The draft has a second key, because it changes with
//! every key press. Both keys contain the version of the format and the name of the chat service.

use wasm_bindgen::JsValue;
use web_sys::Storage;

/// The beginning of every key, unless the chat runs in a frame, which has its own namespace. It equals
/// `STORAGE_PREFIX` in `npm/contract.ts`.
const NAMESPACE: &str = "pipit.1.";

/// The storage of one conversation.
pub(crate) struct ConversationStorage {
    key: String,
    draft_key: String,
}

impl ConversationStorage {
    /// The storage for conversations with this service. Its keys begin with `namespace`, or with `pipit.1.`.
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

    /// The stored record; `None` if there is none, or if storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        session_storage()?.get_item(&self.key).ok()?
    }

    /// The stored draft; `None` if there is none, or if storage is blocked.
    pub(crate) fn read_draft(&self) -> Option<String> {
        session_storage()?.get_item(&self.draft_key).ok()?
    }

    /// Stores a record; with `None`, removes the stored one.
    ///
    /// # Errors
    /// The browser's exception where storage is blocked or full.
    pub(crate) fn write(&self, record: Option<&str>) -> Result<(), JsValue> {
        write(&self.key, record)
    }

    /// Stores a draft; removes it if it is empty.
    ///
    /// # Errors
    /// The browser's exception where storage is blocked or full.
    pub(crate) fn write_draft(&self, draft: &str) -> Result<(), JsValue> {
        write(&self.draft_key, Some(draft).filter(|it| !it.is_empty()))
    }
}

fn write(key: &str, text: Option<&str>) -> Result<(), JsValue> {
    let storage = session_storage().ok_or(JsValue::NULL)?;
    match text {
        Some(text) => storage.set_item(key, text),
        None => storage.remove_item(key),
    }
}

/// The session storage of the tab; `None` if storage is blocked, because then the getter itself throws.
fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
