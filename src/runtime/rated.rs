//! Remembers which engagement (conversation at the server) the visitor has rated, so that a reload of the page does not ask
//! for another rating.

use pipit_wire::EngagementId;

use super::Runtime;

impl Runtime {
    /// Whether the visitor has rated this engagement in this tab.
    pub(crate) fn is_rated(&self, engagement: EngagementId) -> bool {
        self.storage.rated() == Some(engagement.0.to_string())
    }

    /// Records that the visitor has rated this engagement.
    pub(crate) fn mark_rated(&self, engagement: EngagementId) {
        self.storage.write_rated(&engagement.0.to_string());
    }
}
