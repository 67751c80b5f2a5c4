//! Tests of the stored format: a snapshot that is read has the state that was written, and snapshots of earlier
//! versions can still be read.

use std::fmt::Debug;

use pipit_wire::consumer::{ResultType, Survey};
use pipit_wire::vocabulary::{
    ActivityMode, ConnectionState, DisconnectReason, Role, SneakPreviewState,
};
use pipit_wire::{AccountId, ClientId, EngagementId, SequenceNumber, SurveyId, UnexpectedBody};
use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::conversation::{Agent, Connection, Wait};
use crate::endpoint::Endpoint;
use crate::entry::{Content, Delivery, EntryId, Notice, PostFailure};
use crate::file::SharedFile;
use crate::input::SessionRefused;
use crate::participants::{Attendance, Participants};
use crate::poll::Poll;
use crate::sequence::SeenNumbers;
use crate::state::Live;
use crate::survey::{SurveyLink, Surveys};
use crate::typing::Typing;

const NOW: Moment = Moment {
    monotonic: 1_000,
    wall: 1_800_000_000_000,
};

/// Stored records as version 0.1.0 wrote them. The first line of each record describes the tab, and the second
/// line is the snapshot.
const RECORDS: [&str; 9] = [
    include_str!("../../testdata/live.txt"),
    include_str!("../../testdata/following.txt"),
    include_str!("../../testdata/requeued.txt"),
    include_str!("../../testdata/ending.txt"),
    include_str!("../../testdata/concluded-with-survey.txt"),
    include_str!("../../testdata/not-found.txt"),
    include_str!("../../testdata/starting.txt"),
    include_str!("../../testdata/not-started.txt"),
    include_str!("../../testdata/unexpected-status.txt"),
];

/// The snapshot of a state; empty if there is nothing to store.
fn written(state: &State) -> String {
    let mut cache = SnapshotCache::default();
    cache.update(state);
    cache.line().unwrap_or_default()
}

#[test]
fn snapshots_of_earlier_versions_are_read_and_written_as_before() {
    for record in RECORDS {
        let (_, snapshot) = record.split_once('\n').unwrap();
        let state = read(NOW, snapshot).unwrap();
        // Earlier versions wrote no name for these two failures, which are in `not-started.txt` and
        // `unexpected-status.txt`. They wrote no time for a conversation that had ended.
        let new_member = match state.stage {
            Stage::Failed(Failure::NotStarted(ResultType::FailOutOfHours)) => {
                r#""name":"notStarted","#.to_owned()
            }
            Stage::Failed(Failure::UnexpectedStatus(418)) => {
                r#""name":"unexpectedStatus","#.to_owned()
            }
            Stage::Concluded(_) => format!("\"at\":{},", NOW.wall),
            _ => String::new(),
        };
        assert_eq!(written(&state).replace(&new_member, ""), snapshot);
    }
}

#[test]
fn the_entries_of_a_snapshot_of_an_earlier_version_are_read() {
    // The snapshot in `live.txt`.
    let (_, snapshot) = RECORDS[0].split_once('\n').unwrap();
    let state = read(NOW, snapshot).unwrap();
    let notice = |notice| Content::Notice(notice);
    let visitor = |text: &str, delivery| Content::Visitor {
        text: text.into(),
        delivery,
    };
    let agent = |client_id, name: &str, body: &str, rich| Content::Agent {
        client_id: ClientId(client_id),
        name: name.into(),
        body: body.into(),
        rich,
    };
    let file = SharedFile {
        from: "Ana".into(),
        name: "my plan&.pdf".into(),
        bytes: Some(2_048),
        url: Some(
            "https://help.example/ci/oit/getTempFile?contentType=application%2Fpdf\
             &createdTime=1539692940000&fileSize=2048&localFileName=php%2Fx7\
             &userFileName=my%20plan%26.pdf"
                .into(),
        ),
    };
    let expected = [
        notice(Notice::Joined("Ana".into())),
        notice(Notice::ConfereeJoined("Carl".into())),
        agent(35, "Ana", "hi", false),
        agent(36, "Carl", "<b>rich</b>", true),
        notice(Notice::File(Rc::new(file))),
        notice(Notice::Server {
            text: "not allowed".into(),
            rich: false,
        }),
        notice(Notice::LeadChanged("Carl".into())),
        notice(Notice::Left(
            "Ana".into(),
            DisconnectReason::ParticipantLeft,
        )),
        visitor("first", Delivery::Accepted),
        visitor("second", Delivery::Failed(PostFailure::Refused)),
        visitor("third", Delivery::Sending),
        visitor("fourth", Delivery::Queued),
    ];
    let entries = state.transcript.entries().iter();
    assert!(entries.map(|entry| &entry.content).eq(&expected));
}

/// The text of a long transcript takes time to write, so it is not written again without a change. The text keeps its
/// address in memory if it was not written again.
#[test]
fn an_unchanged_state_makes_no_new_snapshot() {
    let (_, snapshot) = RECORDS[0].split_once('\n').unwrap();
    let state = read(NOW, snapshot).unwrap();
    let mut cache = SnapshotCache::default();
    assert!(cache.update(&state));
    let address = |cache: &SnapshotCache| cache.head().map(str::as_ptr);
    let address_before = address(&cache);
    assert!(!cache.update(&state));
    assert_eq!(address(&cache), address_before);
}

// The functions from here to `state` generate random values for the property tests at the end of the file.

fn text() -> impl Strategy<Value = Rc<str>> {
    // The engine cleans names and bounds texts when it reads them. A clean name is also a bounded text.
    ".{0,12}".prop_map(|text| clean_name(&text).into())
}

fn reason() -> impl Strategy<Value = DisconnectReason> {
    prop_oneof![
        select(DisconnectReason::ALL),
        Just(DisconnectReason::Unknown("NEW".to_owned())),
    ]
}

fn file() -> impl Strategy<Value = SharedFile> {
    let url = "https://[a-z]{1,8}\\.example/[a-z]{0,8}".prop_map(Rc::from);
    (text(), text(), of(any::<u64>()), of(url)).prop_map(|(from, name, bytes, url)| SharedFile {
        from,
        name,
        bytes,
        url,
    })
}

fn notice() -> impl Strategy<Value = Notice> {
    prop_oneof![
        text().prop_map(Notice::Joined),
        text().prop_map(Notice::ConfereeJoined),
        (text(), reason()).prop_map(|(name, reason)| Notice::Left(name, reason)),
        text().prop_map(Notice::LeadChanged),
        Just(Notice::Requeued),
        Just(Notice::Unreadable),
        file().prop_map(|file| Notice::File(Rc::new(file))),
        (text(), any::<bool>()).prop_map(|(text, rich)| Notice::Server { text, rich }),
        reason().prop_map(Notice::Concluded),
    ]
}

fn delivery() -> impl Strategy<Value = Delivery> {
    select(vec![
        Delivery::Queued,
        Delivery::Sending,
        Delivery::Accepted,
        Delivery::Unknown,
        Delivery::Failed(PostFailure::LeadLeft),
        Delivery::Failed(PostFailure::TakenForAbuse),
        Delivery::Failed(PostFailure::Refused),
        Delivery::Failed(PostFailure::ConversationEnded),
    ])
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        (text(), delivery()).prop_map(|(text, delivery)| Content::Visitor { text, delivery }),
        (any::<i64>(), text(), text(), any::<bool>()).prop_map(|(client, name, body, rich)| {
            Content::Agent {
                client_id: ClientId(client),
                name,
                body,
                rich,
            }
        }),
        notice().prop_map(Content::Notice),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let sequence = of(any::<i64>().prop_map(SequenceNumber));
    (any::<u64>(), any::<i64>(), sequence, content()).prop_map(|(id, at, sequence, content)| {
        Entry {
            id: EntryId(id),
            at,
            sequence,
            content,
        }
    })
}

fn failure() -> impl Strategy<Value = Failure> {
    let named = select(vec![
        Failure::NoSession(SessionRefused::NotConfigured),
        Failure::NoSession(SessionRefused::Unavailable),
        Failure::NoAddress,
        Failure::BadRequest,
        Failure::TokenRefused,
        Failure::NotFound,
        Failure::TimedOut,
        Failure::Dequeued,
        Failure::ServerError,
        Failure::Unreachable,
        Failure::SessionLost,
        Failure::Interrupted,
    ]);
    prop_oneof![
        named,
        select(&UnexpectedBody::ALL).prop_map(Failure::UnexpectedBody),
        select(&UnexpectedBody::ALL)
            .prop_map(|body| Failure::NoSession(SessionRefused::Unreadable(body))),
        any::<u16>().prop_map(Failure::UnexpectedStatus),
        select(ResultType::ALL).prop_map(Failure::NotStarted),
    ]
}

fn conclusion() -> impl Strategy<Value = Conclusion> {
    let link = "https://[a-z]{1,8}\\.example/[a-z]{0,8}".prop_map(SurveyLink::from_stored);
    (any::<i64>(), reason(), of(text()), link, any::<bool>()).prop_map(
        |(engagement, reason, agent, survey, survey_by_mail)| Conclusion {
            engagement_id: EngagementId(engagement),
            at: 1_800_000_000_000,
            reason,
            agent,
            survey,
            survey_by_mail,
        },
    )
}

fn wait() -> impl Strategy<Value = Wait> {
    let number = || of(any::<u32>());
    (number(), number(), number()).prop_map(|(position, expected_seconds, average_seconds)| Wait {
        position,
        expected_seconds,
        average_seconds,
    })
}

fn agent() -> impl Strategy<Value = Agent> {
    (
        any::<i64>(),
        of(any::<i64>().prop_map(AccountId)),
        text(),
        select(Role::ALL),
        select(ActivityMode::ALL),
        select(ConnectionState::ALL),
        any::<bool>(),
    )
        .prop_map(
            |(client, account_id, name, role, activity, connection, is_virtual)| Agent {
                client_id: ClientId(client),
                account_id,
                name,
                role,
                activity,
                connection,
                is_virtual,
            },
        )
}

fn session() -> impl Strategy<Value = SessionEndpoint> {
    (
        "[a-z:/.]{1,20}",
        "[a-z]{1,8}",
        of("[a-z]{1,8}"),
        "[a-z]{1,8}",
    )
        .prop_map(|(origin, site, pool, id)| SessionEndpoint {
            endpoint: Endpoint { origin, site, pool },
            session_id: Secret::new(id),
        })
}

fn participants() -> impl Strategy<Value = Participants> {
    let attendance = prop_oneof![
        wait().prop_map(Attendance::Queued),
        wait().prop_map(Attendance::Requeued),
        vec(agent(), 0..4).prop_map(Attendance::Chatting),
    ];
    let names = btree_map(any::<i64>().prop_map(ClientId), text(), 0..4);
    (attendance, names, of(text())).prop_map(|(attendance, names, lead)| {
        Participants::restored(attendance, names.into_iter().collect(), lead)
    })
}

fn live() -> impl Strategy<Value = Live> {
    let survey = || {
        of((any::<i64>(), "[a-z]{1,8}").prop_map(|(id, auth)| Survey {
            id: SurveyId(id),
            auth,
        }))
    };
    // A snapshot stores at most 64 numbers. Fewer numbers are generated here, so that none becomes part of the floor.
    let numbers = vec((0..1_000_i64).prop_map(SequenceNumber), 0..9);
    let connection = select(vec![
        Connection::Asking,
        Connection::Connected,
        Connection::Lost,
    ]);
    (
        session(),
        any::<i64>(),
        of(any::<i64>().prop_map(ClientId)),
        (survey(), survey(), survey()),
        participants(),
        (of(any::<i64>().prop_map(SequenceNumber)), numbers),
        connection,
    )
        .prop_map(
            |(session, engagement, client_id, surveys, participants, seen, connection)| Live {
                session,
                engagement_id: EngagementId(engagement),
                client_id,
                surveys: Surveys {
                    completed: surveys.0,
                    cancelled: surveys.1,
                    delayed: surveys.2,
                },
                participants,
                seen: SeenNumbers::restored(seen.0, seen.1, vec![7, 8]),
                is_gap_noted: false,
                passed_over: Vec::new(),
                poll: Poll::restored(NOW, connection),
                typing: Typing::resumed(NOW),
            },
        )
}

fn stage() -> impl Strategy<Value = Stage> {
    prop_oneof![
        // `Starting` and `Abandoning` are left out: they contain open requests, which a snapshot does not store.
        // A stage cannot be cloned, so `Just(Stage::Idle)` is not possible.
        Just(()).prop_map(|()| Stage::Idle),
        Just(()).prop_map(|()| Stage::StartingElsewhere),
        live().prop_map(|live| Stage::Live(Box::new(live))),
        conclusion().prop_map(Stage::Concluded),
        failure().prop_map(Stage::Failed),
    ]
}

fn state() -> impl Strategy<Value = State> {
    let preview = (select(SneakPreviewState::ALL), any::<bool>(), any::<bool>());
    (stage(), vec(entry(), 0..6), preview, of(session())).prop_map(
        |(stage, entries, (preview_state, is_allowed, out_of_focus), session_to_conclude)| {
            let mut sneak_preview = SneakPreview::default();
            sneak_preview.set_allowed(is_allowed);
            // The server's settings of the sneak preview (text that the agent sees before it is sent) belong to one
            // engagement. They are stored only while that engagement runs.
            if matches!(stage, Stage::Live(_)) {
                // The interval may be any value above the lower limit of 250 ms.
                sneak_preview.refresh(Some(preview_state), Some(2_000), Some(!out_of_focus));
            }
            State {
                stage,
                // The next entry gets at least the id 3, and the engagement begins at the id 1. Both are arbitrary.
                transcript: Transcript::restored(entries.into_iter(), 3, 1, Some(2)),
                sneak_preview,
                conclude_request: session_to_conclude
                    .map(|session| ConcludeRequest::new(NOW, session)),
            }
        },
    )
}

fn assert_round_trip<T: WireValue + PartialEq + Debug>(value: &T) {
    assert_eq!(T::read(&value.write()).as_ref(), Some(value));
}

proptest! {
    #[test]
    fn entries_survive_a_reload(entry in entry()) {
        assert_round_trip(&entry);
    }

    #[test]
    fn failures_survive_a_reload(failure in failure()) {
        assert_round_trip(&failure);
    }

    #[test]
    fn conclusions_survive_a_reload(conclusion in conclusion()) {
        assert_round_trip(&conclusion);
    }

    #[test]
    fn agents_and_waits_survive_a_reload(agent in agent(), wait in wait()) {
        assert_round_trip(&agent);
        assert_round_trip(&wait);
    }

    #[test]
    fn states_survive_a_reload(state in state()) {
        let text = written(&state);
        if let Some(state_read) = read(NOW, &text) {
            assert_eq!(written(&state_read), text);
            assert_eq!(state_read.view(), state.view());
        } else {
            // There was nothing to store.
            assert_eq!(text, "");
        }
    }
}
