//! The page's object that plays a sound for a new message (`npm/notifications.ts`). The panel's menu shows and changes
//! whether the sound is off; the page itself learns of new messages from the events.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The option `notifications`.
    #[derive(Clone)]
    pub(crate) type Notifications;

    /// Whether the visitor has turned the sound off; `None` where the host wants no sound at all.
    #[wasm_bindgen(method, getter, js_name = "isMuted")]
    pub(crate) fn is_muted(this: &Notifications) -> Option<bool>;

    /// Turns the sound off or on, and remembers it.
    #[wasm_bindgen(method, js_name = "setMuted")]
    pub(crate) fn set_muted(this: &Notifications, is_muted: bool);
}
