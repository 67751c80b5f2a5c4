//! The panel: head, messages, and what stands below them.

use pipit_engine::{Connection, Conversation, Phase};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{
    Callback, Html, NodeRef, Properties, UseStateSetter, component, html, use_effect_with,
    use_node_ref, use_state_eq,
};

use super::banner::{self, Banner};
use super::composer::Composer;
use super::focus::use_kept_focus;
use super::header::Header;
use super::transcript::Transcript;
use super::waiting::Waiting;
use super::{Link, PANEL, away, ended, focus, form, preview, waiting, welcome};
use crate::availability::{Availability, Then, Why};
use crate::locale::{Word, Words};

#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    pub(crate) link: Link,
    pub(crate) conversation: Conversation,
    pub(crate) title: Option<String>,
    pub(crate) availability: Availability,
    /// Whether the browser keeps the conversation over a reload.
    pub(crate) keeps: bool,
    pub(crate) shown: Shown,
    /// Opened by the visitor, not by a reload.
    pub(crate) takes_focus: bool,
    /// Closes the panel, where it can be closed.
    pub(crate) minimise: Option<Callback<()>>,
}

/// How the panel is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// A part of the page.
    Always,
    Closed,
    /// Beside the page: both can be used.
    Beside,
    /// Over the page: nothing else can be used until it is closed.
    Over,
}

#[allow(
    clippy::ignored_unit_patterns,
    reason = "the macro writes one for a tag that is named at run time"
)]
#[component]
pub(crate) fn Panel(props: &PanelProps) -> Html {
    let PanelProps {
        link,
        conversation,
        title,
        shown,
        minimise,
        ..
    } = props;
    let panel = use_node_ref();
    {
        let panel = panel.clone();
        use_effect_with((*shown, props.takes_focus), move |(shown, takes_focus)| {
            show(&panel, *shown, *takes_focus);
        });
    }
    use_kept_focus(&panel, *shown != Shown::Closed);
    let words = link.words();
    let title = title
        .clone()
        .unwrap_or_else(|| words.say(Word::Title).to_string());
    let phase = &conversation.phase;
    let connection = if phase.is_live() {
        conversation.connection
    } else {
        Connection::Asking
    };
    // The browser itself closes a dialog on a phone's way back; the conversation has to know.
    let oncancel = minimise.clone().map(|minimise| {
        Callback::from(move |event: Event| {
            event.prevent_default();
            minimise.emit(());
        })
    });
    let is_asked = use_state_eq(|| false);
    {
        let is_asked = is_asked.setter();
        use_effect_with(stands(phase), move |stands| {
            if !stands {
                is_asked.set(false);
            }
        });
    }
    let part = Part::of(phase, link, props.availability, *is_asked);
    let asking = Asking {
        availability: props.availability,
        is_asked: is_asked.setter(),
        link: link.clone(),
    };
    let entries = match part {
        Part::Form | Part::Away(..) => Vec::new(),
        Part::Conversation => conversation.transcript.clone(),
    };
    let tag = if *shown == Shown::Always {
        "section"
    } else {
        "dialog"
    };
    html! {
        <@{tag} id={PANEL} part="panel" class="panel" ref={panel} aria-label={title.clone()} {oncancel}>
            <Header link={link.clone()} phase={phase.clone()} title={title.clone()} minimise={minimise.clone()}
                has_messages={!conversation.transcript.is_empty()} />
            <Banner link={link.clone()} {connection} />
            { banner::kept(words, phase.is_live() && !props.keeps) }
            <Transcript link={link.clone()} {entries}
                is_begun={*phase != Phase::Idle} is_waiting={is_waiting(phase)}
                last={last(words, phase, part)}>
                { opening(link, conversation, part, &asking) }
            </Transcript>
            { foot(link, conversation, &title, part, &asking) }
        </@>
    }
}

/// A dialog is shown by its methods: only then does the browser keep the rest of the page away.
fn show(panel: &NodeRef, shown: Shown, takes_focus: bool) {
    let dialog = panel
        .get()
        .and_then(|panel| panel.dyn_into::<HtmlDialogElement>().ok());
    let Some(dialog) = dialog else {
        return;
    };
    dialog.close();
    match shown {
        Shown::Always | Shown::Closed => return,
        Shown::Beside => dialog.set_open(true),
        Shown::Over => {
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        }
    }
    if takes_focus {
        focus::enter(panel);
    }
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
}

/// Whether the conversation stands still until the visitor starts one.
fn stands(phase: &Phase) -> bool {
    matches!(phase, Phase::Idle | Phase::Concluded(_) | Phase::Failed(_))
}

/// What of the panel there is.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// Nobody is there for one.
    Away(Why, Then),
    /// The visitor is asked before a conversation.
    Form,
    Conversation,
}

impl Part {
    fn of(phase: &Phase, link: &Link, availability: Availability, is_asked: bool) -> Self {
        let is_before = stands(phase) && (*phase == Phase::Idle || is_asked);
        match availability {
            Availability::Away(why, then) if is_before => Self::Away(why, then),
            _ if is_before && link.form.is_needed() => Self::Form,
            _ => Self::Conversation,
        }
    }
}

/// Asks the visitor first, where that is needed.
struct Asking {
    availability: Availability,
    is_asked: UseStateSetter<bool>,
    link: Link,
}

impl Asking {
    /// For the first conversation, and each new one.
    fn anew(&self) -> Callback<()> {
        let (is_asked, link) = (self.is_asked.clone(), self.link.clone());
        let is_away = matches!(self.availability, Availability::Away(..));
        Callback::from(move |()| {
            if is_away {
                is_asked.set(true);
            } else if link.form.is_needed() {
                link.form.clear_question();
                is_asked.set(true);
            } else {
                link.start();
            }
        })
    }

    /// For one that did not come about: what was filled in is good for another try.
    fn again(&self) -> Callback<()> {
        let (is_asked, link) = (self.is_asked.clone(), self.link.clone());
        Callback::from(move |()| {
            if link.form.is_needed() && !link.form.is_complete() {
                is_asked.set(true);
            } else {
                link.start();
            }
        })
    }

    fn done(&self) -> Callback<()> {
        let (is_asked, link) = (self.is_asked.clone(), self.link.clone());
        Callback::from(move |()| {
            is_asked.set(false);
            link.start();
        })
    }

    fn back(&self) -> Callback<()> {
        let is_asked = self.is_asked.clone();
        Callback::from(move |()| is_asked.set(false))
    }
}

/// What stands above the messages.
fn opening(link: &Link, conversation: &Conversation, part: Part, asking: &Asking) -> Html {
    if let Part::Away(why, then) = part {
        return away::card(link, why, then);
    }
    if part == Part::Form {
        let back = (conversation.phase != Phase::Idle).then(|| asking.back());
        return html! { <form::Card link={link.clone()} purpose={form::Purpose::Start} {back} done={asking.done()} /> };
    }
    match &conversation.phase {
        Phase::Idle => welcome::card(link, &asking.anew()),
        Phase::Starting => waiting::connecting(link),
        Phase::Queued(wait) | Phase::Requeued(wait) => {
            html! { <Waiting link={link.clone()} wait={*wait} /> }
        }
        Phase::Failed(failure) if conversation.transcript.is_empty() => {
            ended::failed(link, failure, false, &asking.again())
        }
        Phase::Chatting(_) | Phase::Concluded(_) | Phase::Failed(_) => Html::default(),
    }
}

/// What stands behind the last message, and scrolls with it.
fn last(words: &Words, phase: &Phase, part: Part) -> Html {
    match phase {
        Phase::Concluded(conclusion) if part == Part::Conversation => {
            ended::survey(words, conclusion)
        }
        _ => Html::default(),
    }
}

/// What stands below the messages: the composer, or what comes after.
fn foot(
    link: &Link,
    conversation: &Conversation,
    title: &str,
    part: Part,
    asking: &Asking,
) -> Html {
    if part != Part::Conversation {
        return Html::default();
    }
    match &conversation.phase {
        Phase::Concluded(_) => ended::concluded(link, title, &asking.anew()),
        Phase::Failed(_) if conversation.transcript.is_empty() => Html::default(),
        Phase::Failed(failure) => ended::failed(link, failure, true, &asking.again()),
        // One place for the composer in all of these: moved, it would lose what stands in it.
        phase => html! {
            <>
                if matches!(phase, Phase::Chatting(_)) {
                    { preview::notice(link, &conversation.sneak_preview) }
                }
                <Composer link={link.clone()} draft={conversation.draft.clone()}
                    takes_files={phase.is_live()} />
            </>
        },
    }
}
