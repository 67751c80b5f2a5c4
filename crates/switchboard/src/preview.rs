//! Decides which sneak previews (text that the agent sees while the visitor is typing) reach the agent, and which ones the
//! consumer, the visitor's client, should not have sent. The switchboard
//! counts the latter as violations, because the text left the browser although the server had forbidden it.

use pipit_wire::vocabulary::SneakPreviewState;

/// How long after a change a preview is still excused, in ms: it may have been sent before the client learnt of the
/// change.
const GRACE_MS: i64 = 1_000;

/// What happens to a preview text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreviewOutcome {
    Passed,
    /// The text is dropped; the consumer could not know that it is unwanted.
    Dropped,
    /// The text is dropped; the server had forbidden the consumer to send it.
    Violation,
}

/// The previews of one consumer.
#[derive(Debug)]
pub(crate) struct PreviewGate {
    /// Whether the chat is in the lead's focus; `None` until the agent's client has said so.
    focus: Option<bool>,
    /// The state that was most recently announced to the consumer.
    announced_state: SneakPreviewState,
    /// The focus that was most recently announced to the consumer; `None` before the first announcement.
    announced_focus: Option<bool>,
    /// When either of the two last changed, in ms since 1970.
    announced_ms: i64,
    /// When the last preview passed, in ms since 1970; `None` before the first.
    last_text_ms: Option<i64>,
}

impl PreviewGate {
    pub(crate) fn new(announced_state: SneakPreviewState, now: i64) -> Self {
        Self {
            focus: None,
            announced_state,
            announced_focus: None,
            announced_ms: now,
            last_text_ms: None,
        }
    }

    pub(crate) fn focus(&self) -> Option<bool> {
        self.focus
    }

    pub(crate) fn set_focus(&mut self, focus: Option<bool>) {
        self.focus = focus;
    }

    /// Records that the state was announced to the consumer.
    pub(crate) fn record_announced_state(&mut self, state: SneakPreviewState, now: i64) {
        if self.announced_state != state {
            self.announced_state = state;
            self.announced_ms = now;
        }
    }

    /// Records that the agent's focus was announced to the consumer.
    pub(crate) fn record_announced_focus(&mut self, focus: Option<bool>, now: i64) {
        if self.announced_focus != focus {
            self.announced_focus = focus;
            self.announced_ms = now;
        }
    }

    /// Decides about a text that has arrived. An empty text is dropped and never a violation.
    pub(crate) fn judge(
        &mut self,
        text: &str,
        state: &SneakPreviewState,
        interval_ms: i64,
        now: i64,
    ) -> PreviewOutcome {
        if text.is_empty() {
            return PreviewOutcome::Dropped;
        }
        let was_forbidden = self.announced_state != SneakPreviewState::Enabled
            || self.announced_focus == Some(false);
        if was_forbidden && now - self.announced_ms >= GRACE_MS {
            return PreviewOutcome::Violation;
        }
        if *state != SneakPreviewState::Enabled || self.focus == Some(false) {
            return PreviewOutcome::Dropped;
        }
        // Nine tenths of the interval are enough: clocks differ, and requests overtake each other.
        let is_too_soon = |last: i64| (now - last) * 10 < interval_ms * 9;
        if self.last_text_ms.is_some_and(is_too_soon) {
            return PreviewOutcome::Violation;
        }
        self.last_text_ms = Some(now);
        PreviewOutcome::Passed
    }
}
