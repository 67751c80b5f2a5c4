//! The icons. All of them are hidden from screen readers. Where the meaning of an icon matters, a label or a text
//! beside it has the same meaning.

use yew::{Html, html};

/// An icon of 24 by 24 units. The style sheet draws the lines of `path` and fills no area.
fn icon(path: &'static str) -> Html {
    html! {
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={path} /></svg>
    }
}

pub(crate) fn chat() -> Html {
    icon("M4 19.8l1.2-3.6A8.5 7.2 0 1 1 8.6 18.3z")
}

pub(crate) fn chevron_down() -> Html {
    icon("M6 9.5l6 6 6-6")
}

/// Three dots. Each dot is a line of 0.01 units, which the round line caps make visible.
pub(crate) fn more() -> Html {
    icon("M12 5.5v.01M12 12v.01M12 18.5v.01")
}

pub(crate) fn text_lines() -> Html {
    icon("M5 6.5h14M5 12h14M5 17.5h9")
}

pub(crate) fn written_page() -> Html {
    icon("M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18M10 12.5h5M10 16h5")
}

pub(crate) fn printer() -> Html {
    icon("M7.5 8.5v-5h9v5M7.5 16.5h-3v-8h15v8h-3M7.5 14h9v6.5h-9z")
}

pub(crate) fn sound_on() -> Html {
    icon("M4.5 9.5h3l4.5-4v13l-4.5-4h-3zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11")
}

pub(crate) fn sound_off() -> Html {
    icon("M4.5 9.5h3l4.5-4v13l-4.5-4h-3zM15.5 9.5l5 5M20.5 9.5l-5 5")
}

pub(crate) fn cross() -> Html {
    icon("M7 7l10 10M17 7L7 17")
}

pub(crate) fn warning() -> Html {
    icon("M12 4.5l8.5 15h-17zM12 10.5v4M12 17v.01")
}

/// An arrow that points in the reading direction: the class `along` mirrors it for right-to-left languages.
pub(crate) fn send() -> Html {
    html! { <span class="along">{ icon("M4.5 12h14M13 6.5l6 5.5-6 5.5") }</span> }
}

pub(crate) fn star() -> Html {
    icon("M12 3.8l2.6 5.2 5.7.8-4.1 4 1 5.7-5.2-2.7-5.1 2.7 1-5.7-4.2-4 5.8-.8z")
}

pub(crate) fn file() -> Html {
    icon("M7 3.5h6.5L18 8v12.5H7zM13.5 3.5V8H18")
}

pub(crate) fn paper_clip() -> Html {
    icon(
        "M18.5 11l-6.8 6.8a4 4 0 0 1-5.7-5.7l7.2-7.2a2.7 2.7 0 0 1 3.8 3.8l-7.2 7.2a1.3 1.3 0 0 1-1.9-1.9l6.4-6.4",
    )
}

pub(crate) fn crossed_eye() -> Html {
    icon(
        "M4.5 4.5l15 15M9.5 6.3A8.6 8.6 0 0 1 12 5.8c6 0 9.5 6.2 9.5 6.2a17 17 0 0 1-3 3.7M6 7.7A17 17 0 0 0 2.5 12S6 18.2 12 18.2a9 9 0 0 0 3.6-.8",
    )
}

pub(crate) fn eye() -> Html {
    icon(
        "M2.5 12S6 5.8 12 5.8 21.5 12 21.5 12 18 18.2 12 18.2 2.5 12 2.5 12zm6.7 0a2.8 2.8 0 1 0 5.6 0 2.8 2.8 0 1 0-5.6 0z",
    )
}
