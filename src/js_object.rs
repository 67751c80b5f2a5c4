//! Builds plain JavaScript objects member by member. A derived serializer would make the WASM module larger.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// A plain object that is being built.
pub(crate) struct JsObject(Object);

impl JsObject {
    /// An object without members.
    pub(crate) fn new() -> Self {
        Self(Object::new())
    }

    /// Adds a member.
    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        self.set(name, &value.into());
        self
    }

    /// Adds a member if its value is `Some`.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Sets a member. This function is not generic, so that it is compiled only once and the module stays small.
    #[inline(never)]
    fn set(&self, name: &str, value: &JsValue) {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), value);
    }
}

impl From<JsObject> for JsValue {
    fn from(object: JsObject) -> Self {
        object.0.into()
    }
}
