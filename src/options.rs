//! What a host may configure, read from JavaScript.

use js_sys::{Function, Object, Reflect};
use pipit_engine::SurveyTemplate;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::attachments::Attachments;
use crate::form::Form;
use crate::locale::Words;
use crate::news::News;
use crate::view::{Colour, Look, Mode, Side, Theme};

/// What a host may configure; see [`crate::mount`].
#[derive(Default)]
pub(crate) struct Options {
    jwt: Option<String>,
    get_session: Option<Function>,
    session_endpoint: Option<String>,
    site: Option<String>,
    pool: Option<String>,
    base_url: Option<String>,
    survey_base: Option<String>,
    survey_template: Option<String>,
    allowed_hosts: Vec<String>,
    absent_limit_seconds: Option<u32>,
    locale: Option<String>,
    language: Option<Object>,
    words: Option<Object>,
    form: Option<JsValue>,
    prefill: Option<Object>,
    consent: Option<String>,
    /// Whom the visitor talks to, as long as no agent is there.
    pub(crate) title: Option<String>,
    /// Its colours and its place on the page.
    pub(crate) look: Look,
    message_form: Option<JsValue>,
    /// What the loader hands over.
    pub(crate) parts: Parts,
}

/// What the loader does for the widget.
#[derive(Clone, Default)]
pub(crate) struct Parts {
    /// Moves files.
    pub(crate) attachments: Option<Attachments>,
    /// Tells of unread messages.
    pub(crate) news: Option<News>,
    /// Finds out whether somebody is there; see `Availability`.
    pub(crate) away: Option<Function>,
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
        let Some(object) = value.dyn_ref::<Object>() else {
            return Ok(options);
        };
        for name in Object::keys(object)
            .iter()
            .filter_map(|name| name.as_string())
        {
            let member = Reflect::get(object, &name.as_str().into()).unwrap_or_default();
            if !member.is_undefined() && !member.is_null() {
                options.set(&name, member)?;
            }
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, member: JsValue) -> Result<(), String> {
        match name {
            "jwt" => self.jwt = read(name, member)?,
            "sessionEndpoint" => self.session_endpoint = read(name, member)?,
            "site" => self.site = read(name, member)?,
            "pool" => self.pool = read(name, member)?,
            "baseUrl" => self.base_url = read(name, member)?,
            "surveyBase" => self.survey_base = read(name, member)?,
            "surveyTemplate" => self.survey_template = read(name, member)?,
            "allowedHosts" => self.allowed_hosts = read(name, member)?,
            "absentLimitSeconds" => self.absent_limit_seconds = read(name, member)?,
            "locale" => self.locale = read(name, member)?,
            "language" => self.language = Some(object(name, member)?),
            "words" => self.words = Some(object(name, member)?),
            "form" => self.form = Some(member),
            "prefill" => self.prefill = Some(object(name, member)?),
            "consent" => self.consent = read(name, member)?,
            "attachments" => {
                self.parts.attachments = Some(object(name, member)?.unchecked_into());
            }
            "news" => self.parts.news = Some(object(name, member)?.unchecked_into()),
            "away" => self.parts.away = Some(function(name, member)?),
            "leaveMessage" => self.parts.leave_message = Some(function(name, member)?),
            "messageForm" => self.message_form = Some(member),
            "title" => self.title = read(name, member)?,
            "theme" => {
                self.look.theme = choice(name, &member, Theme::of, "`auto`, `light` or `dark`")?;
            }
            "side" => self.look.side = choice(name, &member, Side::of, "`left` or `right`")?,
            "mode" => {
                self.look.mode = choice(name, &member, Mode::of, "`floating`, `inline` or `page`")?;
            }
            "accent" => {
                let colour = "a colour such as `#1f6f5c` or `rgb(31, 111, 92)`";
                self.look.accent = choice(name, &member, Colour::read, colour)?;
            }
            "getSession" => self.get_session = Some(function(name, member)?),
            _ => return Err(format!("Pipit: there is no option `{name}`.")),
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

    /// Takes out the words, of which the host may have given some.
    ///
    /// # Errors
    /// Names the option that is wrong, and the word in it.
    pub(crate) fn words(&mut self) -> Result<Words, String> {
        Words::new(
            self.locale.as_deref(),
            self.language.take(),
            self.words.take(),
        )
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

fn read<T: DeserializeOwned>(name: &str, member: JsValue) -> Result<T, String> {
    serde_wasm_bindgen::from_value(member)
        .map_err(|error| format!("Pipit: the option `{name}` cannot be read: {error}."))
}

fn object(name: &str, member: JsValue) -> Result<Object, String> {
    let wrong = |_| ["Pipit: the option `", name, "` is not an object."].concat();
    member.dyn_into().map_err(wrong)
}

fn function(name: &str, member: JsValue) -> Result<Function, String> {
    let wrong = |_| ["Pipit: the option `", name, "` is not a function."].concat();
    member.dyn_into().map_err(wrong)
}

/// One of a few texts.
fn choice<T>(
    name: &str,
    member: &JsValue,
    of: impl Fn(&str) -> Option<T>,
    may_be: &str,
) -> Result<T, String> {
    let text = member.as_string();
    text.as_deref()
        .and_then(of)
        .ok_or_else(|| ["Pipit: the option `", name, "` must be ", may_be, "."].concat())
}
