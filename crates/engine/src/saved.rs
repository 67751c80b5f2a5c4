//! How a conversation outlives a reload: what is kept, and how it goes on from it.
//!
//! What is kept is told before anything is sent, so a crash at any step leaves either the state
//! before or the one after. What was on its way when the page was left becomes *unknown*. The token
//! is never kept; the session id is, for without it the conversation could not go on.

mod entry;

use std::rc::Rc;

use pipit_wire::consumer::Survey;
use pipit_wire::vocabulary::{ActivityMode, ConnectionState, DisconnectReason, Role};
use pipit_wire::{
    AccountId, ClientId, EngagementId, Fields, Secret, SequenceNumber, SurveyId, WireValue,
};

use crate::conversation::{Agent, Conclusion, Connection, Phase, Wait};
use crate::end::Ending;
use crate::endpoint::Endpoint;
use crate::outbox::Outbox;
use crate::poll::Poll;
use crate::start::{Live, Stage, Surveys};
use crate::stream::{Seen, Stream};
use crate::transcript::{Content, Delivery};
use crate::typing::Typing;
use crate::{Effect, Engine, Failure, Moment, SurveyLink};

/// The form in which it is kept. Another one is not read.
const VERSION: i64 = 1;

/// So many entries are kept; tab storage is small.
const ENTRIES: usize = 500;

/// So many numbers of the stream are kept one by one.
const NUMBERS: usize = 64;

impl Engine {
    /// Tells the driver what to keep, when that has changed.
    pub(crate) fn save(&mut self) {
        let now = self.kept();
        if now != self.saved {
            self.saved.clone_from(&now);
            self.effects.push_front(Effect::Save(now));
        }
    }

    /// Goes on from what was kept. An engine that has begun, and a text of another form, stay as
    /// they are.
    pub fn restore(&mut self, now: Moment, kept: &str) {
        let Ok(mut fields) = Fields::from_json(kept) else {
            return;
        };
        if self.last.is_some() || fields.take::<i64>("version") != Some(VERSION) {
            return;
        }
        self.saved = Some(Secret::new(kept));
        self.restore_transcript(&mut fields);
        let phase: String = fields.take("phase").unwrap_or_default();
        self.conversation.phase = if let Some(mut kept) = fields.take::<Fields>("live") {
            self.restore_live(now, &phase, &mut kept)
        } else if let Some(mut kept) = fields.take::<Fields>("ended") {
            Phase::Concluded(conclusion(&mut kept))
        } else if self.conversation.transcript.is_empty() {
            Phase::Idle
        } else {
            Phase::Failed(Failure::Interrupted)
        };
        if let Some(mut ending) = fields.take::<Fields>("ending")
            && let Some(endpoint) = endpoint(&mut ending)
            && let Some(session) = ending.take("session")
        {
            self.tell_end(now, endpoint, session);
        }
        self.turn(now);
        self.save();
    }

    fn kept(&self) -> Option<Secret> {
        let conversation = &self.conversation;
        let is_blank = conversation.phase == Phase::Idle
            && conversation.transcript.is_empty()
            && conversation.draft.is_empty()
            && !conversation.is_open
            && self.ending.is_none();
        if is_blank {
            return None;
        }
        let mut fields = Fields::default();
        fields.put("version", &VERSION);
        fields.put("draft", &conversation.draft.to_string());
        fields.put("open", &conversation.is_open);
        fields.put("previewAllowed", &conversation.sneak_preview.is_allowed());
        fields.put("entriesBefore", &int(conversation.entries_before));
        fields.put("entries", &int(conversation.entries));
        let old = conversation.transcript.len().saturating_sub(ENTRIES);
        let recent = conversation.transcript.iter().skip(old);
        fields.put(
            "transcript",
            &recent.map(|entry| entry::kept(entry)).collect::<Vec<_>>(),
        );
        match (&self.stage, &conversation.phase) {
            (Stage::Live(live), phase) => {
                fields.put("phase", &phase_name(phase).to_owned());
                fields.put("live", &self.kept_live(live));
            }
            (_, Phase::Concluded(conclusion)) => fields.put("ended", &kept_end(conclusion)),
            _ => {}
        }
        if let Some(Ending {
            endpoint, session, ..
        }) = &self.ending
        {
            let mut ending = kept_endpoint(endpoint);
            ending.put("session", session);
            fields.put("ending", &ending);
        }
        Some(Secret::new(fields.write().to_string()))
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
        let old = numbers.len().saturating_sub(NUMBERS);
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
        if let Phase::Chatting(agents) = &self.conversation.phase {
            fields.put("agents", &agents.iter().map(kept_agent).collect::<Vec<_>>());
        }
        fields
    }

    fn restore_transcript(&mut self, fields: &mut Fields) {
        let conversation = &mut self.conversation;
        conversation.draft = fields.take::<String>("draft").unwrap_or_default().into();
        conversation.is_open = fields.take("open").unwrap_or_default();
        let is_allowed = fields.take("previewAllowed").unwrap_or(true);
        conversation.sneak_preview.allow(is_allowed);
        let entries: Vec<Fields> = fields.take("transcript").unwrap_or_default();
        let entries = entries.into_iter().filter_map(entry::again);
        conversation.transcript = entries.map(Rc::new).collect();
        let next = conversation
            .transcript
            .iter()
            .map(|entry| entry.id.0 + 1)
            .max();
        conversation.entries = uint(fields, "entries").max(next.unwrap_or(0));
        conversation.entries_before = uint(fields, "entriesBefore");
        let waiting = conversation.transcript.iter().filter(|entry| {
            matches!(
                entry.content,
                Content::Visitor {
                    delivery: Delivery::Queued,
                    ..
                }
            )
        });
        self.outbox = Outbox::of(waiting.map(|entry| entry.id));
    }

    fn restore_live(&mut self, now: Moment, phase: &str, fields: &mut Fields) -> Phase {
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
        self.conversation.connection = Connection::Asking;
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
            poll: Poll::due(now),
            typing: Typing::again(now),
        }));
        let agents: Vec<Fields> = fields.take("agents").unwrap_or_default();
        match phase {
            "chatting" => Phase::Chatting(agents.into_iter().filter_map(agent).collect()),
            "requeued" => Phase::Requeued(Wait::default()),
            _ => Phase::Queued(Wait::default()),
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
    fields.put("virtual", &agent.is_virtual);
    fields
}

/// What the agent was doing is old by now.
fn agent(mut fields: Fields) -> Option<Agent> {
    Some(Agent {
        client_id: fields.take("client")?,
        account_id: fields.take::<AccountId>("account"),
        name: fields.take::<String>("name").unwrap_or_default().into(),
        role: fields.take::<Role>("role")?,
        activity: ActivityMode::None,
        connection: ConnectionState::Active,
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
        survey: fields.take("survey").and_then(SurveyLink::again),
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
