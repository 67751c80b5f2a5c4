//! Tests of the two formats of a tab: records (what a tab stores for its own reload) and messages (between the tabs
//! of a site). What is read equals what was written, records of earlier versions can still be read, and damaged
//! records and messages cause no panic. The other tests concern the draft, which is stored separately from the
//! record.

use pipit_wire::{EngagementId, Secret, WireValue};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::acked::AckedCommands;
use super::claim::ClaimMessage;
use super::forwarded::{ForwardedCommand, ObservedPhase};
use super::id::TabId;
use super::marker::ForgetMarker;
use super::message::{Message, ReplyTo, SharedSnapshot, Statement};
use super::record::TabRecord;
use super::revision::Revision;
use super::{PageId, Tab, TabEffect, TabInput, TabMode};
use crate::snapshot::Freshness;
use crate::{Command, Content, Delivery, EntryId, FormAnswers, Moment, Options, Phase};

const NOW: Moment = Moment {
    monotonic: 1_000,
    wall: 1_800_000_000_000,
};

/// A tab that was loaded with this record. The number 2 is the seed, here and below; its value does not matter.
fn tab_with(record: &str) -> Tab {
    Tab::new(
        Options::default(),
        2,
        TabMode::Shared,
        PageId(3),
        NOW,
        Some(record),
        None,
    )
}

#[test]
fn the_draft_in_a_record_of_an_earlier_version_is_stored_separately_before_the_record() {
    let mut tab = tab_with(include_str!("../../testdata/idle-with-draft.txt"));
    assert_eq!(&*tab.view().draft, "half a \"line\"");
    assert!(tab.view().is_open);
    tab.handle(NOW, TabInput::Join);
    let effects: Vec<TabEffect> = std::iter::from_fn(|| tab.next_effect()).collect();
    let is_draft =
        |it: &TabEffect| matches!(it, TabEffect::SaveDraft(text) if &**text == "half a \"line\"");
    let is_record = |it: &TabEffect| matches!(it, TabEffect::Save(Some(_)));
    let draft_at = effects.iter().position(is_draft);
    assert!(draft_at.is_some(), "{effects:?}");
    assert!(draft_at < effects.iter().position(is_record), "{effects:?}");
}

#[test]
fn a_separately_stored_draft_takes_precedence_over_the_draft_in_an_old_record() {
    let record = include_str!("../../testdata/idle-with-draft.txt");
    let mode = TabMode::Shared;
    let tab = Tab::new(
        Options::default(),
        2,
        mode,
        PageId(3),
        NOW,
        Some(record),
        Some("newer"),
    );
    assert_eq!(&*tab.view().draft, "newer");
}

#[test]
fn the_open_commands_in_a_record_of_an_earlier_version_are_shown() {
    // This record has a chat, and three open commands: send "asked", forbid the sneak preview, discard an entry.
    let tab = tab_with(include_str!("../../testdata/following.txt"));
    let shown = tab.view().conversation;
    assert!(matches!(shown.phase, Phase::Chatting(_)));
    assert!(!shown.sneak_preview.is_allowed());
    let last_content = shown.transcript.last().map(|entry| entry.content.clone());
    let message = Content::Visitor {
        text: "asked".into(),
        delivery: Delivery::Queued,
    };
    assert_eq!(last_content, Some(message));
}

#[test]
fn a_key_press_stores_the_draft_and_nothing_else() {
    // This record has a running chat. A tab that works alone leads at once, so its engine can act.
    let record = include_str!("../../testdata/live.txt");
    let mode = TabMode::Alone;
    let mut tab = Tab::new(
        Options::default(),
        2,
        mode,
        PageId(3),
        NOW,
        Some(record),
        None,
    );
    tab.handle(NOW, TabInput::Join);
    while tab.next_effect().is_some() {}
    tab.handle(NOW, TabInput::Draft("a".to_owned()));
    let effects = std::iter::from_fn(|| tab.next_effect());
    let stored = effects.filter(|it| matches!(it, TabEffect::Save(_) | TabEffect::SaveDraft(_)));
    assert_eq!(
        stored.collect::<Vec<_>>(),
        [TabEffect::SaveDraft("a".into())]
    );
}

// The functions from here to `record` generate random values for the property tests at the end of the file.

fn command() -> impl Strategy<Value = Command> {
    let text = || ".{0,12}";
    prop_oneof![
        text().prop_map(|text| Command::Start(FormAnswers::from_json(text))),
        text().prop_map(Command::Send),
        text().prop_map(Command::Typed),
        any::<u64>().prop_map(|id| Command::SendAgain(EntryId(id))),
        any::<u64>().prop_map(|id| Command::Discard(EntryId(id))),
        any::<bool>().prop_map(Command::AllowSneakPreview),
        Just(Command::End),
    ]
}

fn observed() -> impl Strategy<Value = ObservedPhase> {
    prop_oneof![
        Just(ObservedPhase::Idle),
        Just(ObservedPhase::Starting),
        any::<i64>().prop_map(|id| ObservedPhase::Engagement(EngagementId(id))),
    ]
}

fn forwarded() -> impl Strategy<Value = ForwardedCommand> {
    let numbers = (any::<i64>(), any::<i64>(), any::<i64>());
    (numbers, observed(), command()).prop_map(|((tab, number, at), observed, command)| {
        ForwardedCommand {
            tab: TabId(tab),
            number,
            at,
            observed,
            command,
        }
    })
}

fn acked() -> impl Strategy<Value = AckedCommands> {
    vec((any::<i64>(), any::<i64>()), 0..4).prop_map(|numbers| {
        let mut acked = AckedCommands::default();
        for (tab, number) in numbers {
            acked.insert(TabId(tab), number);
        }
        acked
    })
}

fn revision() -> impl Strategy<Value = Revision> {
    (any::<i64>(), any::<bool>(), any::<i64>()).prop_map(|(leader, has_conversation, wall)| {
        let now = Moment { monotonic: 0, wall };
        Revision::default().next(TabId(leader), has_conversation, now)
    })
}

fn shared() -> impl Strategy<Value = SharedSnapshot> {
    let freshness = prop_oneof![Just(Freshness::Latest), Just(Freshness::MayBeOutdated)];
    // Printable ASCII: a snapshot contains no line break.
    let snapshot = of("[ -~]{0,20}".prop_map(Secret::new));
    (revision(), acked(), freshness, snapshot).prop_map(|(revision, acked, freshness, snapshot)| {
        SharedSnapshot {
            revision,
            acked,
            freshness,
            snapshot,
        }
    })
}

fn statement() -> impl Strategy<Value = Statement> {
    let to = prop_oneof![
        Just(ReplyTo::Nobody),
        Just(ReplyTo::Everyone),
        any::<i64>().prop_map(|tab| ReplyTo::Tab(TabId(tab))),
    ];
    (any::<i64>(), to, of(any::<u64>()), shared()).prop_map(|(from, to, reached_for_ms, shared)| {
        Statement {
            from: TabId(from),
            to,
            reached_for_ms,
            shared,
        }
    })
}

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        (any::<i64>(), of(shared())).prop_map(|(from, shared)| Message::Hello {
            from: TabId(from),
            shared,
        }),
        statement().prop_map(Message::Statement),
        of(any::<u64>()).prop_map(|reached_for_ms| Message::Heartbeat { reached_for_ms }),
        vec(forwarded(), 0..4).prop_map(Message::Commands),
        (any::<i64>(), any::<i64>(), 0..4).prop_map(|(from, since, kind)| {
            let from = TabId(from);
            Message::Claim(match kind {
                0 => ClaimMessage::Ask { from },
                1 => ClaimMessage::Hold { from, since },
                2 => ClaimMessage::MayBeHeld { from, since },
                _ => ClaimMessage::Release { from },
            })
        }),
    ]
}

fn record() -> impl Strategy<Value = TabRecord> {
    let flags = (any::<bool>(), any::<bool>());
    let claim = (of(any::<i64>()), of(any::<i64>()));
    (flags, vec(forwarded(), 0..4), revision(), acked(), claim).prop_map(
        |((is_open, was_alone), commands, revision, acked, (group, page))| TabRecord {
            is_open,
            commands,
            revision,
            acked,
            was_alone,
            group: group.map(TabId),
            page: page.map(PageId),
            claimed_at: Some(7),
            marker: ForgetMarker(8),
            draft: None,
        },
    )
}

proptest! {
    #[test]
    fn messages_arrive_as_they_were_sent_in_their_group_only(
        message in message(), group in of(any::<i64>()), other in of(any::<i64>()), marker in 0..3_i64
    ) {
        let (group, other) = (group.map(TabId), other.map(TabId));
        let marker = ForgetMarker(marker);
        let text = message.to_text(group, marker);
        if other != group {
            prop_assert_eq!(Message::from_text(text.reveal(), other), None);
        }
        prop_assert_eq!(Message::from_text(text.reveal(), group), Some((message, marker)));
    }

    #[test]
    fn forwarded_commands_survive_a_reload(forwarded in forwarded()) {
        prop_assert_eq!(ForwardedCommand::read(&forwarded.write()), Some(forwarded));
    }

    #[test]
    fn records_survive_a_reload(record in record()) {
        prop_assert_eq!(TabRecord::read(&record.write()), Some(record));
    }

    #[test]
    fn damaged_messages_and_records_cause_no_panic(
        text in ".{0,80}", position in 0_usize..2_000, inserted in "\\PC{0,4}"
    ) {
        let _ = Message::from_text(&text, None);
        let record = include_str!("../../testdata/following.txt");
        let mut chars: Vec<char> = record.chars().collect();
        // Replaces up to three characters of the record by `inserted`.
        let start = position.min(chars.len());
        let end = (start + 3).min(chars.len());
        chars.splice(start..end, inserted.chars());
        let changed: String = chars.into_iter().collect();
        let _ = Message::from_text(&changed, None);
        let mut tab = tab_with(&changed);
        tab.handle(NOW, TabInput::Join);
        tab.handle(NOW, TabInput::LockGranted);
        let _ = tab.view();
    }
}
