//! Finds the text of a key: first among the texts of the host (the web team's code on the page), then in the visitor's
//! language, then in English.
//!
//! A key is the name of a text, such as `expectedMinutes`. A text that depends on a number has several forms:
//! `expectedMinutes.0` is the form for exactly 0, and `expectedMinutes.one` is the form for the plural category `one`
//! of CLDR (the Unicode database of languages).

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::template::placeholders;
use super::text_key::english;

/// The sources of texts that are not compiled in, in the order in which they are searched. Each source is a JavaScript
/// object that has a member for each of its texts.
#[derive(Default)]
pub(super) struct TextSources(Vec<Object>);

impl TextSources {
    /// The host's texts are searched before those of the language.
    pub(super) fn new(host_texts: Option<Object>, language: Option<Object>) -> Self {
        Self(host_texts.into_iter().chain(language).collect())
    }

    /// Looks for the keys in the host's texts, then in the texts of the language, then in the English texts. Within one
    /// source an earlier key takes precedence. Returns an empty text if no source has any of the keys.
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

/// Checks the texts that the host sets in the option `words`. Without this check the host would only notice a mistake
/// when the text is shown. All English texts must be loaded: a key whose English text is not loaded counts as a
/// mistake.
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
        // The host may add a form such as `expectedMinutes.7`, if the text `expectedMinutes` exists. The form itself (`7`)
        // is not checked.
        let plain_key = key.split('.').next().unwrap_or_default();
        let Some(english_text) = english(plain_key) else {
            return error(&["is not a word."]);
        };
        let Some(text) = text_member(host_texts, &key) else {
            return error(&["is not a text."]);
        };
        for name in placeholders(&text) {
            if !placeholders(english_text).any(|allowed| allowed == name) {
                return error(&["has no placeholder `{", name, "}`."]);
            }
        }
    }
    Ok(())
}

/// The text of a key in one source; `None` if the source has no text for the key.
fn text_member(texts: &JsValue, key: &str) -> Option<String> {
    Reflect::get(texts, &key.into()).ok()?.as_string()
}
