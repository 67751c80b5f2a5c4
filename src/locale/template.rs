//! Texts with placeholders, such as `{name}`.

/// Replaces each placeholder of a text by the result of `value` for the placeholder's name. A brace without a partner
/// stays in the text.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> String) -> String {
    let mut pieces = text.split('{');
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        if let Some((name, rest)) = piece.split_once('}') {
            filled += &value(name);
            filled += rest;
        } else {
            filled += "{";
            filled += piece;
        }
    }
    filled
}

/// The names of a text's placeholders.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split('{').skip(1);
    pieces.filter_map(|piece| Some(piece.split_once('}')?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_other_braces_stay() {
        let value = |name: &str| format!("<{name}>");
        assert_eq!(fill("{a} and {b}", value), "<a> and <b>");
        assert_eq!(fill("} {a} {", value), "} <a> {");
        assert_eq!(fill("none", value), "none");
    }
}
