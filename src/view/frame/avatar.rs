//! The initials that an avatar shows in place of a picture.

/// The first letters of a name's first and last word; only one letter if the name has one word, and empty if the name
/// has no word. The style sheet makes the letters capitals.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}
