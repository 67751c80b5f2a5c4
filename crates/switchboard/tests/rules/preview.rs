use pipit_wire::agent::{AgentMessage, ChatActivitySignal};
use pipit_wire::consumer::SystemMessage;
use pipit_wire::vocabulary::SneakPreviewState;

use crate::floor::{Clerk, Floor};

fn signals(floor: &mut Floor, clerk: &Clerk) -> Vec<ChatActivitySignal> {
    let batch = floor.fetch_agent(clerk);
    let signals = batch.into_iter().filter_map(|message| match message {
        AgentMessage::ChatActivitySignal(it) => Some(*it),
        _ => None,
    });
    signals.collect()
}

fn previews(floor: &mut Floor, clerk: &Clerk) -> Vec<Option<String>> {
    let signals = signals(floor, clerk);
    signals.into_iter().map(|it| it.sneak_preview).collect()
}

fn violations(floor: &Floor) -> u64 {
    floor.board.state().preview_violations
}

#[test]
fn typed_text_reaches_the_agent_only_when_enabled() {
    for state in SneakPreviewState::ALL {
        let enabled = *state == SneakPreviewState::Enabled;
        let mut floor = Floor::with(|config| config.sneak_preview_state = state.clone());
        let (visitor, clerk) = floor.conversation();
        floor.pass(2_000);
        let answer = floor.type_text(&visitor, Some("My kett"));
        assert_eq!(answer.sneak_preview_state.as_ref(), Some(state));
        let expected = enabled.then(|| "My kett".to_owned());
        assert_eq!(previews(&mut floor, &clerk), [expected]);
        assert_eq!(violations(&floor), u64::from(!enabled));
    }
}

#[test]
fn typing_without_text_is_told_whatever_the_state() {
    let mut floor =
        Floor::with(|config| config.sneak_preview_state = SneakPreviewState::SiteUnavailable);
    let (visitor, clerk) = floor.conversation();
    floor.type_text(&visitor, None);
    let signals = signals(&mut floor, &clerk);
    assert_eq!(
        signals[0].sneak_preview_state,
        Some(SneakPreviewState::SiteUnavailable)
    );
    assert_eq!(signals[0].client_id, Some(visitor.client));
    assert_eq!(violations(&floor), 0);
}

#[test]
fn text_that_comes_faster_than_the_interval_is_dropped_and_counted() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.type_text(&visitor, Some("a"));
    floor.pass(2_699);
    floor.type_text(&visitor, Some("ab"));
    floor.pass(1);
    floor.type_text(&visitor, Some("abc"));
    let expected = [Some("a".to_owned()), None, Some("abc".to_owned())];
    assert_eq!(previews(&mut floor, &clerk), expected);
    assert_eq!(violations(&floor), 1);
}

#[test]
fn out_of_focus_text_is_dropped_and_counted_once_the_consumer_knows() {
    let mut floor = Floor::new();
    let (visitor, clerk) = floor.conversation();
    floor.focus(&clerk, &visitor, false);
    floor.pass(5_000);
    floor.type_text(&visitor, Some("a"));
    assert_eq!(violations(&floor), 0, "the consumer had not fetched it");

    let batch = floor.fetch(&visitor);
    let [SystemMessage::ActivityChanged(told)] = batch.as_slice() else {
        panic!("what the agent does, not {batch:?}");
    };
    assert_eq!(told.sneak_preview_focus, Some(false));
    assert_eq!(told.sneak_preview_interval, Some(3_000));
    floor.type_text(&visitor, Some("on its way"));
    assert_eq!(violations(&floor), 0, "it may have been on its way");
    floor.pass(1_000);
    floor.type_text(&visitor, Some("ab"));
    assert_eq!(violations(&floor), 1);
    assert_eq!(previews(&mut floor, &clerk), [None, None, None]);

    floor.focus(&clerk, &visitor, true);
    floor.fetch(&visitor);
    floor.type_text(&visitor, Some("abc"));
    assert_eq!(previews(&mut floor, &clerk), [Some("abc".to_owned())]);
}
