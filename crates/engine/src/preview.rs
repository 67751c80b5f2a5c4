//! Sneak preview: whether the agent may see what the visitor types before it is sent. Typed text
//! leaves the browser only while [`SneakPreview::sends_text`] is true; `typing` sends the signals.

use pipit_wire::WireObject;
use pipit_wire::consumer::ActivityResponse;
use pipit_wire::vocabulary::SneakPreviewState;

/// The interval when the server names none, in ms: that of PAGE 001's example.
const DEFAULT_INTERVAL_MS: u64 = 3_000;
/// The shortest interval, in ms, even if the server allows less: not every key becomes a request.
const MIN_INTERVAL_MS: u64 = 250;

/// Whether the agent may see what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SneakPreview {
    state: SneakPreviewState,
    /// The shortest time between two texts, in ms.
    pub(crate) interval_ms: u64,
    /// Whether the agent looks at another chat.
    pub(crate) out_of_focus: bool,
    /// Whether the visitor allows it.
    allowed: bool,
}

impl Default for SneakPreview {
    fn default() -> Self {
        Self {
            state: SneakPreviewState::None,
            interval_ms: DEFAULT_INTERVAL_MS,
            out_of_focus: false,
            allowed: true,
        }
    }
}

impl SneakPreview {
    /// The server's state.
    pub fn state(&self) -> &SneakPreviewState {
        &self.state
    }

    /// Whether the visitor allows it.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// Whether typed text may be sent now.
    pub fn sends_text(&self) -> bool {
        self.state == SneakPreviewState::Enabled && self.allowed && !self.out_of_focus
    }

    /// The visitor allows or forbids it.
    pub(crate) fn allow(&mut self, allowed: bool) {
        self.allowed = allowed;
    }

    /// Takes the settings of a new engagement from `requestEngagement`. What the visitor allows stays as
    /// it was in the previous conversation.
    pub(crate) fn begin(&mut self, state: Option<SneakPreviewState>, interval: Option<i64>) {
        *self = Self {
            allowed: self.allowed,
            ..Self::default()
        };
        self.refresh(state, interval, None);
    }

    /// Takes new settings from the server. A setting that is `None` stays as it is.
    pub(crate) fn refresh(
        &mut self,
        state: Option<SneakPreviewState>,
        interval: Option<i64>,
        focus: Option<bool>,
    ) {
        if let Some(state) = state {
            self.state = state;
        }
        if let Some(interval) = interval.and_then(|interval| u64::try_from(interval).ok()) {
            self.interval_ms = interval.max(MIN_INTERVAL_MS);
        }
        if let Some(focus) = focus {
            self.out_of_focus = !focus;
        }
    }

    /// Takes new settings from the answer to a typing signal (INFERRED).
    pub(crate) fn read_answer(&mut self, body: &str) {
        if let Ok(answer) = ActivityResponse::from_json(body) {
            self.refresh(
                answer.sneak_preview_state,
                answer.sneak_preview_interval,
                None,
            );
        }
    }
}
