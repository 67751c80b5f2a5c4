//! Builds plain JavaScript objects member by member. A derived serializer would add bytes to the module.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// A plain object that is being built.
pub(crate) struct JsObject(Object);

impl JsObject {
    pub(crate) fn new() -> Self {
        Self(Object::new())
    }

    /// Adds a member.
    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }

    /// Adds a member if there is a value for it.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl From<JsObject> for JsValue {
    fn from(object: JsObject) -> Self {
        object.0.into()
    }
}
