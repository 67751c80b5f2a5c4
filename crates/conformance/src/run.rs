//! [`Run`]: one agent and two visitors who chat with each other, what has been seen of them, and the end of all that was
//! begun.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answer::{Answer, Seen};
use crate::server::Server;
use crate::statement::Report;

/// A message that is expected must arrive within this time.
const LIMIT: Duration = Duration::from_secs(20);

/// The state of a run.
pub(crate) struct Run {
    pub(crate) server: Server,
    pub(crate) report: Report,
    pub(crate) agent: Agent,
    /// The visitors whose engagements have begun, in their order.
    pub(crate) visitors: Vec<Visitor>,
    sequence_number: i64,
}

/// The agent. The session id is empty before the log-on.
#[derive(Default)]
pub(crate) struct Agent {
    pub(crate) session: String,
    pub(crate) client_id: i64,
    /// Messages that were received and not yet looked for.
    pub(crate) messages: VecDeque<Value>,
    /// Whether the engagements with these indexes in `visitors` still need `releaseChat`.
    pub(crate) to_release: Vec<usize>,
}

/// A visitor with an engagement (a chat at the server).
pub(crate) struct Visitor {
    pub(crate) session: String,
    pub(crate) engagement: i64,
    /// Whether the engagement has not ended yet.
    pub(crate) is_open: bool,
    pub(crate) messages: VecDeque<Value>,
}

impl Run {
    pub(crate) fn new(server: Server) -> Self {
        Self {
            server,
            report: Report::default(),
            agent: Agent::default(),
            visitors: Vec::new(),
            sequence_number: 0,
        }
    }

    /// Records what was seen of a statement.
    pub(crate) fn see(&mut self, id: &'static str, seen: Seen) {
        self.report.record(id, seen);
    }

    /// The members that every request of an agent has: the time and the next number.
    pub(crate) fn numbered(&mut self, members: Value) -> Value {
        self.sequence_number += 1;
        let mut body = members;
        if let Some(object) = body.as_object_mut() {
            object.insert("sequenceNumber".to_owned(), json!(self.sequence_number));
            object.insert("timeCreated".to_owned(), json!(1_621_872_165_581_i64));
        }
        body
    }

    /// A request of the agent, with time and number.
    pub(crate) async fn agent(&mut self, operation: &str, members: Value) -> Answer {
        let body = self.numbered(members);
        self.server
            .agent(operation, &self.agent.session, &body)
            .await
    }

    /// Polls as the agent once, and keeps the messages.
    pub(crate) async fn poll_agent(&mut self) -> Answer {
        let answer = self.agent("getMessages", json!({})).await;
        let list = answer.json["getResponseTypes"].as_array();
        let messages = list.into_iter().flatten().cloned();
        self.agent
            .messages
            .extend(messages.filter(|it| it.get("ChatGetTimeout").is_none()));
        answer
    }

    /// Waits for a message to the agent with this tag, for which `is_right` holds, and returns its content.
    pub(crate) async fn agent_message(
        &mut self,
        tag: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let began = Instant::now();
        loop {
            let messages = &mut self.agent.messages;
            let index = messages
                .iter()
                .position(|message| message.get(tag).is_some_and(&is_right));
            if let Some(message) = index.and_then(|index| messages.remove(index)) {
                return message.get(tag).cloned();
            }
            if began.elapsed() > LIMIT || self.poll_agent().await.status != 200 {
                return None;
            }
        }
    }

    /// Polls as a visitor once, and keeps the messages.
    pub(crate) async fn poll_visitor(&mut self, index: usize) -> Option<Answer> {
        let visitor = self.visitors.get_mut(index)?;
        let answer = self
            .server
            .consumer("getMessages", &visitor.session, "{}")
            .await;
        let list = answer.json["systemMessages"].as_array();
        visitor.messages.extend(list.into_iter().flatten().cloned());
        Some(answer)
    }

    /// Waits for a message to a visitor with this name, for which `is_right` holds.
    pub(crate) async fn visitor_message(
        &mut self,
        index: usize,
        name: &str,
        is_right: impl Fn(&Value) -> bool,
    ) -> Option<Value> {
        let began = Instant::now();
        loop {
            let messages = &mut self.visitors.get_mut(index)?.messages;
            let position = messages
                .iter()
                .position(|message| message["messageName"] == name && is_right(message));
            if let Some(message) = position.and_then(|position| messages.remove(position)) {
                return Some(message);
            }
            if began.elapsed() > LIMIT || self.poll_visitor(index).await?.status != 200 {
                return None;
            }
        }
    }

    /// The engagement of a visitor; 0 if there is none.
    pub(crate) fn engagement(&self, index: usize) -> i64 {
        self.visitors
            .get(index)
            .map_or(0, |visitor| visitor.engagement)
    }

    /// Ends what the run has begun: the engagements, the wrap-up, and the agent's session.
    pub(crate) async fn end_everything(&mut self) {
        for index in 0..self.visitors.len() {
            let Some(visitor) = self.visitors.get(index) else {
                continue;
            };
            if visitor.is_open {
                let session = visitor.session.clone();
                let ended = self
                    .server
                    .consumer("concludeEngagement", &session, "{}")
                    .await;
                // 403 means that it has ended by itself.
                if ended.status != 200 && ended.status != 403 {
                    let id = self.engagement(index);
                    self.report.left_behind.push(format!("engagement {id}"));
                }
            }
        }
        for index in std::mem::take(&mut self.agent.to_release) {
            let body = json!({ "engagementId": self.engagement(index) });
            // It has failed before, or the wrap-up ends with the log-off.
            let _ = self.agent("releaseChat", body).await;
        }
        if !self.agent.session.is_empty() {
            let ended = self.agent("logoff", json!({"forceLogoff": true})).await;
            if ended.status != 200 {
                let account = self.server.target.account;
                let session = format!("the session of the agent with account {account}");
                self.report.left_behind.push(session);
            }
        }
    }
}

/// What was seen of a message that may not have arrived.
pub(crate) fn arrived(message: Option<&Value>) -> Seen {
    match message {
        Some(_) => Ok("it arrived".to_owned()),
        None => Err("it did not arrive".to_owned()),
    }
}
