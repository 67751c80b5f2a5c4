//! The head of the panel: who is there, what they do, and the ways out.

use std::cell::Cell;
use std::rc::Rc;

use pipit_engine::{Agent, Command, Conversation, Phase};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState};
use web_sys::KeyboardEvent;
use yew::{Callback, Html, NodeRef, html};

use crate::config::notifications::Notifications;
use crate::locale::{self, TextKey};

use crate::view::after::save::save;
use crate::view::context::ViewContext;
use crate::view::conversation_slot::ConversationSlot;
use crate::view::frame::end_question::EndQuestion;
use crate::view::frame::focus;
use crate::view::frame::keys::is_escape;
use crate::view::frame::menu::{self, MenuItem};
use crate::view::panel_content::PanelHeader;

/// What is open below the head, and the button that opens it.
#[derive(Clone, Default)]
pub(crate) struct HeaderPopover {
    now: Rc<Cell<OpenPopover>>,
    more: NodeRef,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum OpenPopover {
    #[default]
    Nothing,
    Menu,
    /// Whether the visitor really wants to end the chat.
    EndQuestion,
}

impl HeaderPopover {
    /// The question is about this chat, not the next. Nothing else is closed: a menu may have been opened just now.
    pub(crate) fn see(&self, phase: &Phase) {
        if !can_end(phase) && self.now.get() == OpenPopover::EndQuestion {
            self.now.set(OpenPopover::Nothing);
        }
    }
}

/// The head of a conversation; `title`: who is there as long as no agent is.
pub(crate) fn of(
    context: &ViewContext,
    slot: &ConversationSlot,
    popover: &HeaderPopover,
    conversation: &Conversation,
    title: &str,
) -> PanelHeader {
    let phase = &conversation.phase;
    let now = popover.now.get();
    let open = {
        let (slot, now) = (slot.clone(), popover.now.clone());
        Callback::from(move |open| {
            now.set(open);
            slot.redraw();
        })
    };
    let back = {
        let (open, more) = (open.clone(), popover.more.clone());
        Callback::from(move |()| {
            open.emit(OpenPopover::Nothing);
            focus::give(&more);
        })
    };
    let onkeydown = {
        let back = back.clone();
        Callback::from(move |event: KeyboardEvent| {
            if now != OpenPopover::Nothing && is_escape(&event) {
                // The panel stays open.
                event.stop_propagation();
                event.prevent_default();
                back.emit(());
            }
        })
    };
    PanelHeader {
        avatar: avatar(phase),
        name: agent_name(phase).unwrap_or(title).to_owned(),
        status: status(phase).map(|word| context.texts.get(word)),
        menu: menu(context, popover, conversation, title, &open, &back),
        popover: if now == OpenPopover::EndQuestion {
            let end = end(context, &open);
            html! { <EndQuestion context={context.clone()} {back} {end} /> }
        } else {
            Html::default()
        },
        onkeydown,
    }
}

fn menu(
    context: &ViewContext,
    popover: &HeaderPopover,
    conversation: &Conversation,
    title: &str,
    open: &Callback<OpenPopover>,
    back: &Callback<()>,
) -> Html {
    let Conversation {
        phase, transcript, ..
    } = conversation;
    let notifications = context
        .services
        .notifications
        .as_ref()
        .filter(|_| *phase != Phase::Idle);
    let is_muted = notifications.and_then(Notifications::is_muted);
    let choices = menu::choices(!transcript.is_empty(), is_muted, can_end(phase));
    if choices.is_empty() {
        return Html::default();
    }
    let choose = {
        let (context, title, open, back) = (
            context.clone(),
            title.to_owned(),
            open.clone(),
            back.clone(),
        );
        Callback::from(move |choice| match choice {
            MenuItem::End => open.emit(OpenPopover::EndQuestion),
            MenuItem::Mute(is_muted) => {
                if let Some(notifications) = &context.services.notifications {
                    notifications.set_muted(is_muted);
                }
                back.emit(());
            }
            MenuItem::Save(format) => {
                save(&context, &title, format);
                back.emit(());
            }
        })
    };
    let callbacks = menu::MenuCallbacks {
        open: open.reform(|is_open| {
            if is_open {
                OpenPopover::Menu
            } else {
                OpenPopover::Nothing
            }
        }),
        choose,
    };
    let is_open = popover.now.get() == OpenPopover::Menu;
    menu::disclosure(&context.texts, &choices, &popover.more, is_open, &callbacks)
}

fn can_end(phase: &Phase) -> bool {
    matches!(phase, Phase::Chatting(_) | Phase::Requeued(_))
}

fn end(context: &ViewContext, open: &Callback<OpenPopover>) -> Callback<()> {
    let (context, open) = (context.clone(), open.clone());
    Callback::from(move |()| {
        open.emit(OpenPopover::Nothing);
        context.command(Command::End);
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

fn status(phase: &Phase) -> Option<TextKey> {
    Some(match phase {
        Phase::Idle => return None,
        Phase::Starting => TextKey::Connecting,
        Phase::Queued(_) | Phase::Requeued(_) => TextKey::WaitingForAgent,
        Phase::Chatting(agents) => agents.first().map_or(TextKey::Connecting, locale::activity),
        Phase::Concluded(_) => TextKey::ChatEnded,
        Phase::Failed(_) => TextKey::NotConnected,
    })
}

/// The avatar tells whether the agent is there; beside it stands the same in texts.
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
