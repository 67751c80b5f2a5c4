//! How the panel looks before the conversation part is loaded. The first module reads it, so it has to stay small.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::mode::Mode;
use super::options::{AppearanceOptions, is_first_content_unknown};
use crate::locale::Texts;
use crate::page_error::PageError;

/// What the panel needs to be drawn for the first time.
#[derive(Clone)]
pub(crate) struct Appearance {
    /// Whom the visitor talks to while no agent has joined.
    pub(crate) title: Option<String>,
    /// What the panel is on the page.
    pub(crate) mode: Mode,
    /// The texts of the visitor's language, with those that the host has replaced.
    pub(crate) texts: Rc<Texts>,
    /// Only the conversation part can know what the panel shows first: a stored conversation, a form, or that nobody can
    /// answer. Everyone else sees welcome and composer at once.
    pub(crate) is_content_unknown: bool,
}

impl Appearance {
    /// Reads what of the options concerns the appearance.
    ///
    /// # Errors
    /// Names the option that cannot be read.
    pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
        let given = AppearanceOptions::read(options)?;
        let texts = Texts::new(given.locale.as_deref(), given.language, given.words);
        Ok(Self {
            title: given.title,
            mode: given.mode.unwrap_or_default(),
            texts: Rc::new(texts.map_err(PageError::option)?),
            is_content_unknown: is_first_content_unknown(options),
        })
    }
}
