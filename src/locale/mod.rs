//! Every text of the panel itself, such as the labels and notices that the visitor reads, with the numbers, times and
//! names that are filled in. No Rust file outside this folder holds a sentence for visitors.
//!
//! Each text has a [`TextKey`]. The English texts are in `en.json`, which is compiled in: the texts of the panel's
//! first view into the first WASM module, all others into the conversation part, which adds them by [`load_remaining`].
//! Each other language is a file with the same keys; the page's TypeScript fetches the file of the visitor's language.
//! A text that the host (the web team's code on the page) sets in the option `words` takes precedence over the texts of
//! every language; [`check`] checks the texts of the host.

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
