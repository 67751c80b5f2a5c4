//! The JavaScript object that uploads and downloads files (`npm/attachments.ts`).
//!
//! Rust does not transfer the files itself, because an upload with progress needs an `XMLHttpRequest`, whose bindings
//! would make the WASM module larger for every visitor. The script that transfers files is loaded when a visitor first
//! sends or saves a file.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The option `attachments`.
    #[derive(Clone)]
    pub(crate) type Attachments;

    /// The types of files that may be sent, as a value of the attribute `accept` of `<input type=file>`. `None` if the
    /// visitor can send no files.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn accept(this: &Attachments) -> Option<String>;

    /// Checks and sends a `File`. Calls `on_progress` with an [`UploadProgress`] while the upload advances and when it
    /// ends, but not after it is aborted. Returns a function that aborts the upload.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn upload(
        this: &Attachments,
        file: &JsValue,
        on_progress: &Function,
    ) -> Result<Function, JsValue>;

    /// Fetches a file and saves it under a name. The promise is rejected if the file could not be fetched.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn download(this: &Attachments, url: &str, name: &str) -> Result<Promise, JsValue>;

    /// A report on an upload; see `UploadProgress` in `npm/chat-internals.ts`.
    pub(crate) type UploadProgress;

    /// The state of the upload: `progress`, `done`, or the reason why the file was not sent. The reasons are `kind`
    /// (the type of the file is not accepted), `empty`, `large`, `refused` (by the server) and `lost` (the connection
    /// was lost).
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &UploadProgress) -> String;

    /// The part of the file that was sent, in percent. Only given with the status `progress`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn percent(this: &UploadProgress) -> Option<f64>;

    /// The address at which the agent can fetch the file. Only given with the status `done`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn url(this: &UploadProgress) -> Option<String>;

    /// The largest permitted size of a file in bytes. Only given with the status `large`.
    #[wasm_bindgen(method, getter, js_name = "maxBytes")]
    pub(crate) fn max_bytes(this: &UploadProgress) -> Option<f64>;
}
