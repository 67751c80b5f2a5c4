//! [`PageSights`]: what a visitor can see on a page, as the difference between what the page shows now and what it showed
//! before.

use std::collections::BTreeSet;

use pipit_engine::{Content, Conversation, Delivery, EntryId, Failure, Notice, Phase};
use pipit_script::{State, VisitorSight};
use pipit_wire::vocabulary::ActivityMode;

/// What a page has shown since it was loaded.
#[derive(Debug, Default)]
pub(crate) struct PageSights {
    state: Option<State>,
    is_agent_typing: bool,
    /// The entries of the transcript that were reported, each with its delivery if it is the visitor's.
    entries: BTreeSet<(EntryId, Option<&'static str>)>,
}

impl PageSights {
    /// Takes what the page shows now, and returns what is new.
    pub(crate) fn update(&mut self, shown: &Conversation) -> Vec<VisitorSight> {
        let mut sights = Vec::new();
        for entry in &shown.transcript {
            let (sight, delivery) = match &entry.content {
                Content::Visitor { text, delivery } => {
                    let text = text.as_ref().to_owned();
                    match delivery {
                        Delivery::Accepted => (VisitorSight::Sent(text), Some("sent")),
                        Delivery::Unknown => (VisitorSight::NotSure(text), Some("not sure")),
                        Delivery::Failed(_) => (VisitorSight::NotSent(text), Some("not sent")),
                        Delivery::Queued | Delivery::Sending => continue,
                    }
                }
                Content::Agent {
                    body, rich: true, ..
                } => (VisitorSight::Html(body.as_ref().to_owned()), None),
                Content::Agent { body, .. } => {
                    (VisitorSight::Message(body.as_ref().to_owned()), None)
                }
                Content::Notice(notice) => match notice_sight(notice) {
                    Some(sight) => (sight, None),
                    None => continue,
                },
            };
            if self.entries.insert((entry.id, delivery)) {
                sights.push(sight);
            }
        }
        self.update_phase(&shown.phase, &mut sights);
        sights
    }

    fn update_phase(&mut self, phase: &Phase, sights: &mut Vec<VisitorSight>) {
        let state = state_of(phase);
        if self.state.replace(state) != Some(state) {
            match phase {
                Phase::Concluded(conclusion) => {
                    let reason = conclusion.reason.as_str().to_owned();
                    sights.push(VisitorSight::Ended(reason));
                    let survey = conclusion.survey.as_ref();
                    sights.extend(survey.and_then(|link| survey_sight(link.url())));
                    if conclusion.survey_by_mail {
                        sights.push(VisitorSight::SurveyByMail(true));
                    }
                }
                Phase::Failed(failure) => {
                    sights.push(VisitorSight::Failed(failure_text(failure)));
                }
                _ => {}
            }
            sights.push(VisitorSight::State(state));
        }
        let is_agent_typing = match phase {
            Phase::Chatting(agents) => agents
                .iter()
                .any(|agent| agent.activity == ActivityMode::Responding),
            _ => false,
        };
        if std::mem::replace(&mut self.is_agent_typing, is_agent_typing) != is_agent_typing {
            sights.push(VisitorSight::Typing(is_agent_typing));
        }
    }
}

fn notice_sight(notice: &Notice) -> Option<VisitorSight> {
    match notice {
        Notice::Joined(name) | Notice::ConfereeJoined(name) => {
            Some(VisitorSight::Joined(name.as_ref().to_owned()))
        }
        Notice::Left(_, reason) => Some(VisitorSight::Left(reason.as_str().to_owned())),
        Notice::File(file) => Some(VisitorSight::File(file.name.as_ref().to_owned())),
        _ => None,
    }
}

fn state_of(phase: &Phase) -> State {
    match phase {
        Phase::Idle => State::Idle,
        Phase::Starting => State::Starting,
        Phase::Queued(_) => State::Queued,
        Phase::Chatting(_) => State::Chatting,
        Phase::Requeued(_) => State::Requeued,
        Phase::Concluded(_) => State::Ended,
        Phase::Failed(_) => State::Failed,
    }
}

/// The survey of an address such as `https://help.example/ci/documents/detail/5/101/6/223/…`.
fn survey_sight(url: &str) -> Option<VisitorSight> {
    let (_, rest) = url.split_once("/detail/5/")?;
    let id = rest.split('/').next()?.parse().ok()?;
    Some(VisitorSight::Survey(id))
}

/// The word of a script for a failure.
fn failure_text(failure: &Failure) -> String {
    match failure {
        Failure::BadRequest => "400".to_owned(),
        Failure::TokenRefused => "403".to_owned(),
        Failure::NotFound => "404".to_owned(),
        Failure::TimedOut => "408".to_owned(),
        Failure::Dequeued => "409".to_owned(),
        Failure::ServerError => "500".to_owned(),
        Failure::UnexpectedStatus(status) => status.to_string(),
        Failure::NotStarted(result) => result.as_str().to_owned(),
        Failure::UnexpectedBody(_) => "unreadable".to_owned(),
        Failure::SessionLost => "sessionLost".to_owned(),
        Failure::NoSession(_)
        | Failure::NoAddress
        | Failure::Unreachable
        | Failure::Interrupted => "unreachable".to_owned(),
    }
}
