//! Builds plain JavaScript objects member by member. A derived serializer would make the WASM module larger. While an
//! object is being built it has no prototype, because a script of the page may have put members into `Object.prototype`,
//! and one that has a setter would take the value.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A plain object that is being built.
pub(crate) struct JsObject(Object);

impl JsObject {
    /// An object without members.
    pub(crate) fn new() -> Self {
        Self(Object::create(JsValue::NULL.unchecked_ref()))
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

    /// The object without a prototype, for a function of the browser. The browser would take members of `Object.prototype`
    /// for options.
    pub(crate) fn into_options(self) -> Object {
        self.0
    }

    /// Sets a member. This function is not generic, so that it is compiled only once and the module stays small.
    #[inline(never)]
    fn set(&self, name: &str, value: &JsValue) {
        // Setting a member of an object without a prototype cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), value);
    }
}

impl From<JsObject> for JsValue {
    fn from(object: JsObject) -> Self {
        // Hosts may use the methods of usual objects. `Object::new()` has no prototype: `xtask/src/wasm.rs` changes that.
        let prototype = Object::get_prototype_of(&Object::get_prototype_of(&Array::new()));
        Object::set_prototype_of(&object.0, &prototype).into()
    }
}
