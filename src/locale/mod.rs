//! Every text that the visitor reads. No other file of the widget holds a sentence for visitors.
//!
//! Each text has a name, its [`TextKey`], and is written in `en.json`, which is compiled in. The other languages are
//! files with the same names; the loader fetches the one that the visitor reads. A text of the host's own takes
//! precedence over both.

mod intl;
mod isolate;
#[cfg(test)]
mod language_files;
mod template;
mod text_key;
mod text_sources;
mod texts;
mod wording;

pub(crate) use text_key::{TextKey, load_remaining};
pub(crate) use text_sources::check;
pub(crate) use texts::Texts;
pub(crate) use wording::{
    activity_key, delivery_key, failure_text, sneak_preview_key, survey_title_key,
};
