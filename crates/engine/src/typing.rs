//! The signals of writing: RESPONDING and LISTENING, with the text where it may leave.
//!
//! Text leaves only while the server's state is ENABLED, the visitor allows it and the agent's
//! client has not said that the chat is out of its focus; and at most once per interval. While it
//! may leave, every signal carries it; while it may not, signals say RESPONDING or LISTENING alone.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ActivityRequest, ClientRequest, ConsumerMode, Operation};

use crate::conversation::{Conversation, Phase};
use crate::start::Stage;
use crate::{Effect, Engine, Moment, Outcome, RequestId, SneakPreview};

/// Without a preview, so long after the last key the visitor counts as reading.
const IDLE_MS: u64 = 5_000;
/// A signal that has not come back by then is given up.
const DEADLINE_MS: u64 = 15_000;

/// What the visitor types, and what the server was told of it.
#[derive(Debug)]
pub(crate) struct Typing {
    draft: String,
    /// When the last key counts as long ago.
    idle_at: u64,
    /// `None` when the last signal may not have arrived.
    told: Option<Told>,
    /// When the last text was answered or given up: counted from there, the server never sees two
    /// within one interval, however long they travel.
    text_at: Option<u64>,
    in_flight: Option<Signal>,
    failures: u32,
    /// Not before then; after a signal that failed.
    pause_until: u64,
    wake_at: Option<u64>,
}

/// What an agent can see of the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    mode: ConsumerMode,
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct Signal {
    request: RequestId,
    since: u64,
    with_text: bool,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            mode: ConsumerMode::Listening,
            text: String::new(),
        }
    }
}

impl Default for Typing {
    fn default() -> Self {
        Self {
            draft: String::new(),
            idle_at: 0,
            told: Some(Told::default()),
            text_at: None,
            in_flight: None,
            failures: 0,
            pause_until: 0,
            wake_at: None,
        }
    }
}

impl Typing {
    /// After a reload, when it is not known how long ago the last text left.
    pub(crate) fn resumed(now: Moment) -> Self {
        Self {
            text_at: Some(now.monotonic),
            ..Self::default()
        }
    }

    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight() == Some(request)
    }

    pub(crate) fn in_flight(&self) -> Option<RequestId> {
        self.in_flight.map(|signal| signal.request)
    }

    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.wake_at
    }

    fn sent(&mut self, now: Moment, request: RequestId, mode: ConsumerMode, text: Option<String>) {
        let since = now.monotonic;
        self.in_flight = Some(Signal {
            request,
            since,
            with_text: text.is_some(),
        });
        self.told = Some(Told {
            mode,
            text: text.unwrap_or_default(),
        });
        self.wake_at = Some(since + DEADLINE_MS);
    }

    /// A posted message ends the writing; the agent's side knows it by itself.
    pub(crate) fn posted(&mut self) {
        self.draft.clear();
        self.told = Some(Told::default());
    }

    /// Whoever ends a wait has been told nothing of what was told before it.
    pub(crate) fn met(&mut self) {
        self.told = Some(Told::default());
    }

    fn typed(&mut self, now: Moment, text: String, preview: &SneakPreview) {
        let idle = if preview.sends_text() {
            preview.interval_ms
        } else {
            IDLE_MS
        };
        self.idle_at = now.monotonic.saturating_add(idle);
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
        let text = preview.sends_text().then(|| self.draft.clone());
        let interval_over = match self.text_at {
            Some(at) if text.is_some() => at.saturating_add(preview.interval_ms),
            _ => 0,
        };
        let not_before = interval_over.max(self.pause_until);
        if self.is_told(&mode, text.as_deref(), preview) {
            Due::At((mode == ConsumerMode::Responding).then_some(self.idle_at))
        } else if now.monotonic < not_before {
            Due::At(Some(not_before))
        } else {
            Due::Now(mode, text)
        }
    }

    /// A text that the visitor no longer allows is withdrawn by a signal without one.
    fn is_told(&self, mode: &ConsumerMode, text: Option<&str>, preview: &SneakPreview) -> bool {
        self.told.as_ref().is_some_and(|told| {
            told.mode == *mode
                && text.map_or(preview.is_allowed() || told.text.is_empty(), |it| {
                    it == told.text
                })
        })
    }
}

enum Due {
    Now(ConsumerMode, Option<String>),
    At(Option<u64>),
}

impl Engine {
    pub(crate) fn typed(&mut self, now: Moment, text: String) {
        if let Stage::Live(live) = &mut self.stage {
            live.typing
                .typed(now, text, &self.conversation.sneak_preview);
        }
    }

    pub(crate) fn advance_typing(&mut self, now: Moment) {
        if let Stage::Live(live) = &self.stage
            && let Some(signal) = live.typing.in_flight
            && now.monotonic >= signal.since + DEADLINE_MS
        {
            self.effects.push_back(Effect::Abort(signal.request));
            self.activity_answered(now, &Outcome::Lost);
        }
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let typing = &mut live.typing;
        if let Some(signal) = typing.in_flight {
            typing.wake_at = Some(signal.since + DEADLINE_MS);
            return;
        }
        if !has_reader(&self.conversation) {
            typing.wake_at = None;
            return;
        }
        match typing.due(now, &self.conversation.sneak_preview) {
            Due::At(at) => typing.wake_at = at,
            Due::Now(mode, text) => {
                let request = self.requests.next();
                self.effects
                    .push_back(Effect::Send(live.endpoint.session_request(
                        request,
                        Operation::Activity,
                        &live.session,
                        body(&mode, text.as_ref()),
                    )));
                typing.sent(now, request, mode, text);
            }
        }
    }

    /// A signal that may not have arrived is told again after a pause: the agent should not see
    /// for long what the visitor has withdrawn.
    pub(crate) fn activity_answered(&mut self, now: Moment, outcome: &Outcome) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let typing = &mut live.typing;
        if typing
            .in_flight
            .take()
            .is_some_and(|signal| signal.with_text)
        {
            typing.text_at = Some(now.monotonic);
        }
        let retry_after = match outcome {
            Outcome::Answered {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => *retry_after,
            Outcome::Answered { status, body, .. } => {
                typing.failures = 0;
                if *status == 200 {
                    self.conversation.sneak_preview.read_answer(body);
                }
                return;
            }
            Outcome::Lost | Outcome::NotSent => None,
        };
        typing.told = None;
        typing.pause_until = now.monotonic + self.jitter.wait(typing.failures, retry_after);
        typing.failures += 1;
    }
}

fn body(mode: &ConsumerMode, text: Option<&String>) -> String {
    let activity = ActivityRequest {
        mode: mode.clone(),
        sneak_preview_focus: text.is_some().then_some(true),
        sneak_preview_text: text.cloned(),
        client: ClientRequest::default(),
        unknown: pipit_wire::Fields::default(),
    };
    activity.to_json()
}

/// Signals are for agents: in a queue there is nobody to read them.
pub(crate) fn has_reader(conversation: &Conversation) -> bool {
    matches!(&conversation.phase, Phase::Chatting(agents) if !agents.is_empty())
}
