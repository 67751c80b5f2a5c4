//! The visitors and the agents: each polls without a pause, and the agents accept what they are offered. Whoever has
//! accepted an engagement (a conversation) can be told to write in it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{ApiClient, Sender};
use crate::measurement::{Figures, Measurement};

/// The account of the first agent.
const FIRST_ACCOUNT: usize = 1_000;
/// How many visitors start at the same time.
const STARTING_AT_ONCE: usize = 32;

/// What is measured.
pub(crate) struct Plan {
    pub(crate) visitors: usize,
    pub(crate) agents: usize,
    /// How many conversations each agent has at the same time. The other visitors wait in the queue.
    pub(crate) chats: usize,
    /// The messages in a second, one measurement after the other.
    pub(crate) rates: Vec<u32>,
    /// How long each rate lasts.
    pub(crate) duration: Duration,
}

impl Plan {
    /// Parses the command line.
    pub(crate) fn parse(words: &[String]) -> Result<Self, String> {
        let mut plan = Self {
            visitors: 10_000,
            agents: 200,
            chats: 5,
            rates: vec![50, 100, 200, 400, 800],
            duration: Duration::from_secs(10),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{word} needs a value"))?;
            let number = || {
                value
                    .parse()
                    .map_err(|_| format!("{word} {value} is not a number"))
            };
            match word.as_str() {
                "--visitors" => plan.visitors = number()?,
                "--agents" => plan.agents = number()?,
                "--chats" => plan.chats = number()?,
                "--seconds" => {
                    plan.duration = Duration::from_secs(u64::try_from(number()?).unwrap_or(10));
                }
                "--rates" => {
                    let rates: Result<_, _> = value.split(',').map(str::parse).collect();
                    plan.rates =
                        rates.map_err(|_| format!("{word} {value} is not a list of numbers"))?;
                }
                _ => {
                    return Err(format!(
                        "{word} is no option. The options are --visitors, --agents, --chats, --seconds and --rates"
                    ));
                }
            }
        }
        Ok(plan)
    }
}

/// Everybody who chats.
pub(crate) struct Crowd {
    client: ApiClient,
    measurement: Measurement,
    /// The sessions of the visitors, by the id of the engagement.
    visitors: Mutex<BTreeMap<String, String>>,
    /// The accepted engagements, each with the index of its agent.
    conversations: Mutex<Vec<Conversation>>,
    agents: Mutex<Vec<String>>,
    polling: AtomicUsize,
}

#[derive(Clone)]
struct Conversation {
    agent: usize,
    engagement: Value,
}

impl Crowd {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            client: ApiClient::new(url),
            measurement: Measurement::new(),
            visitors: Mutex::default(),
            conversations: Mutex::default(),
            agents: Mutex::default(),
            polling: AtomicUsize::new(0),
        }
    }

    /// Logs the agents on, and lets them poll.
    pub(crate) async fn start_agents(self: &Arc<Self>, plan: &Plan) -> Result<(), String> {
        for index in 0..plan.agents {
            let account = FIRST_ACCOUNT + index;
            let session = self.client.log_on(account).await?;
            let request = json!({
                "assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": plan.chats,
            });
            let sender = Sender::Agent {
                session: &session,
                account,
            };
            self.client
                .call(sender, "requestAssignment", &request)
                .await?;
            lock(&self.agents).push(session.clone());
            tokio::spawn(Arc::clone(self).run_agent(index, session));
        }
        Ok(())
    }

    /// Starts the visitors, and lets them poll.
    pub(crate) async fn start_visitors(self: &Arc<Self>, plan: &Plan) -> Result<(), String> {
        let mut starting = JoinSet::new();
        for _ in 0..plan.visitors {
            if starting.len() >= STARTING_AT_ONCE {
                joined(starting.join_next().await)?;
            }
            let crowd = Arc::clone(self);
            starting.spawn(async move {
                let (engagement, session) = crowd.client.start_visitor().await?;
                lock(&crowd.visitors).insert(engagement, session.clone());
                tokio::spawn(Arc::clone(&crowd).run_visitor(session));
                Ok(())
            });
        }
        while let Some(started) = starting.join_next().await {
            joined(Some(started))?;
        }
        Ok(())
    }

    /// Waits until every visitor polls, and each agent has the conversations that it can have.
    pub(crate) async fn wait_until_all_poll(&self, plan: &Plan) {
        let expected = plan.visitors.min(plan.agents * plan.chats);
        while self.polling.load(Ordering::Relaxed) < plan.visitors
            || lock(&self.conversations).len() < expected
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // The last position in the queue is announced, and everybody polls again.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }

    pub(crate) fn conversation_count(&self) -> usize {
        lock(&self.conversations).len()
    }

    /// Sends messages at this rate for this time, by turns from an agent and from a visitor, and waits for them.
    pub(crate) async fn exchange(self: &Arc<Self>, rate: u32, duration: Duration) -> Figures {
        let conversations = lock(&self.conversations).clone();
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate.max(1));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        let began = std::time::Instant::now();
        let mut sent = 0;
        while began.elapsed() < duration && !conversations.is_empty() {
            ticks.tick().await;
            let conversation = conversations.get(sent % conversations.len()).cloned();
            let Some(conversation) = conversation else {
                break;
            };
            let by_agent = sent % 2 == 0;
            tokio::spawn(Arc::clone(self).post(conversation, by_agent));
            sent += 1;
        }
        // Late messages count with their delay; lost ones would not arrive at all.
        let patience = std::time::Instant::now();
        while self.measurement.arrival_count() < sent
            && patience.elapsed() < Duration::from_secs(20)
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.measurement.take(sent)
    }

    /// Posts a message of the conversation's agent, or of its visitor.
    async fn post(self: Arc<Self>, conversation: Conversation, by_agent: bool) {
        let text = self.measurement.stamp();
        let posted = if by_agent {
            let session = lock(&self.agents).get(conversation.agent).cloned();
            let session = session.unwrap_or_default();
            let sender = Sender::Agent {
                session: &session,
                account: FIRST_ACCOUNT + conversation.agent,
            };
            let body = json!({
                "body": text, "destinationId": conversation.engagement,
                "destinationType": "ENGAGEMENT", "messageType": "TEXT", "visibility": "ALL",
            });
            self.client.call(sender, "postMessage", &body).await
        } else {
            let engagement = conversation.engagement.to_string();
            let session = lock(&self.visitors).get(&engagement).cloned();
            let session = session.unwrap_or_default();
            let sender = Sender::Visitor { session: &session };
            self.client
                .call(sender, "postMessage", &json!({ "body": text }))
                .await
        };
        if let Err(error) = posted {
            self.measurement.record_error(&error);
        }
    }

    async fn run_visitor(self: Arc<Self>, session: String) {
        // Counted before the first poll, which may be held.
        self.polling.fetch_add(1, Ordering::Relaxed);
        loop {
            let sender = Sender::Visitor { session: &session };
            match self.client.call(sender, "getMessages", &json!({})).await {
                Ok(answer) => {
                    for message in list(&answer, "systemMessages") {
                        if let Some(text) = message.get("body").and_then(Value::as_str) {
                            self.measurement.record_arrival(text);
                        }
                    }
                }
                Err(error) => self.measurement.record_error(&error),
            }
        }
    }

    async fn run_agent(self: Arc<Self>, index: usize, session: String) {
        let account = FIRST_ACCOUNT + index;
        let sender = || Sender::Agent {
            session: &session,
            account,
        };
        loop {
            let answer = match self.client.call(sender(), "getMessages", &json!({})).await {
                Ok(answer) => answer,
                Err(error) => {
                    self.measurement.record_error(&error);
                    continue;
                }
            };
            for message in list(&answer, "getResponseTypes") {
                let text = message.pointer("/ChatPostMessage/body");
                if let Some(text) = text.and_then(Value::as_str) {
                    self.measurement.record_arrival(text);
                }
                let Some(offer) = message.get("ChatEngagementAssignment") else {
                    continue;
                };
                let engagement = offer.get("engagementId").cloned().unwrap_or_default();
                let accept = json!({
                    "action": "ACCEPT", "actionType": "AUTO", "assignmentType": "LEAD",
                    "engagementId": engagement,
                });
                match self
                    .client
                    .call(sender(), "assignmentAcknowledgement", &accept)
                    .await
                {
                    Ok(_) => lock(&self.conversations).push(Conversation {
                        agent: index,
                        engagement,
                    }),
                    Err(error) => self.measurement.record_error(&error),
                }
            }
        }
    }
}

fn list<'a>(answer: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    answer
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// The result of a task that may also have panicked.
fn joined(
    result: Option<Result<Result<(), String>, tokio::task::JoinError>>,
) -> Result<(), String> {
    match result {
        Some(Ok(result)) => result,
        Some(Err(error)) => Err(error.to_string()),
        None => Ok(()),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
