//! Surveys: which one is offered when an engagement ends, and the address of its form.

use pipit_wire::EngagementId;
use pipit_wire::consumer::{RequestEngagementResponse, Survey};
use pipit_wire::url::encode_path_segment;
use pipit_wire::vocabulary::DisconnectReason;

use crate::address::is_safe;

/// How the address of a survey is made from its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyTemplate {
    /// The value of `{survey_base}`: scheme and host of the service site. Without it there are no
    /// links, because the chat API does not name that site.
    pub base: Option<String>,
    /// The address with `{survey_base}`, `{survey_id}`, `{engagement_id}` and `{auth}`.
    pub template: String,
}

impl Default for SurveyTemplate {
    /// The order of keys that Oracle recommends for widgets: survey, table (223 = chats), row, auth.
    fn default() -> Self {
        let template =
            "{survey_base}/ci/documents/detail/5/{survey_id}/6/223/7/{engagement_id}/12/{auth}";
        Self {
            base: None,
            template: template.to_owned(),
        }
    }
}

/// The surveys that `requestEngagement` names.
#[derive(Debug)]
pub(crate) struct Surveys {
    pub(crate) completed: Option<Survey>,
    pub(crate) cancelled: Option<Survey>,
    /// Sent by mail after the engagement.
    pub(crate) delayed: Option<Survey>,
}

impl Surveys {
    pub(crate) fn new(answer: &RequestEngagementResponse) -> Self {
        Self {
            completed: answer.completed_survey(),
            cancelled: answer.cancelled_survey(),
            delayed: answer.delayed_survey(),
        }
    }

    /// The survey to offer at an end. PAGE 001: *completed* when either side completed the chat,
    /// *cancelled* when the visitor abandoned or cancelled it. Which reasons count as abandoned is
    /// INFERRED: the visitor leaves before an agent joins, or stops answering. A visitor who was
    /// ejected, or who waited in vain, gets no survey.
    pub(crate) fn offered(&self, reason: &DisconnectReason, had_agent: bool) -> Option<&Survey> {
        match reason {
            DisconnectReason::AgentConcluded => self.completed.as_ref(),
            DisconnectReason::EndUserConcluded if had_agent => self.completed.as_ref(),
            DisconnectReason::EndUserConcluded
            | DisconnectReason::IdleTimeout
            | DisconnectReason::ParticipantLeft => self.cancelled.as_ref(),
            DisconnectReason::None
            | DisconnectReason::QueueTimeout
            | DisconnectReason::Ejected
            | DisconnectReason::TransferredToQueue
            | DisconnectReason::NoAgentsAvailable
            | DisconnectReason::Unknown(_) => None,
        }
    }
}

/// A survey that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyLink(String);

impl SurveyLink {
    /// A link read from storage; `None` when its address is not safe.
    pub(crate) fn from_stored(url: String) -> Option<Self> {
        is_safe(&url).then_some(Self(url))
    }

    /// The address: https, or http on this machine.
    pub fn url(&self) -> &str {
        &self.0
    }
}

impl SurveyTemplate {
    /// The link to a survey; `None` when the address would be neither https nor local.
    pub(crate) fn link(&self, survey: &Survey, engagement: EngagementId) -> Option<SurveyLink> {
        let base = self.base.as_deref().unwrap_or_default();
        let url = fill(&self.template, |name| match name {
            "survey_base" => Some(base.trim_end_matches('/').to_owned()),
            "survey_id" => Some(encode_path_segment(&survey.id.to_string())),
            "engagement_id" => Some(encode_path_segment(&engagement.to_string())),
            "auth" => Some(encode_path_segment(&survey.auth)),
            _ => None,
        });
        is_safe(&url).then_some(SurveyLink(url))
    }
}

/// Replaces each `{name}` that has a value. Inserted values are not searched for names again.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, from_name)) = rest.split_once('{') {
        let Some((name, after)) = from_name.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_else(|| format!("{{{name}}}")));
        rest = after;
    }
    filled + rest
}
