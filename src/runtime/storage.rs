//! Where a conversation is stored for a reload: the session storage of the tab, with one versioned key
//! per chat service. With a single key, a crash leaves either the old record or the new one.

use wasm_bindgen::JsValue;
use web_sys::Storage;

/// The beginning of every key on a page; `KEPT` in `npm/chat.ts`. The chat in a frame has a namespace of its own.
const NAMESPACE: &str = "pipit.1.";

/// The storage of one conversation.
pub(crate) struct ConversationStorage {
    key: String,
}

impl ConversationStorage {
    /// The storage for conversations with this service. Its key begins with `namespace`, or with `pipit.1.`.
    pub(crate) fn new(namespace: Option<&str>, service: &str) -> Self {
        let namespace = namespace.unwrap_or(NAMESPACE);
        Self {
            key: format!("{namespace}{service}"),
        }
    }

    /// The key. The tab lock and the channel of the site have the same name.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The stored record; `None` where storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        session_storage()?.get_item(&self.key).ok()?
    }

    /// Stores a record, or removes it.
    ///
    /// # Errors
    /// The browser's exception where storage is blocked or full.
    pub(crate) fn write(&self, record: Option<&str>) -> Result<(), JsValue> {
        let storage = session_storage().ok_or(JsValue::NULL)?;
        match record {
            Some(record) => storage.set_item(&self.key, record),
            None => storage.remove_item(&self.key),
        }
    }
}

/// The getter itself throws where storage is blocked.
fn session_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
