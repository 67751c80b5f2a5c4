//! The events that the page receives, and how they follow from two states of the conversation.
//!
//! Neither engine nor view knows of events: [`diff`] compares what the visitor could know before and after. To add an
//! event, add a line to the list below, have [`diff`] make it, and add it to `npm/contract.ts`.

use std::rc::Rc;

use pipit_engine::{Agent, Content, Conversation, Delivery, Entry, Phase, Wait};

use crate::app::event_payload::{
    AgentMessage, ChatEnd, ConnectionStatus, EventPayload as _, FailedMessage, FirstAgent,
    MessageText, Nothing, UnreadCount, failure_code,
};
use crate::js_object::JsObject;
use crate::page_error::FailureCode;

macro_rules! page_events {
    ($($(#[$doc:meta])* $event:ident($payload:ty) = $name:literal,)*) => {
        /// Something that the page may want to know, with its payload.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum PageEvent { $($(#[$doc])* $event($payload),)* }

        impl PageEvent {
            /// The event's name.
            pub(crate) fn name(&self) -> &'static str {
                match self { $(Self::$event(_) => $name,)* }
            }

            /// The payload as the page receives it.
            pub(crate) fn to_object(&self) -> JsObject {
                match self { $(Self::$event(payload) => payload.to_object(),)* }
            }
        }
    };
}

// One event a line: its variant, its payload, its name in JavaScript.
page_events! {
    /// The panel was opened.
    WidgetOpened(Nothing) = "widget:opened",
    /// The panel was closed.
    WidgetClosed(Nothing) = "widget:closed",
    /// A conversation was requested.
    ChatRequested(Nothing) = "chat:requested",
    /// The visitor waits for an agent.
    ChatQueued(Wait) = "chat:queued",
    /// The wait has changed.
    QueueChanged(Wait) = "queue:changed",
    /// An agent is there.
    ChatStarted(FirstAgent) = "chat:started",
    /// This page continues a conversation that another page began.
    ChatResumed(Nothing) = "chat:resumed",
    /// The visitor waits for another agent.
    ChatTransferred(Wait) = "chat:transferred",
    /// The conversation is over.
    ChatEnded(ChatEnd) = "chat:ended",
    /// An agent joined.
    AgentJoined(Agent) = "agent:joined",
    /// An agent left.
    AgentLeft(Agent) = "agent:left",
    /// An agent writes, looks something up or listens, or no longer does.
    AgentActivity(Agent) = "agent:activity",
    /// The visitor sends a message.
    MessageSending(MessageText) = "message:sending",
    /// The server has a message of the visitor.
    MessageSent(MessageText) = "message:sent",
    /// An agent's message arrived.
    MessageReceived(AgentMessage) = "message:received",
    /// A message of the visitor did not arrive.
    MessageFailed(FailedMessage) = "message:failed",
    /// It is not known whether a message of the visitor arrived.
    MessageUnknown(MessageText) = "message:unknown",
    /// Another number of messages is unread.
    UnreadChanged(UnreadCount) = "unread:changed",
    /// The server is reached, or no longer reached.
    ConnectionChanged(ConnectionStatus) = "connection:changed",
    /// The conversation did not start or was lost.
    Error(FailureCode) = "error",
}

/// What events are derived from.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ObservedState {
    pub(crate) conversation: Rc<Conversation>,
    pub(crate) is_open: bool,
    /// How many messages the visitor has not seen.
    pub(crate) unread: u32,
}

/// The events between two states, in the order in which the page receives them: an agent joins before the agent's first
/// message, and a conversation ends after its last one.
pub(crate) fn diff(before: &ObservedState, after: &ObservedState) -> Vec<PageEvent> {
    let mut events = Vec::new();
    let (was, is) = (&before.conversation, &after.conversation);
    if before.is_open != after.is_open {
        events.push(if after.is_open {
            PageEvent::WidgetOpened(Nothing)
        } else {
            PageEvent::WidgetClosed(Nothing)
        });
    }
    let is_over = matches!(is.phase, Phase::Concluded(_) | Phase::Failed(_));
    if !is_over {
        diff_phase(&was.phase, &is.phase, &mut events);
    }
    diff_entries(&was.transcript, &is.transcript, &mut events);
    if is_over {
        diff_phase(&was.phase, &is.phase, &mut events);
    }
    if before.unread != after.unread {
        events.push(PageEvent::UnreadChanged(UnreadCount(after.unread)));
    }
    if was.connection != is.connection && is.phase.is_live() {
        events.push(PageEvent::ConnectionChanged(ConnectionStatus::of(is)));
    }
    events
}

fn diff_entries(before: &[Rc<Entry>], after: &[Rc<Entry>], events: &mut Vec<PageEvent>) {
    for (index, entry) in after.iter().enumerate() {
        if before.get(index).is_some_and(|old| Rc::ptr_eq(old, entry)) {
            continue;
        }
        let old = before.iter().rev().find(|old| old.id == entry.id);
        match (old.map(|old| &old.content), &entry.content) {
            (
                None,
                Content::Agent {
                    body, name, rich, ..
                },
            ) => events.push(PageEvent::MessageReceived(AgentMessage {
                message: MessageText::of(entry, body),
                name: name.clone(),
                is_html: *rich,
            })),
            (None, Content::Visitor { text, delivery }) => {
                events.push(PageEvent::MessageSending(MessageText::of(entry, text)));
                events.extend(delivery_event(entry, text, *delivery));
            }
            (Some(Content::Visitor { delivery: was, .. }), Content::Visitor { text, delivery })
                if was != delivery =>
            {
                events.extend(delivery_event(entry, text, *delivery));
            }
            _ => {}
        }
    }
}

fn delivery_event(entry: &Entry, text: &Rc<str>, delivery: Delivery) -> Option<PageEvent> {
    let message = MessageText::of(entry, text);
    match delivery {
        Delivery::Queued | Delivery::Sending => None,
        Delivery::Accepted => Some(PageEvent::MessageSent(message)),
        Delivery::Unknown => Some(PageEvent::MessageUnknown(message)),
        Delivery::Failed(reason) => {
            Some(PageEvent::MessageFailed(FailedMessage { message, reason }))
        }
    }
}

fn diff_phase(before: &Phase, after: &Phase, events: &mut Vec<PageEvent>) {
    if before == after {
        return;
    }
    let was_waiting = matches!(before, Phase::Queued(_) | Phase::Requeued(_));
    match after {
        Phase::Idle => {}
        Phase::Starting => events.push(PageEvent::ChatRequested(Nothing)),
        Phase::Queued(wait) | Phase::Requeued(wait) if was_waiting => {
            events.push(PageEvent::QueueChanged(*wait));
        }
        Phase::Queued(wait) => events.push(PageEvent::ChatQueued(*wait)),
        Phase::Requeued(wait) => events.push(PageEvent::ChatTransferred(*wait)),
        Phase::Chatting(agents) => {
            let known = match before {
                Phase::Chatting(known) => known.as_slice(),
                _ => &[],
            };
            if !matches!(before, Phase::Chatting(_) | Phase::Requeued(_)) {
                let first = FirstAgent(agents.first().cloned());
                events.push(PageEvent::ChatStarted(first));
            }
            diff_agents(known, agents, events);
        }
        Phase::Concluded(conclusion) => events.push(PageEvent::ChatEnded(ChatEnd {
            reason: conclusion.reason.clone(),
            engagement_id: conclusion.engagement_id,
        })),
        Phase::Failed(failure) => events.push(PageEvent::Error(failure_code(failure))),
    }
}

fn diff_agents(before: &[Agent], after: &[Agent], events: &mut Vec<PageEvent>) {
    fn find<'a>(agents: &'a [Agent], wanted: &Agent) -> Option<&'a Agent> {
        agents
            .iter()
            .find(|agent| agent.client_id == wanted.client_id)
    }
    for agent in before.iter().filter(|agent| find(after, agent).is_none()) {
        events.push(PageEvent::AgentLeft(agent.clone()));
    }
    for agent in after {
        match find(before, agent) {
            None => events.push(PageEvent::AgentJoined(agent.clone())),
            Some(old) if old.activity != agent.activity => {
                events.push(PageEvent::AgentActivity(agent.clone()));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
