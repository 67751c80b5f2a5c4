//! The WebAssembly of `pipit-chat/headless`: a conversation without a view. `pipit::headless` does the work; this file exports it to
//! `npm/headless.ts`. Nothing here calls the view, and the feature `headless` keeps the library from exporting
//! it, so the linker leaves the view and Yew out.

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// A conversation in this browser tab.
#[wasm_bindgen]
pub struct Conversation(pipit::headless::Conversation);

#[wasm_bindgen]
impl Conversation {
    /// Continues the stored conversation, or waits for the command `startChat`. `emit(name, payload)` receives each event.
    ///
    /// # Errors
    /// An object `{ code, message }`: an option cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, emit: Function) -> Result<Self, JsValue> {
        pipit::headless::Conversation::begin(options, emit).map(Self)
    }

    /// Performs a command.
    ///
    /// # Errors
    /// An object `{ code, message }`: there is no such command, or the argument is not what the command takes.
    pub fn call(&self, name: &str, argument: &JsValue) -> Result<(), JsValue> {
        self.0.call(name, argument)
    }

    /// The state of the conversation.
    pub fn state(&self) -> JsValue {
        self.0.state()
    }
}
