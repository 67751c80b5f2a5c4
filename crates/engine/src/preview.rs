//! Sneak preview: what the agent may see of a message before it is sent, and the signals of
//! writing.
//!
//! Text leaves only while the server's state is ENABLED, the visitor allows it and the agent's
//! client has not said that the chat is out of its focus; and at most once per interval. While it
//! may leave, every signal carries it; while it may not, signals say RESPONDING or LISTENING alone.

use pipit_wire::WireObject;
use pipit_wire::consumer::{
    ActivityRequest, ActivityResponse, ClientRequest, ConsumerMode, Operation,
};
use pipit_wire::vocabulary::SneakPreviewState;

use crate::conversation::{Conversation, Phase};
use crate::start::Stage;
use crate::{Effect, Engine, Moment, Outcome, RequestId};

/// The interval where the server tells none; that of PAGE 001's example.
const DEFAULT_INTERVAL_MS: u64 = 3_000;
/// Not even a server that allows it is told of every key.
const LEAST_INTERVAL_MS: u64 = 250;
/// Without a preview, so long after the last key the visitor counts as reading.
const IDLE_MS: u64 = 5_000;
/// A signal that has not come back by then is given up.
const DEADLINE_MS: u64 = 15_000;

/// Whether the agent may see what is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SneakPreview {
    state: SneakPreviewState,
    interval_ms: u64,
    out_of_focus: bool,
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
}

/// What the visitor types, and what the server was told of it.
#[derive(Debug)]
pub(crate) struct Typing {
    draft: String,
    /// When the last key counts as long ago.
    idle_at: u64,
    told_mode: ConsumerMode,
    /// What the agent can see.
    told_text: String,
    /// Not before then, on account of the interval.
    next_text_at: u64,
    in_flight: Option<(RequestId, u64)>,
    wake_at: Option<u64>,
}

impl Default for Typing {
    fn default() -> Self {
        Self {
            draft: String::new(),
            idle_at: 0,
            told_mode: ConsumerMode::Listening,
            told_text: String::new(),
            next_text_at: 0,
            in_flight: None,
            wake_at: None,
        }
    }
}

impl Typing {
    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    pub(crate) fn in_flight(&self) -> Option<RequestId> {
        self.in_flight.map(|(request, _)| request)
    }

    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.wake_at
    }

    /// A posted message ends the writing; the agent's side knows it by itself.
    pub(crate) fn posted(&mut self) {
        self.draft.clear();
        self.told_text.clear();
        self.told_mode = ConsumerMode::Listening;
    }

    fn typed(&mut self, now: Moment, text: String, preview: &SneakPreview) {
        let idle = if preview.sends_text() {
            preview.interval_ms
        } else {
            IDLE_MS
        };
        self.idle_at = now.monotonic + idle;
        self.draft = text;
    }

    fn mode(&self, now: Moment) -> ConsumerMode {
        if self.draft.is_empty() || now.monotonic >= self.idle_at {
            ConsumerMode::Listening
        } else {
            ConsumerMode::Responding
        }
    }

    /// The signal that is due, or when the next one may be.
    fn due(&self, now: Moment, preview: &SneakPreview) -> Due {
        let mode = self.mode(now);
        let mode_changed = mode != self.told_mode;
        let when_idle = if mode == ConsumerMode::Responding {
            Some(self.idle_at)
        } else {
            None
        };
        if preview.sends_text() {
            if !mode_changed && self.draft == self.told_text {
                Due::At(when_idle)
            } else if now.monotonic < self.next_text_at {
                Due::At(Some(self.next_text_at))
            } else {
                Due::Now(mode, Some(self.draft.clone()))
            }
        } else {
            let withdrawn = !preview.allowed && !self.told_text.is_empty();
            if mode_changed || withdrawn {
                Due::Now(mode, None)
            } else {
                Due::At(when_idle)
            }
        }
    }
}

enum Due {
    Now(ConsumerMode, Option<String>),
    At(Option<u64>),
}

impl Engine {
    pub(crate) fn draft(&mut self, now: Moment, text: String) {
        if let Stage::Live(live) = &mut self.stage {
            live.typing
                .typed(now, text, &self.conversation.sneak_preview);
        }
    }

    pub(crate) fn turn_preview(&mut self, now: Moment) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let typing = &mut live.typing;
        if let Some((out, since)) = typing.in_flight {
            if now.monotonic < since + DEADLINE_MS {
                typing.wake_at = Some(since + DEADLINE_MS);
                return;
            }
            self.effects.push_back(Effect::Abort(out));
            typing.in_flight = None;
        }
        if !has_reader(&self.conversation) {
            typing.wake_at = None;
            return;
        }
        match typing.due(now, &self.conversation.sneak_preview) {
            Due::At(at) => typing.wake_at = at,
            Due::Now(mode, text) => {
                let request = self.requests.next();
                typing.told_mode = mode.clone();
                typing.told_text = text.clone().unwrap_or_default();
                typing.in_flight = Some((request, now.monotonic));
                typing.wake_at = Some(now.monotonic + DEADLINE_MS);
                let body = ActivityRequest {
                    mode,
                    sneak_preview_focus: text.is_some().then_some(true),
                    sneak_preview_text: text,
                    client: ClientRequest::default(),
                    unknown: pipit_wire::Fields::default(),
                };
                self.effects
                    .push_back(Effect::Send(live.endpoint.session_request(
                        request,
                        Operation::Activity,
                        &live.session,
                        body.to_json(),
                    )));
            }
        }
    }

    pub(crate) fn activity_answered(&mut self, now: Moment, outcome: &Outcome) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let preview = &mut self.conversation.sneak_preview;
        live.typing.in_flight = None;
        if let Outcome::Answered {
            status: 200, body, ..
        } = outcome
            && let Ok(answer) = ActivityResponse::from_json(body)
        {
            preview.refresh(
                answer.sneak_preview_state,
                answer.sneak_preview_interval,
                None,
            );
        }
        // From the answer, not from the request: so the server never sees two within one interval.
        live.typing.next_text_at = now.monotonic + preview.interval_ms;
    }
}

/// Signals are for agents: in a queue there is nobody to read them.
fn has_reader(conversation: &Conversation) -> bool {
    matches!(&conversation.phase, Phase::Chatting(agents) if !agents.is_empty())
}
