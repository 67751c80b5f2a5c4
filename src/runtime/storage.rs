//! Where a conversation outlives a reload: the tab's own storage, one versioned key per chat
//! service. One key, so that a crash leaves the old state or the new one, never half of each.

use wasm_bindgen::JsValue;
use web_sys::Storage;

/// A place for one conversation.
pub(crate) struct Place {
    key: String,
}

impl Place {
    /// The place of the conversations with this service.
    pub(crate) fn new(service: &str) -> Self {
        Self {
            key: format!("pipit.1.{service}"),
        }
    }

    /// By this name the tabs of the site know each other too.
    pub(crate) fn name(&self) -> &str {
        &self.key
    }

    /// What was kept; nothing where storage is blocked.
    pub(crate) fn read(&self) -> Option<String> {
        storage()?.get_item(&self.key).ok()?
    }

    /// Keeps a text, or nothing.
    ///
    /// # Errors
    /// What the browser says where storage is blocked or full.
    pub(crate) fn write(&self, text: Option<&str>) -> Result<(), JsValue> {
        let storage = storage().ok_or(JsValue::NULL)?;
        match text {
            Some(text) => storage.set_item(&self.key, text),
            None => storage.remove_item(&self.key),
        }
    }
}

/// The getter itself throws where storage is blocked.
fn storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}
