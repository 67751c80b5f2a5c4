use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Request;

/// Somebody's own `fetch` in the page, until it is dropped.
pub(crate) struct Fetch {
    original: JsValue,
    seen: Array,
}

impl Fetch {
    /// A `fetch` that is this JavaScript.
    pub(crate) fn replaced(javascript: &str) -> Self {
        let original = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap();
        let seen = Array::new();
        let make = Function::new_with_args("original, seen", &format!("return ({javascript})"));
        set(&make.call2(&JsValue::NULL, &original, &seen).unwrap());
        Self { original, seen }
    }

    /// A `fetch` that remembers the requests and passes them on.
    pub(crate) fn recorded() -> Self {
        Self::replaced("(request) => { seen.push(request); return original(request); }")
    }

    pub(crate) fn last_request(&self) -> Request {
        self.seen.at(-1).dyn_into().unwrap()
    }
}

impl Drop for Fetch {
    fn drop(&mut self) {
        set(&self.original);
    }
}

fn set(fetch: &JsValue) {
    Reflect::set(&js_sys::global(), &"fetch".into(), fetch).unwrap();
}
