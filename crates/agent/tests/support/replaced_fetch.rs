use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Request;

/// Replaces the page's `fetch` until it is dropped.
pub(crate) struct ReplacedFetch {
    original: JsValue,
    seen: Array,
}

impl ReplacedFetch {
    /// Replaces `fetch` by a function in JavaScript.
    pub(crate) fn with_script(javascript: &str) -> Self {
        let original = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap();
        let seen = Array::new();
        let make = Function::new_with_args("original, seen", &format!("return ({javascript})"));
        set(&make.call2(&JsValue::NULL, &original, &seen).unwrap());
        Self { original, seen }
    }

    /// Replaces `fetch` by a function that records the requests and passes them on.
    pub(crate) fn recorded() -> Self {
        Self::with_script("(request) => { seen.push(request); return original(request); }")
    }

    pub(crate) fn last_request(&self) -> Request {
        self.seen.at(-1).dyn_into().unwrap()
    }
}

impl Drop for ReplacedFetch {
    fn drop(&mut self) {
        set(&self.original);
    }
}

fn set(fetch: &JsValue) {
    Reflect::set(&js_sys::global(), &"fetch".into(), fetch).unwrap();
}
