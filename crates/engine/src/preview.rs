//! Decides whether the agent may see what the visitor has typed and not sent yet (the *sneak preview*). Such
//! text leaves the browser only while [`SneakPreview::sends_text`] is true. The module `typing` sends it.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. INFERRED: our assumption.

use pipit_wire::consumer::ActivityResponse;
use pipit_wire::vocabulary::SneakPreviewState;

/// The shortest time between two texts, in ms, if the server does not name it. The value is from an example
/// (PAGE 001).
const DEFAULT_INTERVAL_MS: u64 = 3_000;
/// The lower limit of the time between two texts, in ms. It replaces a shorter time that the server names, because
/// otherwise every key press could become a request.
const MIN_INTERVAL_MS: u64 = 250;

/// The settings that decide whether the agent may see what the visitor is typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SneakPreview {
    /// Whether the server has enabled the sneak preview.
    state: SneakPreviewState,
    /// The shortest time between two texts that are sent, in ms.
    pub(crate) interval_ms: u64,
    /// Whether the agent looks at another chat, or may do so.
    pub(crate) out_of_focus: bool,
    /// Whether the visitor lets the agent see typed text.
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
    /// Whether the server has enabled the sneak preview.
    pub fn state(&self) -> &SneakPreviewState {
        &self.state
    }

    /// Whether the visitor lets the agent see typed text.
    pub fn is_allowed(&self) -> bool {
        self.allowed
    }

    /// Whether typed text is sent now: the server has enabled the sneak preview, the visitor allows it, and
    /// the agent looks at this chat.
    pub fn sends_text(&self) -> bool {
        self.state == SneakPreviewState::Enabled && self.allowed && !self.out_of_focus
    }

    /// Sets whether the visitor lets the agent see typed text.
    pub(crate) fn set_allowed(&mut self, allowed: bool) {
        self.allowed = allowed;
    }

    /// Takes the settings of an engagement that starts (from the answer to `requestEngagement`) or that is
    /// restored. Settings of an earlier engagement are dropped, except the visitor's own setting. `interval` is
    /// in ms.
    pub(crate) fn begin(&mut self, state: Option<SneakPreviewState>, interval: Option<i64>) {
        *self = Self {
            allowed: self.allowed,
            ..Self::default()
        };
        self.refresh(state, interval, None);
    }

    /// Takes new settings from the server; `interval` is in ms, and `focus` states whether the agent looks at this
    /// chat. A setting that is `None` stays as it is. So does the interval if the new interval is negative.
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

    /// Notes that nobody knows whether the agent looks at this chat: another tab may have received that the agent looks
    /// away. Until the server tells it, no text is sent.
    pub(crate) fn forget_focus(&mut self) {
        self.out_of_focus = true;
    }

    /// Takes new settings from the answer to a typing signal (the request that reports what the visitor is typing), if
    /// the answer contains settings. (INFERRED)
    pub(crate) fn take_answer(&mut self, answer: ActivityResponse) {
        self.refresh(
            answer.sneak_preview_state,
            answer.sneak_preview_interval,
            None,
        );
    }
}
