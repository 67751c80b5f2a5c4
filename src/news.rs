//! The switch of what tells of messages that nobody sees. It is the page's TypeScript (`npm/news.ts`), which hears
//! of them by what is reported.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The page's object.
    #[derive(Clone)]
    pub(crate) type News;

    /// Whether the visitor has turned the sound off; nothing where there is none.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn muted(this: &News) -> Option<bool>;

    /// Turns the sound off or on, and remembers it.
    #[wasm_bindgen(method)]
    pub(crate) fn mute(this: &News, is_muted: bool);
}
