//! Finds the text of a key: first among the host's texts, then in the loaded language, then in English.
//!
//! `expectedMinutes` is the key of a text. If the text depends on a number, `expectedMinutes.0` is its form for exactly
//! 0, and `expectedMinutes.one` is its form for a plural category of CLDR.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::template::placeholders;
use super::text_key::english;

/// The sources of texts that are not compiled in, in the order in which they are searched. Each one is an object whose
/// members are the texts by their keys.
#[derive(Default)]
pub(super) struct TextSources(Vec<Object>);

impl TextSources {
    /// The host's texts are searched before those of the language.
    pub(super) fn new(host_texts: Option<Object>, language: Option<Object>) -> Self {
        Self(host_texts.into_iter().chain(language).collect())
    }

    /// Looks for all keys in the host's texts, then in the language's, then in the English ones. Within one source the
    /// first key that is found wins. Returns an empty text if no source has one of the keys.
    pub(super) fn find(&self, keys: &[&str]) -> AttrValue {
        for texts in &self.0 {
            if let Some(text) = keys.iter().find_map(|key| text_member(texts, key)) {
                return AttrValue::from(text);
            }
        }
        let english_text = keys.iter().find_map(|key| english(key));
        AttrValue::Static(english_text.unwrap_or_default())
    }
}

/// Checks the texts that the host sets in the option `words`. Without this check a mistake would only be noticed when
/// the text is shown.
///
/// # Errors
/// Names the first text that cannot be used.
pub(crate) fn check(host_texts: &Object) -> Result<(), String> {
    for key in Object::keys(host_texts)
        .iter()
        .filter_map(|key| key.as_string())
    {
        let error = |problem: &[&str]| {
            let prefix = ["the option `words`: `", &key, "` "];
            Err([&prefix, problem].concat().concat())
        };
        // A form such as `expectedMinutes.one` may be new, but its text has to exist.
        let plain_key = key.split('.').next().unwrap_or_default();
        let Some(english_text) = english(plain_key) else {
            return error(&["is not a word."]);
        };
        let Some(text) = text_member(host_texts, &key) else {
            return error(&["is not a text."]);
        };
        for name in placeholders(&text) {
            if !placeholders(english_text).any(|known| known == name) {
                return error(&["has no placeholder `{", name, "}`."]);
            }
        }
    }
    Ok(())
}

/// The text of a key in one source; `None` if the source has none.
fn text_member(texts: &JsValue, key: &str) -> Option<String> {
    Reflect::get(texts, &key.into()).ok()?.as_string()
}
