//! The server's messages: each is taken once, in the order of its sequence number, and becomes a
//! change of the conversation.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pipit_wire::consumer::{
    Concluded, MessagePosted, ParticipantAdded, ParticipantLeft, Stamp, SystemMessage,
};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{ClientId, SequenceNumber};

use crate::conversation::{Agent, Conversation, Phase, Wait};
use crate::start::{Live, Stage};
use crate::transcript::{Content, Notice};
use crate::typing::has_reader;
use crate::{Connection, Effect, Engine, Moment, SharedFile, Warning};

/// What is remembered of the stream.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) seen: Seen,
    /// Names of all who were ever there: their messages may come after they have left.
    pub(crate) names: BTreeMap<ClientId, Rc<str>>,
    /// The agent who led last.
    pub(crate) lead: Option<Rc<str>>,
}

/// The sequence numbers that were taken. Those up to `floor` are not kept one by one.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) floor: Option<SequenceNumber>,
    pub(crate) above: BTreeSet<SequenceNumber>,
}

/// More than a server would ever reorder.
const KEPT: usize = 1_000;

impl Seen {
    /// The hole that this number shows, when the ones before it have not come.
    fn gap_before(&self, sequence: SequenceNumber) -> Option<Warning> {
        let last = *self.above.last()?;
        let is_next = sequence.0 <= last.0.saturating_add(1);
        (!is_next).then_some(Warning::MessagesMissing {
            after: last.0,
            before: sequence.0,
        })
    }

    /// Remembers a number; false when it was taken before.
    fn take(&mut self, sequence: SequenceNumber) -> bool {
        if self.floor.is_some_and(|floor| sequence <= floor) {
            return false;
        }
        let new = self.above.insert(sequence);
        if self.above.len() > KEPT {
            self.floor = self.above.pop_first();
        }
        new
    }
}

impl Engine {
    /// Takes a batch; whether there was anything new in it.
    pub(crate) fn take_messages(&mut self, now: Moment, messages: Vec<SystemMessage>) -> bool {
        let mut any_new = false;
        for (stamp, message) in in_order(messages) {
            let Stage::Live(live) = &mut self.stage else {
                break;
            };
            let number = stamp.sequence_number;
            if let Some(hole) = number.and_then(|number| live.stream.seen.gap_before(number)) {
                self.effects.push_back(Effect::Warn(hole));
            }
            if number.is_none_or(|number| live.stream.seen.take(number)) {
                any_new = true;
                self.take_message(&Place::new(now, &stamp), message);
            }
        }
        any_new
    }

    fn take_message(&mut self, place: &Place, message: SystemMessage) {
        let Stage::Live(live) = &mut self.stage else {
            return;
        };
        let conversation = &mut self.conversation;
        match message {
            SystemMessage::WaitInformationChanged(wait) => conversation.wait_changed(&wait),
            SystemMessage::ParticipantAdded(added) => live.joined(conversation, place, added),
            SystemMessage::ParticipantLeft(left) => live.left(conversation, place, left),
            SystemMessage::RoleChanged(changed) => conversation.role_changed(place, &changed),
            SystemMessage::ParticipantConnectionStateChanged(changed) => {
                if let Some(agent) = conversation.agent(changed.client_id) {
                    agent.connection = changed.connection_state.unwrap_or(ConnectionState::Active);
                }
            }
            SystemMessage::ActivityChanged(changed) => conversation.activity_changed(changed),
            SystemMessage::MessagePosted(posted) => {
                if live.is_own(posted.client_id) {
                    conversation.confirm_echo(&posted);
                } else {
                    live.posted(conversation, place, posted);
                }
            }
            SystemMessage::FileAttachment(file) => {
                let from = live.name_of(file.client_id).unwrap_or_default();
                let file = SharedFile::new(from, file, &self.options.survey);
                conversation.note(place, Notice::File(Rc::new(file)));
            }
            SystemMessage::ConsumerErrorOccurred(error) => {
                if let Some(text) = error.text.filter(|text| !text.is_empty()) {
                    let (text, rich) = (text.into(), false);
                    conversation.note(place, Notice::Server { text, rich });
                }
            }
            SystemMessage::ConfigurationChanged(change) => {
                if let Err(warning) = live.endpoint.migrate(&change, &self.options.allowed_hosts) {
                    self.effects.push_back(Effect::Warn(warning));
                }
            }
            SystemMessage::Concluded(concluded) => self.concluded(place, concluded),
            SystemMessage::FileAttachmentStatus(_)
            | SystemMessage::MediaInvitation(_)
            | SystemMessage::MediaStatus(_)
            | SystemMessage::MediaToken(_)
            | SystemMessage::Unknown(_) => {}
        }
    }

    fn concluded(&mut self, place: &Place, concluded: Concluded) {
        let reason = concluded.reason.unwrap_or(DisconnectReason::None);
        if reason == DisconnectReason::TransferredToQueue {
            self.conversation.wait_again(place);
            return;
        }
        self.conversation
            .note(place, Notice::Concluded(reason.clone()));
        self.conclude(reason);
    }
}

/// A batch in the order of its numbers. A message without one stays behind the one it came behind.
fn in_order(messages: Vec<SystemMessage>) -> impl Iterator<Item = (Stamp, SystemMessage)> {
    let mut last = None;
    let mut placed = Vec::new();
    for message in messages {
        let stamp = message.stamp();
        last = stamp.sequence_number.or(last);
        placed.push((last, stamp, message));
    }
    placed.sort_by_key(|(place, ..)| *place);
    placed
        .into_iter()
        .map(|(_, stamp, message)| (stamp, message))
}

/// Where an entry belongs, and its label.
pub(crate) struct Place {
    sequence: Option<SequenceNumber>,
    at: i64,
}

impl Place {
    fn new(now: Moment, stamp: &Stamp) -> Self {
        Self {
            sequence: stamp.sequence_number,
            at: stamp
                .created_time
                .as_ref()
                .map_or(now.wall, pipit_wire::ServiceTime::epoch_millis),
        }
    }
}

impl Live {
    fn is_own(&self, client_id: Option<ClientId>) -> bool {
        client_id.is_some() && client_id == self.client_id
    }

    /// The name of one who joined, also after leaving.
    fn name_of(&self, client_id: Option<ClientId>) -> Option<Rc<str>> {
        self.stream.names.get(&client_id?).cloned()
    }

    fn joined(&mut self, conversation: &mut Conversation, place: &Place, added: ParticipantAdded) {
        let role = added.role.unwrap_or(Role::Lead);
        if matches!(role, Role::EndUser | Role::Monitor | Role::None)
            || self.is_own(added.client_id)
        {
            return;
        }
        let name: Rc<str> = added.name.unwrap_or_default().into();
        let client_id = added.client_id.unwrap_or_default();
        self.stream.names.insert(client_id, name.clone());
        if role == Role::Lead || self.stream.lead.is_none() {
            self.stream.lead = Some(name.clone());
        }
        if !has_reader(conversation) {
            self.typing.met();
        }
        conversation.enter(Agent {
            client_id,
            account_id: added.account_id,
            name: name.clone(),
            role: role.clone(),
            activity: ActivityMode::None,
            connection: ConnectionState::Active,
            is_virtual: added.virtual_agent.unwrap_or(false),
        });
        let joined = match role {
            Role::Lead => Notice::Joined(name.clone()),
            _ => Notice::JoinedToo(name.clone()),
        };
        conversation.note(place, joined);
        if let Some(greeting) = added.greeting.filter(|text| !text.trim().is_empty()) {
            let body = greeting.into();
            conversation.say(
                place,
                Content::Agent {
                    client_id,
                    name,
                    body,
                    rich: false,
                },
            );
        }
    }

    fn left(&self, conversation: &mut Conversation, place: &Place, left: ParticipantLeft) {
        let reason = left.disconnect_reason.unwrap_or(DisconnectReason::None);
        if reason == DisconnectReason::TransferredToQueue {
            conversation.wait_again(place);
        } else if let Some(client_id) = left.client_id
            && conversation.leave(client_id)
        {
            let name = self.name_of(Some(client_id)).unwrap_or_default();
            conversation.note(place, Notice::Left(name, reason));
        }
    }

    /// A message of an agent; of somebody who never joined, it is the server's own.
    fn posted(&self, conversation: &mut Conversation, place: &Place, posted: MessagePosted) {
        let body: Rc<str> = posted.body.into();
        let rich = posted.rich_text.unwrap_or(false);
        let Some((client_id, name)) = posted.client_id.zip(self.name_of(posted.client_id)) else {
            conversation.note(place, Notice::Server { text: body, rich });
            return;
        };
        if let Some(agent) = conversation.agent(Some(client_id)) {
            agent.activity = ActivityMode::Listening;
        }
        conversation.say(
            place,
            Content::Agent {
                client_id,
                name,
                body,
                rich,
            },
        );
    }
}

impl Conversation {
    /// An engagement is there; nobody has joined it yet.
    pub(crate) fn begin(&mut self) {
        self.phase = Phase::Queued(Wait::default());
        self.connection = Connection::Asking;
        self.entries_before = self.entries;
    }

    /// Back in the queue: the same conversation, not an end. Told once, however many messages say it.
    fn wait_again(&mut self, place: &Place) {
        if !matches!(self.phase, Phase::Requeued(_)) {
            self.phase = Phase::Requeued(Wait::default());
            self.note(place, Notice::WaitingAgain);
        }
    }

    fn say(&mut self, place: &Place, content: Content) {
        self.add(place.at, place.sequence, content);
    }

    pub(crate) fn note(&mut self, place: &Place, notice: Notice) {
        self.say(place, Content::Notice(notice));
    }
}
