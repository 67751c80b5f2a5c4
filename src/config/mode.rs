//! What the panel is on the page. How it looks is the frame's around it: `npm/look.ts`.

/// What the panel is on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Over the page, opened by the launcher.
    #[default]
    Floating,
    /// In the page's own flow, always open.
    Inline,
    /// The whole window, always open.
    Page,
}

impl Mode {
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
