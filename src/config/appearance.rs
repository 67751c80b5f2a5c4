//! The options that decide how the panel looks. The widget is loaded in steps: the first WASM module draws the
//! panel, and the conversation part (the second WASM module, with the engine and the runtime) follows. This file is part
//! of the first module, which has to stay small.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use yew::AttrValue;

use super::mode::Mode;
use super::options::{AppearanceOptions, has_starters, is_first_content_unknown};
use crate::locale::Texts;
use crate::page_error::PageError;

/// What the first module must know to draw the panel.
#[derive(Clone)]
pub(crate) struct Appearance {
    /// Where on the web page the panel is.
    pub(crate) mode: Mode,
    /// The texts of the panel, in the visitor's language. The web page may set the title and replace single texts.
    pub(crate) texts: Rc<Texts>,
    /// The address of the host's logo.
    pub(crate) logo: Option<AttrValue>,
    /// Whether the conversation part will add starters to the welcome.
    pub(crate) has_starters: bool,
    /// Whether only the conversation part can tell what the panel shows first: a stored conversation, a form, or that
    /// nobody can answer. If so, the panel stays empty until the conversation part is loaded. Otherwise the panel shows
    /// a welcome and a text field at once.
    pub(crate) is_content_unknown: bool,
}

impl Appearance {
    /// Reads the options that concern the appearance.
    ///
    /// # Errors
    /// Names the option that cannot be read.
    pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
        let given = AppearanceOptions::read(options)?;
        // `locale` is the tag of the visitor's language. `language` has all texts of that language; `words` has the
        // texts that the web page replaces.
        let texts = Texts::new(
            given.locale.as_deref(),
            given.language,
            given.words,
            given.title,
        );
        Ok(Self {
            mode: given.mode.unwrap_or_default(),
            texts: Rc::new(texts.map_err(PageError::option)?),
            logo: given.logo.map(AttrValue::from),
            has_starters: has_starters(options),
            is_content_unknown: is_first_content_unknown(options),
        })
    }
}
