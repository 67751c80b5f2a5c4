//! Tests of *sneak previews*: text that the agent sees while the visitor is still typing it.

use pipit_wire::agent::{AgentMessage, ChatActivitySignal};
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::SneakPreviewState;

use crate::test_server::{TestAgent, TestServer};

fn signals(server: &mut TestServer, agent: &TestAgent) -> Vec<ChatActivitySignal> {
    let batch = server.fetch_agent(agent);
    let signals = batch.into_iter().filter_map(|message| match message {
        AgentMessage::ChatActivitySignal(it) => Some(*it),
        _ => None,
    });
    signals.collect()
}

fn previews(server: &mut TestServer, agent: &TestAgent) -> Vec<Option<String>> {
    let signals = signals(server, agent);
    let texts = signals.into_iter().map(|it| it.sneak_preview);
    // A signal without a preview has an empty text.
    texts
        .map(|text| text.filter(|text| !text.is_empty()))
        .collect()
}

fn violations(server: &TestServer) -> u64 {
    server.switchboard.state().preview_violations
}

#[test]
fn a_preview_reaches_the_agent_only_when_previews_are_enabled() {
    for state in SneakPreviewState::ALL {
        let is_enabled = *state == SneakPreviewState::Enabled;
        let mut server = TestServer::with(|config| config.sneak_preview_state = state.clone());
        let (visitor, agent) = server.conversation();
        server.advance(2_000);
        let answer = server.type_text(&visitor, Some("My kett"));
        assert_eq!(answer.sneak_preview_state.as_ref(), Some(state));
        let expected = is_enabled.then(|| "My kett".to_owned());
        assert_eq!(previews(&mut server, &agent), [expected]);
        assert_eq!(violations(&server), u64::from(!is_enabled));
    }
}

#[test]
fn the_agent_learns_that_the_visitor_types_even_if_previews_are_not_available() {
    let mut server =
        TestServer::with(|config| config.sneak_preview_state = SneakPreviewState::SiteUnavailable);
    let (visitor, agent) = server.conversation();
    server.type_text(&visitor, None);
    let signals = signals(&mut server, &agent);
    assert_eq!(
        signals[0].sneak_preview_state,
        Some(SneakPreviewState::SiteUnavailable)
    );
    assert_eq!(signals[0].client_id, Some(visitor.client));
    assert_eq!(violations(&server), 0);
}

#[test]
fn previews_faster_than_the_interval_are_dropped_and_count_as_violations() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.type_text(&visitor, Some("a"));
    server.advance(2_699);
    server.type_text(&visitor, Some("ab"));
    server.advance(1);
    server.type_text(&visitor, Some("abc"));
    let expected = [Some("a".to_owned()), None, Some("abc".to_owned())];
    assert_eq!(previews(&mut server, &agent), expected);
    assert_eq!(violations(&server), 1);
}

#[test]
fn previews_out_of_focus_are_dropped_and_count_as_violations_after_the_consumer_has_learnt_it() {
    let mut server = TestServer::new();
    let (visitor, agent) = server.conversation();
    server.set_focus(&agent, &visitor, false);
    server.advance(5_000);
    server.type_text(&visitor, Some("a"));
    assert_eq!(
        violations(&server),
        0,
        "the consumer had not fetched the change of focus"
    );

    let batch = server.fetch(&visitor);
    let [SystemMessage::ActivityChanged(received)] = batch.as_slice() else {
        panic!("one ActivityChanged, not {batch:?}");
    };
    assert_eq!(received.sneak_preview_focus, Some(false));
    assert_eq!(received.sneak_preview_interval, Some(3_000));
    server.type_text(&visitor, Some("on its way"));
    assert_eq!(
        violations(&server),
        0,
        "the client may have sent it before it learnt of the change"
    );
    server.advance(1_000);
    server.type_text(&visitor, Some("ab"));
    assert_eq!(violations(&server), 1);
    assert_eq!(previews(&mut server, &agent), [None, None, None]);

    server.set_focus(&agent, &visitor, true);
    server.fetch(&visitor);
    server.type_text(&visitor, Some("abc"));
    assert_eq!(previews(&mut server, &agent), [Some("abc".to_owned())]);
}
