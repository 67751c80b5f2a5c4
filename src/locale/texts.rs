//! A text for each key: the host's, else the language's, else the English one.
//!
//! `expectedMinutes` is the key of a word. Where that depends on a number, `expectedMinutes.0` is its form
//! for exactly 0, and `expectedMinutes.one` its form for a plural category of CLDR.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::template::placeholders;
use super::word::english;

/// The texts that are not compiled in: objects by key, the host's own before the language's.
#[derive(Default)]
pub(super) struct Texts(Vec<Object>);

impl Texts {
    pub(super) fn new(own: Option<Object>, language: Option<Object>) -> Self {
        Self(own.into_iter().chain(language).collect())
    }

    /// The text of the first of these keys that the host has, or else the language, or else English.
    pub(super) fn find(&self, keys: &[&str]) -> AttrValue {
        for texts in &self.0 {
            if let Some(text) = keys.iter().find_map(|key| text(texts, key)) {
                return AttrValue::from(text);
            }
        }
        let known = keys.iter().find_map(|key| english(key));
        AttrValue::Static(known.unwrap_or_default())
    }
}

/// Looks for mistakes in the host's own texts, which would else be seen only when a text is needed.
///
/// # Errors
/// Names the first that cannot be used.
pub(crate) fn check(own: &Object) -> Result<(), String> {
    for key in Object::keys(own).iter().filter_map(|key| key.as_string()) {
        let wrong = |told: &[&str]| {
            let about = ["Pipit: the option `words`: `", &key, "` "];
            Err([&about, told].concat().concat())
        };
        let word = key.split('.').next().unwrap_or_default();
        let Some(english) = english(word) else {
            return wrong(&["is not a word."]);
        };
        let Some(text) = text(own, &key) else {
            return wrong(&["is not a text."]);
        };
        for name in placeholders(&text) {
            if !placeholders(english).any(|known| known == name) {
                return wrong(&["has no placeholder `{", name, "}`."]);
            }
        }
    }
    Ok(())
}

fn text(texts: &JsValue, key: &str) -> Option<String> {
    Reflect::get(texts, &key.into()).ok()?.as_string()
}
