//! What tells of messages that nobody sees, by a sound or in the page's title. It is JavaScript that the loader
//! hands over (`npm/news.ts`).

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The loader's object.
    #[derive(Clone)]
    pub(crate) type News;

    /// Whether the visitor has turned the sound off; nothing where there is none.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn muted(this: &News) -> Option<bool>;

    /// Turns the sound off or on, and remembers it.
    #[wasm_bindgen(method)]
    pub(crate) fn mute(this: &News, is_muted: bool);

    /// So many messages are unread now. `leads`: of all tabs of the site it is this one that is heard.
    #[wasm_bindgen(method)]
    pub(crate) fn tell(this: &News, unread: u32, leads: bool);
}
