//! What stands in the panel, by where the conversation stands: head, banners, messages, and what is below.

use std::cell::Cell;
use std::rc::Rc;

use pipit_engine::{Connection, Conversation, Phase};
use yew::{Callback, Html, html};

use super::attach::Attach;
use super::banner::{self, Banner};
use super::header::Below;
use super::transcript::{self, Follow};
use super::waiting::Waiting;
use super::{Link, away, ended, form, header, preview, waiting, welcome};
use crate::availability::{Availability, Then, Why};
use crate::locale::Words;
use crate::talk::{Around, Foot, Scene, Talk};

/// The scene of a conversation.
pub(crate) fn of(asking: &Asking, conversation: &Conversation, around: &Around) -> Scene {
    let link = &asking.link;
    let phase = &conversation.phase;
    let connection = if phase.is_live() {
        conversation.connection
    } else {
        Connection::Asking
    };
    let part = Part::of(phase, asking);
    let entries = match part {
        Part::Form | Part::Away(..) => Vec::new(),
        Part::Conversation => conversation.transcript.clone(),
    };
    let keeps = link.runtime.keeps();
    let Around { title, list } = around;
    Scene {
        head: header::of(link, &asking.talk, &asking.below, conversation, title),
        banners: html! {
            <>
                <Banner link={link.clone()} {connection} />
                { banner::kept(link.words(), phase.is_live() && !keeps) }
            </>
        },
        above: opening(link, conversation, part, asking),
        messages: transcript::rows(link, &entries, is_waiting(phase)),
        last: last(link.words(), phase, part),
        over: html! {
            <Follow link={link.clone()} {entries} is_begun={*phase != Phase::Idle} list={list.clone()} />
        },
        foot: foot(link, conversation, title, part, asking),
    }
}

/// Whether the conversation stands still until the visitor starts one.
pub(crate) fn stands(phase: &Phase) -> bool {
    matches!(phase, Phase::Idle | Phase::Concluded(_) | Phase::Failed(_))
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
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
    fn of(phase: &Phase, asking: &Asking) -> Self {
        let is_before = stands(phase) && (*phase == Phase::Idle || asking.is_asked.get());
        match asking.availability {
            Availability::Away(why, then) if is_before => Self::Away(why, then),
            _ if is_before && asking.link.form.is_needed() => Self::Form,
            _ => Self::Conversation,
        }
    }
}

/// Asks the visitor first, where that is needed.
#[derive(Clone)]
pub(crate) struct Asking {
    pub(crate) is_asked: Rc<Cell<bool>>,
    pub(crate) below: Below,
    pub(crate) availability: Availability,
    pub(crate) link: Link,
    pub(crate) talk: Talk,
}

impl Asking {
    /// For the first conversation, and each new one.
    fn anew(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            if matches!(this.availability, Availability::Away(..)) {
                this.ask(true);
            } else if this.link.form.is_needed() {
                this.link.form.clear_question();
                this.ask(true);
            } else {
                this.link.start();
            }
        })
    }

    /// For one that did not come about: what was filled in is good for another try.
    fn again(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            if this.link.form.is_needed() && !this.link.form.is_complete() {
                this.ask(true);
            } else {
                this.link.start();
            }
        })
    }

    fn done(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            this.ask(false);
            this.link.start();
        })
    }

    fn back(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| this.ask(false))
    }

    fn ask(&self, is_asked: bool) {
        self.is_asked.set(is_asked);
        self.talk.changed();
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
        Phase::Idle => welcome::card(link.words(), &asking.anew()),
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
) -> Foot {
    if part != Part::Conversation {
        return Foot::Other(Html::default());
    }
    match &conversation.phase {
        Phase::Concluded(_) => Foot::Other(ended::concluded(link, title, &asking.anew())),
        Phase::Failed(_) if conversation.transcript.is_empty() => Foot::Other(Html::default()),
        Phase::Failed(failure) => Foot::Other(ended::failed(link, failure, true, &asking.again())),
        phase => Foot::Composer {
            notice: if matches!(phase, Phase::Chatting(_)) {
                preview::notice(link, &conversation.sneak_preview)
            } else {
                Html::default()
            },
            beside: if phase.is_live() {
                html! { <Attach link={link.clone()} /> }
            } else {
                Html::default()
            },
            draft: conversation.draft.clone(),
        },
    }
}
