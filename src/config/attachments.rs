//! The page's object that uploads and downloads files (`npm/attachments.ts`).
//!
//! It is JavaScript, because an upload with progress needs an `XMLHttpRequest`, which would add bytes to the widget's
//! module for every visitor. The page loads the script that does the work when a visitor first has a file.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The option `attachments`.
    #[derive(Clone)]
    pub(crate) type Attachments;

    /// Which files may be sent, as an `<input type=file>` takes it; `None` where the visitor can send none.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn accept(this: &Attachments) -> Option<String>;

    /// Checks and sends a `File`. Calls `on_progress` with a [`UploadProgress`] each time that it gets further. Returns
    /// a function that aborts it.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn upload(
        this: &Attachments,
        file: &JsValue,
        on_progress: &Function,
    ) -> Result<Function, JsValue>;

    /// Fetches a file and saves it under a name.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn download(this: &Attachments, url: &str, name: &str) -> Result<Promise, JsValue>;

    /// How far an upload has come; see `UploadProgress` in `npm/chat-internals.ts`.
    pub(crate) type UploadProgress;

    /// `progress`, `done`, or why the file was not sent: `kind`, `empty`, `large`, `refused` or `lost`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &UploadProgress) -> String;

    /// How much of the file has left, in percent; with `progress`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn percent(this: &UploadProgress) -> Option<f64>;

    /// The address at which the agent can fetch the file; with `done`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &UploadProgress) -> Option<String>;

    /// How large a file may be, in bytes; with `large`.
    #[wasm_bindgen(method, getter, js_name = "maxBytes")]
    pub(crate) fn max_bytes(this: &UploadProgress) -> Option<f64>;
}
