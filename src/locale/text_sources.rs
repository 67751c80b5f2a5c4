//! Finds the text of a key: the host's own, else the one of the loaded language, else the English one.
//!
//! `expectedMinutes` is the key of a text. If the text depends on a number, `expectedMinutes.0` is its form for exactly
//! 0, and `expectedMinutes.one` is its form for a plural category of CLDR.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::template::placeholders;
use super::text_key::english;

/// The texts that are not compiled in, as objects by key. The host's own texts come before the language's.
#[derive(Default)]
pub(super) struct TextSources(Vec<Object>);

impl TextSources {
    pub(super) fn new(own: Option<Object>, language: Option<Object>) -> Self {
        Self(own.into_iter().chain(language).collect())
    }

    /// Looks for the keys in the host's texts, then in the language's, then in the English ones. Within one source
    /// the first key that is found wins.
    pub(super) fn find(&self, keys: &[&str]) -> AttrValue {
        for texts in &self.0 {
            if let Some(text) = keys.iter().find_map(|key| text_member(texts, key)) {
                return AttrValue::from(text);
            }
        }
        let known = keys.iter().find_map(|key| english(key));
        AttrValue::Static(known.unwrap_or_default())
    }
}

/// Looks for mistakes in the host's own texts. Without this check a mistake would only be seen when the text is shown.
///
/// # Errors
/// Names the first text that cannot be used.
pub(crate) fn check(own: &Object) -> Result<(), String> {
    for key in Object::keys(own).iter().filter_map(|key| key.as_string()) {
        let error = |problem: &[&str]| {
            let prefix = ["the option `words`: `", &key, "` "];
            Err([&prefix, problem].concat().concat())
        };
        let key_of_text = key.split('.').next().unwrap_or_default();
        let Some(english) = english(key_of_text) else {
            return error(&["is not a word."]);
        };
        let Some(text) = text_member(own, &key) else {
            return error(&["is not a text."]);
        };
        for name in placeholders(&text) {
            if !placeholders(english).any(|known| known == name) {
                return error(&["has no placeholder `{", name, "}`."]);
            }
        }
    }
    Ok(())
}

fn text_member(texts: &JsValue, key: &str) -> Option<String> {
    Reflect::get(texts, &key.into()).ok()?.as_string()
}
