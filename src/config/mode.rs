//! The option `mode`: where on the web page the panel is.

/// Where on the web page the panel is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The panel lies over the page, and a button opens and closes it.
    #[default]
    Floating,
    /// The panel is a part of the page's content, and is always open.
    Inline,
    /// The panel fills the whole window, and is always open.
    Page,
}

impl Mode {
    /// Parses the option's value. Returns `None` if the text is not the name of a mode.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "floating" => Self::Floating,
            "inline" => Self::Inline,
            "page" => Self::Page,
            _ => return None,
        })
    }

    /// Whether the panel can be opened and closed.
    pub(crate) fn can_close(self) -> bool {
        self == Self::Floating
    }
}
