//! The head of the panel: who is there, what they do, and the ways out.

use std::cell::Cell;
use std::rc::Rc;

use pipit_engine::{Agent, Command, Conversation, Phase};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState};
use web_sys::KeyboardEvent;
use yew::{Callback, Html, NodeRef, Properties, component, html, use_effect_with, use_node_ref};

use super::menu::{self, Choice};
use super::save::save;
use super::{Link, focus, is_escape};
use crate::locale::{self, Word};
use crate::news::News;
use crate::talk::{Head, Talk};

/// What is open below the head, and the button that opens it.
#[derive(Clone, Default)]
pub(crate) struct Below {
    now: Rc<Cell<Open>>,
    more: NodeRef,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum Open {
    #[default]
    Nothing,
    Menu,
    /// Whether the visitor really wants to end the chat.
    Question,
}

impl Below {
    /// The question is about this chat, not the next. Nothing else is closed: a menu may have been opened just now.
    pub(crate) fn see(&self, phase: &Phase) {
        if !can_end(phase) && self.now.get() == Open::Question {
            self.now.set(Open::Nothing);
        }
    }
}

/// The head of a conversation; `title`: who is there as long as no agent is.
pub(crate) fn of(
    link: &Link,
    talk: &Talk,
    below: &Below,
    conversation: &Conversation,
    title: &str,
) -> Head {
    let phase = &conversation.phase;
    let now = below.now.get();
    let open = {
        let (talk, now) = (talk.clone(), below.now.clone());
        Callback::from(move |open| {
            now.set(open);
            talk.changed();
        })
    };
    let back = {
        let (open, more) = (open.clone(), below.more.clone());
        Callback::from(move |()| {
            open.emit(Open::Nothing);
            focus::give(&more);
        })
    };
    let onkeydown = {
        let back = back.clone();
        Callback::from(move |event: KeyboardEvent| {
            if now != Open::Nothing && is_escape(&event) {
                // The panel stays open.
                event.stop_propagation();
                event.prevent_default();
                back.emit(());
            }
        })
    };
    Head {
        avatar: avatar(phase),
        name: agent_name(phase).unwrap_or(title).to_owned(),
        status: status(phase).map(|word| link.words().say(word)),
        menu: menu(link, below, conversation, title, &open, &back),
        below: if now == Open::Question {
            let end = end(link, &open);
            html! { <Question link={link.clone()} {back} {end} /> }
        } else {
            Html::default()
        },
        onkeydown,
    }
}

fn menu(
    link: &Link,
    below: &Below,
    conversation: &Conversation,
    title: &str,
    open: &Callback<Open>,
    back: &Callback<()>,
) -> Html {
    let Conversation {
        phase, transcript, ..
    } = conversation;
    let news = link.parts.news.as_ref().filter(|_| *phase != Phase::Idle);
    let is_muted = news.and_then(News::muted);
    let choices = menu::choices(!transcript.is_empty(), is_muted, can_end(phase));
    if choices.is_empty() {
        return Html::default();
    }
    let choose = {
        let (link, title, open, back) =
            (link.clone(), title.to_owned(), open.clone(), back.clone());
        Callback::from(move |choice| match choice {
            Choice::End => open.emit(Open::Question),
            Choice::Mute(is_muted) => {
                if let Some(news) = &link.parts.news {
                    news.mute(is_muted);
                }
                back.emit(());
            }
            Choice::Save(format) => {
                save(&link, &title, format);
                back.emit(());
            }
        })
    };
    let callbacks = menu::Callbacks {
        open: open.reform(|is_open| if is_open { Open::Menu } else { Open::Nothing }),
        choose,
    };
    let is_open = below.now.get() == Open::Menu;
    menu::disclosure(link.words(), &choices, &below.more, is_open, &callbacks)
}

fn can_end(phase: &Phase) -> bool {
    matches!(phase, Phase::Chatting(_) | Phase::Requeued(_))
}

#[derive(Properties, PartialEq)]
struct QuestionProps {
    link: Link,
    back: Callback<()>,
    end: Callback<()>,
}

/// Whether the visitor really wants to end the chat. It is asked once, and no is the first answer.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let QuestionProps { link, back, end } = props;
    let keep = use_node_ref();
    use_effect_with((), {
        let keep = keep.clone();
        move |()| focus::give(&keep)
    });
    let words = link.words();
    html! {
        <div part="ask" class="ask" role="group" aria-label={words.say(Word::EndChatQuestion)}>
            <p class="question">{ words.say(Word::EndChatQuestion) }</p>
            <div class="answers">
                <button part="keep" class="button" type="button" ref={keep}
                    onclick={back.reform(|_| ())}>{ words.say(Word::KeepChatting) }</button>
                <button part="end-confirm" class="button main" type="button"
                    onclick={end.reform(|_| ())}>{ words.say(Word::EndChat) }</button>
            </div>
        </div>
    }
}

fn end(link: &Link, open: &Callback<Open>) -> Callback<()> {
    let (link, open) = (link.clone(), open.clone());
    Callback::from(move |()| {
        open.emit(Open::Nothing);
        link.command(Command::End);
    })
}

/// Whom the visitor talks to, or did.
fn agent_name(phase: &Phase) -> Option<&str> {
    let name = match phase {
        Phase::Chatting(agents) => agents.first().map(|agent| agent.name.as_ref()),
        Phase::Concluded(conclusion) => conclusion.agent.as_deref(),
        Phase::Idle
        | Phase::Starting
        | Phase::Queued(_)
        | Phase::Requeued(_)
        | Phase::Failed(_) => None,
    };
    name.filter(|name| !name.is_empty())
}

fn status(phase: &Phase) -> Option<Word> {
    Some(match phase {
        Phase::Idle => return None,
        Phase::Starting => Word::Connecting,
        Phase::Queued(_) | Phase::Requeued(_) => Word::WaitingForAgent,
        Phase::Chatting(agents) => agents.first().map_or(Word::Connecting, locale::activity),
        Phase::Concluded(_) => Word::ChatEnded,
        Phase::Failed(_) => Word::NotConnected,
    })
}

/// The avatar tells whether the agent is there; beside it stands the same in words.
fn avatar(phase: &Phase) -> &'static str {
    let Phase::Chatting(agents) = phase else {
        return "avatar";
    };
    match agents.first() {
        None => "avatar",
        Some(agent) if agent.connection != ConnectionState::Active => "avatar lost",
        Some(Agent {
            activity: ActivityMode::Away,
            ..
        }) => "avatar away",
        Some(_) => "avatar here",
    }
}
