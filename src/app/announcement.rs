//! What a screen reader says about a conversation: [`diff`] derives the announcements by comparing the conversation before
//! and after each change. `view/during/announcer.rs` words and speaks them.

use std::rc::Rc;

use pipit_engine::{
    Agent, Conclusion, Connection, Content, Conversation, Delivery, Entry, Failure, Notice, Phase,
    Wait,
};

use crate::locale::{self, TextKey};

/// Something that a screen reader says once.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Announcement {
    /// The place in the queue and the expected wait.
    Wait(Wait),
    /// A message of an agent, or a notice.
    Entry(Rc<Entry>),
    /// The delivery of a message of the visitor: a problem.
    Delivery(Delivery),
    /// What an agent is doing.
    Agent { name: Rc<str>, status: TextKey },
    /// The conversation did not start or was lost.
    Failed(Failure),
    /// The conversation has ended, and there may be a survey.
    Survey(Box<Conclusion>),
    /// Any other sentence.
    Sentence(TextKey),
}

/// The announcements between two states of a conversation, in the order of the conversation.
pub(crate) fn diff(before: &Conversation, after: &Conversation) -> Vec<Announcement> {
    let mut announcements = Vec::new();
    if is_joined_late(before, after) {
        return announcements;
    }
    let preview_before = locale::sneak_preview_key(&before.sneak_preview);
    let preview_after = locale::sneak_preview_key(&after.sneak_preview);
    let mut must_say_preview = matches!(after.phase, Phase::Chatting(_))
        && if matches!(before.phase, Phase::Chatting(_)) {
            preview_before != preview_after
        } else {
            preview_after != TextKey::PreviewNone
        };
    let mut add_preview = |announcements: &mut Vec<Announcement>| {
        if std::mem::take(&mut must_say_preview) {
            announcements.push(Announcement::Sentence(preview_after));
        }
    };
    if let Phase::Queued(wait) | Phase::Requeued(wait) = &after.phase
        && before.phase != after.phase
    {
        announcements.push(Announcement::Wait(*wait));
    }
    for entry in after
        .transcript
        .after(before.transcript.newest_id())
        .into_iter()
        .filter(|entry| !matches!(entry.content, Content::Visitor { .. }))
    {
        announcements.push(Announcement::Entry(entry.clone()));
        if let Content::Notice(Notice::Joined(_)) = entry.content {
            add_preview(&mut announcements);
        }
    }
    add_preview(&mut announcements);
    diff_deliveries(before, after, &mut announcements);
    diff_agent(&before.phase, &after.phase, &mut announcements);
    if before.phase.is_live() && after.phase.is_live() {
        match (before.connection, after.connection) {
            (before, Connection::Lost) if before != Connection::Lost => {
                announcements.push(Announcement::Sentence(TextKey::Reconnecting));
            }
            _ => {}
        }
    }
    if before.phase != after.phase {
        match &after.phase {
            Phase::Concluded(conclusion) => {
                announcements.push(Announcement::Survey(Box::new(conclusion.clone())));
            }
            Phase::Failed(failure) => announcements.push(Announcement::Failed(failure.clone())),
            _ => {}
        }
    }
    announcements
}

/// Whether this tab has joined a conversation that already ran, in another tab or before a reload. What was said before is
/// not announced.
fn is_joined_late(before: &Conversation, after: &Conversation) -> bool {
    before.phase == Phase::Idle && !matches!(after.phase, Phase::Idle | Phase::Starting)
}

/// Adds the problems of the visitor's messages.
fn diff_deliveries(
    before: &Conversation,
    after: &Conversation,
    announcements: &mut Vec<Announcement>,
) {
    for entry in after.transcript.differences(&before.transcript).1 {
        let Content::Visitor { delivery, .. } = entry.content else {
            continue;
        };
        let is_problem = matches!(delivery, Delivery::Unknown | Delivery::Failed(_));
        let earlier = before.transcript.entry(entry.id);
        let is_new = earlier.is_none_or(|earlier| earlier.content != entry.content);
        if is_problem && is_new {
            announcements.push(Announcement::Delivery(delivery));
        }
    }
}

/// Adds what the lead does now: that the agent writes, is away, has lost the connection, or is back.
fn diff_agent(before: &Phase, after: &Phase, announcements: &mut Vec<Announcement>) {
    let Some(agent) = lead(after) else {
        return;
    };
    let earlier = lead(before).filter(|earlier| earlier.client_id == agent.client_id);
    let status = locale::activity_key(agent);
    let status_before = earlier.map_or(TextKey::AgentHere, locale::activity_key);
    let is_absent = |status| matches!(status, TextKey::AgentAway | TextKey::AgentDisconnected);
    let is_worth_saying = is_absent(status)
        || status == TextKey::AgentWriting
        || is_absent(status_before) && status == TextKey::AgentHere;
    if status != status_before && is_worth_saying {
        announcements.push(Announcement::Agent {
            name: agent.name.clone(),
            status,
        });
    }
}

/// The agent who is responsible for the conversation.
fn lead(phase: &Phase) -> Option<&Agent> {
    match phase {
        Phase::Chatting(agents) => agents.first(),
        _ => None,
    }
}
