//! The head of the panel: who is there, what they do, and the ways out.

use pipit_engine::{Agent, Command, Phase};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState};
use web_sys::KeyboardEvent;
use yew::{
    Callback, Html, Properties, component, html, use_effect_with, use_node_ref, use_state_eq,
};

use super::menu::{self, Choice};
use super::save::save;
use super::{Link, focus, is_escape, panel};
use crate::locale::{self, Word};
use crate::news::News;

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    pub(crate) link: Link,
    pub(crate) phase: Phase,
    pub(crate) title: String,
    /// Closes the panel, where it can be closed.
    pub(crate) minimise: Option<Callback<()>>,
    pub(crate) has_messages: bool,
}

/// What is open below the head.
#[derive(Clone, Copy, PartialEq)]
enum Below {
    Nothing,
    Menu,
    /// Whether the visitor really wants to end the chat.
    Question,
}

#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let HeaderProps {
        link,
        phase,
        title,
        minimise,
        has_messages,
    } = props;
    let below = use_state_eq(|| Below::Nothing);
    let (more, keep) = (use_node_ref(), use_node_ref());
    let can_end = matches!(phase, Phase::Chatting(_) | Phase::Requeued(_));
    let news = link.parts.news.as_ref().filter(|_| *phase != Phase::Idle);
    let is_muted = news.and_then(News::muted);
    let choices = menu::choices(*has_messages, is_muted, can_end);
    let open = {
        let below = below.setter();
        Callback::from(move |now| below.set(now))
    };
    // Only now does the button that is asked for stand there.
    use_effect_with(*below, {
        let keep = keep.clone();
        move |below| {
            if *below == Below::Question {
                focus::give(&keep);
            }
        }
    });
    // The question is about this chat, not the next. Nothing else is closed: a menu may have been opened just now.
    use_effect_with((can_end, *below), {
        let setter = below.setter();
        move |(can_end, below)| {
            if !can_end && *below == Below::Question {
                setter.set(Below::Nothing);
            }
        }
    });
    let back = {
        let (open, more) = (open.clone(), more.clone());
        Callback::from(move |()| {
            open.emit(Below::Nothing);
            focus::give(&more);
        })
    };
    let onkeydown = {
        let back = back.clone();
        let is_open = *below != Below::Nothing;
        Callback::from(move |event: KeyboardEvent| {
            if is_open && is_escape(&event) {
                // The panel stays open.
                event.stop_propagation();
                event.prevent_default();
                back.emit(());
            }
        })
    };
    let choose = {
        let (link, title, open, back) = (link.clone(), title.clone(), open.clone(), back.clone());
        Callback::from(move |choice| match choice {
            Choice::End => open.emit(Below::Question),
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
    let words = link.words();
    let name = agent_name(phase).unwrap_or(title);
    let menu = if choices.is_empty() {
        Html::default()
    } else {
        let callbacks = menu::Callbacks {
            open: open.reform(|is_open| if is_open { Below::Menu } else { Below::Nothing }),
            choose,
        };
        menu::disclosure(words, &choices, &more, *below == Below::Menu, &callbacks)
    };
    html! {
        <div class="head" {onkeydown}>
            { panel::header(words, avatar(phase), name, status(phase).map(|word| words.say(word)), menu, minimise.as_ref()) }
            if can_end && *below == Below::Question {
                <div part="ask" class="ask" role="group" aria-label={words.say(Word::EndChatQuestion)}>
                    <p class="question">{ words.say(Word::EndChatQuestion) }</p>
                    <div class="answers">
                        <button part="keep" class="button" type="button" ref={keep}
                            onclick={back.reform(|_| ())}>{ words.say(Word::KeepChatting) }</button>
                        <button part="end-confirm" class="button main" type="button"
                            onclick={end(link, &open)}>{ words.say(Word::EndChat) }</button>
                    </div>
                </div>
            }
        </div>
    }
}

fn end<E: 'static>(link: &Link, open: &Callback<Below>) -> Callback<E> {
    let (link, open) = (link.clone(), open.clone());
    Callback::from(move |_| {
        open.emit(Below::Nothing);
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
