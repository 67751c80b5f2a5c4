//! How a running engagement (a chat at the server) is stored in a snapshot, the text from which a conversation is
//! restored after a reload. The names in quotes are part of the format, so they must not change. The module `stored`
//! explains the macros and words such as `required` and `maybe`.

use std::rc::Rc;

use pipit_wire::consumer::Survey;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, SneakPreviewState};
use pipit_wire::{ClientId, EngagementId, SequenceNumber, SurveyId};

use crate::conversation::{Agent, Connection, Wait};
use crate::endpoint::{Endpoint, SessionEndpoint};
use crate::input::Moment;
use crate::participants::{Attendance, Participants};
use crate::poll::Poll;
use crate::preview::SneakPreview;
use crate::sequence::SeenNumbers;
use crate::state::Live;
use crate::stored::{stored_names, stored_object};
use crate::survey::Surveys;
use crate::typing::Typing;

/// At most this many sequence numbers are stored one by one, so that a snapshot stays small.
const MAX_NUMBERS: usize = 64;

/// The stored form of a running engagement. Open requests and timers are not stored, because a reload ends
/// them.
#[derive(Debug)]
pub(super) struct LiveRecord {
    /// The server's address and the session id, which authorizes every request of the engagement.
    session: SessionEndpoint,
    engagement_id: EngagementId,
    /// The id of the visitor's own connection to the server; `None` if the server did not name it.
    client_id: Option<ClientId>,
    surveys: SurveyRecords,
    preview: PreviewRecord,
    /// Messages with this sequence number or a lower one count as seen. `None` if all seen numbers are in
    /// `numbers`.
    floor: Option<SequenceNumber>,
    /// The sequence numbers above the floor that were seen.
    numbers: Vec<SequenceNumber>,
    /// For each of `numbers`, the identity of the message that had it. `None` in a record of an earlier version.
    identities: Option<Vec<u16>>,
    /// The name of the agent who most recently joined as the lead. If no agent joined as the lead, the name of
    /// the first agent who joined; `None` if no agent ever joined.
    main_agent_name: Option<Rc<str>>,
    /// The names of all agents who ever joined.
    names: Vec<NameRecord>,
    connection: Connection,
    /// The agents who take part, if the phase is [`PhaseName::Chatting`].
    agents: Option<Vec<Agent>>,
    /// The visitor's wait, if the phase is not [`PhaseName::Chatting`].
    wait: Wait,
}

/// The phase of a conversation that is starting or running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PhaseName {
    Starting,
    Queued,
    Chatting,
    Requeued,
}

/// The server's settings of the sneak preview (whether the agent sees a text before the visitor sends it).
#[derive(Debug)]
struct PreviewRecord {
    /// Whether the server has enabled the sneak preview.
    state: Option<SneakPreviewState>,
    /// The shortest time between two texts that are sent.
    interval_ms: Option<i64>,
    /// Whether the agent looks at another chat.
    out_of_focus: bool,
}

/// The surveys of an engagement. A survey that the server does not name is `None`.
#[derive(Debug)]
struct SurveyRecords {
    /// Offered after a chat that either side has completed.
    completed: Option<SurveyRecord>,
    /// Offered after a chat that the visitor has abandoned or cancelled.
    cancelled: Option<SurveyRecord>,
    /// Sent by mail after the engagement.
    delayed: Option<SurveyRecord>,
}

/// The stored form of a [`Survey`].
#[derive(Debug)]
struct SurveyRecord {
    id: SurveyId,
    /// The authentication parameter in the survey's address.
    auth: String,
}

/// The name of an agent who ever joined.
#[derive(Debug)]
struct NameRecord {
    client_id: ClientId,
    name: Rc<str>,
}

stored_object! {
    LiveRecord {
        session: flat,
        engagement_id: required "engagement",
        client_id: maybe "client",
        surveys: flat,
        preview: flat,
        floor: maybe "floor",
        numbers: defaulted "numbers",
        identities: maybe "identities",
        main_agent_name: maybe "lead",
        names: defaulted "names",
        connection: defaulted "connection",
        agents: maybe "agents",
        wait: flat,
    }
    SessionEndpoint {
        endpoint: flat,
        session_id: required "session",
    }
    Endpoint {
        origin: required "origin",
        site: required "site",
        pool: maybe "pool",
    }
    SurveyRecords {
        completed: maybe "completed",
        cancelled: maybe "cancelled",
        delayed: maybe "delayed",
    }
    SurveyRecord {
        id: required "id",
        auth: required "auth",
    }
    PreviewRecord {
        state: maybe "previewState",
        interval_ms: maybe "previewInterval",
        out_of_focus: defaulted "outOfFocus",
    }
    NameRecord {
        client_id: required "client",
        name: required "name",
    }
    Agent {
        client_id: required "client",
        account_id: maybe "account",
        name: defaulted "name",
        role: required "role",
        activity: or(ActivityMode::None) "activity",
        connection: or(ConnectionState::Active) "connection",
        is_virtual: defaulted "virtual",
    }
    Wait {
        position: maybe "position",
        expected_seconds: maybe "expectedSeconds",
        average_seconds: maybe "averageSeconds",
    }
}

stored_names! {
    PhaseName {
        Starting = "starting",
        Queued = "queued",
        Chatting = "chatting",
        Requeued = "requeued",
    }
    Connection {
        Asking = "asking",
        Connected = "connected",
        Lost = "lost",
    }
}

impl LiveRecord {
    /// The record of an engagement, and the name of its phase.
    pub(super) fn of(live: &Live, preview: &SneakPreview) -> (PhaseName, Self) {
        let (floor, seen) = live.seen.highest(MAX_NUMBERS);
        let names = live.participants.names().iter();
        let (phase, agents, wait) = match live.participants.attendance() {
            Attendance::Queued(wait) => (PhaseName::Queued, None, *wait),
            Attendance::Chatting(agents) => {
                (PhaseName::Chatting, Some(agents.clone()), Wait::default())
            }
            Attendance::Requeued(wait) => (PhaseName::Requeued, None, *wait),
        };
        let record = Self {
            session: live.session.clone(),
            engagement_id: live.engagement_id,
            client_id: live.client_id,
            surveys: SurveyRecords {
                completed: live.surveys.completed.as_ref().map(SurveyRecord::of),
                cancelled: live.surveys.cancelled.as_ref().map(SurveyRecord::of),
                delayed: live.surveys.delayed.as_ref().map(SurveyRecord::of),
            },
            preview: PreviewRecord {
                state: Some(preview.state().clone()),
                interval_ms: i64::try_from(preview.interval_ms).ok(),
                out_of_focus: preview.out_of_focus,
            },
            floor,
            numbers: seen.iter().map(|(number, _)| *number).collect(),
            identities: Some(seen.iter().map(|(_, identity)| identity.0).collect())
                .filter(|identities: &Vec<u16>| identities.iter().any(|identity| *identity != 0)),
            main_agent_name: live.participants.main_agent_name().cloned(),
            names: names
                .map(|(client_id, name)| NameRecord {
                    client_id: *client_id,
                    name: name.clone(),
                })
                .collect(),
            connection: live.poll.connection(),
            agents,
            wait,
        };
        (phase, record)
    }

    /// Makes the engagement of this record, and puts the stored settings of the sneak preview into `preview`.
    pub(super) fn restore(
        self,
        now: Moment,
        phase: Option<PhaseName>,
        preview: &mut SneakPreview,
    ) -> Live {
        preview.begin(self.preview.state, self.preview.interval_ms);
        preview.out_of_focus = self.preview.out_of_focus;
        let attendance = match phase {
            Some(PhaseName::Chatting) => Attendance::Chatting(self.agents.unwrap_or_default()),
            Some(PhaseName::Requeued) => Attendance::Requeued(self.wait),
            // No engagement is stored with the phase `Starting` or without a phase. Text that has been changed
            // outside the engine may contain it all the same.
            Some(PhaseName::Starting | PhaseName::Queued) | None => Attendance::Queued(self.wait),
        };
        let names = self
            .names
            .into_iter()
            .map(|record| (record.client_id, record.name));
        Live {
            session: self.session,
            engagement_id: self.engagement_id,
            client_id: self.client_id,
            surveys: Surveys {
                completed: self.surveys.completed.map(SurveyRecord::restore),
                cancelled: self.surveys.cancelled.map(SurveyRecord::restore),
                delayed: self.surveys.delayed.map(SurveyRecord::restore),
            },
            participants: Participants::restored(attendance, names.collect(), self.main_agent_name),
            seen: SeenNumbers::restored(
                self.floor,
                self.numbers,
                self.identities.unwrap_or_default(),
            ),
            is_gap_noted: false,
            passed_over: Vec::new(),
            poll: Poll::restored(now, self.connection),
            typing: Typing::resumed(now),
        }
    }
}

impl SurveyRecord {
    fn of(survey: &Survey) -> Self {
        Self {
            id: survey.id,
            auth: survey.auth.clone(),
        }
    }

    fn restore(self) -> Survey {
        Survey {
            id: self.id,
            auth: self.auth,
        }
    }
}
