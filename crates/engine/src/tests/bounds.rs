//! Tests of texts from outside: each of them is bounded and cleaned, wherever it enters the engine. The limits themselves
//! are tested in `pipit-untrusted-text`.

use pipit_untrusted_text::{MAX_ADDRESS_BYTES, MAX_CHARS, MAX_FILE_NAME_CHARS, MAX_NAME_CHARS};
use pipit_wire::consumer::Operation::{GetMessages, PostMessage, RequestEngagement};
use serde_json::{Value, json};

use super::Bench;
use super::body::{agent_joined, concluded, engagement, posted};
use crate::{Command, Content, Delivery, Failure, FormAnswers, Notice, Options, Phase};

/// A text of a million characters with everything that must not be kept: controls, marks and line ends.
fn hostile() -> String {
    "\u{202e}a\0\r\nZ".repeat(1_000) + &"\u{301}".repeat(64_000) + &"b".repeat(1_000_000)
}

/// The texts of an entry, each with the maximum number of its characters.
fn texts_of(content: &Content) -> Vec<(&str, usize)> {
    match content {
        Content::Agent { name, body, .. } => vec![(name, MAX_NAME_CHARS), (body, MAX_CHARS + 1)],
        Content::Notice(Notice::Server { text, .. }) => vec![(text, MAX_CHARS + 1)],
        Content::Notice(Notice::File(file)) => {
            vec![
                (&file.from, MAX_NAME_CHARS),
                (&file.name, MAX_FILE_NAME_CHARS),
            ]
        }
        Content::Notice(
            Notice::Joined(name)
            | Notice::ConfereeJoined(name)
            | Notice::Left(name, _)
            | Notice::LeadChanged(name),
        ) => vec![(name, MAX_NAME_CHARS)],
        Content::Visitor { .. } | Content::Notice(_) => Vec::new(),
    }
}

/// Checks every text of the conversation that comes from outside. Returns how many there are.
fn check_texts(bench: &Bench) -> usize {
    let mut texts: Vec<(&str, usize)> = bench.contents().flat_map(texts_of).collect();
    match bench.phase() {
        Phase::Chatting(agents) => {
            texts.extend(agents.iter().map(|agent| (&*agent.name, MAX_NAME_CHARS)));
        }
        Phase::Concluded(conclusion) => texts.extend(
            conclusion
                .agent
                .as_deref()
                .map(|name| (name, MAX_NAME_CHARS)),
        ),
        _ => {}
    }
    for (text, max_chars) in &texts {
        assert!(
            text.chars().count() <= *max_chars,
            "{} characters",
            text.chars().count()
        );
        let is_forbidden = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(is_forbidden));
        assert!(!text.contains(&"\u{301}".repeat(30)));
    }
    texts.len()
}

#[test]
fn every_text_of_the_server_is_bounded() {
    let mut bench = Bench::queued();
    let joined = |members: Value| agent_joined(&members);
    bench.receive(&[&joined(json!({"name": hostile(), "greeting": hostile()}))]);
    bench.receive(&[
        &posted(3, &hostile()),
        &json!({"messageName": "RNEngagementMessagePostedMessage", "body": hostile(), "richText": true,
            "clientId": 35, "sequenceNumber": 4})
        .to_string(),
        &json!({"messageName": "RNEngagementMessagePostedMessage", "body": hostile(), "clientId": 99,
            "sequenceNumber": 5})
        .to_string(),
        &json!({"messageName": "RNEngagementConsumerErrorOccurredMessage", "text": hostile(), "sequenceNumber": 6})
            .to_string(),
        &json!({"messageName": "RNEngagementFileAttachmentMessage", "clientId": 35, "userFileName": hostile(),
            "localFileName": hostile(), "contentType": "a/b", "fileSize": 1, "sequenceNumber": 7})
        .to_string(),
        &joined(json!({"name": hostile(), "clientId": 36, "clientIdString": "36", "role": "CONFEREE",
            "sequenceNumber": 8, "sequenceNumberString": "8"})),
        &json!({"messageName": "RNEngagementRoleChangedMessage", "leadClientId": 36, "sequenceNumber": 9}).to_string(),
        &json!({"messageName": "RNEngagementParticipantLeftMessage", "clientId": 35, "sequenceNumber": 10}).to_string(),
    ]);
    assert_eq!(check_texts(&bench), 15);
    assert!(matches!(bench.notices().last(), Some(Notice::Left(..))));

    // What is stored is bounded, and stays the same after a reload.
    assert!(bench.stored.as_ref().unwrap().len() < 600_000);
    bench.reload();
    check_texts(&bench);
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    assert!(check_texts(&bench) > 0);
    assert!(bench.conclusion().agent.is_some());
}

#[test]
fn every_stored_text_is_bounded_when_it_is_read() {
    let mut bench = Bench::chatting();
    bench.receive(&[&posted(3, "a text")]);
    let stored = bench.stored.clone().unwrap();
    let hostile = serde_json::to_string(&hostile()).unwrap();
    bench.stored = Some(
        stored
            .replace("\"a text\"", &hostile)
            .replace("\"Ana\"", &hostile),
    );
    bench.reload();
    assert!(check_texts(&bench) >= 4);
    assert!(
        bench.agent_texts()[0].len() > 60_000,
        "the stored text is read"
    );

    let mut bench = Bench::chatting();
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    let stored = bench.stored.clone().unwrap();
    bench.stored = Some(stored.replace("\"Ana\"", &hostile));
    bench.reload();
    assert!(matches!(bench.phase(), Phase::Concluded(_)));
    assert!(check_texts(&bench) >= 2);
}

#[test]
fn the_visitors_own_message_is_sent_and_kept_exactly() {
    let mut bench = Bench::chatting();
    bench.send("a\u{202e}\r\n\u{301}");
    assert_eq!(bench.bodies(PostMessage)[0]["body"], "a\u{202e}\r\n\u{301}");
    assert_eq!(bench.visitor_messages()[0].0, "a\u{202e}\r\n\u{301}");
}

#[test]
fn old_entries_are_not_stored_if_all_together_are_too_large() {
    let mut bench = Bench::chatting();
    bench.send("the first, which nobody has confirmed");
    for sequence in 3..103 {
        bench.receive(&[&posted(sequence, &"x".repeat(50_000))]);
    }
    assert_eq!(bench.agent_texts().len(), 100, "the page still shows them");
    let stored = bench.stored.clone().unwrap();
    assert!(
        (400_000..510_000).contains(&stored.len()),
        "{} bytes",
        stored.len()
    );
    bench.reload();
    assert_eq!(bench.agent_texts().len(), 9);
    assert_eq!(
        bench.visitor_messages(),
        [("the first, which nobody has confirmed", Delivery::Unknown)]
    );
}

#[test]
fn a_server_cannot_add_agents_without_end() {
    let mut bench = Bench::chatting();
    for client_id in 100..1_100 {
        bench.receive(&[&agent_joined(
            &json!({"name": "Eve", "role": "CONFEREE", "clientId": client_id,
            "clientIdString": client_id.to_string(), "sequenceNumber": client_id,
            "sequenceNumberString": client_id.to_string()}),
        )]);
    }
    assert_eq!(bench.agents().len(), 100);
    assert_eq!(&*bench.agents()[0].name, "Ana");
}

#[test]
fn values_of_addresses_and_headers_that_are_too_long_are_not_used() {
    let long = "x".repeat(MAX_ADDRESS_BYTES + 1);
    let mut bench = Bench::new();
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    let answer = engagement(&json!({"completedSurveyAuth": long}));
    bench.answer(RequestEngagement, 200, &answer);
    let mut bench = bench.with_ana();
    bench.receive(&[
        &json!({"messageName": "RNEngagementConfigurationChangedMessage", "pool": long, "sequenceNumber": 3}).to_string(),
    ]);
    assert!(!bench.last_url(GetMessages).contains("xxx"));
    bench.receive(&[&concluded("AGENT_CONCLUDED")]);
    assert_eq!(bench.conclusion().survey, None);

    let mut bench = Bench::with(Options::default());
    bench.command(Command::Start(FormAnswers::default()));
    bench.supply_session();
    let answer = engagement(&json!({"sessionId": "s".repeat(10_000)}));
    bench.answer(RequestEngagement, 200, &answer);
    assert!(matches!(bench.failure(), Failure::UnexpectedBody(_)));
}
