//! The style of a text in a message: bold, italic, underlined, code, or any combination of these.

/// A set of styles. The default is the empty set, [`Style::PLAIN`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style(u8);

impl Style {
    /// No style at all.
    pub const PLAIN: Self = Self(0);
    /// Bold text.
    pub const BOLD: Self = Self(1);
    /// Italic text.
    pub const ITALIC: Self = Self(2);
    /// Underlined text.
    pub const UNDERLINE: Self = Self(4);
    /// Code: text in a monospaced font, in which every character counts.
    pub const CODE: Self = Self(8);

    /// Whether this set includes all styles of `other`.
    pub fn has(self, other: Self) -> bool {
        self.intersection(other) == other
    }

    /// The styles that are in this set or in `other`.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The styles that are in this set and not in `other`.
    #[must_use]
    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The styles that are both in this set and in `other`.
    #[must_use]
    pub(crate) fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
