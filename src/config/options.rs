//! The options that the page's TypeScript hands to `mount` and `update`, each declared once.
//!
//! To add an option, add a line to `declare_options!` below, and a line to the table of options in `npm/contract.ts`.
//!
//! The widget is loaded in steps. The first WASM module draws the panel. It reads only the [`AppearanceOptions`],
//! because more code in this module would delay the first drawing. The conversation part (the second WASM module, with
//! everything about messages) reads all other options, the [`ConversationOptions`].

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
use crate::runtime::visitor::VisitorName;

/// A property that an option can have.
#[derive(Clone, Copy)]
enum Mark {
    /// The option may change while the panel is on the page. Either the host (the web team's code on the page) or the
    /// page's TypeScript changes it.
    Live,
    /// The form before a conversation or the form for a message is made from the option. A change replaces both forms,
    /// because both use the options `prefill` and `consent`.
    Form,
    /// If the option is given, the panel stays empty until the conversation part has decided what to show: a form, or a
    /// stored conversation.
    BlanksFirstDraw,
}

/// The name of an option with its marks.
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
                /// Reads these options and ignores all others.
                ///
                /// # Errors
                /// Names the option whose value cannot be read.
                pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
                    let mut reader = OptionReader::new(options);
                    let options = Self { $($field: reader.read($name),)* };
                    reader.finish(options)
                }
            }
        )*

        /// The names and the marks of all options.
        const DECLARATIONS: &[Declaration] = &[
            $($(Declaration { name: $name, marks: &[$(Mark::$mark),*] },)*)*
        ];
    };
}

// One option a line: its field, its type, its name in JavaScript, its marks.
declare_options! {
    /// The options that the first module reads.
    struct AppearanceOptions {
        /// The panel's headline while no agent has joined.
        title: String = "title", Live;
        /// The address of the host's logo.
        logo: String = "logo", Live;
        /// Where on the web page the panel is.
        mode: Mode = "mode";
        /// The tag of the visitor's language and region, such as `de-AT`. It decides how numbers and times are written,
        /// and the reading direction.
        locale: String = "locale", Live;
        /// All texts of that language: the content of a file `src/locale/*.json`. Without this option the texts are
        /// English.
        language: Object = "language", Live;
        /// The host's own texts, which replace single texts of the option `language`.
        words: Object = "words", Live;
    }

    /// The options that the conversation part reads.
    struct ConversationOptions {
        /// The prefix for the names of the storage keys, the broadcast channel and the lock; `pipit.1.` by default.
        /// Only the script of the iframe (`npm/frame-client.ts`) sets this option. A host never sets it.
        namespace: String = "namespace";
        /// The token (JWT) of a session. The chat server demands it when a conversation starts.
        jwt: String = "jwt";
        /// The host's function that returns a session, or a promise of one.
        get_session: Function = "getSession";
        /// The address of the host's server that answers with a session. The page's TypeScript makes all addresses absolute.
        session_endpoint: String = "sessionEndpoint";
        /// The name of the customer's site, which is a part of the addresses of the chat API.
        site: String = "site";
        /// The pool (group of chat servers) that serves the first request.
        pool: String = "pool";
        /// The address of the chat server.
        base_url: String = "baseUrl";
        /// The address of the service site (Oracle's website for the customer), which has the surveys.
        survey_base: String = "surveyBase";
        /// The address of a survey. It may contain the placeholders that [`SurveyTemplate`] lists.
        survey_template: String = "surveyTemplate";
        /// The names of the servers to which the chat server may move a conversation.
        allowed_hosts: Vec<String> = "allowedHosts";
        /// A text of the host that stands for the visitor. What is stored is for this visitor only.
        visitor_key: String = "visitorKey", Live;
        /// How long an ended conversation is kept, in minutes.
        keep_ended_minutes: f64 = "keepEndedMinutes";
        /// The time, in seconds, after which the server ends a chat because the visitor's browser no longer requests
        /// messages.
        absent_limit_seconds: u32 = "absentLimitSeconds";
        /// The time, in seconds, after which the server ends a chat in which nobody writes. 0 means that the visitor is
        /// not warned.
        idle_limit_seconds: u32 = "idleLimitSeconds";
        /// The time, in seconds, after which the server ends a wait in the queue. 0 means that the visitor is not warned.
        queue_limit_seconds: u32 = "queueLimitSeconds";
        /// The fields of the form before a conversation.
        form: JsValue = "form", Live, Form, BlanksFirstDraw;
        /// What the host knows about the visitor: an object with the names of fields as keys, and their values.
        prefill: Object = "prefill", Live, Form;
        /// The sentence to which the visitor has to agree.
        consent: String = "consent", Live, Form, BlanksFirstDraw;
        /// The fields of the form by which the visitor leaves a message when nobody can answer.
        message_form: JsValue = "messageForm", Form;
        /// The function of the page's TypeScript that sends what the visitor leaves to the host's server.
        send_to_host: Function = "sendToHost";
        /// Given if the visitor can rate a conversation. The value is not used.
        rates: JsValue = "rates";
        /// Given if the visitor can get the transcript by email. The value is not used.
        mails: JsValue = "mails";
        /// The function of the page's TypeScript that finds a `fetch` that works, if the page's breaks requests.
        find_fetch: Function = "findFetch";
        /// The host's hook that may change or drop a message of the visitor before it is sent.
        before_send: Function = "beforeSend";
        /// The host's hook that may change or drop a message of an agent before it is shown.
        before_render: Function = "beforeRender";
        /// The name of the host's team.
        team_name: String = "teamName", Live;
        /// When the team is there.
        hours: String = "hours", Live;
        /// When an answer can be expected.
        reply_time: String = "replyTime", Live;
        /// Texts that the visitor can send as the first message by one press. The first module only asks whether there are
        /// any, in [`has_starters`].
        starters: Vec<String> = "starters", Live;
        /// Other ways of contact: objects with a `text` and perhaps an `href`, which the page's TypeScript has checked.
        contacts: JsValue = "contacts";
        /// The addresses of agents' pictures, by name or by account id.
        agent_avatars: Object = "agentAvatars";
        /// The hosts whose pictures are shown in messages.
        picture_hosts: Vec<String> = "pictureHosts";
        /// Whether agents can take a conversation. The first module reads it too, in [`is_first_content_unknown`].
        initial_availability: Availability = "initialAvailability";
        /// The page's TypeScript sets this option if this browser tab has stored a conversation. The value is not used:
        /// the option only exists for its mark.
        #[allow(dead_code)]
        resumes: JsValue = "resumes", BlanksFirstDraw;
        /// The object that uploads and downloads files.
        attachments: Attachments = "attachments";
        /// The object that plays a sound for a new message.
        notifications: Notifications = "notifications";
    }
}

/// The options with the mark [`Mark::BlanksFirstDraw`].
const BLANKING_OPTIONS: [&str; count(Mark::BlanksFirstDraw)] = names(Mark::BlanksFirstDraw);
/// The options with the mark [`Mark::Form`].
const FORM_OPTIONS: [&str; count(Mark::Form)] = names(Mark::Form);
/// The options with the mark [`Mark::Live`].
const LIVE_OPTIONS: [&str; count(Mark::Live)] = names(Mark::Live);

/// Whether only the conversation part can tell what the panel shows first. The first module calls this function. To
/// keep that module small, the function only checks whether certain options (and the action of `initialAvailability`)
/// are given, and does not read their values.
pub(super) fn is_first_content_unknown(options: &JsValue) -> bool {
    let is_unavailable = given(options, AVAILABILITY).is_some_and(|value| has_action(&value));
    is_unavailable
        || BLANKING_OPTIONS
            .iter()
            .any(|name| given(options, name).is_some())
}

/// Whether the welcome has starters in place of the sentence that asks for a question.
pub(super) fn has_starters(options: &JsValue) -> bool {
    given(options, "starters").is_some()
}

/// Whether a change of options changes the forms. `changed` has only the options that change.
pub(crate) fn changes_forms(changed: &JsValue) -> bool {
    FORM_OPTIONS
        .iter()
        .any(|name| Reflect::has(changed, &(*name).into()) == Ok(true))
}

/// The name of the option that can keep the panel empty at first, like the [`BLANKING_OPTIONS`]. Unlike them, it does
/// so only if its value has an action.
const AVAILABILITY: &str = "initialAvailability";

/// The name of the option with the host's texts. The first module uses these texts without checking them.
const WORDS: &str = "words";

/// The host's texts, for the check by the conversation part; `None` if the host sets none.
///
/// # Errors
/// The option is not an object.
pub(crate) fn host_words(options: &JsValue) -> Result<Option<Object>, PageError> {
    let words = given(options, WORDS);
    words.map(|words| Object::read(WORDS, words)).transpose()
}

/// Refuses a change of an option that cannot change while the panel is on the web page.
///
/// # Errors
/// Names the option.
pub(crate) fn check_changes(changed: &JsValue) -> Result<(), PageError> {
    for name in given_names(changed) {
        if !LIVE_OPTIONS.contains(&&*name) {
            let message = [
                "the option `",
                &name,
                "` cannot change while the panel is on the page.",
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
    /// The source of sessions. If the host sets several sources, a function takes precedence over an address, and an
    /// address over a token.
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

    /// A name of the chat service, made of the options that say where the service is. The name is a part of the storage
    /// keys, so that the conversations of two services on one website are stored separately.
    pub(crate) fn service(&self) -> String {
        let parts = [&self.site, &self.base_url, &self.session_endpoint];
        let parts = parts.into_iter().flatten().cloned();
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The visitor whose conversation this is; `None` if the host names none.
    pub(crate) fn visitor(&self) -> Option<VisitorName> {
        let origin = Reflect::get(&js_sys::global(), &"origin".into()).ok();
        let origin = origin.and_then(|origin| origin.as_string());
        VisitorName::new(&origin.unwrap_or_default(), self.visitor_key.as_deref()?)
    }

    /// The options for the engine, which has the rules of a conversation. A slash at the end of an address is removed.
    pub(crate) fn engine(&self) -> pipit_engine::Options {
        let without_slash = |address: &String| address.trim_end_matches('/').to_owned();
        let template = self.survey_template.clone();
        #[allow(clippy::cast_possible_truncation, reason = "the result is clamped")]
        let keep_ended_ms = self
            .keep_ended_minutes
            .map_or(pipit_engine::Options::default().keep_ended_ms, |minutes| {
                (minutes * 60_000.0) as i64
            });
        pipit_engine::Options {
            keep_ended_ms,
            site: self.site.clone(),
            pool: self.pool.clone(),
            base_url: self.base_url.as_ref().map(without_slash),
            allowed_hosts: self.allowed_hosts.clone().unwrap_or_default(),
            absent_limit_ms: self
                .absent_limit_seconds
                .map(|seconds| u64::from(seconds) * 1_000),
            survey: SurveyTemplate {
                base: self.survey_base.as_ref().map(without_slash),
                template: template.unwrap_or(SurveyTemplate::default().template),
            },
        }
    }
}

/// The number of options that have this mark.
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

/// The names of the options that have this mark. The list is made at compile time, so that the first module does not
/// contain all declarations.
#[allow(clippy::indexing_slicing, reason = "it only runs at compile time")]
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

/// Whether an option has this mark.
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
        assert_eq!(BLANKING_OPTIONS, ["form", "consent", "resumes"]);
        assert_eq!(FORM_OPTIONS, ["form", "prefill", "consent", "messageForm"]);
        assert_eq!(
            LIVE_OPTIONS,
            [
                "title",
                "logo",
                "locale",
                "language",
                "words",
                "visitorKey",
                "form",
                "prefill",
                "consent",
                "teamName",
                "hours",
                "replyTime",
                "starters"
            ]
        );
    }
}
