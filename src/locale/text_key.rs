//! The names of the texts and the English texts themselves. `build.rs` makes both from `en.json`.

use std::cell::Cell;

macro_rules! text_keys {
    ($($key:ident,)*) => {
        /// The name of one text: `TryAgain` stands for the member `tryAgain` of the language files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum TextKey { $($key,)* }
    };
}

include!(concat!(env!("OUT_DIR"), "/text_keys.rs"));

/// The texts that the panel shows before the conversation part is loaded, in the order of [`TextKey`]. Each line has
/// a key, a tab and the text: one long string is smaller in the module than a table of strings.
const FIRST: &str = include_str!(concat!(env!("OUT_DIR"), "/first.tsv"));

thread_local! {
    /// The other texts in the order of [`TextKey`], then the forms of those that depend on a number. Empty until
    /// [`load_remaining`] is called, if the widget is built in parts.
    static REMAINING: Cell<&'static str> = const { Cell::new(if cfg!(feature = "split") { "" } else { remaining() }) };
}

const fn remaining() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/remaining.tsv"))
}

/// Adds the texts that the conversation needs. Only the conversation part may call this: the texts are then in its
/// module and not in the first one.
pub(crate) fn load_remaining() {
    REMAINING.set(remaining());
}

impl TextKey {
    /// The key in the language files.
    pub(super) fn as_str(self) -> &'static str {
        let line = lines().nth(self as usize);
        line.map_or("", |(key, _)| key)
    }
}

/// The English text of a key.
pub(super) fn english(key: &str) -> Option<&'static str> {
    let line = lines().find(|(known, _)| *known == key);
    line.map(|(_, text)| text)
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    let remaining = REMAINING.get();
    let lines = FIRST.split('\n').chain(remaining.split('\n'));
    lines.filter_map(|line| line.split_once('\t'))
}
