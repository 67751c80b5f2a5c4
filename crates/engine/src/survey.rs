//! The survey's address.

use pipit_wire::EngagementId;
use pipit_wire::consumer::Survey;
use pipit_wire::url::encode_part;

use crate::endpoint::{is_local, split_port};

/// How the address of a survey is made from its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyTemplate {
    /// What stands for `{survey_base}`: scheme and host of the service site. Without one there are
    /// no links, for the chat answers do not tell it.
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

/// A survey that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyLink(String);

impl SurveyLink {
    /// A link that was made before; `None` when it is not safe.
    pub(crate) fn again(url: String) -> Option<Self> {
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
            "survey_id" => Some(encode_part(&survey.id.to_string())),
            "engagement_id" => Some(encode_part(&engagement.to_string())),
            "auth" => Some(encode_part(&survey.auth)),
            _ => None,
        });
        is_safe(&url).then_some(SurveyLink(url))
    }
}

/// Replaces each `{name}` once; what was put in is not looked at again.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else {
            break;
        };
        filled.push_str(before);
        filled.push_str(&value(name).unwrap_or_else(|| format!("{{{name}}}")));
        rest = after;
    }
    filled + rest
}

/// Whether an address is https, or http on this machine, and nothing in it can be read in two ways.
pub(crate) fn is_safe(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, _) = split_port(authority);
    let is_plain = !host.is_empty() && !url.contains(['\\', ' ', '\t', '\n', '\r', '@']);
    is_plain && (scheme == "https" || (scheme == "http" && is_local(host)))
}
