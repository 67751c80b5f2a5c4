//! The visitor of a script: a bare client of the consumer API, with nothing of Pipit in it. It has one connection for all
//! tabs of the visitor, sends one message after the other, and has one poll.

use std::collections::{BTreeMap, VecDeque};

use pipit_script::{State, VisitorDeed, VisitorSight};
use pipit_wire::ClientId;
use pipit_wire::WireObject as _;
use pipit_wire::consumer::{
    GetMessagesResponse, RequestEngagementResponse, ResultType, Survey, SystemMessage,
};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use serde_json::{Value, json};

use super::connection::{Connection, Exchange, json_of};
use crate::local_server::LocalAnswer;

/// The pause before the next poll if one has failed, in ms.
const PAUSE_MS: i64 = 1_000;

/// The client of the visitor.
#[derive(Default)]
pub(super) struct Visitor {
    state: Option<State>,
    /// The pool that the session names.
    pool: String,
    engagement: Option<Engagement>,
    /// The requests that are not answered, except the poll.
    requests: Vec<(Purpose, Exchange)>,
    poll: Option<Exchange>,
    /// No poll is sent before this time, in ms since 1970.
    poll_after_ms: i64,
    /// What the visitor wants to be done as soon as it can be done.
    wishes: VecDeque<Purpose>,
    is_offline: bool,
    may_preview: bool,
    sights: Vec<VisitorSight>,
    /// Everything that the visitor has seen in this conversation.
    history: Vec<VisitorSight>,
}

/// A conversation at the server.
struct Engagement {
    session_id: String,
    pool: String,
    /// The visitor's own client, whose messages come back if the site is configured so.
    client_id: Option<ClientId>,
    /// The names of the agents who take part.
    agents: BTreeMap<ClientId, String>,
    /// Whether an agent has ever taken part.
    had_agent: bool,
    /// Whether the server allows that agents see what is typed.
    previews_enabled: bool,
    /// Whether an agent looks at the conversation.
    has_focus: bool,
    completed_survey: Option<Survey>,
    cancelled_survey: Option<Survey>,
    delayed_survey: Option<Survey>,
}

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Purpose {
    /// The start of a conversation; `is_second` after the token of the first attempt was refused.
    Start {
        is_second: bool,
    },
    Post(String),
    Activity(String),
    End,
}

impl Visitor {
    /// What the visitor has seen since the last call.
    pub(super) fn take_sights(&mut self) -> Vec<VisitorSight> {
        std::mem::take(&mut self.sights)
    }

    /// Everything that the visitor has seen in this conversation.
    pub(super) fn history(&self) -> &[VisitorSight] {
        &self.history
    }

    /// The time at which the visitor's client does something by itself, in ms since 1970.
    pub(super) fn next_wake(&self) -> Option<i64> {
        let waits = self.engagement.is_some() && self.poll.is_none() && !self.is_offline;
        waits.then_some(self.poll_after_ms)
    }

    pub(super) fn set_offline(&mut self, is_offline: bool) {
        self.is_offline = is_offline;
        if is_offline {
            self.hang_up();
        }
    }

    /// Closes the connection of the poll, as a page does that is loaded again.
    pub(super) fn hang_up(&mut self) {
        self.poll = None;
    }

    /// Does what a step says. The error is a sentence.
    pub(super) fn perform(&mut self, deed: &VisitorDeed) -> Result<(), String> {
        let purpose = match deed {
            VisitorDeed::Start {} => {
                self.history.clear();
                self.may_preview = true;
                self.enter(State::Starting);
                Purpose::Start { is_second: false }
            }
            VisitorDeed::Say { text } => Purpose::Post(text.clone()),
            VisitorDeed::SendAgain { text } => {
                let is_known = |sight: &VisitorSight| matches!(sight, VisitorSight::NotSent(it) | VisitorSight::NotSure(it) if it == text);
                if !self.history.iter().any(is_known) {
                    return Err(format!("No message {text:?} waits to be sent again."));
                }
                Purpose::Post(text.clone())
            }
            VisitorDeed::Type { text } => Purpose::Activity(text.clone()),
            VisitorDeed::AllowPreview { allowed } => {
                self.may_preview = *allowed;
                return Ok(());
            }
            VisitorDeed::End {} => Purpose::End,
            // A bare client has no tabs. The stage does what is to be done.
            VisitorDeed::Reload {} | VisitorDeed::OpenTab {} | VisitorDeed::CloseTab {} => {
                return Ok(());
            }
        };
        self.wishes.push_back(purpose);
        Ok(())
    }

    /// Sends what can be sent, and takes what has arrived. Returns whether anything has happened.
    pub(super) fn proceed(&mut self, connection: &Connection) -> bool {
        let mut is_busy = self.send_next(connection);
        for (purpose, mut exchange) in std::mem::take(&mut self.requests) {
            match exchange.answer() {
                Some(answer) => {
                    self.take_answer(purpose, &answer);
                    is_busy = true;
                }
                None => self.requests.push((purpose, exchange)),
            }
        }
        is_busy | self.proceed_with_poll(connection)
    }

    /// Sends the next request, if it can be sent now. One message follows the other.
    fn send_next(&mut self, connection: &Connection) -> bool {
        let Some(next) = self.wishes.front() else {
            return false;
        };
        let is_start = matches!(next, Purpose::Start { .. });
        let is_blocked = self
            .requests
            .iter()
            .any(|(open, _)| !matches!(open, Purpose::Activity(_)));
        if self.is_offline || is_blocked || (self.engagement.is_none() && !is_start) {
            return false;
        }
        let Some(purpose) = self.wishes.pop_front() else {
            return false;
        };
        let exchange = match &purpose {
            Purpose::Start { .. } => match start(connection) {
                Ok((pool, exchange)) => {
                    self.pool = pool;
                    exchange
                }
                Err(_) => return true,
            },
            Purpose::Post(text) => {
                self.request(connection, "postMessage", &json!({ "body": text }))
            }
            Purpose::Activity(text) => {
                let mut body = json!({ "mode": "RESPONDING" });
                let may_preview = self.may_preview
                    && self
                        .engagement
                        .as_ref()
                        .is_some_and(|it| it.previews_enabled && it.has_focus);
                if may_preview && let Some(members) = body.as_object_mut() {
                    members.insert("sneakPreviewText".to_owned(), text.as_str().into());
                }
                self.request(connection, "activity", &body)
            }
            Purpose::End => self.request(connection, "concludeEngagement", &json!({})),
        };
        self.requests.push((purpose, exchange));
        true
    }

    /// Begins a request of the session.
    fn request(&self, connection: &Connection, operation: &str, body: &Value) -> Exchange {
        let (session_id, pool) = self
            .engagement
            .as_ref()
            .map_or(("", ""), |it| (it.session_id.as_str(), it.pool.as_str()));
        let headers = [("sessionid", session_id)];
        connection.post(&consumer_path(operation, pool), &headers, body)
    }

    fn take_answer(&mut self, purpose: Purpose, answer: &LocalAnswer) {
        let json = json_of(answer);
        match purpose {
            Purpose::Start { is_second } => self.take_start(answer, json, is_second),
            Purpose::Post(text) => {
                let is_servers = json.is_some_and(|json| json.get("clientId").is_some());
                let sight = match answer.status {
                    200 if is_servers => VisitorSight::Sent(text),
                    400..=407 | 409..=499 => VisitorSight::NotSent(text),
                    _ => VisitorSight::NotSure(text),
                };
                self.see(sight);
            }
            Purpose::Activity(_) => {}
            Purpose::End => self.conclude(&DisconnectReason::EndUserConcluded),
        }
    }

    fn take_start(&mut self, answer: &LocalAnswer, json: Option<Value>, is_second: bool) {
        let reason = match (answer.status, json) {
            (200, Some(json)) => match RequestEngagementResponse::from_value(json) {
                Ok(started) if started.result_type == ResultType::Success => {
                    self.begin(&started);
                    return;
                }
                Ok(started) => started.result_type.as_str().to_owned(),
                Err(_) => "unreadable".to_owned(),
            },
            // A token is good for one start, and may have expired.
            (401 | 403, _) if !is_second => {
                self.wishes.push_front(Purpose::Start { is_second: true });
                return;
            }
            (0, _) => "unreachable".to_owned(),
            (200, None) if answer.is_cut_off => "unreachable".to_owned(),
            (200, None) => "unreadable".to_owned(),
            (status, _) => status.to_string(),
        };
        self.fail(reason);
    }

    fn begin(&mut self, started: &RequestEngagementResponse) {
        let session_id = started.session_id.as_ref();
        self.engagement = Some(Engagement {
            session_id: session_id
                .map(|id| id.reveal().to_owned())
                .unwrap_or_default(),
            pool: self.pool.clone(),
            client_id: started.echo.client_id,
            agents: BTreeMap::new(),
            had_agent: false,
            previews_enabled: started
                .sneak_preview_state
                .as_ref()
                .map(pipit_wire::vocabulary::SneakPreviewState::as_str)
                == Some("ENABLED"),
            has_focus: false,
            completed_survey: started.completed_survey(),
            cancelled_survey: started.cancelled_survey(),
            delayed_survey: started.delayed_survey(),
        });
        self.enter(State::Queued);
    }

    /// Polls, and takes what has arrived. Returns whether anything has happened.
    fn proceed_with_poll(&mut self, connection: &Connection) -> bool {
        let now_ms = connection.server().now();
        if self.engagement.is_none() || self.is_offline || now_ms < self.poll_after_ms {
            return false;
        }
        let Some(poll) = &mut self.poll else {
            self.poll = Some(self.request(connection, "getMessages", &json!({})));
            return true;
        };
        let Some(answer) = poll.answer() else {
            return false;
        };
        self.poll = None;
        let batch = json_of(&answer).and_then(|json| GetMessagesResponse::from_value(json).ok());
        match (answer.status, batch) {
            (200, Some(batch)) => {
                for message in batch.system_messages {
                    self.receive(message);
                }
            }
            (401 | 403 | 404, _) => self.fail("sessionLost".to_owned()),
            _ => self.poll_after_ms = now_ms + PAUSE_MS,
        }
        true
    }

    fn receive(&mut self, message: SystemMessage) {
        let Some(engagement) = &mut self.engagement else {
            return;
        };
        match message {
            SystemMessage::ParticipantAdded(added) => {
                let Some(client_id) = added.client_id else {
                    return;
                };
                if added.account_id.is_none() {
                    return;
                }
                let name = added.name.unwrap_or_default();
                engagement.agents.insert(client_id, name.clone());
                engagement.had_agent = true;
                self.see(VisitorSight::Joined(name));
                self.enter(State::Chatting);
            }
            SystemMessage::ParticipantLeft(left) => {
                let reason = left.disconnect_reason.unwrap_or(DisconnectReason::None);
                if reason == DisconnectReason::TransferredToQueue {
                    engagement.agents.clear();
                    engagement.has_focus = false;
                    self.enter(State::Requeued);
                } else if let Some(client_id) = left.client_id
                    && engagement.agents.remove(&client_id).is_some()
                {
                    self.see(VisitorSight::Left(reason.as_str().to_owned()));
                }
            }
            SystemMessage::MessagePosted(posted) => {
                // The server's own texts, and those of the visitor, come from other clients.
                let is_agents = posted.client_id.is_some_and(|id| {
                    Some(id) != engagement.client_id && engagement.agents.contains_key(&id)
                });
                if is_agents {
                    self.see(if posted.rich_text == Some(true) {
                        VisitorSight::Html(posted.body)
                    } else {
                        VisitorSight::Message(posted.body)
                    });
                }
            }
            SystemMessage::ActivityChanged(changed) => {
                if let Some(state) = &changed.sneak_preview_state {
                    engagement.previews_enabled = state.as_str() == "ENABLED";
                }
                if let Some(has_focus) = changed.sneak_preview_focus {
                    engagement.has_focus = has_focus;
                }
                let is_typing = changed.mode == Some(ActivityMode::Responding);
                self.see(VisitorSight::Typing(is_typing));
            }
            SystemMessage::FileAttachment(file) => {
                self.see(VisitorSight::File(file.user_file_name.unwrap_or_default()));
            }
            SystemMessage::ConfigurationChanged(changed) => {
                if let Some(pool) = changed.new_pool() {
                    pool.clone_into(&mut engagement.pool);
                }
            }
            SystemMessage::Concluded(concluded) => {
                let reason = concluded.reason.unwrap_or(DisconnectReason::None);
                self.see(VisitorSight::Ended(reason.as_str().to_owned()));
                self.conclude(&reason);
            }
            _ => {}
        }
    }

    /// Ends the conversation, and offers the survey that belongs to the reason. (PAGE 001)
    fn conclude(&mut self, reason: &DisconnectReason) {
        let Some(engagement) = self.engagement.take() else {
            return;
        };
        self.poll = None;
        self.wishes.clear();
        let survey = match reason {
            DisconnectReason::AgentConcluded => engagement.completed_survey,
            DisconnectReason::EndUserConcluded if engagement.had_agent => {
                engagement.completed_survey
            }
            DisconnectReason::EndUserConcluded
            | DisconnectReason::IdleTimeout
            | DisconnectReason::ParticipantLeft => engagement.cancelled_survey,
            _ => None,
        };
        if let Some(survey) = survey {
            self.see(VisitorSight::Survey(survey.id.0));
        }
        if engagement.delayed_survey.is_some() {
            self.see(VisitorSight::SurveyByMail(true));
        }
        self.enter(State::Ended);
    }

    fn fail(&mut self, reason: String) {
        self.engagement = None;
        self.poll = None;
        self.wishes.clear();
        self.see(VisitorSight::Failed(reason));
        self.enter(State::Failed);
    }

    /// Enters a state, unless the conversation is in it already.
    fn enter(&mut self, state: State) {
        if self.state != Some(state) {
            self.state = Some(state);
            self.see(VisitorSight::State(state));
        }
    }

    fn see(&mut self, sight: VisitorSight) {
        self.history.push(sight.clone());
        self.sights.push(sight);
    }
}

/// Gets a session, and begins the start of a conversation. The result has the pool of the session.
fn start(connection: &Connection) -> Result<(String, Exchange), String> {
    let session = connection.call("/session", &[], &json!({}))?;
    let member = |name: &str| {
        session
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let server: Value = serde_json::from_str(member("sessionServerResponse")).unwrap_or_default();
    let pool = server
        .get("pool")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let bearer = format!("Bearer {}", member("channelToken"));
    let headers = [("authorization", bearer.as_str())];
    let path = consumer_path("requestEngagement", pool);
    let exchange = connection.post(&path, &headers, &json!({}));
    Ok((pool.to_owned(), exchange))
}

fn consumer_path(operation: &str, pool: &str) -> String {
    format!("/engagement/api/consumer/pipit_demo/v1/{operation}?pool={pool}")
}
