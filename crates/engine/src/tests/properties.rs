//! Property tests with random inputs in random order. In `prop_oneof!`, the number before `=>` is the weight of a case.
//! After each input the [`Bench`] itself checks the *contract* of the engine: at most one request of each operation is
//! open; after the end, only `concludeEngagement` is sent; only open requests are aborted; the next tick that
//! the engine asks for is in the future.

use pipit_wire::consumer::Operation::{GetMessages, RequestEngagement};
use pipit_wire::session::Session;
use proptest::prelude::*;
use serde_json::json;

use super::Bench;
use super::body::{
    ANA, ECHO, ENGAGEMENT, SESSION, activity_changed, answered, concluded, engagement, posted,
};
use crate::{Command, EntryId, FormAnswers, Input, Outcome, Phase, RequestId, SessionRefused};

/// One step of a test.
#[derive(Clone, Debug)]
enum Step {
    Command(Command),
    /// Answers the most recent request for a session.
    Session(Result<Session, SessionRefused>),
    /// Answers one of the open requests as a healthy server does. A poll is answered with this batch of messages.
    Serve(prop::sample::Index, String),
    /// Ends one of the open requests with this outcome.
    Answer(prop::sample::Index, Outcome),
    /// Hands the engine the outcome of a request that does not exist, or is not open any more.
    Stray(u64, Outcome),
    /// Lets this many ms pass, with a tick at each time for which the engine asks.
    Wait(u64),
    /// Lets this many ms pass with only one tick at the end, as in a page that was suspended.
    Sleep(u64),
}

fn command() -> impl Strategy<Value = Command> {
    let entry = || (0_u64..12).prop_map(EntryId);
    prop_oneof![
        3 => Just(Command::Start(FormAnswers::default())),
        4 => "[a-c ]{0,2}".prop_map(Command::Send),
        4 => "[a-c]{0,3}".prop_map(Command::Typed),
        2 => entry().prop_map(Command::SendAgain),
        1 => entry().prop_map(Command::Discard),
        1 => any::<bool>().prop_map(Command::AllowSneakPreview),
        1 => Just(Command::End),
    ]
}

/// A message of the server. The visitor's client id is 34, and the agent Ana's is 35. Sequence numbers, message ids
/// and intervals are random, so they may repeat, decrease or be out of range.
fn message() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(ANA.to_owned()),
        4 => (any::<i64>(), "[a-c]{1,2}").prop_map(|(sequence, body)| posted(sequence, &body)),
        2 => ("[a-c]{1,2}", 0_u8..12).prop_map(|(body, id)| json!({"clientId": 34, "body": body,
            "messageName": "RNEngagementMessagePostedMessage", "messageId": id.to_string()}).to_string()),
        2 => (any::<i64>(), any::<bool>()).prop_map(|(interval, focus)| activity_changed(&json!({
            "mode": "RESPONDING", "clientId": 35, "sneakPreviewState": "ENABLED",
            "sneakPreviewInterval": interval, "sneakPreviewFocus": focus}))),
        2 => prop::sample::select(&["LEAD", "CONFEREE", "NEW"][..]).prop_map(|role| json!({
            "messageName": "RNEngagementRoleChangedMessage", "clientId": 35, "role": role}).to_string()),
        1 => prop::sample::select(&["TRANSFERRED_TO_QUEUE", "PARTICIPANT_LEFT"][..]).prop_map(|why| json!({
            "messageName": "RNEngagementParticipantLeftMessage", "clientId": 35,
            "disconnectReason": why}).to_string()),
        1 => (any::<i64>(), "[a-z:@./]{0,6}").prop_map(|(port, domain)| json!({"port": port,
            "messageName": "RNEngagementConfigurationChangedMessage", "domain": domain}).to_string()),
        1 => (any::<i64>(), any::<i64>()).prop_map(|(position, wait)| json!({"position": position,
            "messageName": "RNEngagementWaitInformationChangedMessage",
            "expectedWaitTimeSeconds": wait}).to_string()),
        1 => Just(concluded("AGENT_CONCLUDED")),
    ]
}

fn batch() -> impl Strategy<Value = String> {
    prop::collection::vec(message(), 0..4)
        .prop_map(|messages| format!(r#"{{"systemMessages":[{}]}}"#, messages.join(",")))
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let body = prop_oneof![
        2 => any::<i64>().prop_map(|it| engagement(&json!({"sneakPreviewInterval": it}))),
        2 => batch(),
        1 => ".{0,20}",
        1 => r#"[\[\]{}:,"a0]{0,12}"#,
    ];
    let status = prop_oneof![
        4 => Just(200),
        4 => prop::sample::select(&[400_u16, 403, 404, 408, 409, 413, 429, 500, 503][..]),
        1 => any::<u16>(),
    ];
    let retry_after = prop::option::weighted(0.2, any::<u64>());
    prop_oneof![
        4 => (status, retry_after, body).prop_map(|(status, retry_after, body)| {
            Outcome::Answered { status, retry_after, body }
        }),
        1 => Just(Outcome::Lost),
        1 => Just(Outcome::NotSent),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => command().prop_map(Step::Command),
        4 => Just(Step::Session(Ok(Session::from_json(SESSION).unwrap()))),
        1 => Just(Step::Session(Err(SessionRefused::Unavailable))),
        12 => (any::<prop::sample::Index>(), batch()).prop_map(|(at, it)| Step::Serve(at, it)),
        3 => (any::<prop::sample::Index>(), outcome()).prop_map(|(at, it)| Step::Answer(at, it)),
        1 => (0_u64..30, outcome()).prop_map(|(id, it)| Step::Stray(id, it)),
        4 => (0_u64..5_000).prop_map(Step::Wait),
        1 => (0_u64..200_000).prop_map(Step::Wait),
        1 => (0_u64..10_000_000).prop_map(Step::Sleep),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 0..80)
}

/// Performs one step. A step that is not possible now is replaced by a tick.
fn perform(bench: &mut Bench, step: Step) {
    match step {
        Step::Command(command) => bench.command(command),
        Step::Session(result) => bench.answer_session(result),
        Step::Serve(at, batch) if !bench.open.is_empty() => {
            let body = match bench.open[at.index(bench.open.len())].operation {
                RequestEngagement => ENGAGEMENT,
                GetMessages => &batch,
                _ => ECHO,
            };
            answer(bench, at, answered(200, body));
        }
        Step::Answer(at, outcome) if !bench.open.is_empty() => answer(bench, at, outcome),
        Step::Stray(id, outcome) if bench.open.iter().all(|it| it.id.0 != id) => {
            let request = RequestId(id);
            bench.handle(Input::Answer { request, outcome });
        }
        // No request is open, or the request of the stray outcome is open after all.
        Step::Serve(..) | Step::Answer(..) | Step::Stray(..) => bench.handle(Input::Tick),
        Step::Wait(millis) => bench.wait(millis),
        Step::Sleep(millis) => {
            bench.now += millis;
            bench.handle(Input::Tick);
        }
    }
}

/// Ends the open request that `at` selects with this outcome.
fn answer(bench: &mut Bench, at: prop::sample::Index, outcome: Outcome) {
    let request = bench.open.remove(at.index(bench.open.len())).id;
    bench.handle(Input::Answer { request, outcome });
}

/// An engine with a chat, or one without a conversation.
fn new_bench(in_chat: bool) -> Bench {
    if in_chat {
        Bench::chatting()
    } else {
        Bench::new()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn the_contract_holds_for_any_inputs(in_chat: bool, steps in steps()) {
        let mut bench = new_bench(in_chat);
        // A chat that already runs has been started once. Without a chat, this counts one start too many, which does no
        // harm.
        let mut starts = 1;
        for step in steps {
            starts += usize::from(matches!(step, Step::Command(Command::Start(_) | Command::Send(_))));
            perform(&mut bench, step);
            prop_assert!(bench.open_count(GetMessages) <= 1);
            // Each start may ask for a second token if the server has refused the first token.
            prop_assert!(bench.send_times(RequestEngagement).len() <= 2 * starts);
            prop_assert!(bench.session_requests.len() <= 2 * starts);
        }
    }

    #[test]
    fn after_any_inputs_a_conversation_polls_or_everything_comes_to_rest(in_chat: bool, steps in steps()) {
        let mut bench = new_bench(in_chat);
        for step in steps {
            perform(&mut bench, step);
        }
        if bench.phase().is_live() {
            let before = bench.send_times(GetMessages).len();
            // Longer than any pause between two polls.
            bench.wait(300_000);
            // Without answers, the engine may find during this time that the session is lost.
            let has_polled = bench.send_times(GetMessages).len() > before;
            prop_assert!(has_polled || !bench.phase().is_live());
        } else if !matches!(bench.phase(), Phase::Starting) {
            // Longer than the deadlines and the pauses of all requests that may still be open or repeated.
            bench.wait(1_000_000);
            prop_assert_eq!(bench.engine.wake_at(), None, "nothing is left to wait for");
            prop_assert!(bench.open.is_empty());
        }
    }

    #[test]
    fn the_same_inputs_and_seed_give_the_same_effects(steps in steps(), seed: u64) {
        let run = || {
            let mut bench = Bench::seeded(crate::Options::default(), seed);
            for step in steps.clone() {
                perform(&mut bench, step);
            }
            (bench.sent, bench.warnings, bench.aborted, bench.engine.conversation().clone())
        };
        prop_assert_eq!(run(), run());
    }
}
