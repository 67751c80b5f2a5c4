//! The state of a conversation. An *engagement* is the server's side of a conversation. Two things are made
//! from the state: the [`Conversation`] that the widget draws, and the *snapshot* that is stored for a reload.
//! Only the module `engine` moves a conversation from one [`Stage`] to another.

use pipit_wire::consumer::Operation;
use pipit_wire::{ClientId, EngagementId};

use crate::conclude::ConcludeRequest;
use crate::conversation::{Conclusion, Connection, Conversation, Phase};
use crate::effect::RequestId;
use crate::endpoint::SessionEndpoint;
use crate::failure::Failure;
use crate::input::Moment;
use crate::outgoing::Outgoing;
use crate::participants::Participants;
use crate::poll::Poll;
use crate::preview::SneakPreview;
use crate::sequence::SeenNumbers;
use crate::start::{Engagement, Start};
use crate::survey::Surveys;
use crate::transcript::Transcript;
use crate::typing::Typing;

/// The state of the current conversation, and the request that concludes an engagement that the visitor has
/// ended.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) stage: Stage,
    pub(crate) transcript: Transcript,
    /// Decides whether the agent may see the text that the visitor is still typing.
    pub(crate) sneak_preview: SneakPreview,
    /// The request that tells the server that the visitor has ended an engagement; `None` if no
    /// `concludeEngagement` is open or waits to be sent again. It is not part of the stage, because a new
    /// conversation may already run.
    pub(crate) conclude_request: Option<ConcludeRequest>,
}

/// The stage of the conversation, with the parts of the engine that run in it. A [`Phase`] is the part
/// of a stage that the visitor may see.
#[derive(Debug, Default)]
pub(crate) enum Stage {
    /// No conversation has been started, or the visitor left before the conversation began.
    #[default]
    Idle,
    /// A conversation starts.
    Starting(Start),
    /// The loaded snapshot contains an unfinished start, which another tab began, or this page before a reload.
    /// This engine has sent no request for that start.
    StartingElsewhere,
    /// An engagement runs.
    Live(Box<Live>),
    /// The conversation has ended.
    Concluded(Conclusion),
    /// The conversation did not start or was lost.
    Failed(Failure),
}

/// A running engagement.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) session: SessionEndpoint,
    pub(crate) engagement_id: EngagementId,
    /// The id of the visitor's own connection; `None` if the server has not sent it.
    pub(crate) client_id: Option<ClientId>,
    pub(crate) surveys: Surveys,
    pub(crate) participants: Participants,
    /// The sequence numbers of the server's messages that have already arrived.
    pub(crate) seen: SeenNumbers,
    /// Whether the transcript notes that messages may be missing since the most recent answer to a poll.
    pub(crate) is_gap_noted: bool,
    /// The numbers and names of the messages that were most recently passed over, as the console has named them.
    pub(crate) passed_over: Vec<(Option<i64>, String)>,
    pub(crate) poll: Poll,
    pub(crate) typing: Typing,
}

/// The part of the engine that has sent a request and awaits its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestOwner {
    Start,
    Poll,
    Typing,
    Outbox,
    ConcludeRequest,
}

impl RequestOwner {
    /// The operation of the requests that the part sends.
    pub(crate) fn operation(self) -> Operation {
        match self {
            Self::Start => Operation::RequestEngagement,
            Self::Poll => Operation::GetMessages,
            Self::Typing => Operation::Activity,
            Self::Outbox => Operation::PostMessage,
            Self::ConcludeRequest => Operation::ConcludeEngagement,
        }
    }
}

impl State {
    /// Makes the conversation that the visitor may see.
    pub(crate) fn view(&self) -> Conversation {
        Conversation {
            phase: self.stage.phase(),
            transcript: self.transcript.entries().clone(),
            sneak_preview: self.sneak_preview.clone(),
            connection: self.stage.connection(),
        }
    }

    /// The part that awaits the answer to this request; `None` if no part of the state awaits it. The outbox
    /// is not part of the state, so the caller asks the outbox separately.
    pub(crate) fn owner_of(&self, request: RequestId) -> Option<RequestOwner> {
        let concluding = self.conclude_request.as_ref();
        if concluding.is_some_and(|concluding| concluding.awaits(request)) {
            return Some(RequestOwner::ConcludeRequest);
        }
        match &self.stage {
            Stage::Starting(start) if start.awaits(request) => Some(RequestOwner::Start),
            Stage::Live(live) if live.poll.awaits(request) => Some(RequestOwner::Poll),
            Stage::Live(live) if live.typing.awaits(request) => Some(RequestOwner::Typing),
            Stage::Idle
            | Stage::Starting(_)
            | Stage::StartingElsewhere
            | Stage::Live(_)
            | Stage::Concluded(_)
            | Stage::Failed(_) => None,
        }
    }
}

impl Stage {
    /// The running engagement; `None` in any other stage.
    pub(crate) fn live(&self) -> Option<&Live> {
        match self {
            Self::Live(live) => Some(live),
            _ => None,
        }
    }

    /// The running engagement, to be changed; `None` in any other stage.
    pub(crate) fn live_mut(&mut self) -> Option<&mut Live> {
        match self {
            Self::Live(live) => Some(live),
            _ => None,
        }
    }

    /// The phase that the visitor sees in this stage.
    fn phase(&self) -> Phase {
        match self {
            Self::Idle => Phase::Idle,
            Self::Starting(_) | Self::StartingElsewhere => Phase::Starting,
            Self::Live(live) => live.participants.phase(),
            Self::Concluded(conclusion) => Phase::Concluded(conclusion.clone()),
            Self::Failed(failure) => Phase::Failed(failure.clone()),
        }
    }

    /// Whether the server can be reached. Without an engagement the value has no meaning and is the default.
    fn connection(&self) -> Connection {
        self.live()
            .map_or(Connection::default(), |live| live.poll.connection())
    }

    /// Whether a message that was not posted can be posted later: in this conversation or,
    /// if this conversation has failed, in the next conversation.
    pub(crate) fn can_post_later(&self) -> bool {
        match self {
            Self::Starting(_) | Self::StartingElsewhere | Self::Live(_) | Self::Failed(_) => true,
            Self::Idle | Self::Concluded(_) => false,
        }
    }

    /// The earliest time at which a message may be posted, on the monotonic clock, in ms; 0 means now. `None` if the
    /// server counts as unreachable and no poll is open that could show otherwise. See [`Poll::sendable_from`].
    /// Without an engagement the time is 0, because no poll has shown that the server is unreachable.
    pub(crate) fn sendable_from(&self) -> Option<u64> {
        match self.live() {
            Some(live) => live.poll.sendable_from(),
            None => Some(0),
        }
    }

    /// The time at which the parts of this stage must be advanced again, on the monotonic clock, in ms.
    /// `None` if no part waits for a time. The conclude request is not part of the stage and has its own time.
    pub(crate) fn wake_at(&self) -> Option<u64> {
        match self {
            Self::Idle | Self::StartingElsewhere | Self::Concluded(_) | Self::Failed(_) => None,
            Self::Starting(start) => Some(start.wake_at()),
            Self::Live(live) => {
                let poll_at = live.poll.wake_at();
                Some(live.typing.wake_at().map_or(poll_at, |at| at.min(poll_at)))
            }
        }
    }
}

impl Live {
    /// An engagement that the server has just made.
    pub(crate) fn new(now: Moment, engagement: Engagement) -> Self {
        let Engagement {
            id,
            session,
            answer,
        } = engagement;
        Self {
            session,
            engagement_id: id,
            client_id: answer.echo.client_id,
            surveys: Surveys::new(&answer),
            participants: Participants::queued(),
            seen: SeenNumbers::default(),
            is_gap_noted: false,
            passed_over: Vec::new(),
            poll: Poll::due_now(now),
            typing: Typing::default(),
        }
    }

    /// Prepares to continue after a reload, or in another tab. The agents' activity is reset, because it is
    /// outdated, and the next poll is due at once.
    pub(crate) fn resume(&mut self, now: Moment) {
        self.participants.reset_outdated();
        self.poll = Poll::due_now(now);
        self.typing = Typing::resumed(now);
    }

    /// Aborts the open poll and the open typing signal. An open request that posts a message is not aborted,
    /// because the visitor should still see whether that message has arrived.
    pub(crate) fn stop(&self, outgoing: &mut Outgoing) {
        self.poll.stop(outgoing);
        self.typing.stop(outgoing);
    }
}
