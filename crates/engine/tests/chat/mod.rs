//! A chat for the measurements of what one message costs. [`Chat`] drives a [`Tab`] as the widget's runtime does, and
//! plays the server: it holds the *poll* (the request for new messages) and answers it with messages of the agent Ana.

#![allow(
    dead_code,
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot continue panics, and no file uses everything"
)]

use std::rc::Rc;

use pipit_engine::{
    Command, Content, Effect, FormAnswers, Input, Moment, Options, Outcome, PageId, RecordStorage,
    RecordWriter, RequestId, SavedRecord, Tab, TabEffect, TabInput, TabMode, TabView,
};
use pipit_wire::consumer::Operation;
use pipit_wire::session::Session;
use serde_json::{Value, json};

/// At most this many messages are in one answer when a chat is filled.
const BATCH: usize = 1_000;

/// A tab that leads, in a running conversation with an agent.
pub(crate) struct Chat {
    tab: Tab,
    /// The monotonic clock, in ms.
    now: u64,
    /// The open poll; `None` while its answer is being taken.
    poll: Option<RequestId>,
    /// The sequence number of the server's most recent message.
    sequence: i64,
    /// What was drawn most recently. The widget keeps it until it draws the next state, so the engine cannot reuse it.
    drawn: TabView,
    /// What the most recent input has stored: the number of writes of the conversation, and their bytes in all.
    pub(crate) stored: Stored,
    writer: RecordWriter,
    /// The record that was stored most recently; `None` if none was.
    pub(crate) record: Option<Rc<SavedRecord>>,
}

/// The writes of the conversation to the storage of the browser tab.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stored {
    head: Option<String>,
    pub(crate) writes: u64,
    pub(crate) bytes: u64,
}

impl RecordStorage for Stored {
    fn head(&self) -> Option<String> {
        self.head.clone()
    }

    fn write_head(&mut self, text: &str) -> bool {
        self.head = Some(text.to_owned());
        self.write_piece(0, text)
    }

    fn write_piece(&mut self, _name: u64, text: &str) -> bool {
        self.writes += 1;
        self.bytes += text.len() as u64;
        true
    }

    fn remove_head(&mut self) {
        panic!("the chat removes its conversation");
    }

    fn remove_piece(&mut self, _name: u64) {}

    fn piece_names(&self) -> Vec<u64> {
        Vec::new()
    }
}

impl Chat {
    /// A chat in which this many messages have arrived.
    pub(crate) fn with_messages(count: usize) -> Self {
        let mut chat = Self::new();
        let mut missing = count;
        while missing > 0 {
            let batch = missing.min(BATCH);
            let answer = chat.answer_text(batch);
            chat.take(answer);
            missing -= batch;
        }
        assert_eq!(chat.message_count(), count, "every message is drawn");
        chat
    }

    /// A chat that Ana has just joined.
    fn new() -> Self {
        let now = 1_000;
        let options = Options::default();
        let tab = Tab::new(
            options,
            1,
            TabMode::Shared,
            PageId(1),
            moment(now),
            None,
            None,
        );
        let mut chat = Self {
            drawn: tab.view(),
            tab,
            now,
            poll: None,
            sequence: 0,
            stored: Stored::default(),
            writer: RecordWriter::default(),
            record: None,
        };
        chat.handle(TabInput::Join);
        chat.handle(TabInput::LockGranted);
        chat.handle(TabInput::Engine(Input::Command(Command::Start(
            FormAnswers::default(),
        ))));
        chat.sequence += 1;
        let joined = json!({ "systemMessages": [{
            "messageName": "RNEngagementParticipantAddedMessage", "name": "Ana", "role": "LEAD", "clientId": 35,
            "createdTime": 1_800_000_000_000_i64, "sequenceNumber": chat.sequence,
        }] });
        chat.take(joined.to_string());
        chat
    }

    /// The texts of the messages and notices that a tab with this record shows.
    pub(crate) fn texts_of(record: &str) -> Vec<String> {
        let (options, now, page) = (Options::default(), moment(1_000_000), PageId(2));
        let tab = Tab::new(options, 2, TabMode::Shared, page, now, Some(record), None);
        let view = tab.view();
        let entries = view.conversation.transcript.iter();
        let texts = entries.map(|entry| match &entry.content {
            Content::Agent { body, .. } => body.to_string(),
            other => format!("{other:?}"),
        });
        texts.collect()
    }

    /// The text of an answer with this many new messages of Ana. The texts of all messages have the same length.
    pub(crate) fn answer_text(&mut self, count: usize) -> String {
        let messages: Vec<Value> = (0..count)
            .map(|_| {
                self.sequence += 1;
                let number = self.sequence;
                json!({
                    "messageName": "RNEngagementMessagePostedMessage",
                    "body": format!("Message {number:08} says that the parcel is on its way."),
                    "clientId": 35, "clientIdString": "35", "richText": false,
                    "createdTime": 1_800_000_000_000_i64, "sequenceNumber": number,
                    "sequenceNumberString": number.to_string(),
                })
            })
            .collect();
        json!({ "systemMessages": messages }).to_string()
    }

    /// Takes the text of an answer, performs what follows from it, and draws.
    pub(crate) fn take(&mut self, answer: String) {
        self.now += 100;
        let request = self.poll.take().expect("a poll is open");
        self.stored.writes = 0;
        self.stored.bytes = 0;
        self.handle(TabInput::Engine(Input::Answer {
            request,
            outcome: answered(answer),
        }));
    }

    /// The number of agents' messages in the conversation that was drawn.
    fn message_count(&self) -> usize {
        // The notice that Ana has joined is no message.
        self.drawn.conversation.transcript.len() - 1
    }

    fn handle(&mut self, input: TabInput) {
        self.tab.handle(moment(self.now), input);
        let mut answers = Vec::new();
        while let Some(effect) = self.tab.next_effect() {
            answers.extend(self.perform(effect));
        }
        self.drawn = self.tab.view();
        for answer in answers {
            self.handle(answer);
        }
    }

    /// Performs an effect. Returns its answer if the answer follows at once; the poll waits for [`Self::take`].
    fn perform(&mut self, effect: TabEffect) -> Option<TabInput> {
        match effect {
            TabEffect::Save(record) => {
                self.writer.save(record.as_ref(), &mut self.stored);
                self.record = record;
                None
            }
            TabEffect::VerifyLock => Some(TabInput::LockVerified { has_others: false }),
            TabEffect::Engine(Effect::GetSession(id, _)) => {
                let session = Session::from_json(SESSION).expect("the session can be read");
                Some(TabInput::Engine(Input::Session(id, Ok(session))))
            }
            TabEffect::Engine(Effect::Send(request)) => match request.operation {
                Operation::GetMessages => {
                    self.poll = Some(request.id);
                    None
                }
                Operation::RequestEngagement => Some(TabInput::Engine(Input::Answer {
                    request: request.id,
                    outcome: answered(ENGAGEMENT.to_owned()),
                })),
                other => panic!("the chat sends {other:?}"),
            },
            _ => None,
        }
    }
}

/// A session: the token and the address of a chat server, as the customer's own server supplies them.
const SESSION: &str = r#"{"siteName":"pipit_demo","channelToken":"header.payload.signature",
    "sessionServerResponse":"{\"domain\":\"chat.example\",\"pool\":\"297:1\"}"}"#;

/// The server's answer to `requestEngagement`.
const ENGAGEMENT: &str = r#"{"clientId":34,"clientIdString":"34","engagementId":1,"engagementIdString":"1",
    "resultType":"SUCCESS","sessionId":"192hyto5qomm8r8rpzzmuzsa6"}"#;

fn answered(body: String) -> Outcome {
    Outcome::Answered {
        status: 200,
        retry_after: None,
        body,
    }
}

/// A time on both clocks; `monotonic` is in ms.
fn moment(monotonic: u64) -> Moment {
    Moment {
        monotonic,
        wall: 1_800_000_000_000 + i64::try_from(monotonic).unwrap_or_default(),
    }
}
