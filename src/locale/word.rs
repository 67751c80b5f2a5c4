//! The names of the texts, and the English ones, both made by `build.rs` out of `en.json`.

use std::cell::Cell;

macro_rules! words {
    ($($word:ident,)*) => {
        /// A text by its name in the language files: `TryAgain` is `tryAgain`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Word { $($word,)* }
    };
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A line a text: its key, a tab, the text. One text is smaller than a table of texts. Here are the words that the
/// panel has before the conversation's part is here, in the order of [`Word`].
const FIRST: &str = include_str!(concat!(env!("OUT_DIR"), "/first.tsv"));

thread_local! {
    /// The other words, in that order, then the forms of those that depend on a number.
    static OTHERS: Cell<&'static str> = const { Cell::new(if cfg!(feature = "split") { "" } else { others() }) };
}

const fn others() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/others.tsv"))
}

/// Brings the words that the conversation needs. To be called in its part alone, so that they are in that.
pub(crate) fn learn() {
    OTHERS.set(others());
}

impl Word {
    /// Its key in the language files.
    pub(super) fn key(self) -> &'static str {
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
    let others = OTHERS.get();
    let lines = FIRST.split('\n').chain(others.split('\n'));
    lines.filter_map(|line| line.split_once('\t'))
}
