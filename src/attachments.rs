//! What moves files. It is JavaScript that the loader hands over (`npm/attachments.ts`): an upload with
//! progress is an `XMLHttpRequest`, which the widget's module need not know, and the part that does the
//! work is loaded when a visitor first has a file.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The loader's object.
    #[derive(Clone)]
    pub(crate) type Attachments;

    /// What may be sent, as an `<input type=file>` takes it; nothing where no file can be sent.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn accept(this: &Attachments) -> Option<String>;

    /// Checks and sends a `File`. `tell` is called with how it goes and one figure or text of it. Returns a
    /// function that gives it up.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn upload(
        this: &Attachments,
        file: &JsValue,
        tell: &Function,
    ) -> Result<Function, JsValue>;

    /// Fetches a file and saves it under a name.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn download(this: &Attachments, url: &str, name: &str) -> Result<Promise, JsValue>;
}
