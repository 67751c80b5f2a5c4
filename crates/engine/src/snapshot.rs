//! Snapshots of a conversation: the text that is stored for a reload and handed to other tabs.
//!
//! The engine asks for each snapshot to be stored before it sends a request. After a crash at any step
//! the storage has either the state before that step or the state after it. A snapshot contains the
//! session id, because the conversation could not go on without it, but never the token.

mod entry;
mod failure;

use std::collections::BTreeMap;
use std::rc::Rc;

use pipit_wire::consumer::Survey;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{
    AccountId, ClientId, EngagementId, Fields, Secret, SequenceNumber, SurveyId, WireValue,
};

use crate::conclude::ConcludeRequest;
use crate::conversation::{Agent, Conclusion, Connection, Phase, Wait};
use crate::endpoint::Endpoint;
use crate::outbox::Outbox;
use crate::poll::Poll;
use crate::start::{Live, Stage, Surveys};
use crate::stream::{Seen, Stream};
use crate::transcript::{Content, Delivery, Entry, EntryId};
use crate::typing::Typing;
use crate::{Effect, Engine, Failure, Moment, SurveyLink};

/// The version of the format. Snapshots of another version are ignored.
const VERSION: i64 = 1;

/// At most this many entries are stored, because the storage of a tab is small.
const MAX_ENTRIES: usize = 500;

/// At most this many sequence numbers are stored one by one.
const MAX_NUMBERS: usize = 64;

/// The snapshot that the driver was last asked to store.
#[derive(Debug, Default)]
pub(crate) struct SnapshotCache {
    text: Option<Secret>,
    /// The JSON text of each entry in it: most entries are the same in the next snapshot.
    lines: BTreeMap<EntryId, (Rc<Entry>, String)>,
}

/// Whether a snapshot is the latest of its conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// It is.
    Latest,
    /// Another tab may have gone on since. It may have sent messages that wait in this snapshot, and
    /// may have sent failed ones again.
    MayBeOutdated,
}

impl SnapshotCache {
    /// The JSON text of an entry. It is written again only if the entry has changed.
    fn line(&mut self, entry: &Rc<Entry>) -> String {
        match self.lines.remove(&entry.id) {
            Some((same, line)) if Rc::ptr_eq(&same, entry) => line,
            _ => entry::kept(entry).write().to_string(),
        }
    }
}

impl Engine {
    /// Has the driver store a new snapshot, if something has changed.
    pub(crate) fn save(&mut self) {
        let now = self.keep().map(Secret::new);
        if now != self.saved.text {
            self.saved.text.clone_from(&now);
            self.effects.push_front(Effect::Save(now));
        }
    }

    /// The snapshot that the driver was last asked to store.
    pub(crate) fn snapshot(&self) -> Option<&str> {
        self.saved.text.as_ref().map(Secret::reveal)
    }

    /// Goes on from a stored snapshot. An engine that has taken an input already ignores it, and so
    /// does every engine if the format is unknown.
    pub fn restore(&mut self, now: Moment, snapshot: &str) {
        if self.last.is_none() && self.read(now, snapshot) {
            self.resume(now, Freshness::Latest);
        }
    }

    /// Shows the conversation of a snapshot and does nothing else. The ids of requests go on counting,
    /// so that an answer to an earlier request is not mistaken for an answer to a later one.
    pub(crate) fn load_snapshot(&mut self, now: Moment, snapshot: Option<&str>) {
        *self = Self {
            requests: std::mem::take(&mut self.requests),
            jitter: self.jitter.clone(),
            ..Self::new(self.options.clone(), 0)
        };
        if let Some(snapshot) = snapshot {
            self.read(now, snapshot);
        }
    }

    /// Goes on with what is shown. What was on its way is unknown, and what agents were doing is
    /// old by now.
    pub(crate) fn resume(&mut self, now: Moment, freshness: Freshness) {
        let conversation = &mut self.conversation;
        conversation.connection = Connection::Asking;
        let is_blank = conversation.transcript.is_empty();
        match &mut conversation.phase {
            Phase::Starting | Phase::Failed(_) if is_blank => conversation.phase = Phase::Idle,
            Phase::Starting => conversation.phase = Phase::Failed(Failure::Interrupted),
            Phase::Failed(failure) if !failure.can_try_again() => *failure = Failure::Interrupted,
            Phase::Queued(wait) | Phase::Requeued(wait) => *wait = Wait::default(),
            Phase::Chatting(agents) => {
                for agent in agents {
                    agent.activity = ActivityMode::None;
                    agent.connection = ConnectionState::Active;
                }
            }
            Phase::Idle | Phase::Failed(_) | Phase::Concluded(_) => {}
        }
        let may_be_outdated = freshness == Freshness::MayBeOutdated;
        // Nothing is sent again once all is over.
        let is_over = matches!(conversation.phase, Phase::Concluded(_));
        let mut unknown: Vec<EntryId> = Vec::new();
        let mut waiting: Vec<EntryId> = Vec::new();
        for entry in &conversation.transcript {
            if let Content::Visitor { delivery, .. } = entry.content {
                match delivery {
                    Delivery::Queued if !may_be_outdated => waiting.push(entry.id),
                    Delivery::Failed(_) if !may_be_outdated || is_over => {}
                    Delivery::Queued | Delivery::Sending | Delivery::Failed(_) => {
                        unknown.push(entry.id);
                    }
                    Delivery::Accepted | Delivery::Unknown => {}
                }
            }
        }
        if !may_be_outdated {
            self.outbox = Outbox::with_waiting(waiting.into_iter());
        }
        for entry in unknown {
            self.conversation.set_delivery(entry, Delivery::Unknown);
        }
        if let Stage::Live(live) = &mut self.stage {
            live.poll = Poll::due_now(now);
            live.typing = Typing::resumed(now);
        }
        self.send_due(now);
        self.save();
    }

    /// Reads what was kept; false when it is of another form.
    fn read(&mut self, now: Moment, kept: &str) -> bool {
        let Ok(mut fields) = Fields::from_json(kept) else {
            return false;
        };
        if fields.take::<i64>("version") != Some(VERSION) {
            return false;
        }
        self.saved.text = Some(Secret::new(kept));
        self.read_transcript(&mut fields);
        let phase: String = fields.take("phase").unwrap_or_default();
        self.conversation.phase = if let Some(mut live) = fields.take::<Fields>("live") {
            self.read_live(now, &phase, &mut live)
        } else if let Some(mut ended) = fields.take::<Fields>("ended") {
            Phase::Concluded(conclusion(&mut ended))
        } else if let Some(mut failed) = fields.take::<Fields>("failed") {
            Phase::Failed(failure::again(&mut failed))
        } else if phase == "starting" {
            Phase::Starting
        } else {
            Phase::Idle
        };
        if let Some(mut ending) = fields.take::<Fields>("ending")
            && let Some(endpoint) = endpoint(&mut ending)
            && let Some(session) = ending.take("session")
        {
            self.request_conclusion(now, endpoint, session);
        }
        true
    }

    fn keep(&mut self) -> Option<String> {
        let conversation = &self.conversation;
        let is_blank = conversation.phase == Phase::Idle
            && conversation.transcript.is_empty()
            && conversation.sneak_preview.is_allowed()
            && self.ending.is_none();
        if is_blank {
            return None;
        }
        let mut fields = Fields::default();
        fields.put("version", &VERSION);
        fields.put("previewAllowed", &conversation.sneak_preview.is_allowed());
        fields.put("entriesBefore", &int(conversation.entries_before));
        fields.put("entries", &int(conversation.entries));
        match (&self.stage, &conversation.phase) {
            (Stage::Live(live), phase) => {
                fields.put("phase", &phase_name(phase).to_owned());
                fields.put("live", &self.kept_live(live));
            }
            (_, Phase::Concluded(conclusion)) => fields.put("ended", &kept_end(conclusion)),
            (_, Phase::Failed(failure)) => fields.put("failed", &failure::kept(failure)),
            (_, Phase::Starting) => fields.put("phase", &"starting".to_owned()),
            _ => {}
        }
        if let Some(ConcludeRequest {
            endpoint, session, ..
        }) = &self.ending
        {
            let mut ending = kept_endpoint(endpoint);
            ending.put("session", session);
            fields.put("ending", &ending);
        }
        let mut text = fields.write().to_string();
        text.pop();
        self.keep_transcript(&mut text);
        Some(text)
    }

    /// Writes the last member.
    fn keep_transcript(&mut self, text: &mut String) {
        let transcript = &self.conversation.transcript;
        let old = transcript.len().saturating_sub(MAX_ENTRIES);
        let mut lines = BTreeMap::new();
        let mut before = ",\"transcript\":[";
        for entry in transcript.iter().skip(old) {
            let line = self.saved.line(entry);
            text.push_str(before);
            text.push_str(&line);
            before = ",";
            lines.insert(entry.id, (entry.clone(), line));
        }
        text.push_str(if lines.is_empty() { "}" } else { "]}" });
        self.saved.lines = lines;
    }

    fn kept_live(&self, live: &Live) -> Fields {
        let mut fields = kept_endpoint(&live.endpoint);
        fields.put("session", &live.session);
        fields.put("engagement", &live.engagement_id);
        put_some(&mut fields, "client", live.client_id.as_ref());
        for (name, survey) in [
            ("completed", &live.surveys.completed),
            ("cancelled", &live.surveys.cancelled),
            ("delayed", &live.surveys.delayed),
        ] {
            put_some(&mut fields, name, survey.as_ref().map(kept_survey).as_ref());
        }
        let preview = &self.conversation.sneak_preview;
        fields.put("previewState", preview.state());
        fields.put("previewInterval", &int(preview.interval_ms));
        fields.put("outOfFocus", &preview.out_of_focus);
        let numbers = &live.stream.seen.above;
        let old = numbers.len().saturating_sub(MAX_NUMBERS);
        let floor = numbers.iter().take(old).next_back().copied();
        put_some(
            &mut fields,
            "floor",
            floor.or(live.stream.seen.floor).as_ref(),
        );
        fields.put(
            "numbers",
            &numbers.iter().skip(old).copied().collect::<Vec<_>>(),
        );
        put_text(&mut fields, "lead", live.stream.lead.as_ref());
        let names = live.stream.names.iter().map(|(client, name)| {
            let mut fields = Fields::default();
            fields.put("client", client);
            fields.put("name", &name.to_string());
            fields
        });
        fields.put("names", &names.collect::<Vec<_>>());
        fields.put(
            "connection",
            &connection_name(self.conversation.connection).to_owned(),
        );
        match &self.conversation.phase {
            Phase::Chatting(agents) => {
                fields.put("agents", &agents.iter().map(kept_agent).collect::<Vec<_>>());
            }
            Phase::Queued(wait) | Phase::Requeued(wait) => keep_wait(&mut fields, *wait),
            _ => {}
        }
        fields
    }

    fn read_transcript(&mut self, fields: &mut Fields) {
        let conversation = &mut self.conversation;
        let is_allowed = fields.take("previewAllowed").unwrap_or(true);
        conversation.sneak_preview.allow(is_allowed);
        let entries: Vec<Fields> = fields.take("transcript").unwrap_or_default();
        for entry in entries.into_iter().filter_map(entry::again) {
            // Whatever stands in the storage: two of one name could not be told apart.
            if conversation.transcript.iter().all(|it| it.id != entry.id) {
                conversation.transcript.push(Rc::new(entry));
            }
        }
        let next = conversation
            .transcript
            .iter()
            .map(|entry| entry.id.0.saturating_add(1))
            .max();
        conversation.entries = uint(fields, "entries").max(next.unwrap_or(0));
        conversation.entries_before = uint(fields, "entriesBefore");
    }

    fn read_live(&mut self, now: Moment, phase: &str, fields: &mut Fields) -> Phase {
        let (Some(endpoint), Some(session), Some(engagement_id)) = (
            endpoint(fields),
            fields.take::<Secret>("session"),
            fields.take::<EngagementId>("engagement"),
        ) else {
            return Phase::Failed(Failure::Interrupted);
        };
        let interval = fields.take("previewInterval");
        let preview = &mut self.conversation.sneak_preview;
        preview.begin(fields.take("previewState"), interval);
        preview.out_of_focus = fields.take("outOfFocus").unwrap_or_default();
        self.conversation.connection =
            connection(&fields.take::<String>("connection").unwrap_or_default());
        let names: Vec<Fields> = fields.take("names").unwrap_or_default();
        let names = names.into_iter().filter_map(|mut fields| {
            let name: String = fields.take("name")?;
            Some((fields.take::<ClientId>("client")?, Rc::from(name)))
        });
        let numbers: Vec<SequenceNumber> = fields.take("numbers").unwrap_or_default();
        self.stage = Stage::Live(Box::new(Live {
            endpoint,
            session,
            engagement_id,
            client_id: fields.take("client"),
            surveys: Surveys {
                completed: survey(fields, "completed"),
                cancelled: survey(fields, "cancelled"),
                delayed: survey(fields, "delayed"),
            },
            stream: Stream {
                seen: Seen {
                    floor: fields.take("floor"),
                    above: numbers.into_iter().collect(),
                },
                names: names.collect(),
                lead: fields.take::<String>("lead").map(Rc::from),
            },
            poll: Poll::due_now(now),
            typing: Typing::resumed(now),
        }));
        let agents: Vec<Fields> = fields.take("agents").unwrap_or_default();
        match phase {
            "chatting" => Phase::Chatting(agents.into_iter().filter_map(agent).collect()),
            "requeued" => Phase::Requeued(wait(fields)),
            _ => Phase::Queued(wait(fields)),
        }
    }
}

fn phase_name(phase: &Phase) -> &'static str {
    match phase {
        Phase::Chatting(_) => "chatting",
        Phase::Requeued(_) => "requeued",
        _ => "queued",
    }
}

fn connection_name(connection: Connection) -> &'static str {
    match connection {
        Connection::Asking => "asking",
        Connection::Connected => "connected",
        Connection::Lost => "lost",
    }
}

fn connection(name: &str) -> Connection {
    match name {
        "connected" => Connection::Connected,
        "lost" => Connection::Lost,
        _ => Connection::Asking,
    }
}

fn keep_wait(fields: &mut Fields, wait: Wait) {
    let numbers = [wait.position, wait.expected_seconds, wait.average_seconds];
    for (name, number) in WAIT.into_iter().zip(numbers) {
        put_some(fields, name, number.map(i64::from).as_ref());
    }
}

fn wait(fields: &mut Fields) -> Wait {
    let [position, expected_seconds, average_seconds] = WAIT.map(|name| {
        let number: Option<i64> = fields.take(name);
        number.and_then(|number| u32::try_from(number).ok())
    });
    Wait {
        position,
        expected_seconds,
        average_seconds,
    }
}

const WAIT: [&str; 3] = ["position", "expectedSeconds", "averageSeconds"];

fn kept_endpoint(endpoint: &Endpoint) -> Fields {
    let mut fields = Fields::default();
    fields.put("origin", &endpoint.origin);
    fields.put("site", &endpoint.site);
    put_some(&mut fields, "pool", endpoint.pool.as_ref());
    fields
}

fn endpoint(fields: &mut Fields) -> Option<Endpoint> {
    Some(Endpoint {
        origin: fields.take("origin")?,
        site: fields.take("site")?,
        pool: fields.take("pool"),
    })
}

fn kept_survey(survey: &Survey) -> Fields {
    let mut fields = Fields::default();
    fields.put("id", &survey.id);
    fields.put("auth", &survey.auth);
    fields
}

fn survey(fields: &mut Fields, name: &str) -> Option<Survey> {
    let mut fields: Fields = fields.take(name)?;
    Some(Survey {
        id: fields.take::<SurveyId>("id")?,
        auth: fields.take("auth")?,
    })
}

fn kept_agent(agent: &Agent) -> Fields {
    let mut fields = Fields::default();
    fields.put("client", &agent.client_id);
    put_some(&mut fields, "account", agent.account_id.as_ref());
    fields.put("name", &agent.name.to_string());
    fields.put("role", &agent.role);
    fields.put("activity", &agent.activity);
    fields.put("connection", &agent.connection);
    fields.put("virtual", &agent.is_virtual);
    fields
}

fn agent(mut fields: Fields) -> Option<Agent> {
    Some(Agent {
        client_id: fields.take("client")?,
        account_id: fields.take::<AccountId>("account"),
        name: fields.take::<String>("name").unwrap_or_default().into(),
        role: fields.take::<Role>("role")?,
        activity: fields.take("activity").unwrap_or(ActivityMode::None),
        connection: fields.take("connection").unwrap_or(ConnectionState::Active),
        is_virtual: fields.take("virtual").unwrap_or_default(),
    })
}

fn kept_end(conclusion: &Conclusion) -> Fields {
    let mut fields = Fields::default();
    fields.put("engagement", &conclusion.engagement_id);
    fields.put("reason", &conclusion.reason);
    put_text(&mut fields, "agent", conclusion.agent.as_ref());
    let url = conclusion.survey.as_ref().map(|link| link.url().to_owned());
    put_some(&mut fields, "survey", url.as_ref());
    fields.put("byMail", &conclusion.survey_by_mail);
    fields
}

fn conclusion(fields: &mut Fields) -> Conclusion {
    Conclusion {
        engagement_id: fields.take("engagement").unwrap_or_default(),
        reason: fields.take("reason").unwrap_or(DisconnectReason::None),
        agent: fields.take::<String>("agent").map(Rc::from),
        survey: fields.take("survey").and_then(SurveyLink::from_stored),
        survey_by_mail: fields.take("byMail").unwrap_or_default(),
    }
}

fn put_some<T: WireValue>(fields: &mut Fields, name: &str, value: Option<&T>) {
    if let Some(value) = value {
        fields.put(name, value);
    }
}

fn put_text(fields: &mut Fields, name: &str, text: Option<&Rc<str>>) {
    put_some(fields, name, text.map(ToString::to_string).as_ref());
}

fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn uint(fields: &mut Fields, name: &str) -> u64 {
    let number: Option<i64> = fields.take(name);
    number
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or(0)
}
