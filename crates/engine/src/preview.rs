//! Sneak preview: whether the agent may see what the visitor types before it is sent. The signals
//! themselves are in `typing`.

use pipit_wire::WireObject;
use pipit_wire::consumer::ActivityResponse;
use pipit_wire::vocabulary::SneakPreviewState;

/// The interval where the server tells none; that of PAGE 001's example.
const DEFAULT_INTERVAL_MS: u64 = 3_000;
/// Not even a server that allows it is told of every key.
const LEAST_INTERVAL_MS: u64 = 250;

/// Whether the agent may see what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SneakPreview {
    state: SneakPreviewState,
    pub(crate) interval_ms: u64,
    pub(crate) out_of_focus: bool,
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
    /// The server's word.
    pub fn state(&self) -> &SneakPreviewState {
        &self.state
    }

    /// The visitor's word.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// Whether typed text may leave now.
    pub fn sends_text(&self) -> bool {
        self.state == SneakPreviewState::Enabled && self.allowed && !self.out_of_focus
    }

    pub(crate) fn allow(&mut self, allowed: bool) {
        self.allowed = allowed;
    }

    /// What `requestEngagement` says; the visitor's word stays from the conversation before.
    pub(crate) fn begin(&mut self, state: Option<SneakPreviewState>, interval: Option<i64>) {
        *self = Self {
            allowed: self.allowed,
            ..Self::default()
        };
        self.refresh(state, interval, None);
    }

    /// What the server says now; what it leaves out stays.
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
            self.interval_ms = interval.max(LEAST_INTERVAL_MS);
        }
        if let Some(focus) = focus {
            self.out_of_focus = !focus;
        }
    }

    /// The answer to a signal tells the settings too (INFERRED).
    pub(crate) fn answered(&mut self, body: &str) {
        if let Ok(answer) = ActivityResponse::from_json(body) {
            self.refresh(
                answer.sneak_preview_state,
                answer.sneak_preview_interval,
                None,
            );
        }
    }
}
