//! The events that the WASM sends to the web page. Neither engine nor view emits events: [`diff`] derives them by
//! comparing the state before and after each change. Only [`PageEvent::ChatResumed`] is created elsewhere, in
//! `src/js_api/event_emitter.rs`. The TypeScript adds further events, such as `ready`.
//!
//! To add an event, add a line to `page_events!` below, let [`diff`] create the event, and add it to `npm/contract.ts`.

use std::rc::Rc;

use pipit_engine::{Agent, Content, Conversation, Delivery, Entries, Entry, Phase, Wait};

use crate::app::event_payload::{
    AgentMessage, ChatEnd, ConnectionStatus, EventPayload as _, FailedMessage, LeadAgent,
    MessageText, NoPayload, UnreadCount, failure_code,
};
use crate::js_object::JsObject;
use crate::page_error::FailureCode;

macro_rules! page_events {
    ($($(#[$doc:meta])* $event:ident($payload:ty) = $name:literal,)*) => {
        /// An event for the web page, with its payload.
        #[derive(Clone, Debug, PartialEq)]
        pub(crate) enum PageEvent { $($(#[$doc])* $event($payload),)* }

        impl PageEvent {
            /// The event's name in JavaScript.
            pub(crate) fn name(&self) -> &'static str {
                match self { $(Self::$event(_) => $name,)* }
            }

            /// The payload as the web page receives it.
            pub(crate) fn to_object(&self) -> JsObject {
                match self { $(Self::$event(payload) => payload.to_object(),)* }
            }
        }
    };
}

// One event a line: its variant, its payload, its name in JavaScript.
page_events! {
    /// The panel was opened.
    WidgetOpened(NoPayload) = "widget:opened",
    /// The panel was closed.
    WidgetClosed(NoPayload) = "widget:closed",
    /// A conversation was requested by the visitor or the web page; the server has not created it yet.
    ChatRequested(NoPayload) = "chat:requested",
    /// The visitor is in the queue and waits for the first agent.
    ChatQueued(Wait) = "chat:queued",
    /// The position in the queue or the expected wait has changed.
    QueueChanged(Wait) = "queue:changed",
    /// An agent has accepted the conversation, and the chat begins.
    ChatStarted(LeadAgent) = "chat:started",
    /// After a reload, or in a further browser tab, this page continues a conversation that began earlier.
    ChatResumed(NoPayload) = "chat:resumed",
    /// The conversation was returned to the queue, where the visitor waits for another agent.
    ChatTransferred(Wait) = "chat:transferred",
    /// The conversation is over.
    ChatEnded(ChatEnd) = "chat:ended",
    /// An agent joined: the first agent of the conversation, a further agent, or an agent after a wait in the queue.
    AgentJoined(Agent) = "agent:joined",
    /// An agent left while the visitor stays in the chat. When the conversation ends or returns to the queue, this
    /// event is not sent for its agents.
    AgentLeft(Agent) = "agent:left",
    /// An agent's activity has changed, for example from listening to writing.
    AgentActivity(Agent) = "agent:activity",
    /// The visitor has sent a message; the server may not have it yet.
    MessageSending(MessageText) = "message:sending",
    /// The server has accepted a message of the visitor.
    MessageSent(MessageText) = "message:sent",
    /// A message of an agent arrived.
    MessageReceived(AgentMessage) = "message:received",
    /// A message of the visitor did not arrive.
    MessageFailed(FailedMessage) = "message:failed",
    /// It is not known whether a message of the visitor arrived.
    MessageUnknown(MessageText) = "message:unknown",
    /// The number of unread messages has changed. Agents' files count too.
    UnreadChanged(UnreadCount) = "unread:changed",
    /// The state of the connection to the server has changed while a conversation runs: not known, connected, or lost.
    ConnectionChanged(ConnectionStatus) = "connection:changed",
    /// The conversation did not start or was lost.
    Error(FailureCode) = "error",
}

/// The state whose changes become events.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ObservedState {
    pub(crate) conversation: Rc<Conversation>,
    /// Whether the panel was opened and not closed again.
    pub(crate) is_open: bool,
    /// The number of agents' messages and files that the visitor has not seen.
    pub(crate) unread: u32,
}

/// The events between two states, in the order in which the web page receives them: an agent joins before the agent's
/// first message, and a conversation ends after its last message.
pub(crate) fn diff(before: &ObservedState, after: &ObservedState) -> Vec<PageEvent> {
    let mut events = Vec::new();
    let (old, new) = (&before.conversation, &after.conversation);
    if before.is_open != after.is_open {
        events.push(if after.is_open {
            PageEvent::WidgetOpened(NoPayload)
        } else {
            PageEvent::WidgetClosed(NoPayload)
        });
    }
    // The end of a conversation follows its last message; every other change of the phase comes before the messages.
    let is_over = matches!(new.phase, Phase::Concluded(_) | Phase::Failed(_));
    if !is_over {
        diff_phase(&old.phase, &new.phase, &mut events);
    }
    diff_entries(&old.transcript, &new.transcript, &mut events);
    if is_over {
        diff_phase(&old.phase, &new.phase, &mut events);
    }
    if before.unread != after.unread {
        events.push(PageEvent::UnreadChanged(UnreadCount(after.unread)));
    }
    if old.connection != new.connection && new.phase.is_live() {
        events.push(PageEvent::ConnectionChanged(ConnectionStatus::of(new)));
    }
    events
}

/// Adds the events of new messages, and of the visitor's messages whose delivery has changed. Notices cause no event.
fn diff_entries(before: &Entries, after: &Entries, events: &mut Vec<PageEvent>) {
    for entry in after.differences(before).1 {
        match (
            before.entry(entry.id).map(|old| &old.content),
            &entry.content,
        ) {
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
            (Some(Content::Visitor { delivery: old, .. }), Content::Visitor { text, delivery })
                if old != delivery =>
            {
                events.extend(delivery_event(entry, text, *delivery));
            }
            _ => {}
        }
    }
}

/// The event for the new delivery state of a visitor's message; `None` while the message is on its way.
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

/// Adds the events that follow from a change of the phase.
fn diff_phase(before: &Phase, after: &Phase, events: &mut Vec<PageEvent>) {
    if before == after {
        return;
    }
    let was_waiting = matches!(before, Phase::Queued(_) | Phase::Requeued(_));
    match after {
        Phase::Idle => {}
        Phase::Starting => events.push(PageEvent::ChatRequested(NoPayload)),
        Phase::Queued(wait) | Phase::Requeued(wait) if was_waiting => {
            events.push(PageEvent::QueueChanged(*wait));
        }
        Phase::Queued(wait) => events.push(PageEvent::ChatQueued(*wait)),
        Phase::Requeued(wait) => events.push(PageEvent::ChatTransferred(*wait)),
        Phase::Chatting(agents) => {
            let old_agents = match before {
                Phase::Chatting(old_agents) => old_agents.as_slice(),
                _ => &[],
            };
            // A chat that was returned to the queue has already started, so only the events of its agents follow.
            if !matches!(before, Phase::Chatting(_) | Phase::Requeued(_)) {
                let lead = LeadAgent(agents.first().cloned());
                events.push(PageEvent::ChatStarted(lead));
            }
            diff_agents(old_agents, agents, events);
        }
        Phase::Concluded(conclusion) => events.push(PageEvent::ChatEnded(ChatEnd {
            reason: conclusion.reason.clone(),
            engagement_id: conclusion.engagement_id,
        })),
        Phase::Failed(failure) => events.push(PageEvent::Error(failure_code(failure))),
    }
}

/// Adds the events about agents who joined, left or changed their activity.
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
