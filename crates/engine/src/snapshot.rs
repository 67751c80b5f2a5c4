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
use crate::conversation::{Agent, Conclusion, Connection, Wait};
use crate::endpoint::{Endpoint, SessionEndpoint};
use crate::failure::Failure;
use crate::input::Moment;
use crate::participants::{Attendance, Participants};
use crate::poll::Poll;
use crate::preview::SneakPreview;
use crate::sequence::SeenNumbers;
use crate::state::{Live, Stage, State};
use crate::survey::{SurveyLink, Surveys};
use crate::transcript::{Entry, EntryId, Transcript};
use crate::typing::Typing;

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
    /// The JSON text of its members except the transcript; `None` when it is unknown.
    head: Option<Secret>,
    /// The entries that it was written from.
    entries: Rc<Vec<Rc<Entry>>>,
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
    /// A snapshot that was loaded from storage, so that it is stored already.
    pub(crate) fn loaded(text: &str) -> Self {
        Self {
            text: Some(Secret::new(text)),
            ..Self::default()
        }
    }

    /// The current snapshot; `None` when nothing is worth storing.
    pub(crate) fn text(&self) -> Option<&Secret> {
        self.text.as_ref()
    }

    /// Makes the snapshot of this state the current one. Whether it differs from the one before. Most
    /// inputs change neither the transcript nor the other members: then no text is put together.
    pub(crate) fn update(&mut self, state: &State) -> bool {
        let head = write_state(state).map(|fields| Secret::new(fields.write().to_string()));
        let entries = state.transcript.entries();
        if self.head.is_some() && self.head == head && Rc::ptr_eq(&self.entries, entries) {
            return false;
        }
        let text = head.as_ref().map(|head| self.write(head.reveal(), entries));
        self.head = head;
        self.entries = entries.clone();
        let text = text.map(Secret::new);
        let has_changed = text != self.text;
        if has_changed {
            self.text = text;
        }
        has_changed
    }

    fn write(&mut self, head: &str, entries: &[Rc<Entry>]) -> String {
        let mut text = head.strip_suffix('}').unwrap_or(head).to_owned();
        self.append_transcript(&mut text, entries);
        text
    }

    /// Adds the last member to a JSON object whose closing brace is missing.
    fn append_transcript(&mut self, text: &mut String, entries: &[Rc<Entry>]) {
        let skipped = entries.len().saturating_sub(MAX_ENTRIES);
        let mut lines = BTreeMap::new();
        let mut separator = ",\"transcript\":[";
        for entry in entries.iter().skip(skipped) {
            let line = self.line(entry);
            text.push_str(separator);
            text.push_str(&line);
            separator = ",";
            lines.insert(entry.id, (entry.clone(), line));
        }
        text.push_str(if lines.is_empty() { "}" } else { "]}" });
        self.lines = lines;
    }

    /// The JSON text of an entry. It is written again only if the entry has changed.
    fn line(&mut self, entry: &Rc<Entry>) -> String {
        match self.lines.remove(&entry.id) {
            Some((same, line)) if Rc::ptr_eq(&same, entry) => line,
            _ => entry::kept(entry).write().to_string(),
        }
    }
}

/// Reads a snapshot; `None` when its format is unknown.
pub(crate) fn read(now: Moment, snapshot: &str) -> Option<State> {
    let mut fields = Fields::from_json(snapshot).ok()?;
    if fields.take::<i64>("version") != Some(VERSION) {
        return None;
    }
    let mut sneak_preview = SneakPreview::default();
    sneak_preview.allow(fields.take("previewAllowed").unwrap_or(true));
    Some(State {
        transcript: read_transcript(&mut fields),
        stage: read_stage(now, &mut fields, &mut sneak_preview),
        sneak_preview,
        conclude_request: read_conclude_request(now, &mut fields),
    })
}

/// Everything except the transcript; `None` when nothing is worth storing.
fn write_state(state: &State) -> Option<Fields> {
    let is_idle = matches!(state.stage, Stage::Idle | Stage::Abandoning(_));
    let is_blank = is_idle
        && state.transcript.entries().is_empty()
        && state.sneak_preview.is_allowed()
        && state.conclude_request.is_none();
    if is_blank {
        return None;
    }
    let mut fields = Fields::default();
    fields.put("version", &VERSION);
    fields.put("previewAllowed", &state.sneak_preview.is_allowed());
    fields.put("entriesBefore", &int(state.transcript.engagement_start()));
    fields.put("entries", &int(state.transcript.next_id()));
    match &state.stage {
        Stage::Idle | Stage::Abandoning(_) => {}
        Stage::Starting(_) | Stage::StartingElsewhere => {
            fields.put("phase", &"starting".to_owned());
        }
        Stage::Live(live) => {
            let name = attendance_name(live.participants.attendance());
            fields.put("phase", &name.to_owned());
            fields.put("live", &write_live(live, &state.sneak_preview));
        }
        Stage::Concluded(conclusion) => fields.put("ended", &kept_end(conclusion)),
        Stage::Failed(failure) => fields.put("failed", &failure::kept(failure)),
    }
    if let Some(request) = &state.conclude_request {
        let SessionEndpoint {
            endpoint,
            session_id,
        } = request.session();
        let mut ending = kept_endpoint(endpoint);
        ending.put("session", session_id);
        fields.put("ending", &ending);
    }
    Some(fields)
}

fn read_transcript(fields: &mut Fields) -> Transcript {
    let entries: Vec<Fields> = fields.take("transcript").unwrap_or_default();
    let stored = entries.into_iter().filter_map(entry::again);
    Transcript::restored(
        stored,
        uint(fields, "entries"),
        uint(fields, "entriesBefore"),
    )
}

fn read_stage(now: Moment, fields: &mut Fields, sneak_preview: &mut SneakPreview) -> Stage {
    let phase: String = fields.take("phase").unwrap_or_default();
    if let Some(mut live) = fields.take::<Fields>("live") {
        match read_live(now, &phase, &mut live, sneak_preview) {
            Some(live) => Stage::Live(Box::new(live)),
            None => Stage::Failed(Failure::Interrupted),
        }
    } else if let Some(mut ended) = fields.take::<Fields>("ended") {
        Stage::Concluded(conclusion(&mut ended))
    } else if let Some(mut failed) = fields.take::<Fields>("failed") {
        Stage::Failed(failure::again(&mut failed))
    } else if phase == "starting" {
        Stage::StartingElsewhere
    } else {
        Stage::Idle
    }
}

fn read_conclude_request(now: Moment, fields: &mut Fields) -> Option<ConcludeRequest> {
    let mut ending: Fields = fields.take("ending")?;
    let session = SessionEndpoint {
        endpoint: endpoint(&mut ending)?,
        session_id: ending.take("session")?,
    };
    Some(ConcludeRequest::new(now, session))
}

fn write_live(live: &Live, sneak_preview: &SneakPreview) -> Fields {
    let mut fields = kept_endpoint(&live.session.endpoint);
    fields.put("session", &live.session.session_id);
    fields.put("engagement", &live.engagement_id);
    put_some(&mut fields, "client", live.client_id.as_ref());
    for (name, survey) in [
        ("completed", &live.surveys.completed),
        ("cancelled", &live.surveys.cancelled),
        ("delayed", &live.surveys.delayed),
    ] {
        put_some(&mut fields, name, survey.as_ref().map(kept_survey).as_ref());
    }
    fields.put("previewState", sneak_preview.state());
    fields.put("previewInterval", &int(sneak_preview.interval_ms));
    fields.put("outOfFocus", &sneak_preview.out_of_focus);
    let (floor, numbers) = live.seen.highest(MAX_NUMBERS);
    put_some(&mut fields, "floor", floor.as_ref());
    fields.put("numbers", &numbers);
    put_text(&mut fields, "lead", live.participants.lead());
    let names = live.participants.names().iter().map(|(client, name)| {
        let mut fields = Fields::default();
        fields.put("client", client);
        fields.put("name", &name.to_string());
        fields
    });
    fields.put("names", &names.collect::<Vec<_>>());
    let connection = connection_name(live.poll.connection());
    fields.put("connection", &connection.to_owned());
    match live.participants.attendance() {
        Attendance::Chatting(agents) => {
            fields.put("agents", &agents.iter().map(kept_agent).collect::<Vec<_>>());
        }
        Attendance::Queued(wait) | Attendance::Requeued(wait) => keep_wait(&mut fields, *wait),
    }
    fields
}

fn read_live(
    now: Moment,
    phase: &str,
    fields: &mut Fields,
    sneak_preview: &mut SneakPreview,
) -> Option<Live> {
    let session = SessionEndpoint {
        endpoint: endpoint(fields)?,
        session_id: fields.take::<Secret>("session")?,
    };
    let engagement_id = fields.take::<EngagementId>("engagement")?;
    let interval = fields.take("previewInterval");
    sneak_preview.begin(fields.take("previewState"), interval);
    sneak_preview.out_of_focus = fields.take("outOfFocus").unwrap_or_default();
    let connection = connection(&fields.take::<String>("connection").unwrap_or_default());
    let numbers: Vec<SequenceNumber> = fields.take("numbers").unwrap_or_default();
    Some(Live {
        session,
        engagement_id,
        client_id: fields.take("client"),
        surveys: Surveys {
            completed: survey(fields, "completed"),
            cancelled: survey(fields, "cancelled"),
            delayed: survey(fields, "delayed"),
        },
        participants: read_participants(phase, fields),
        seen: SeenNumbers::restored(fields.take("floor"), numbers),
        poll: Poll::restored(now, connection),
        typing: Typing::resumed(now),
    })
}

fn read_participants(phase: &str, fields: &mut Fields) -> Participants {
    let names: Vec<Fields> = fields.take("names").unwrap_or_default();
    let names = names.into_iter().filter_map(|mut fields| {
        let name: String = fields.take("name")?;
        Some((fields.take::<ClientId>("client")?, Rc::from(name)))
    });
    let agents: Vec<Fields> = fields.take("agents").unwrap_or_default();
    let attendance = match phase {
        "chatting" => Attendance::Chatting(agents.into_iter().filter_map(agent).collect()),
        "requeued" => Attendance::Requeued(wait(fields)),
        _ => Attendance::Queued(wait(fields)),
    };
    let lead = fields.take::<String>("lead").map(Rc::from);
    Participants::restored(attendance, names.collect(), lead)
}

fn attendance_name(attendance: &Attendance) -> &'static str {
    match attendance {
        Attendance::Queued(_) => "queued",
        Attendance::Chatting(_) => "chatting",
        Attendance::Requeued(_) => "requeued",
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
