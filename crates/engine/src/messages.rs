//! Applies the server's messages to a running engagement (a chat at the server). `engine` calls
//! [`Live::take_messages`] for each answer to a poll (a request for new messages); `sequence` keeps
//! the messages in order and without duplicates.

use std::rc::Rc;

use pipit_wire::consumer::{
    ActivityChanged, Concluded, MessagePosted, ParticipantAdded, ParticipantLeft, Stamp,
    SystemMessage,
};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, Fields, ServiceTime, Value, WireValue as _};

use crate::effect::Warning;
use crate::file::SharedFile;
use crate::input::Moment;
use crate::options::Options;
use crate::outbox::confirm_echo;
use crate::outgoing::Outgoing;
use crate::preview::SneakPreview;
use crate::sequence::in_order;
use crate::state::Live;
use crate::transcript::{Content, EntryStamp, Notice, Transcript};

/// What the messages of one answer mean for the engagement.
#[derive(Debug)]
#[must_use]
pub(crate) struct BatchOutcome {
    /// Whether at least one message had not been taken before.
    pub(crate) has_new_messages: bool,
    /// Why the engagement has ended. The messages after its conclusion were ignored. `None` if the
    /// engagement continues.
    pub(crate) concluded: Option<DisconnectReason>,
}

/// The parts of the engine that messages use or change, besides the engagement itself.
pub(crate) struct MessageContext<'a> {
    pub(crate) options: &'a Options,
    pub(crate) transcript: &'a mut Transcript,
    pub(crate) sneak_preview: &'a mut SneakPreview,
    pub(crate) outgoing: &'a mut Outgoing,
}

impl Live {
    /// Takes the messages of one answer.
    pub(crate) fn take_messages(
        &mut self,
        now: Moment,
        messages: Vec<SystemMessage>,
        context: &mut MessageContext<'_>,
    ) -> BatchOutcome {
        let mut outcome = BatchOutcome {
            has_new_messages: false,
            concluded: None,
        };
        for (server_stamp, message) in in_order(messages) {
            let number = server_stamp.sequence_number;
            // Numbers are missing before this message, so an answer of the server was lost.
            if let Some(gap) = number.and_then(|number| self.seen.gap_before(number)) {
                context.outgoing.warn(gap);
            }
            // A message without a number counts as new, because nothing shows that it was taken before. If it cannot be
            // read either, it does not: a server that repeats it at once would be polled without a pause.
            if number.is_none_or(|number| self.seen.insert(number)) {
                let is_unreadable = matches!(message, SystemMessage::Unreadable(_));
                outcome.has_new_messages |= number.is_some() || !is_unreadable;
                let stamp = entry_stamp(now, &server_stamp);
                outcome.concluded = self.take_message(stamp, message, context);
            }
            if outcome.concluded.is_some() {
                break;
            }
        }
        outcome
    }

    /// Takes one message. If the message ends the engagement, returns why; otherwise returns `None`.
    fn take_message(
        &mut self,
        stamp: EntryStamp,
        message: SystemMessage,
        context: &mut MessageContext<'_>,
    ) -> Option<DisconnectReason> {
        let transcript = &mut *context.transcript;
        match message {
            SystemMessage::WaitInformationChanged(wait) => self.participants.update_wait(&wait),
            SystemMessage::ParticipantAdded(added) => self.add_agent(stamp, added, transcript),
            SystemMessage::ParticipantLeft(left) => self.remove_agent(stamp, left, transcript),
            SystemMessage::RoleChanged(changed) => {
                if let Some(name) = self.participants.update_roles(&changed) {
                    transcript.add_notice(stamp, Notice::LeadChanged(name));
                }
            }
            SystemMessage::ParticipantConnectionStateChanged(changed) => {
                if let Some(agent) = self.participants.agent(changed.client_id) {
                    agent.connection = changed.connection_state.unwrap_or(ConnectionState::Active);
                }
            }
            SystemMessage::ActivityChanged(changed) => {
                self.update_activity(changed, context.sneak_preview);
            }
            SystemMessage::MessagePosted(posted) => {
                // The transcript already has the visitor's own messages. The server's copy of a message of the visitor
                // shows only that the message has arrived.
                if self.is_visitor(posted.client_id) {
                    confirm_echo(&posted, transcript);
                } else {
                    self.add_agent_message(stamp, posted, transcript);
                }
            }
            SystemMessage::FileAttachment(file) => {
                let from = self
                    .participants
                    .name_of(file.client_id)
                    .unwrap_or_default();
                // The options of surveys contain the address of the site from which files are downloaded, too.
                let file = SharedFile::new(from, file, &context.options.survey);
                transcript.add_notice(stamp, Notice::File(Rc::new(file)));
            }
            SystemMessage::ConsumerErrorOccurred(error) => {
                if let Some(text) = error.text.filter(|text| !text.is_empty()) {
                    let (text, rich) = (text.into(), false);
                    transcript.add_notice(stamp, Notice::Server { text, rich });
                }
            }
            SystemMessage::ConfigurationChanged(change) => {
                let allowed_hosts = &context.options.allowed_hosts;
                if let Err(warning) = self.session.endpoint.migrate(&change, allowed_hosts) {
                    context.outgoing.warn(warning);
                }
            }
            SystemMessage::Unreadable(value) => self.add_unreadable(stamp, &value, context),
            SystemMessage::Concluded(concluded) => {
                return self.take_conclusion(stamp, concluded, transcript);
            }
            // The visitor sees nothing of these messages.
            SystemMessage::FileAttachmentStatus(_)
            | SystemMessage::MediaInvitation(_)
            | SystemMessage::MediaStatus(_)
            | SystemMessage::MediaToken(_)
            | SystemMessage::Unknown(_) => {}
        }
        None
    }

    /// Whether this is the client id of the visitor. False if the message has no client id.
    fn is_visitor(&self, client_id: Option<ClientId>) -> bool {
        client_id.is_some() && client_id == self.client_id
    }

    /// Adds an agent, with a notice and, if the message has one, a greeting. A message without a role is about the lead
    /// (the agent who is responsible for the engagement). A message about the visitor, about a monitor (who only
    /// watches) or with the role NONE changes nothing.
    fn add_agent(
        &mut self,
        stamp: EntryStamp,
        added: ParticipantAdded,
        transcript: &mut Transcript,
    ) {
        let role = added.role.clone().unwrap_or(Role::Lead);
        if matches!(role, Role::EndUser | Role::Monitor | Role::None)
            || self.is_visitor(added.client_id)
        {
            return;
        }
        if !self.participants.has_agent() {
            self.typing.first_agent_joined();
        }
        // Without a client id, the agent gets the id 0, so that the visitor still sees that somebody has joined.
        let client_id = added.client_id.unwrap_or_default();
        let name = self.participants.add(client_id, role.clone(), &added);
        let notice = match role {
            Role::Lead => Notice::Joined(name.clone()),
            _ => Notice::ConfereeJoined(name.clone()),
        };
        transcript.add_notice(stamp, notice);
        if let Some(greeting) = added.greeting.filter(|text| !text.trim().is_empty()) {
            let content = Content::Agent {
                client_id,
                name,
                body: greeting.into(),
                rich: false,
            };
            transcript.add(stamp, content);
        }
    }

    /// If the reason is a transfer to a queue, puts the visitor back into the queue. Otherwise removes the agent and
    /// adds a notice; does nothing if the message is about somebody who does not take part as an agent.
    fn remove_agent(
        &mut self,
        stamp: EntryStamp,
        left: ParticipantLeft,
        transcript: &mut Transcript,
    ) {
        let reason = left.disconnect_reason.unwrap_or(DisconnectReason::None);
        if reason == DisconnectReason::TransferredToQueue {
            self.requeue(stamp, transcript);
        } else if let Some(client_id) = left.client_id
            && self.participants.remove(client_id)
        {
            // The participants keep the names of agents who have left.
            let name = self
                .participants
                .name_of(left.client_id)
                .unwrap_or_default();
            transcript.add_notice(stamp, Notice::Left(name, reason));
        }
    }

    /// Puts the visitor back into the queue, with a notice. Does nothing if an earlier message has
    /// already reported this transfer.
    fn requeue(&mut self, stamp: EntryStamp, transcript: &mut Transcript) {
        if self.participants.requeue() {
            transcript.add_notice(stamp, Notice::Requeued);
        }
    }

    /// Takes the activity of an agent, and new settings of the sneak preview (whether the agent may see a text
    /// before the visitor sends it).
    fn update_activity(&mut self, changed: ActivityChanged, sneak_preview: &mut SneakPreview) {
        sneak_preview.refresh(
            changed.sneak_preview_state,
            changed.sneak_preview_interval,
            changed.sneak_preview_focus,
        );
        if let Some(mode) = changed.mode
            && let Some(agent) = self.participants.agent(changed.client_id)
        {
            agent.activity = mode;
        }
    }

    /// Adds a message of an agent. If its author never joined as an agent, adds a notice with the text of the message.
    fn add_agent_message(
        &mut self,
        stamp: EntryStamp,
        posted: MessagePosted,
        transcript: &mut Transcript,
    ) {
        let body: Rc<str> = posted.body.into();
        let rich = posted.rich_text.unwrap_or(false);
        let name = self.participants.name_of(posted.client_id);
        let Some((client_id, name)) = posted.client_id.zip(name) else {
            transcript.add_notice(stamp, Notice::Server { text: body, rich });
            return;
        };
        if let Some(agent) = self.participants.agent(Some(client_id)) {
            // The agent is no longer typing, because the message has been sent.
            agent.activity = ActivityMode::Listening;
        }
        let content = Content::Agent {
            client_id,
            name,
            body,
            rich,
        };
        transcript.add(stamp, content);
    }

    /// Adds a notice that a message could not be read. Adds none if the message was the server's copy of a message of the
    /// visitor. Adds none if the previous entry is such a notice and one of the two has no number: one broken message can
    /// look like two, and a server may repeat it without end.
    fn add_unreadable(&self, stamp: EntryStamp, message: &Value, context: &mut MessageContext<'_>) {
        let number = stamp.sequence.map(|number| number.0);
        context.outgoing.warn(Warning::MessageUnreadable { number });
        let mut fields = Fields::read(message).unwrap_or_default();
        let is_repetition = context.transcript.entries().last().is_some_and(|entry| {
            entry.content == Content::Notice(Notice::Unreadable)
                && (entry.sequence.is_none() || stamp.sequence.is_none())
        });
        if !self.is_visitor(fields.take("clientId")) && !is_repetition {
            context.transcript.add_notice(stamp, Notice::Unreadable);
        }
    }

    /// Adds a notice of the conclusion and returns its reason. A transfer to a queue is not an end: the
    /// visitor waits again in the same conversation.
    fn take_conclusion(
        &mut self,
        stamp: EntryStamp,
        concluded: Concluded,
        transcript: &mut Transcript,
    ) -> Option<DisconnectReason> {
        let reason = concluded.reason.unwrap_or(DisconnectReason::None);
        if reason == DisconnectReason::TransferredToQueue {
            self.requeue(stamp, transcript);
            return None;
        }
        transcript.add_notice(stamp, Notice::Concluded(reason.clone()));
        Some(reason)
    }
}

/// The time and the sequence number of the entry for a message. The time is the server's, or this machine's
/// if the message contains no time.
fn entry_stamp(now: Moment, server_stamp: &Stamp) -> EntryStamp {
    let created = server_stamp.created_time.as_ref();
    EntryStamp {
        at: created.map_or(now.wall, ServiceTime::epoch_millis),
        sequence: server_stamp.sequence_number,
    }
}
