//! Decides which *sneak previews* reach the agents: texts that the agents see while the visitor is still typing them. It
//! also finds the previews that the consumer (the visitor's client) should not have sent, because the server had forbidden
//! previews or because they follow each other too quickly. These are counted as violations.

use pipit_wire::vocabulary::SneakPreviewState;

/// For this long after the server has announced that previews are forbidden, in ms, a preview is no violation: the consumer
/// may have sent it before the announcement arrived.
const GRACE_MS: i64 = 1_000;

/// The decision about a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreviewOutcome {
    /// The agents get the text.
    Passed,
    /// The text is dropped. This is not the consumer's fault: the text is empty, or the consumer may not have learnt yet that
    /// previews are forbidden.
    Dropped,
    /// The text is dropped. The consumer should not have sent it.
    Violation,
}

/// Decides about the previews of one consumer, and remembers what the consumer knows.
#[derive(Debug)]
pub(crate) struct PreviewGate {
    /// Whether the lead (the agent who is responsible for the chat) is looking at this chat; `None` until the lead's
    /// client has reported it.
    focus: Option<bool>,
    /// The state of previews (allowed or not) that was most recently announced to the consumer.
    announced_state: SneakPreviewState,
    /// The focus that was most recently announced to the consumer; `None` before the first announcement.
    announced_focus: Option<bool>,
    /// When `announced_state` or `announced_focus` most recently changed, in ms since 1970. Before the first change, this is
    /// the time at which the engagement began.
    announced_ms: i64,
    /// When a preview was most recently passed to the agents, in ms since 1970; `None` before the first preview.
    last_passed_ms: Option<i64>,
}

impl PreviewGate {
    pub(crate) fn new(announced_state: SneakPreviewState, now: i64) -> Self {
        Self {
            focus: None,
            announced_state,
            announced_focus: None,
            announced_ms: now,
            last_passed_ms: None,
        }
    }

    /// Whether the lead is looking at this chat; `None` until the lead's client has reported it.
    pub(crate) fn focus(&self) -> Option<bool> {
        self.focus
    }

    /// Sets whether the lead is looking at this chat. `None` means that it is not known, for example because another
    /// agent has become the lead.
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

    /// Records that the lead's focus was announced to the consumer.
    pub(crate) fn record_announced_focus(&mut self, focus: Option<bool>, now: i64) {
        if self.announced_focus != focus {
            self.announced_focus = focus;
            self.announced_ms = now;
        }
    }

    /// Decides what happens to a text that has arrived. `state` and `interval_ms` are the current settings. An empty
    /// text is dropped; it is never a violation.
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
        // Whether previews are forbidden as far as the consumer knows.
        let was_forbidden = self.announced_state != SneakPreviewState::Enabled
            || self.announced_focus == Some(false);
        if was_forbidden && now - self.announced_ms >= GRACE_MS {
            return PreviewOutcome::Violation;
        }
        if *state != SneakPreviewState::Enabled || self.focus == Some(false) {
            return PreviewOutcome::Dropped;
        }
        // Nine tenths of the interval are enough, because clocks differ and some requests take longer than others.
        let is_too_soon = |last_passed_ms: i64| (now - last_passed_ms) * 10 < interval_ms * 9;
        if self.last_passed_ms.is_some_and(is_too_soon) {
            return PreviewOutcome::Violation;
        }
        self.last_passed_ms = Some(now);
        PreviewOutcome::Passed
    }
}
