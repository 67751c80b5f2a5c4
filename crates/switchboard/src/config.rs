//! The settings of a [`Switchboard`](crate::Switchboard), which has the rules of the sandbox (the chat server for
//! tests). `POST /sandbox/config` takes them as JSON with the same names, so renaming a member changes that interface.
//! In this file the *consumer* is the visitor's client, an *engagement* is one chat at the server, and a *conversation* is
//! an engagement with an agent.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use std::collections::BTreeMap;

use pipit_wire::vocabulary::SneakPreviewState;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::opening_hours;

/// The longest time that a setting can have, in ms: about ten years.
const MAX_MS: i64 = 315_360_000_000;

/// The settings of a switchboard. Times are in ms, except in members whose names end in `_seconds`. [`Config::check`]
/// says which values they can have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The pool (group of chat servers) that serves the site at first.
    pub pool: String,
    /// The server holds a poll (a client's `getMessages` request) for this long while it has no message for the client.
    /// (PAGE 004: 30 s)
    pub hold_ms: i64,
    /// A participant who has not polled for this long is absent. (FOUND: 120 s)
    pub absent_ms: i64,
    /// A participant who has not polled for this many times `absent_ms` is disconnected. (FOUND: 2)
    pub absent_retries: i64,
    /// A conversation ends when nobody has written for this long. (FOUND: 10 min)
    pub idle_ms: i64,
    /// A visitor who has waited this long is removed from the queue. (INFERRED)
    pub queue_timeout_ms: i64,
    /// An assignment that the agent has not answered within this time is withdrawn. (FOUND: 60 s)
    pub assignment_ms: i64,
    /// For this long an engagement is not offered again to an agent who declined it, did not answer the offer, or led the
    /// engagement until it was transferred to the queue. (INFERRED)
    pub declined_ms: i64,
    /// For this long after the end of an engagement the consumer can still fetch its final messages. (INFERRED)
    pub linger_ms: i64,
    /// Whether the consumer may send sneak previews: text that the agent sees while the visitor types it. (PAGE 001)
    #[serde(with = "SneakPreviewText")]
    pub sneak_preview_state: SneakPreviewState,
    /// The shortest time between two previews. (PAGE 001: 3000 ms)
    pub sneak_preview_interval_ms: i64,
    /// The survey after a conversation that either side ended.
    pub completed_survey: SurveyOffer,
    /// The survey for a visitor who left the queue.
    pub cancelled_survey: SurveyOffer,
    /// The survey that is mailed later; `None` if no survey is mailed.
    pub delayed_survey: Option<DelayedSurveyOffer>,
    /// Whether the server sends a visitor's message back to the visitor's own client. It is not known whether production
    /// servers do so; clients must handle both. (INFERRED)
    pub echo: bool,
    /// Whether waiting engagements end with NO_AGENTS_AVAILABLE while no agent is logged on.
    pub conclude_without_agents: bool,
    /// The greeting of agents who are not in `greetings`; `{name}` stands for the agent's name.
    pub greeting: String,
    /// The greetings of particular agents, by account id.
    pub greetings: BTreeMap<i64, String>,
    /// The average wait that is announced to visitors until the first wait has been measured, in s.
    pub average_wait_seconds: i64,
    /// The queue for visitors whose session names no queue.
    pub queue_id: i64,
    /// The queues of the site. If the list is empty, every queue exists and is always open.
    pub queues: Vec<QueueRule>,
    /// Whether requests to an unknown pool are refused. If this is true, requests to the former pool are refused too,
    /// once `pool_grace_ms` have passed since the migration (the move of the site to another pool). Polls of the former
    /// pool are always answered.
    pub strict_pool: bool,
    /// For this long after a migration the former pool still answers every request.
    pub pool_grace_ms: i64,
    /// The spam rule. (FOUND: Oracle's servers have one. INFERRED: its thresholds.)
    pub spam: SpamRule,
    /// The first engagement's id. The default is above 2^53, so that a client that rounds ids fails in the sandbox, and
    /// not only in production.
    pub first_engagement_id: i64,
    /// The first client's id. The default is above 2^53 for the same reason.
    pub first_client_id: i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            pool: "297:1".to_owned(),
            hold_ms: 30_000,
            absent_ms: 120_000,
            absent_retries: 2,
            idle_ms: 600_000,
            queue_timeout_ms: 1_800_000,
            assignment_ms: 60_000,
            declined_ms: 30_000,
            linger_ms: 600_000,
            sneak_preview_state: SneakPreviewState::Enabled,
            sneak_preview_interval_ms: 3_000,
            completed_survey: SurveyOffer::new(101, "k7Qm/Zp+4w=="),
            cancelled_survey: SurveyOffer::new(102, "c3Xv/Lr+9t=="),
            delayed_survey: None,
            echo: false,
            conclude_without_agents: false,
            greeting: "Hi, this is {name}. How can I help you?".to_owned(),
            greetings: BTreeMap::new(),
            average_wait_seconds: 60,
            queue_id: 1,
            queues: Vec::new(),
            strict_pool: true,
            pool_grace_ms: 5_000,
            spam: SpamRule::default(),
            first_engagement_id: 9_007_199_254_740_993,
            first_client_id: 9_007_199_255_740_993,
        }
    }
}

impl Config {
    /// Lets the ids begin with small numbers, which every client can represent.
    pub fn use_small_ids(&mut self) {
        self.first_engagement_id = 1_001;
        self.first_client_id = 2_001;
    }

    /// The settings after these changes. Objects are merged member by member, everything else is replaced.
    ///
    /// # Errors
    /// A sentence that names the setting that does not exist or cannot have this value.
    pub fn with_changes(&self, changes: Map<String, Value>) -> Result<Self, String> {
        let mut config = self.clone();
        for (name, value) in changes {
            let unreadable = |error: serde_json::Error| format!("{name}: {error}.");
            let mut settings = serde_json::to_value(&config).map_err(unreadable)?;
            let change = Map::from_iter([(name.clone(), value)]);
            merge(&mut settings, Value::Object(change));
            config = serde_json::from_value(settings).map_err(unreadable)?;
        }
        config.check()?;
        Ok(config)
    }

    /// Checks that each number is in its range. Without the upper limits, a sum of times could exceed an int64.
    ///
    /// # Errors
    /// A sentence that names the first setting out of its range, and the range.
    pub fn check(&self) -> Result<(), String> {
        let delayed = self.delayed_survey.as_ref();
        let ranges = [
            ("hold_ms", self.hold_ms, 1..=MAX_MS),
            ("absent_ms", self.absent_ms, 1..=MAX_MS),
            ("absent_retries", self.absent_retries, 1..=1_000),
            ("idle_ms", self.idle_ms, 1..=MAX_MS),
            ("queue_timeout_ms", self.queue_timeout_ms, 1..=MAX_MS),
            ("assignment_ms", self.assignment_ms, 1..=MAX_MS),
            ("declined_ms", self.declined_ms, 1..=MAX_MS),
            ("linger_ms", self.linger_ms, 1..=MAX_MS),
            (
                "sneak_preview_interval_ms",
                self.sneak_preview_interval_ms,
                // The message to agents has the interval as an int32 (PAGE 004).
                0..=i64::from(i32::MAX),
            ),
            ("pool_grace_ms", self.pool_grace_ms, 0..=MAX_MS),
            (
                "average_wait_seconds",
                self.average_wait_seconds,
                0..=MAX_MS,
            ),
            // 0 means out of hours.
            ("queue_id", self.queue_id, 0..=i64::MAX),
            (
                "completed_survey.id",
                self.completed_survey.id,
                0..=i64::MAX,
            ),
            (
                "cancelled_survey.id",
                self.cancelled_survey.id,
                0..=i64::MAX,
            ),
            (
                "delayed_survey.id",
                delayed.map_or(0, |it| it.id),
                0..=i64::MAX,
            ),
            (
                "delayed_survey.delay_seconds",
                delayed.map_or(0, |it| it.delay_seconds),
                0..=MAX_MS,
            ),
            ("spam.duplicate_ms", self.spam.duplicate_ms, 0..=MAX_MS),
            ("spam.burst_ms", self.spam.burst_ms, 0..=MAX_MS),
            (
                "spam.eject_at",
                i64::from(self.spam.eject_at),
                1..=i64::from(u32::MAX),
            ),
            (
                "first_engagement_id",
                self.first_engagement_id,
                1..=i64::MAX,
            ),
            // Client 1 is the server itself.
            ("first_client_id", self.first_client_id, 2..=i64::MAX),
        ];
        for text in self.queues.iter().flat_map(|queue| &queue.opening_hours) {
            opening_hours::check(text)?;
        }
        let out_of_range = ranges
            .iter()
            .find(|(_, value, range)| !range.contains(value));
        match out_of_range {
            Some((name, value, range)) if *range.end() == i64::MAX => Err(format!(
                "{name} must be at least {}, but is {value}.",
                range.start()
            )),
            Some((name, value, range)) => Err(format!(
                "{name} must be from {} to {}, but is {value}.",
                range.start(),
                range.end()
            )),
            None => Ok(()),
        }
    }
}

/// Merges objects member by member, and replaces everything else.
fn merge(target: &mut Value, change: Value) {
    match (target, change) {
        (Value::Object(target), Value::Object(change)) => {
            for (name, value) in change {
                merge(target.entry(name).or_insert(Value::Null), value);
            }
        }
        (target, change) => *target = change,
    }
}

/// A queue of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueRule {
    /// The queue's id.
    pub id: i64,
    /// When the queue takes new engagements: texts such as `Mon-Fri 09:00-17:00`, in UTC. An empty list means always.
    #[serde(default)]
    pub opening_hours: Vec<String>,
}

/// A survey that the server offers when an engagement ends. Id 0 and an empty `auth` mean: no survey.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyOffer {
    /// The survey's id.
    pub id: i64,
    /// The authentication parameter that opens the survey.
    pub auth: String,
}

impl SurveyOffer {
    /// Makes the offer of a survey.
    pub fn new(id: i64, auth: &str) -> Self {
        let auth = auth.to_owned();
        Self { id, auth }
    }
}

/// A survey that is mailed later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayedSurveyOffer {
    /// The survey's id.
    pub id: i64,
    /// The authentication parameter that opens the survey.
    pub auth: String,
    /// The time between the end of the conversation and the mail, in s.
    pub delay_seconds: i64,
}

/// What counts as spam, and how much of it ends the engagement. (FOUND: the kinds of spam. INFERRED: the numbers.)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpamRule {
    /// Whether the rule is applied at all.
    pub enabled: bool,
    /// The longest text allowed, in characters.
    pub max_length: usize,
    /// The highest number of web addresses allowed in one text.
    pub max_urls: usize,
    /// The highest number of emoji and other symbols allowed in one text.
    pub max_symbols: usize,
    /// The time within which a repeated text counts as a duplicate, in ms.
    pub duplicate_ms: i64,
    /// The highest number of texts allowed within `burst_ms`.
    pub burst_count: usize,
    /// The period in which `burst_count` texts are allowed, in ms.
    pub burst_ms: i64,
    /// The engagement ends when the visitor has sent this many texts that are spam.
    pub eject_at: u32,
}

impl Default for SpamRule {
    fn default() -> Self {
        Self {
            enabled: true,
            max_length: 10_000,
            max_urls: 5,
            max_symbols: 40,
            duplicate_ms: 30_000,
            burst_count: 40,
            burst_ms: 10_000,
            eject_at: 3,
        }
    }
}

/// Serialises [`SneakPreviewState`] as the text that the chat REST API uses, for `#[serde(with)]`.
struct SneakPreviewText;

impl SneakPreviewText {
    fn serialize<S: Serializer>(state: &SneakPreviewState, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(state.as_str())
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SneakPreviewState, D::Error> {
        let state = SneakPreviewState::from(String::deserialize(from)?.as_str());
        match state {
            SneakPreviewState::Unknown(text) => {
                let allowed: Vec<&str> = SneakPreviewState::ALL
                    .iter()
                    .map(SneakPreviewState::as_str)
                    .collect();
                Err(D::Error::custom(format!(
                    "sneak_preview_state must be one of {}, but is {text:?}",
                    allowed.join(", ")
                )))
            }
            known => Ok(known),
        }
    }
}
