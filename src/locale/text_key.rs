//! The keys of the texts and the English texts themselves, which `build.rs` generates from `en.json`.
//!
//! The English texts are in two strings. The first WASM module, which draws the panel, has only the texts that the
//! panel needs at first. The conversation part (the WASM module that is loaded next) has all other texts.

use std::cell::Cell;

/// Declares [`TextKey`]. The generated file `text_keys.rs` calls this macro with all keys.
macro_rules! text_keys {
    ($($key:ident,)*) => {
        /// The key of one text: `TryAgain` is the member `tryAgain` of the language files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum TextKey { $($key,)* }
    };
}

include!(concat!(env!("OUT_DIR"), "/text_keys.rs"));

/// The texts that the panel shows before the conversation part is loaded: the first texts of [`TextKey`], in its order.
/// Each line has a key, a tab and the text. One long string takes fewer bytes in the module than a table of strings.
const FIRST_TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/first.tsv"));

thread_local! {
    /// The other texts in the order of [`TextKey`], and after them the forms of the texts that depend on a number, such
    /// as `expectedMinutes.one`. Each line has a key, a tab and the text. If the feature `split` makes the conversation
    /// part a separate module, this string is empty until [`load_remaining`] is called.
    static REMAINING: Cell<&'static str> = const { Cell::new(if cfg!(feature = "split") { "" } else { remaining() }) };
}

/// The texts that are compiled into the conversation part.
const fn remaining() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/remaining.tsv"))
}

/// Adds the texts of the conversation part. Only the conversation part may call this function: a call from elsewhere
/// would move the texts into the first module.
pub(crate) fn load_remaining() {
    REMAINING.set(remaining());
}

impl TextKey {
    /// The key as the language files write it; empty while the key's text is not loaded.
    pub(super) fn as_str(self) -> &'static str {
        // The lines are in the order of the variants.
        let line = lines().nth(self as usize);
        line.map_or("", |(key, _)| key)
    }
}

/// The English text of a key, or of a form such as `expectedMinutes.one`. `None` if the text does not exist or is not
/// loaded yet.
pub(super) fn english(key: &str) -> Option<&'static str> {
    let line = lines().find(|(line_key, _)| *line_key == key);
    line.map(|(_, text)| text)
}

/// All loaded lines, as pairs of a key and a text.
fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let remaining = REMAINING.get();
    let lines = FIRST_TEXTS.split('\n').chain(remaining.split('\n'));
    lines.filter_map(|line| line.split_once('\t'))
}
