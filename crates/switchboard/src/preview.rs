//! Sneak preview: which typed text may pass to the agent, and which should never have come.

use pipit_wire::vocabulary::SneakPreviewState;

/// A client that learnt a moment ago that previews are unwanted may have one on its way.
const GRACE_MS: i64 = 1_000;

/// What became of a preview text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passage {
    Passed,
    /// Dropped; the consumer could not have known better.
    Dropped,
    /// Dropped; the consumer had been told not to send it.
    Violation,
}

/// The previews of one consumer.
#[derive(Debug)]
pub(crate) struct Preview {
    /// Whether the chat is in the lead agent's focus, once the agent's client has said so.
    focus: Option<bool>,
    /// What the consumer was told last, and when that was, in ms since 1970.
    told_state: SneakPreviewState,
    told_focus: Option<bool>,
    told_ms: i64,
    last_text_ms: Option<i64>,
}

impl Preview {
    pub(crate) fn new(told: SneakPreviewState, now: i64) -> Self {
        Self {
            focus: None,
            told_state: told,
            told_focus: None,
            told_ms: now,
            last_text_ms: None,
        }
    }

    pub(crate) fn focus(&self) -> Option<bool> {
        self.focus
    }

    pub(crate) fn set_focus(&mut self, focus: Option<bool>) {
        self.focus = focus;
    }

    /// The consumer has been told the state.
    pub(crate) fn learn_state(&mut self, state: SneakPreviewState, now: i64) {
        if self.told_state != state {
            self.told_state = state;
            self.told_ms = now;
        }
    }

    /// The consumer has been told whether the chat is in the agent's focus.
    pub(crate) fn learn_focus(&mut self, focus: Option<bool>, now: i64) {
        if self.told_focus != focus {
            self.told_focus = focus;
            self.told_ms = now;
        }
    }

    /// A text has come. An empty one says nothing and is free.
    pub(crate) fn pass(
        &mut self,
        text: &str,
        state: &SneakPreviewState,
        interval_ms: i64,
        now: i64,
    ) -> Passage {
        if text.is_empty() {
            return Passage::Dropped;
        }
        let told_not_to =
            self.told_state != SneakPreviewState::Enabled || self.told_focus == Some(false);
        if told_not_to && now - self.told_ms >= GRACE_MS {
            return Passage::Violation;
        }
        if *state != SneakPreviewState::Enabled || self.focus == Some(false) {
            return Passage::Dropped;
        }
        // A tenth less than the interval is forgiven: clocks differ, and requests overtake.
        let too_soon = |last: i64| (now - last) * 10 < interval_ms * 9;
        if self.last_text_ms.is_some_and(too_soon) {
            return Passage::Violation;
        }
        self.last_text_ms = Some(now);
        Passage::Passed
    }
}
