//! Typing signals: requests that show the agents whether the visitor writes (RESPONDING) or not (LISTENING).
//!
//! While [`SneakPreview`] allows it, every signal also carries the typed text. Two signals with a text are
//! at least as far apart as the interval that the server asks for.

use pipit_wire::WireObject;
use pipit_wire::consumer::{
    ActivityRequest, ActivityResponse, ClientRequest, ConsumerMode, Operation,
};

use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::preview::SneakPreview;
use crate::reply::Reply;

/// While typed text is not sent, the visitor counts as writing until this long after the most recent key
/// press, in ms.
const IDLE_MS: u64 = 5_000;
/// The time that a signal may take, in ms.
const DEADLINE_MS: u64 = 15_000;

/// What the visitor types, and which signals were sent about it. Times are on the monotonic clock, in ms.
#[derive(Debug)]
pub(crate) struct Typing {
    /// The text in the composer (the field in which the visitor types).
    draft: String,
    /// The time at which the visitor no longer counts as writing. Every key press moves it.
    idle_at: u64,
    /// What the agents see of the typing: the most recent signal, or the default if no signal was sent since
    /// the visitor sent a message or the first agent joined. `None` if the most recent signal may not have
    /// arrived.
    last_signal: Option<Signal>,
    /// When the most recent signal with a text was answered or aborted; `None` if no text was sent. After a
    /// reload, it is at first the time of the reload. The interval counts from this time and not from the
    /// sending. Otherwise a slow request and the next request could reach the server less than one interval
    /// apart.
    last_text_at: Option<u64>,
    /// The signal that awaits its answer; `None` if no signal is open.
    in_flight: Option<InFlight>,
    /// The number of signals in a row that failed and are repeated. It determines the length of the pause.
    failures: u32,
    /// The end of the pause after a failed signal. No signal is sent before this time.
    pause_until: u64,
    /// See [`Self::wake_at`].
    wake_at: Option<u64>,
}

/// What the agents can see of the visitor's typing.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Signal {
    mode: ConsumerMode,
    text: String,
}

/// A signal that awaits its answer.
#[derive(Clone, Copy, Debug)]
struct InFlight {
    request: RequestId,
    /// When it was sent, on the monotonic clock, in ms.
    since: u64,
    has_text: bool,
}

/// What the answer to a signal means.
#[derive(Debug)]
#[must_use]
pub(crate) enum TypingOutcome {
    /// The server took the signal; its answer may contain new settings of the sneak preview.
    Taken(ActivityResponse),
    /// The server refused the signal for good, or the signal is sent again after a pause.
    NotTaken,
}

/// The next signal.
enum NextSignal {
    /// A signal is due now. It has a text if the agent may see what the visitor types.
    Now(ConsumerMode, Option<String>),
    /// No signal is due before this time (monotonic clock, ms). With `None`, no signal is due before the next
    /// key press or change of the settings.
    NotBefore(Option<u64>),
}

/// What the agents see before any signal was sent.
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
    /// The state after a reload, or in a tab that continues the conversation of another tab. A text may have been sent
    /// just before, so a full interval must pass before the next text.
    pub(crate) fn resumed(now: Moment) -> Self {
        Self {
            last_text_at: Some(now.monotonic),
            ..Self::default()
        }
    }

    /// Whether this request is the signal that awaits its answer.
    pub(crate) fn awaits(&self, request: RequestId) -> bool {
        self.in_flight
            .is_some_and(|in_flight| in_flight.request == request)
    }

    /// The time at which [`Self::advance`] must be called again, on the monotonic clock, in ms. `None` if
    /// nothing is due before another input.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        self.wake_at
    }

    /// Takes the text that the composer now contains. From now on the visitor counts as writing for one
    /// interval of the sneak preview, or for [`IDLE_MS`] if typed text is not sent.
    pub(crate) fn typed(&mut self, now: Moment, text: String, preview: &SneakPreview) {
        let idle_after_ms = if preview.sends_text() {
            preview.interval_ms
        } else {
            IDLE_MS
        };
        self.idle_at = now.monotonic.saturating_add(idle_after_ms);
        self.draft = text;
    }

    /// Empties the draft, because the visitor has sent it as a message. No signal is needed, because the
    /// agents see the message itself.
    pub(crate) fn message_posted(&mut self) {
        self.draft.clear();
        self.last_signal = Some(Signal::default());
    }

    /// Resets the most recent signal, because the agent who has joined has not seen it.
    pub(crate) fn first_agent_joined(&mut self) {
        self.last_signal = Some(Signal::default());
    }

    /// Aborts a signal that takes too long, and sends the next signal when it is due. Without an agent
    /// no signal is sent, because nobody would see it.
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
            self.close_signal(now);
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
        match self.next_signal(now, preview) {
            NextSignal::NotBefore(at) => self.wake_at = at,
            NextSignal::Now(mode, text) => {
                let body = activity_body(&mode, text.as_ref());
                let request = outgoing.send_in_session(session, Operation::Activity, body);
                self.note_signal(now, request, mode, text);
            }
        }
    }

    /// Takes the answer to the open signal. After a signal that did not arrive, or may not have arrived, the next
    /// signal follows after a pause, even if nothing has changed. The reason is that the lost signal may have withdrawn
    /// a text, which the agent should not see any longer. A signal that the server has refused with a status such as 400
    /// is not repeated.
    pub(crate) fn answered(
        &mut self,
        now: Moment,
        reply: Reply<'_>,
        outgoing: &mut Outgoing,
    ) -> TypingOutcome {
        self.close_signal(now);
        let retry_after = match reply {
            Reply::Answer(members) => {
                self.failures = 0;
                return TypingOutcome::Taken(members.into_object().unwrap_or_default());
            }
            Reply::Refusal {
                status: 408 | 429 | 500..=599,
                retry_after,
                ..
            } => retry_after,
            Reply::Refusal { .. } => {
                self.failures = 0;
                return TypingOutcome::NotTaken;
            }
            Reply::Unexpected(..) | Reply::Lost | Reply::NotSent => None,
        };
        self.repeat_later(now, retry_after, outgoing);
        TypingOutcome::NotTaken
    }

    /// Aborts the open signal, if one is open.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        outgoing.abort(self.in_flight.map(|in_flight| in_flight.request));
    }

    /// Remembers a signal that was sent.
    fn note_signal(
        &mut self,
        now: Moment,
        request: RequestId,
        mode: ConsumerMode,
        text: Option<String>,
    ) {
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

    /// Ends the open signal, which was answered or aborted.
    fn close_signal(&mut self, now: Moment) {
        let in_flight = self.in_flight.take();
        if in_flight.is_some_and(|in_flight| in_flight.has_text) {
            self.last_text_at = Some(now.monotonic);
        }
    }

    /// Makes a signal due again after a pause. If the server asks for a longer pause (`retry_after`, in ms), the
    /// pause is that long, up to a limit (see `backoff`).
    fn repeat_later(&mut self, now: Moment, retry_after: Option<u64>, outgoing: &mut Outgoing) {
        self.last_signal = None;
        self.pause_until = now.monotonic + outgoing.backoff_ms(self.failures, retry_after);
        self.failures += 1;
    }

    /// The mode to signal now: RESPONDING if the visitor counts as writing, otherwise LISTENING.
    fn mode(&self, now: Moment) -> ConsumerMode {
        if self.draft.is_empty() || now.monotonic >= self.idle_at {
            ConsumerMode::Listening
        } else {
            ConsumerMode::Responding
        }
    }

    /// The signal that is due now, or the time before which no signal is due.
    fn next_signal(&self, now: Moment, preview: &SneakPreview) -> NextSignal {
        let mode = self.mode(now);
        let text = preview.sends_text().then(|| self.draft.clone());
        let interval_ends_at = match self.last_text_at {
            Some(at) if text.is_some() => at.saturating_add(preview.interval_ms),
            _ => 0,
        };
        let not_before = interval_ends_at.max(self.pause_until);
        if self.is_known(&mode, text.as_deref(), preview) {
            // At `idle_at`, the visitor no longer counts as writing, so the mode changes.
            NextSignal::NotBefore((mode == ConsumerMode::Responding).then_some(self.idle_at))
        } else if now.monotonic < not_before {
            NextSignal::NotBefore(Some(not_before))
        } else {
            NextSignal::Now(mode, text)
        }
    }

    /// Whether the agents already see this mode and this text. If no text may be sent now, only the mode is compared.
    /// There is one exception: if the visitor does not allow texts, and the previous signal had a text, a signal
    /// without a text is needed to withdraw it.
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

/// The body of a signal. The focus (whether the agent is looking at this chat) is true in every signal with a text,
/// because otherwise no text is sent.
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
