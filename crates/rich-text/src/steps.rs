//! Counts the steps that the reading of a message takes, in unit tests. A step is one character that is looked at, or one
//! comparison with an entry of a table. The tests check that no message takes more steps than its length allows. In all
//! other builds this file does nothing.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Adds a number of steps.
#[cfg(test)]
pub(crate) fn count_steps(count: usize) {
    STEPS.set(STEPS.get() + count);
}

/// Does nothing, because nobody reads the number of steps.
#[cfg(not(test))]
pub(crate) const fn count_steps(_count: usize) {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MAX_CHARS, linkify, parse, portions_of_blocks, portions_of_text, to_plain_text};

    /// The maximum number of steps for each character of the longest message.
    const STEPS_PER_CHAR: usize = 24;

    /// The number of steps of a function.
    fn steps_of(run: impl FnOnce()) -> usize {
        STEPS.set(0);
        run();
        STEPS.get()
    }

    /// Messages that repeat one text, which is expensive for some part of the reader or of the browser.
    const SHAPES: [&str; 48] = [
        "&",
        "&amp",
        "&a",
        "&cir",
        "&notit",
        "&#x301;",
        "&#1",
        "<",
        "</",
        "<!",
        "<!-- -",
        "<a",
        "<a ",
        "<x>",
        "<abbr>",
        "<b>",
        "</b>",
        "<b><i>x",
        "<b></i>",
        "<p>",
        "<p>x",
        "<a href=https://a.example/><p>x",
        "<a href=https://a.b/>x</a> ",
        "<br>",
        "x<br>",
        "<ul><li>x",
        "<li>",
        "<blockquote>x",
        "<table><td>x",
        "<pre>\n",
        "<script>",
        "<svg>",
        "<b style=font-weight:bold;",
        "<b x=y ",
        "\n",
        "x\n",
        " ",
        "\t",
        "a@",
        "a@a.",
        "@@a.b",
        "www.",
        "www.(",
        "https://a.example/ ",
        "http://a)",
        "Z\u{301}",
        "\u{202e}a",
        "\u{1f468}\u{200d}",
    ];

    #[test]
    fn no_message_takes_more_steps_than_its_length_allows() {
        for shape in SHAPES {
            for text in [
                shape.repeat(1_000_000 / shape.len()),
                "Z".to_owned() + &shape.repeat(MAX_CHARS),
            ] {
                let steps = steps_of(|| {
                    let blocks = parse(&text).blocks;
                    to_plain_text(&blocks);
                    portions_of_blocks(blocks);
                });
                assert!(
                    steps <= STEPS_PER_CHAR * MAX_CHARS,
                    "{shape:?}: {steps} steps"
                );
                let steps = steps_of(|| {
                    let bounded = pipit_untrusted_text::bounded(&text);
                    portions_of_text(&bounded);
                    linkify(&bounded);
                });
                assert!(
                    steps <= STEPS_PER_CHAR * MAX_CHARS,
                    "plain {shape:?}: {steps} steps"
                );
            }
        }
    }
}
