//! Typing signals: they tell the agents whether the visitor writes (RESPONDING) or not (LISTENING), and
//! carry the text where [`SneakPreview`] allows it.
//!
//! Signals with a text keep the interval that the server asks for. While text is allowed, every signal
//! carries it; while it is not, signals only say RESPONDING or LISTENING.

use pipit_wire::WireObject;
use pipit_wire::consumer::{ActivityRequest, ClientRequest, ConsumerMode, Operation};

use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::{Moment, Outcome};
use crate::outgoing::Outgoing;
use crate::preview::SneakPreview;

/// Without a sneak preview, the visitor counts as reading this long after the last key press, in ms.
const IDLE_MS: u64 = 5_000;
/// How long a signal may take, in ms.
const DEADLINE_MS: u64 = 15_000;

/// What the visitor types, and what the server knows of it.
#[derive(Debug)]
pub(crate) struct Typing {
    draft: String,
    /// When the visitor counts as reading again, unless another key press comes.
    idle_at: u64,
    /// The last signal; `None` when it may not have arrived.
    last_signal: Option<Signal>,
    /// When the last signal with a text was answered or given up. The interval counts from there, so
    /// that the server never receives two within one interval, however long they travel.
    last_text_at: Option<u64>,
    in_flight: Option<InFlight>,
    failures: u32,
    /// No signal is sent before this time, because the last one failed.
    pause_until: u64,
    wake_at: Option<u64>,
}

/// What the agents can see of the visitor's typing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signal {
    mode: ConsumerMode,
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct InFlight {
    request: RequestId,
    since: u64,
    has_text: bool,
}

/// What the answer to a signal means.
#[derive(Debug)]
#[must_use]
pub(crate) enum TypingOutcome<'a> {
    /// The server took the signal; its answer may contain new settings of the sneak preview.
    Taken { body: &'a str },
    /// The server refused the signal, or it may not have arrived and is repeated.
    NotTaken,
}

/// What is to be sent next.
enum Due {
    Now(ConsumerMode, Option<String>),
    At(Option<u64>),
}

/// What the agents see as long as no signal was sent.
impl Default for Signal {
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
            last_signal: Some(Signal::default()),
            last_text_at: None,
            in_flight: None,
            failures: 0,
            pause_until: 0,
            wake_at: None,
        }
    }
}

impl Typing {
    /// The state after a reload. When the last text was sent is not known, so a full interval must pass.
    pub(crate) fn resumed(now: Moment) -> Self {
        Self {
            last_text_at: Some(now.monotonic),
            ..Self::default()
        }
    }

    /// Whether this request is the open signal.
    pub(crate) fn is(&self, request: RequestId) -> bool {
        self.in_flight
            .is_some_and(|in_flight| in_flight.request == request)
    }

    /// When to call [`Self::advance`] again.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.wake_at
    }

    /// Takes the text that the composer now holds.
    pub(crate) fn typed(&mut self, now: Moment, text: String, preview: &SneakPreview) {
        let idle_after_ms = if preview.sends_text() {
            preview.interval_ms
        } else {
            IDLE_MS
        };
        self.idle_at = now.monotonic.saturating_add(idle_after_ms);
        self.draft = text;
    }

    /// Empties the draft after the visitor posted it. Needs no signal, because the agents see the message
    /// itself.
    pub(crate) fn message_posted(&mut self) {
        self.draft.clear();
        self.last_signal = Some(Signal::default());
    }

    /// Forgets the last signal, because the first agent has joined and has not seen it.
    pub(crate) fn first_agent_joined(&mut self) {
        self.last_signal = Some(Signal::default());
    }

    /// Gives up a signal that takes too long, and sends the next one when it is due. In a queue there is
    /// no agent to read signals, so none is sent.
    pub(crate) fn advance(
        &mut self,
        now: Moment,
        has_agent: bool,
        preview: &SneakPreview,
        session: &SessionEndpoint,
        outgoing: &mut Outgoing,
    ) {
        if let Some(in_flight) = self.in_flight
            && now.monotonic >= in_flight.since + DEADLINE_MS
        {
            self.stop(outgoing);
            self.ended(now);
            self.repeat_later(now, None, outgoing);
        }
        if let Some(in_flight) = self.in_flight {
            self.wake_at = Some(in_flight.since + DEADLINE_MS);
            return;
        }
        if !has_agent {
            self.wake_at = None;
            return;
        }
        match self.due(now, preview) {
            Due::At(at) => self.wake_at = at,
            Due::Now(mode, text) => {
                let body = activity_body(&mode, text.as_ref());
                let request = outgoing.send_in_session(session, Operation::Activity, body);
                self.sent(now, request, mode, text);
            }
        }
    }

    /// Takes the answer to the open signal. A signal that may not have arrived is repeated after a
    /// pause, because the agent should not see for long what the visitor has withdrawn.
    pub(crate) fn answered<'a>(
        &mut self,
        now: Moment,
        outcome: &'a Outcome,
        outgoing: &mut Outgoing,
    ) -> TypingOutcome<'a> {
        self.ended(now);
        let retry_after = match outcome {
            Outcome::Answered {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => *retry_after,
            Outcome::Answered { status, body, .. } => {
                self.failures = 0;
                return match status {
                    200 => TypingOutcome::Taken { body },
                    _ => TypingOutcome::NotTaken,
                };
            }
            Outcome::Lost | Outcome::NotSent => None,
        };
        self.repeat_later(now, retry_after, outgoing);
        TypingOutcome::NotTaken
    }

    /// Gives up the open signal.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight.map(|in_flight| in_flight.request));
    }

    fn sent(&mut self, now: Moment, request: RequestId, mode: ConsumerMode, text: Option<String>) {
        let since = now.monotonic;
        self.in_flight = Some(InFlight {
            request,
            since,
            has_text: text.is_some(),
        });
        self.last_signal = Some(Signal {
            mode,
            text: text.unwrap_or_default(),
        });
        self.wake_at = Some(since + DEADLINE_MS);
    }

    /// Closes the open signal, which was answered or given up.
    fn ended(&mut self, now: Moment) {
        let in_flight = self.in_flight.take();
        if in_flight.is_some_and(|in_flight| in_flight.has_text) {
            self.last_text_at = Some(now.monotonic);
        }
    }

    fn repeat_later(&mut self, now: Moment, retry_after: Option<u64>, outgoing: &mut Outgoing) {
        self.last_signal = None;
        self.pause_until = now.monotonic + outgoing.backoff_ms(self.failures, retry_after);
        self.failures += 1;
    }

    fn mode(&self, now: Moment) -> ConsumerMode {
        if self.draft.is_empty() || now.monotonic >= self.idle_at {
            ConsumerMode::Listening
        } else {
            ConsumerMode::Responding
        }
    }

    /// The signal that is due now, or when to ask again.
    fn due(&self, now: Moment, preview: &SneakPreview) -> Due {
        let mode = self.mode(now);
        let text = preview.sends_text().then(|| self.draft.clone());
        let interval_over = match self.last_text_at {
            Some(at) if text.is_some() => at.saturating_add(preview.interval_ms),
            _ => 0,
        };
        let not_before = interval_over.max(self.pause_until);
        if self.is_known(&mode, text.as_deref(), preview) {
            Due::At((mode == ConsumerMode::Responding).then_some(self.idle_at))
        } else if now.monotonic < not_before {
            Due::At(Some(not_before))
        } else {
            Due::Now(mode, text)
        }
    }

    /// Whether the server knows all of this already. A signal without a text withdraws a text that the
    /// visitor no longer allows.
    fn is_known(&self, mode: &ConsumerMode, text: Option<&str>, preview: &SneakPreview) -> bool {
        let Some(last) = &self.last_signal else {
            return false;
        };
        let is_text_known = match text {
            Some(text) => text == last.text,
            None => preview.is_allowed() || last.text.is_empty(),
        };
        last.mode == *mode && is_text_known
    }
}

fn activity_body(mode: &ConsumerMode, text: Option<&String>) -> String {
    let activity = ActivityRequest {
        mode: mode.clone(),
        sneak_preview_focus: text.is_some().then_some(true),
        sneak_preview_text: text.cloned(),
        client: ClientRequest::default(),
        unknown: pipit_wire::Fields::default(),
    };
    activity.to_json()
}
