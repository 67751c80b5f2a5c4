//! How a host wants the widget to look.

use super::accent::{Colour, Scheme};
use super::sheet::Sheet;

/// How a host wants the widget to look.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Look {
    /// Light or dark.
    pub(crate) theme: Theme,
    /// The colour from which those of buttons, bubbles and links are made.
    pub(crate) accent: Colour,
    /// Where launcher and panel stand.
    pub(crate) side: Side,
    /// What the widget is on the page.
    pub(crate) mode: Mode,
}

/// Light or dark.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Theme {
    /// As the visitor's system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

/// Where launcher and panel stand. Named for languages that run from left to right; in the others
/// it is the other way round.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Side {
    Left,
    #[default]
    Right,
}

/// What the widget is on the page.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) enum Mode {
    /// A launcher over the page, and a panel that it opens.
    #[default]
    Floating,
    /// A panel in the page's own flow, always open.
    Inline,
    /// A panel that is the whole window, always open.
    Page,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            accent: Colour::DEFAULT,
            side: Side::default(),
            mode: Mode::default(),
        }
    }
}

impl Look {
    /// The classes of the outermost element.
    pub(crate) fn classes(self, is_small_screen: bool) -> String {
        let theme = match self.theme {
            Theme::Auto => "",
            Theme::Light => " light",
            Theme::Dark => " dark",
        };
        let place = match (self.mode, self.side) {
            (Mode::Floating, _) if is_small_screen => " floating sheet",
            (Mode::Floating, Side::Right) => " floating",
            (Mode::Floating, Side::Left) => " floating left",
            (Mode::Inline, _) => " inline",
            (Mode::Page, _) => " page",
        };
        ["pipit", theme, place].concat()
    }

    /// Hands the accent's shades to the style sheet.
    pub(crate) fn paint(self, sheet: &Sheet) {
        let light = self.accent.shades(Scheme::Light);
        let dark = self.accent.shades(Scheme::Dark);
        for (name, light, dark) in [
            ("--accent", light.fill, dark.fill),
            ("--on-accent", light.on_fill, dark.on_fill),
            ("--accent-ink", light.ink, dark.ink),
            ("--soft", light.soft, dark.soft),
        ] {
            let pair = ["light-dark(", &light.css(), ",", &dark.css(), ")"].concat();
            sheet.set(name, &pair);
        }
    }
}

impl Theme {
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "auto" => Self::Auto,
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => return None,
        })
    }
}

impl Side {
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "left" => Self::Left,
            "right" => Self::Right,
            _ => return None,
        })
    }
}

impl Mode {
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "floating" => Self::Floating,
            "inline" => Self::Inline,
            "page" => Self::Page,
            _ => return None,
        })
    }
}
