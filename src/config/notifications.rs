//! The JavaScript object that plays a sound for a new message (`npm/notifications.ts`). `npm/panel-state.ts` tells the
//! object the number of unread messages. The panel uses the object in its menu, which shows and changes whether the sound
//! is off, and for the warning that the conversation is about to end.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The option `notifications`.
    #[derive(Clone)]
    pub(crate) type Notifications;

    /// Whether the visitor has turned the sound off; `None` if the options of the web page allow no sound.
    #[wasm_bindgen(method, getter, js_name = "isMuted")]
    pub(crate) fn is_muted(this: &Notifications) -> Option<bool>;

    /// Turns the sound off (`true`) or on (`false`), also for later visits.
    #[wasm_bindgen(method, js_name = "setMuted")]
    pub(crate) fn set_muted(this: &Notifications, is_muted: bool);

    /// Shows a warning in the page's title and, in the leading tab, plays the sound. An empty text removes the warning.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn warn(this: &Notifications, text: &str, is_leader: bool) -> Result<(), JsValue>;
}
