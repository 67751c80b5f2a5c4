//! Objects for the page, member by member: a derive would bring a serializer along.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

/// An object in the making.
pub(crate) struct JsObject(Object);

impl JsObject {
    pub(crate) fn new() -> Self {
        Self(Object::new())
    }

    /// Adds a member.
    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // A plain object takes any member.
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }

    /// Adds a member that may not be known.
    pub(crate) fn with_some(self, name: &str, value: Option<impl Into<JsValue>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl From<JsObject> for JsValue {
    fn from(payload: JsObject) -> Self {
        payload.0.into()
    }
}
