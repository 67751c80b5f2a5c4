//! Whether the panel (the dialog with the chat) of a tab is open, and whether the tab stores that.

/// The state of the panel (the dialog with the chat) of one tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PanelState {
    Closed,
    Open,
    /// Open since before a forgetting. As long as the tab has nothing else to store, it does not store this either.
    OpenSinceBefore,
}

impl PanelState {
    pub(super) fn is_open(self) -> bool {
        self != Self::Closed
    }

    /// The state after the panel was opened or closed.
    pub(super) fn shown(self, is_open: bool) -> Self {
        match (is_open, self) {
            (false, _) => Self::Closed,
            (true, Self::Closed) => Self::Open,
            (true, open) => open,
        }
    }
}
