//! The names of the texts, and the English ones, both made by `build.rs` out of `en.json`.

macro_rules! words {
    ($($word:ident,)*) => {
        /// A text by its name in the language files: `TryAgain` is `tryAgain`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Word { $($word,)* }
    };
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A line a text: its key, a tab, the text. First come the words in the order of [`Word`], then the forms
/// of those that depend on a number. One text is smaller than a table of texts.
const ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/english.tsv"));

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
    ENGLISH.split('\n').filter_map(|line| line.split_once('\t'))
}
