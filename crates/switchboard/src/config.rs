//! The settings of a switchboard.

use std::collections::BTreeMap;

use pipit_wire::vocabulary::SneakPreviewState;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The settings of a switchboard. Times are in ms unless the name says otherwise, and at least 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The pool to begin with.
    pub pool: String,
    /// How long a poll is held when there is nothing to say. PAGE 004: 30 s.
    pub hold_ms: i64,
    /// Without a poll for so long a participant is absent. FOUND: 120 s.
    pub absent_ms: i64,
    /// After so many absent intervals a participant is given up. FOUND: 2.
    pub absent_retries: i64,
    /// A conversation in which nobody writes for so long ends. FOUND: 10 min.
    pub idle_ms: i64,
    /// Who has waited so long leaves the queue. INFERRED.
    pub queue_timeout_ms: i64,
    /// How long an agent has to answer an assignment. FOUND: 60 s.
    pub assignment_ms: i64,
    /// How long an agent who declined or did not answer is not asked again. INFERRED.
    pub declined_ms: i64,
    /// How long an ended session can still fetch its last messages. INFERRED.
    pub linger_ms: i64,
    /// What the consumer may send of what is typed. PAGE 001.
    #[serde(with = "SneakPreviewText")]
    pub sneak_preview_state: SneakPreviewState,
    /// Least time between two previews. PAGE 001: 3000.
    pub sneak_preview_interval_ms: i64,
    /// The survey after a conversation that either side ended.
    pub completed_survey: SurveyOffer,
    /// The survey for who left the queue.
    pub cancelled_survey: SurveyOffer,
    /// The survey that is mailed later.
    pub delayed_survey: Option<DelayedSurvey>,
    /// Whether a visitor's own message comes back in the visitor's stream. INFERRED, unknown in
    /// production: clients must cope with both.
    pub echo: bool,
    /// Whether waiting engagements end with NO_AGENTS_AVAILABLE while no agent is logged on.
    pub conclude_without_agents: bool,
    /// The greeting of agents without their own; `{name}` is the agent's name.
    pub greeting: String,
    /// Greetings by account id.
    pub greetings: BTreeMap<i64, String>,
    /// The wait that is told before any has been measured, in s.
    pub average_wait_seconds: i64,
    /// The queue of visitors whose session names none.
    pub queue_id: i64,
    /// Whether requests under a former or unknown pool are refused.
    pub strict_pool: bool,
    /// How long after a migration the former pool still takes every request.
    pub pool_grace_ms: i64,
    /// The spam rule. FOUND; thresholds INFERRED.
    pub spam: SpamRule,
    /// The first engagement's id: above 2^53, so that clients who round ids find out here.
    pub first_engagement_id: i64,
    /// The first client's id.
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
            strict_pool: true,
            pool_grace_ms: 5_000,
            spam: SpamRule::default(),
            first_engagement_id: 9_007_199_254_740_993,
            first_client_id: 9_007_199_255_740_993,
        }
    }
}

impl Config {
    /// Says what is wrong with the settings, if anything is.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn check(&self) -> Result<(), String> {
        let at_least_one = [
            ("hold_ms", self.hold_ms),
            ("absent_ms", self.absent_ms),
            ("absent_retries", self.absent_retries),
            ("idle_ms", self.idle_ms),
            ("queue_timeout_ms", self.queue_timeout_ms),
            ("assignment_ms", self.assignment_ms),
            ("declined_ms", self.declined_ms),
            ("linger_ms", self.linger_ms),
        ];
        match at_least_one.iter().find(|(_, value)| *value < 1) {
            Some((name, value)) => Err(format!("{name} must be at least 1, but is {value}.")),
            None => Ok(()),
        }
    }
}

/// A survey's id and authentication. No survey: id 0 and an empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyOffer {
    /// Its id.
    pub id: i64,
    /// Its authentication parameter.
    pub auth: String,
}

impl SurveyOffer {
    /// A survey.
    pub fn new(id: i64, auth: &str) -> Self {
        let auth = auth.to_owned();
        Self { id, auth }
    }
}

/// A survey that is mailed later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayedSurvey {
    /// Its id.
    pub id: i64,
    /// Its authentication parameter.
    pub auth: String,
    /// How long after the conversation, in s.
    pub delay_seconds: i64,
}

/// What counts as spam, and what is done about it. FOUND in prose; the numbers are INFERRED.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SpamRule {
    /// Whether there is a rule at all.
    pub enabled: bool,
    /// The longest text allowed, in characters.
    pub max_length: usize,
    /// The most web addresses allowed in one text.
    pub max_urls: usize,
    /// The most emoji and other symbols allowed in one text.
    pub max_symbols: usize,
    /// The same text again within this time is a duplicate, in ms.
    pub duplicate_ms: i64,
    /// So many texts are allowed ...
    pub burst_count: usize,
    /// ... within this time, in ms.
    pub burst_ms: i64,
    /// At this hit the visitor is put out.
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

/// Reads and writes a sneak preview's state as its text.
struct SneakPreviewText;

impl SneakPreviewText {
    fn serialize<S: Serializer>(state: &SneakPreviewState, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(state.as_str())
    }

    fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SneakPreviewState, D::Error> {
        String::deserialize(from).map(|text| SneakPreviewState::from(text.as_str()))
    }
}
