//! The style of a text.

/// A combination of bold, italic, underlined and code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style(u8);

impl Style {
    /// No style.
    pub const PLAIN: Self = Self(0);
    /// Bold text.
    pub const BOLD: Self = Self(1);
    /// Italic text.
    pub const ITALIC: Self = Self(2);
    /// Underlined text.
    pub const UNDERLINE: Self = Self(4);
    /// Code: text in a monospaced font, in which every character counts.
    pub const CODE: Self = Self(8);

    /// Whether this style includes all of `other`.
    pub fn has(self, other: Self) -> bool {
        self.both(other) == other
    }

    /// The styles in this one or in `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The styles in this one and not in `other`.
    #[must_use]
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The styles in both this one and `other`.
    #[must_use]
    pub(crate) fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
