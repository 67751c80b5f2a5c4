//! What a host may configure, read from JavaScript.

use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use pipit_engine::SurveyTemplate;
use wasm_bindgen::{JsCast, JsValue};

use crate::attachments::Attachments;
use crate::availability::Availability;
use crate::config::hooks::HostHooks;
use crate::config::mode::Mode;
use crate::form::Form;
use crate::locale::Texts;
use crate::news::News;

/// What the panel needs to be drawn at first. The rest is read by the conversation's part.
#[derive(Clone)]
pub(crate) struct Surface {
    /// Whom the visitor talks to, as long as no agent is there.
    pub(crate) title: Option<String>,
    /// What the panel is on the page.
    pub(crate) mode: Mode,
    /// The words, of which the host may have given some.
    pub(crate) words: Rc<Texts>,
    /// It is not known yet what the panel shows: a conversation goes on, or the visitor is asked first.
    pub(crate) is_blank: bool,
}

impl Surface {
    /// Reads its part of the options.
    ///
    /// # Errors
    /// Names the option that is wrong, and the word in it.
    pub(crate) fn read(options: &JsValue) -> Result<Self, String> {
        let of = |name: &str| member(options, name);
        let object = |name| of(name).map(|value| object(name, value)).transpose();
        let text = |name| of(name).map_or(Ok(None), |value| text(name, &value));
        let locale = text("locale")?;
        Ok(Self {
            title: text("title")?,
            mode: of("mode").map_or(Ok(Mode::default()), |value| mode("mode", &value))?,
            words: Rc::new(Texts::new(
                locale.as_deref(),
                object("language")?,
                object("words")?,
            )?),
            is_blank: ["form", "consent", "resumes", "away"]
                .iter()
                .any(|name| of(name).is_some()),
        })
    }
}

/// What a host may configure of the conversation; see [`crate::mount`].
#[derive(Default)]
pub(crate) struct Options {
    jwt: Option<String>,
    get_session: Option<Function>,
    before_send: Option<Function>,
    before_render: Option<Function>,
    session_endpoint: Option<String>,
    site: Option<String>,
    pool: Option<String>,
    base_url: Option<String>,
    survey_base: Option<String>,
    survey_template: Option<String>,
    allowed_hosts: Vec<String>,
    absent_limit_seconds: Option<u32>,
    form: Option<JsValue>,
    prefill: Option<Object>,
    consent: Option<String>,
    message_form: Option<JsValue>,
    /// Whether somebody is there, as far as is known at the start.
    pub(crate) availability: Availability,
    /// What the page's TypeScript hands over.
    pub(crate) parts: Parts,
}

/// What the page's TypeScript does for the conversation.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    /// Moves files.
    pub(crate) attachments: Option<Attachments>,
    /// Knows whether there is a sound.
    pub(crate) news: Option<News>,
    /// Takes a message for when somebody is there again.
    pub(crate) leave_message: Option<Function>,
}

/// Where sessions come from.
#[derive(Clone, Debug)]
pub(crate) enum SessionSource {
    /// The host's function.
    Callback(Function),
    /// The host's address.
    Endpoint(String),
    /// A token that the page holds.
    Token(String),
    /// Nowhere.
    None,
}

impl Options {
    /// Reads the options; the error names the one that is wrong.
    pub(crate) fn read(value: &JsValue) -> Result<Self, String> {
        let mut options = Self::default();
        if !value.is_object() {
            return Ok(options);
        }
        for name in Object::keys(value.unchecked_ref::<Object>())
            .iter()
            .filter_map(|name| name.as_string())
        {
            if let Some(member) = member(value, &name) {
                options.set(&name, member)?;
            }
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, member: JsValue) -> Result<(), String> {
        match name {
            "jwt" => self.jwt = text(name, &member)?,
            "sessionEndpoint" => self.session_endpoint = text(name, &member)?,
            "site" => self.site = text(name, &member)?,
            "pool" => self.pool = text(name, &member)?,
            "baseUrl" => self.base_url = text(name, &member)?,
            "surveyBase" => self.survey_base = text(name, &member)?,
            "surveyTemplate" => self.survey_template = text(name, &member)?,
            "allowedHosts" => self.allowed_hosts = texts(name, &member)?,
            "absentLimitSeconds" => self.absent_limit_seconds = Some(seconds(name, &member)?),
            "form" => self.form = Some(member),
            "prefill" => self.prefill = Some(object(name, member)?),
            // The surface has taken them as they are.
            "words" => crate::locale::check(&object(name, member)?)?,
            "consent" => self.consent = text(name, &member)?,
            "title" | "mode" | "locale" | "language" | "resumes" => {} // The surface's.
            "attachments" => {
                self.parts.attachments = Some(object(name, member)?.unchecked_into());
            }
            "away" => {
                let text = text(name, &member)?.unwrap_or_default();
                self.availability = Availability::read(&text);
            }
            "news" => self.parts.news = Some(object(name, member)?.unchecked_into()),
            "leaveMessage" => self.parts.leave_message = Some(function(name, member)?),
            "messageForm" => self.message_form = Some(member),
            "getSession" => self.get_session = Some(function(name, member)?),
            "beforeSend" => self.before_send = Some(function(name, member)?),
            "beforeRender" => self.before_render = Some(function(name, member)?),
            _ => return Err(["Pipit: there is no option `", name, "`."].concat()),
        }
        Ok(())
    }

    /// The most specific source wins: a function, then an address, then a token.
    pub(crate) fn session_source(&self) -> SessionSource {
        if let Some(function) = &self.get_session {
            SessionSource::Callback(function.clone())
        } else if let Some(address) = &self.session_endpoint {
            SessionSource::Endpoint(address.clone())
        } else if let Some(jwt) = &self.jwt {
            SessionSource::Token(jwt.clone())
        } else {
            SessionSource::None
        }
    }

    /// What the visitor is asked before a conversation.
    ///
    /// # Errors
    /// Names the option that is wrong, the field and its member.
    pub(crate) fn form(&self) -> Result<Form, String> {
        self.read_form(self.form.as_ref())
    }

    /// What the visitor is asked when there can be no conversation.
    ///
    /// # Errors
    /// As of [`Self::form`].
    pub(crate) fn message_form(&self) -> Result<Form, String> {
        self.read_form(self.message_form.as_ref())
    }

    fn read_form(&self, fields: Option<&JsValue>) -> Result<Form, String> {
        Form::read(fields, self.prefill.as_ref(), self.consent.clone())
    }

    /// What the page may change of what is sent and shown.
    pub(crate) fn hooks(&self) -> HostHooks {
        HostHooks::new(self.before_send.clone(), self.before_render.clone())
    }

    /// Which chat service it is, for what is kept: conversations of two must not mix.
    pub(crate) fn service(&self) -> String {
        let named = [&self.site, &self.base_url, &self.session_endpoint];
        let named = named.into_iter().flatten().cloned();
        named.collect::<Vec<_>>().join(" ")
    }

    /// The engine's part. `page` is the page's own origin, for addresses that begin with `/`.
    pub(crate) fn engine(&self, page: &str) -> pipit_engine::Options {
        let absolute = |address: &String| {
            let address = address.trim_end_matches('/');
            if address.is_empty() || (address.starts_with('/') && !address.starts_with("//")) {
                format!("{page}{address}")
            } else {
                address.to_owned()
            }
        };
        let default = SurveyTemplate::default();
        pipit_engine::Options {
            site: self.site.clone(),
            pool: self.pool.clone(),
            base_url: self.base_url.as_ref().map(absolute),
            allowed_hosts: self.allowed_hosts.clone(),
            absent_limit_ms: self
                .absent_limit_seconds
                .map(|seconds| u64::from(seconds) * 1_000),
            survey: SurveyTemplate {
                base: self.survey_base.as_ref().map(absolute),
                template: self.survey_template.clone().unwrap_or(default.template),
            },
        }
    }
}

/// A member that is there.
fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn text(name: &str, member: &JsValue) -> Result<Option<String>, String> {
    let text = member.as_string();
    text.map(Some).ok_or_else(|| wrong(name, "is not a text"))
}

fn seconds(name: &str, member: &JsValue) -> Result<u32, String> {
    let whole = member
        .as_f64()
        .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number));
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it was looked at just now"
    )]
    whole
        .map(|number| number as u32)
        .ok_or_else(|| wrong(name, "is not a whole number of seconds"))
}

fn texts(name: &str, member: &JsValue) -> Result<Vec<String>, String> {
    let list = member.dyn_ref::<Array>();
    let texts = list.and_then(|list| list.iter().map(|item| item.as_string()).collect());
    texts.ok_or_else(|| wrong(name, "is not a list of texts"))
}

fn wrong(name: &str, what: &str) -> String {
    ["Pipit: the option `", name, "` ", what, "."].concat()
}

/// Any object: one of another window or frame is no instance of this one's.
fn object(name: &str, member: JsValue) -> Result<Object, String> {
    if member.is_object() {
        Ok(member.unchecked_into())
    } else {
        Err(wrong(name, "is not an object"))
    }
}

fn function(name: &str, member: JsValue) -> Result<Function, String> {
    member
        .dyn_into()
        .map_err(|_| wrong(name, "is not a function"))
}

fn mode(name: &str, member: &JsValue) -> Result<Mode, String> {
    let text = member.as_string();
    text.as_deref()
        .and_then(Mode::parse)
        .ok_or_else(|| wrong(name, "must be `floating`, `inline` or `page`"))
}
