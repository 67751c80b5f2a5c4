//! The option `mode`: where on the web page the panel is.

/// Where on the web page the panel is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Over the page; the launcher opens it.
    #[default]
    Floating,
    /// Part of the page's content, always open.
    Inline,
    /// Fills the whole window, always open.
    Page,
}

impl Mode {
    /// Parses the option's value; `None` for any other text.
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
