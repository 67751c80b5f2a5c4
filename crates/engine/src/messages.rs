//! Applies the server's messages to a running engagement (a chat at the server). `engine` calls
//! [`Live::take_messages`] for each answer to a poll (a request for new messages); `sequence` keeps
//! the messages in order and without duplicates.

use std::rc::Rc;

use pipit_wire::consumer::{
    ActivityChanged, Concluded, MessagePosted, ParticipantAdded, ParticipantLeft, Stamp,
    SystemMessage,
};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, Fields, SequenceNumber, ServiceTime, Value, WireValue as _};

use crate::effect::Warning;
use crate::entry::{Content, Notice};
use crate::file::SharedFile;
use crate::input::Moment;
use crate::options::Options;
use crate::outbox::confirm_echo;
use crate::outgoing::Outgoing;
use crate::preview::SneakPreview;
use crate::sequence::{Arrival, Identity, in_order};
use crate::state::Live;
use crate::transcript::{EntryStamp, Transcript};

/// The console names at most this many messages of one answer that were passed over.
const MAX_NAMED: usize = 20;

/// The name of a message is written to the console up to this many characters. No known name is longer.
const MAX_NAME_LENGTH: usize = 80;

/// What the messages of one answer mean for the engagement.
#[derive(Debug)]
#[must_use]
pub(crate) struct BatchOutcome {
    /// Whether at least one message had not been taken before.
    pub(crate) has_new_messages: bool,
    /// Why the engagement has ended. Of the messages after its conclusion, only those were taken that the visitor can
    /// read. `None` if the engagement continues.
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
        mut messages: Vec<SystemMessage>,
        context: &mut MessageContext<'_>,
    ) -> BatchOutcome {
        let mut outcome = BatchOutcome {
            has_new_messages: false,
            concluded: None,
        };
        self.is_gap_noted = false;
        let is_cut = take_end_of_cut_answer(&mut messages);
        let mut passed_over = Vec::new();
        for (stamp, message) in self.in_right_order(messages, context.transcript) {
            let must_take = match outcome.concluded {
                None => self.is_new(&stamp, &message, now, context),
                // The engagement has ended. Only what the visitor can read still counts.
                Some(_) => is_text(&message) && self.is_new(&stamp, &message, now, context),
            };
            if must_take {
                // A message that has no number and cannot be read does not count as new: a server that repeats it at once
                // would be polled without a pause.
                let is_unreadable = matches!(message, SystemMessage::Unreadable(_));
                outcome.has_new_messages |= stamp.sequence_number.is_some() || !is_unreadable;
                let concluded = self.take_message(entry_stamp(now, &stamp), message, context);
                outcome.concluded = outcome.concluded.or(concluded);
            } else {
                passed_over.push(named(&stamp, &message));
            }
        }
        self.remove_closed_gaps(context.transcript);
        if is_cut {
            self.note_gap(now, context.transcript);
        }
        self.warn_of_passed_over(passed_over, context.outgoing);
        outcome
    }

    /// Notes in the transcript that the server's messages may be missing from here on, because the answer to a poll did
    /// not arrive or could not be read. Further failures before the next answer belong to the same gap.
    pub(crate) fn note_gap(&mut self, now: Moment, transcript: &mut Transcript) {
        if !std::mem::replace(&mut self.is_gap_noted, true) {
            // The numbers of an engagement begin with 1 or higher (INFERRED).
            let after = self.seen.latest().unwrap_or(SequenceNumber(0));
            transcript.add_gap(now.wall, Some(after));
        }
    }

    /// Removes each gap whose numbers have all arrived. A gap reaches from the number before it to the next gap or, for
    /// the last gap, to the highest number.
    fn remove_closed_gaps(&self, transcript: &mut Transcript) {
        let gaps = transcript.gaps();
        for (id, after) in &gaps {
            let next_gaps = gaps.iter().map(|(_, other)| *other);
            let end = next_gaps.filter(|other| other > after).min();
            let is_closed = end
                .or(self.seen.latest())
                .is_some_and(|end| end > *after && self.seen.has_all(*after, end));
            if is_closed {
                transcript.remove(*id);
            }
        }
    }

    /// The messages of one answer in the order in which they are taken: by their numbers. If the numbers begin again
    /// within this answer, they cannot be compared, so the order of the answer counts.
    fn in_right_order(
        &self,
        messages: Vec<SystemMessage>,
        transcript: &Transcript,
    ) -> Vec<(Stamp, SystemMessage)> {
        let restarts = messages
            .iter()
            .any(|message| self.restarts_numbers(message, transcript));
        if restarts {
            let stamped = messages
                .into_iter()
                .map(|message| (message.stamp(), message));
            stamped.collect()
        } else {
            in_order(messages).collect()
        }
    }

    /// Whether this message shows that the server's numbers have begun again: it is a text or somebody joins, and another
    /// message has had its number, which is not the highest. Other messages do not count, because a server may give all
    /// messages of one kind, such as reports of the wait, the same number.
    fn restarts_numbers(&self, message: &SystemMessage, transcript: &Transcript) -> bool {
        if !is_text(message) && !matches!(message, SystemMessage::ParticipantAdded(_)) {
            return false;
        }
        let stamp = message.stamp();
        stamp.sequence_number.is_some_and(|number| {
            Some(number) < self.seen.latest()
                && self.arrival(number, &stamp, message, transcript) == Arrival::OtherWithSameNumber
        })
    }

    /// Whether a message with this number was seen before. If that is forgotten, the transcript decides for a text.
    fn arrival(
        &self,
        number: SequenceNumber,
        stamp: &Stamp,
        message: &SystemMessage,
        transcript: &Transcript,
    ) -> Arrival {
        match (
            self.seen.arrival(number, Identity::of(message, stamp)),
            message,
        ) {
            (Arrival::Forgotten, SystemMessage::MessagePosted(posted))
                if !self.is_visitor(posted.client_id)
                    && !transcript.shows(number, &posted.body) =>
            {
                Arrival::OtherWithSameNumber
            }
            (Arrival::Forgotten, _) => Arrival::Repeated,
            (arrival, _) => arrival,
        }
    }

    /// Whether a message was not taken before; remembers it. A message without a number counts as new, because nothing
    /// shows that it was taken before. Notes a gap if numbers are missing before the message.
    fn is_new(
        &mut self,
        stamp: &Stamp,
        message: &SystemMessage,
        now: Moment,
        context: &mut MessageContext<'_>,
    ) -> bool {
        let Some(number) = stamp.sequence_number else {
            return true;
        };
        if self.restarts_numbers(message, context.transcript) {
            self.seen.restart();
            context.transcript.restart_numbers();
        }
        match self.arrival(number, stamp, message, context.transcript) {
            Arrival::Repeated | Arrival::Forgotten => return false,
            Arrival::OtherWithSameNumber => {}
            Arrival::New => {
                if let Some(gap) = self.seen.gap_before(number) {
                    let after = self.seen.latest();
                    let gaps = context.transcript.gaps();
                    if gaps.iter().all(|(_, noted)| Some(*noted) != after) {
                        context.transcript.add_gap(now.wall, after);
                    }
                    context.outgoing.warn(gap);
                }
            }
        }
        self.seen.insert(number, Identity::of(message, stamp));
        true
    }

    /// Names on the console which messages were passed over, at most [`MAX_NAMED`], unless the same ones were passed over
    /// most recently.
    fn warn_of_passed_over(
        &mut self,
        mut passed_over: Vec<(Option<i64>, String)>,
        outgoing: &mut Outgoing,
    ) {
        passed_over.truncate(MAX_NAMED);
        if !passed_over.is_empty() && passed_over != self.passed_over {
            self.passed_over.clone_from(&passed_over);
            outgoing.warn(Warning::MessagesPassedOver(passed_over));
        }
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
        let client_id = self.participants.id_of(&added);
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

/// Removes the last element if it stands for the rest of an answer whose end is missing. Returns whether it does.
fn take_end_of_cut_answer(messages: &mut Vec<SystemMessage>) -> bool {
    let end = SystemMessage::Unreadable(Value::Null);
    messages.pop_if(|last| *last == end).is_some()
}

/// The number and the name of a message, for the console. The name may be any text, so its end may be left out.
fn named(stamp: &Stamp, message: &SystemMessage) -> (Option<i64>, String) {
    let number = stamp.sequence_number.map(|number| number.0);
    let name = message.name().chars().take(MAX_NAME_LENGTH);
    (number, name.collect())
}

/// Whether a message is a text or a file for the visitor.
fn is_text(message: &SystemMessage) -> bool {
    matches!(
        message,
        SystemMessage::MessagePosted(_)
            | SystemMessage::ConsumerErrorOccurred(_)
            | SystemMessage::FileAttachment(_)
            | SystemMessage::Unreadable(_)
    )
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
