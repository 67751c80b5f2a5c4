//! What a host may configure, read from JavaScript.

use js_sys::{Function, Object, Reflect};
use pipit_engine::SurveyTemplate;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::form::Form;
use crate::locale::Words;
use crate::view::{Hooks, Mode};

/// What a host may configure; see [`crate::mount`].
#[derive(Clone, Default)]
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
    locale: Option<String>,
    language: Option<Object>,
    words: Option<Object>,
    form: Option<JsValue>,
    prefill: Option<Object>,
    consent: Option<String>,
    /// Whom the visitor talks to, as long as no agent is there.
    pub(crate) title: Option<String>,
    /// What the panel is on the page.
    pub(crate) mode: Mode,
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
        options.change(value)?;
        Ok(options)
    }

    /// Reads those that are given anew; the error names the one that is wrong.
    pub(crate) fn change(&mut self, value: &JsValue) -> Result<(), String> {
        let Some(object) = value.dyn_ref::<Object>() else {
            return Ok(());
        };
        for name in Object::keys(object)
            .iter()
            .filter_map(|name| name.as_string())
        {
            let member = Reflect::get(object, &name.as_str().into()).unwrap_or_default();
            if !member.is_undefined() && !member.is_null() {
                self.set(&name, member)?;
            }
        }
        Ok(())
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
            "title" => self.title = read(name, member)?,
            "mode" => self.mode = mode(name, &member)?,
            "getSession" => self.get_session = Some(function(name, member)?),
            "beforeSend" => self.before_send = Some(function(name, member)?),
            "beforeRender" => self.before_render = Some(function(name, member)?),
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

    /// The words, of which the host may have given some.
    ///
    /// # Errors
    /// Names the option that is wrong, and the word in it.
    pub(crate) fn words(&self) -> Result<Words, String> {
        Words::new(
            self.locale.as_deref(),
            self.language.clone(),
            self.words.clone(),
        )
    }

    /// What the visitor is asked before a conversation.
    ///
    /// # Errors
    /// Names the option that is wrong, the field and its member.
    pub(crate) fn form(&self) -> Result<Form, String> {
        Form::read(
            self.form.as_ref(),
            self.prefill.as_ref(),
            self.consent.clone(),
        )
    }

    /// What the page may change of what is sent and shown.
    pub(crate) fn hooks(&self) -> Hooks {
        Hooks::new(self.before_send.clone(), self.before_render.clone())
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

fn mode(name: &str, member: &JsValue) -> Result<Mode, String> {
    let text = member.as_string();
    text.as_deref().and_then(Mode::of).ok_or_else(|| {
        let may_be = "` must be `floating`, `inline` or `page`.";
        ["Pipit: the option `", name, may_be].concat()
    })
}
