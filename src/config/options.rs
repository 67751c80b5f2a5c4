//! The options that the page hands to `mount` and `update`, each declared once.
//!
//! To add an option, add a line below, and one to the table of options in `npm/contract.ts`. [`AppearanceOptions`] are
//! read by the first module, whose size delays the first drawing; everything else belongs into [`ConversationOptions`],
//! which the conversation part reads.

use js_sys::{Function, Object, Reflect};
use pipit_engine::SurveyTemplate;
use wasm_bindgen::{JsCast, JsValue};

use super::attachments::Attachments;
use super::availability::{Availability, has_action};
use super::mode::Mode;
use super::notifications::Notifications;
use super::option_value::{OptionReader, OptionValue as _, given};
use super::session_source::SessionSource;
use crate::page_error::PageError;

/// A property of an option.
#[derive(Clone, Copy)]
enum Mark {
    /// It may change while the panel is on the page.
    Live,
    /// Both forms are made from it, so a change replaces them.
    Form,
    /// If it is given, the panel stays empty until the conversation part knows what to show: a form, or a stored
    /// conversation.
    BlanksFirstDraw,
}

/// An option as it is declared.
struct Declaration {
    name: &'static str,
    marks: &'static [Mark],
}

macro_rules! declare_options {
    ($(
        $(#[$struct_doc:meta])*
        struct $options:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $name:literal $(, $mark:ident)*;)*
        }
    )*) => {
        $(
            $(#[$struct_doc])*
            pub(crate) struct $options { $($(#[$doc])* pub(crate) $field: Option<$type>,)* }

            impl $options {
                /// Reads these options, and passes over all others.
                ///
                /// # Errors
                /// Names the option whose value cannot be read.
                pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
                    let mut reader = OptionReader::new(options);
                    let read = Self { $($field: reader.read($name),)* };
                    reader.finish(read)
                }
            }
        )*

        const DECLARATIONS: &[Declaration] = &[
            $($(Declaration { name: $name, marks: &[$(Mark::$mark),*] },)*)*
        ];
    };
}

// One option a line: its field, its type, its name in JavaScript, its marks.
declare_options! {
    /// The options that the first module reads.
    struct AppearanceOptions {
        /// Whom the visitor talks to while no agent has joined.
        title: String = "title", Live;
        /// What the panel is on the page.
        mode: Mode = "mode";
        /// A language tag.
        locale: String = "locale", Live;
        /// The texts of the language, as one of the files in `src/locale` holds them; English where it is not given.
        language: Object = "language", Live;
        /// Texts of the host's own.
        words: Object = "words", Live;
    }

    /// The options that the conversation part reads.
    struct ConversationOptions {
        /// What the names of storage, channel and lock begin with, instead of `pipit.1.`. The script of the frame sets it
        /// (`npm/frame-client.ts`), a host never.
        namespace: String = "namespace";
        /// The token of a session.
        jwt: String = "jwt";
        /// Gives a session, or a promise of one.
        get_session: Function = "getSession";
        /// The address of the host's server that answers with a session.
        session_endpoint: String = "sessionEndpoint";
        /// The name of the site in the API's addresses.
        site: String = "site";
        /// The pool that serves the first request.
        pool: String = "pool";
        /// The address of the chat server.
        base_url: String = "baseUrl";
        /// The address of the site that has the surveys.
        survey_base: String = "surveyBase";
        /// The address of a survey with placeholders; see [`SurveyTemplate`].
        survey_template: String = "surveyTemplate";
        /// The hosts to which the chat server may move a conversation.
        allowed_hosts: Vec<String> = "allowedHosts";
        /// How long the server waits for a visitor who does not poll, in s.
        absent_limit_seconds: u32 = "absentLimitSeconds";
        /// What the visitor is asked before a conversation.
        form: JsValue = "form", Live, Form, BlanksFirstDraw;
        /// What the host knows of the visitor, by the names of fields.
        prefill: Object = "prefill", Live, Form;
        /// What the visitor has to agree to.
        consent: String = "consent", Live, Form, BlanksFirstDraw;
        /// What the visitor is asked when no conversation is possible.
        message_form: JsValue = "messageForm", Form;
        /// Takes the message that the visitor leaves then.
        leave_message: Function = "leaveMessage";
        /// May change what the visitor sends.
        before_send: Function = "beforeSend";
        /// May change what an agent has written, before it is shown.
        before_render: Function = "beforeRender";
        /// Whether agents can take a conversation, as far as the page knows. See [`is_first_content_unknown`].
        initial_availability: Availability = "initialAvailability";
        /// Given if this tab has stored a conversation. Nobody reads the value: its presence is what the mark is about.
        #[allow(dead_code)]
        resumes: JsValue = "resumes", BlanksFirstDraw;
        /// Uploads and downloads files.
        attachments: Attachments = "attachments";
        /// Plays a sound for a new message.
        notifications: Notifications = "notifications";
    }
}

/// Options that leave the first drawing empty.
const BLANKING: [&str; count(Mark::BlanksFirstDraw)] = names(Mark::BlanksFirstDraw);
/// Options from which the forms are made.
const OF_FORMS: [&str; count(Mark::Form)] = names(Mark::Form);
/// Options that may change while the panel is on the page.
const LIVE: [&str; count(Mark::Live)] = names(Mark::Live);

/// Whether only the conversation part can know what the panel shows first. The first module asks no more than whether
/// certain options are given, because their readers would make it larger.
pub(super) fn is_first_content_unknown(options: &JsValue) -> bool {
    let is_unavailable = given(options, AVAILABILITY).is_some_and(|value| has_action(&value));
    is_unavailable || BLANKING.iter().any(|name| given(options, name).is_some())
}

/// Whether a change of options changes the forms.
pub(crate) fn changes_forms(changed: &JsValue) -> bool {
    OF_FORMS
        .iter()
        .any(|name| Reflect::has(changed, &(*name).into()) == Ok(true))
}

/// The name of the option on which the first module's content depends, besides [`BLANKING`].
const AVAILABILITY: &str = "initialAvailability";

/// The name of the option that the first module uses and the conversation part checks.
const WORDS: &str = "words";

/// The host's own texts.
///
/// # Errors
/// The option is not an object.
pub(crate) fn host_words(options: &JsValue) -> Result<Option<Object>, PageError> {
    let words = given(options, WORDS);
    words.map(|words| Object::read(WORDS, words)).transpose()
}

/// Refuses a change of what cannot change while the panel is on the page.
///
/// # Errors
/// Names the option.
pub(crate) fn check_changes(changed: &JsValue) -> Result<(), PageError> {
    for name in given_names(changed) {
        if !LIVE.contains(&&*name) {
            let message = [
                "the option `",
                &name,
                "` cannot change any more, for the panel is there.",
            ];
            return Err(PageError::option(message.concat()));
        }
    }
    Ok(())
}

/// Refuses options of unknown names.
///
/// # Errors
/// Names the option.
pub(crate) fn check_names(options: &JsValue) -> Result<(), PageError> {
    for name in given_names(options) {
        if !DECLARATIONS.iter().any(|declared| declared.name == name) {
            return Err(PageError::option(
                ["there is no option `", &name, "`."].concat(),
            ));
        }
    }
    Ok(())
}

/// The names of the members that are neither `undefined` nor `null`.
fn given_names(options: &JsValue) -> Vec<String> {
    if !options.is_object() {
        return Vec::new();
    }
    let names = Object::keys(options.unchecked_ref::<Object>());
    let names = names.iter().filter_map(|name| name.as_string());
    names
        .filter(|name| given(options, name).is_some())
        .collect()
}

impl ConversationOptions {
    /// Where sessions come from. Of several options the most specific one wins: a function, then an address, then a
    /// token.
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

    /// Names the chat service in the keys of the storage, so that conversations of two services do not mix.
    pub(crate) fn service(&self) -> String {
        let parts = [&self.site, &self.base_url, &self.session_endpoint];
        let parts = parts.into_iter().flatten().cloned();
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The engine's part of the options. `page_origin` completes addresses that begin with `/`.
    pub(crate) fn engine(&self, page_origin: &str) -> pipit_engine::Options {
        let absolute = |address: &String| {
            let address = address.trim_end_matches('/');
            if address.is_empty() || (address.starts_with('/') && !address.starts_with("//")) {
                format!("{page_origin}{address}")
            } else {
                address.to_owned()
            }
        };
        let template = self.survey_template.clone();
        pipit_engine::Options {
            site: self.site.clone(),
            pool: self.pool.clone(),
            base_url: self.base_url.as_ref().map(absolute),
            allowed_hosts: self.allowed_hosts.clone().unwrap_or_default(),
            absent_limit_ms: self
                .absent_limit_seconds
                .map(|seconds| u64::from(seconds) * 1_000),
            survey: SurveyTemplate {
                base: self.survey_base.as_ref().map(absolute),
                template: template.unwrap_or(SurveyTemplate::default().template),
            },
        }
    }
}

/// How many options have this mark.
const fn count(mark: Mark) -> usize {
    let mut count = 0;
    let mut rest = DECLARATIONS;
    while let [declaration, others @ ..] = rest {
        if has(declaration, mark) {
            count += 1;
        }
        rest = others;
    }
    count
}

/// The names of the options that have this mark. The compiler makes the list, so no module holds the whole table for it.
#[allow(clippy::indexing_slicing, reason = "only the compiler runs it")]
const fn names<const N: usize>(mark: Mark) -> [&'static str; N] {
    let mut names = [""; N];
    let mut count = 0;
    let mut rest = DECLARATIONS;
    while let [declaration, others @ ..] = rest {
        if has(declaration, mark) {
            names[count] = declaration.name;
            count += 1;
        }
        rest = others;
    }
    names
}

const fn has(declaration: &Declaration, mark: Mark) -> bool {
    let mut rest = declaration.marks;
    while let [first, others @ ..] = rest {
        if *first as u8 == mark as u8 {
            return true;
        }
        rest = others;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_selects_the_options_that_have_it() {
        assert_eq!(BLANKING, ["form", "consent", "resumes"]);
        assert_eq!(OF_FORMS, ["form", "prefill", "consent", "messageForm"]);
        assert_eq!(
            LIVE,
            [
                "title", "locale", "language", "words", "form", "prefill", "consent"
            ]
        );
    }
}
