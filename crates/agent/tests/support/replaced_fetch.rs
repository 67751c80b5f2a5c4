//! Replaces the page's `fetch` in a test.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Request;

/// A replacement of the page's `fetch`. Dropping it restores the original.
pub(crate) struct ReplacedFetch {
    original: JsValue,
    /// The requests that `recorded` has recorded, in their order.
    requests: Array,
}

impl ReplacedFetch {
    /// Replaces `fetch` by a JavaScript function. The script can use `original` (the original `fetch`) and `requests` (an
    /// array).
    pub(crate) fn with_script(javascript: &str) -> Self {
        let original = Reflect::get(&js_sys::global(), &"fetch".into()).unwrap();
        let requests = Array::new();
        let make = Function::new_with_args("original, requests", &format!("return ({javascript})"));
        set_fetch(&make.call2(&JsValue::NULL, &original, &requests).unwrap());
        Self { original, requests }
    }

    /// Replaces `fetch` by a function that records the requests and passes them on.
    pub(crate) fn recorded() -> Self {
        Self::with_script("(request) => { requests.push(request); return original(request); }")
    }

    /// The most recent request that `recorded` has recorded.
    pub(crate) fn last_request(&self) -> Request {
        self.requests.at(-1).dyn_into().unwrap()
    }
}

impl Drop for ReplacedFetch {
    fn drop(&mut self) {
        set_fetch(&self.original);
    }
}

/// Sets the page's `fetch`.
fn set_fetch(fetch: &JsValue) {
    Reflect::set(&js_sys::global(), &"fetch".into(), fetch).unwrap();
}
