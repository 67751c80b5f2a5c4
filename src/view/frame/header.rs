//! The header of the panel once the content (the third WASM module, which draws everything about messages) is loaded: the
//! agent's name and activity, the menu, and the question whether to end the chat. A *popover* is the open menu or the
//! open question.

use pipit_engine::{Agent, Command, Conclusion, Connection, Phase};
use pipit_wire::vocabulary::{ActivityMode, ConnectionState};
use web_sys::KeyboardEvent;
use yew::{Callback, Html, NodeRef, html};

use crate::app::widget_state::{HeaderPopover, WidgetInput, WidgetState, can_end};
use crate::config::notifications::Notifications;
use crate::locale::{self, TextKey};
use crate::view::after::save::save;
use crate::view::context::ViewContext;
use crate::view::frame::end_question::EndQuestion;
use crate::view::frame::focus;
use crate::view::frame::keys::is_escape;
use crate::view::frame::menu::{self, MenuCallbacks, MenuItem};
use crate::view::panel_content::{PanelEnvironment, PanelHeader};

/// The header of a conversation.
pub(crate) fn render(
    context: &ViewContext,
    state: &WidgetState,
    environment: &PanelEnvironment,
) -> PanelHeader {
    let phase = &state.tab.conversation.phase;
    // Without a connection, nobody knows what the agent is doing.
    let is_lost = phase.is_live() && state.tab.conversation.connection == Connection::Lost;
    let close_popover = close_popover(context, &environment.more_button);
    let is_popover_open = state.popover != HeaderPopover::Closed;
    let onkeydown = {
        let close_popover = close_popover.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_popover_open && is_escape(&event) {
                // Escape closes only the popover. If the event went on to the panel, the panel would close too.
                event.stop_propagation();
                event.prevent_default();
                close_popover.emit(());
            }
        })
    };
    PanelHeader {
        avatar_class: if is_lost {
            "avatar"
        } else {
            avatar_class(phase)
        },
        picture: match phase {
            Phase::Chatting(agents) => agents
                .first()
                .and_then(|agent| context.services.agent_pictures.of(agent)),
            Phase::Concluded(Conclusion {
                agent: Some(name), ..
            }) => context.services.agent_pictures.named(name),
            _ => environment.logo.clone(),
        },
        name: agent_name(phase).map_or_else(
            || environment.title.clone(),
            |name| context.texts.agent_name(name).to_string(),
        ),
        status: if is_lost {
            Some(TextKey::NotConnected)
        } else {
            status(phase)
        }
        .map(|key| context.texts.get(key)),
        menu: render_menu(context, state, environment, &close_popover),
        popover: if state.popover == HeaderPopover::EndQuestion {
            let end = end_chat(context);
            html! { <EndQuestion context={context.clone()} cancel={close_popover} {end} /> }
        } else {
            Html::default()
        },
        onkeydown,
    }
}

/// The menu with its button; empty if the menu would have no items.
fn render_menu(
    context: &ViewContext,
    state: &WidgetState,
    environment: &PanelEnvironment,
    close_popover: &Callback<()>,
) -> Html {
    let phase = &state.tab.conversation.phase;
    let has_messages = !state.tab.conversation.transcript.is_empty();
    // `None` before a conversation, or if the host's options allow no sound. The menu then has no item for the sound.
    let is_muted = context
        .services
        .notifications
        .as_ref()
        .filter(|_| *phase != Phase::Idle)
        .and_then(Notifications::is_muted);
    let items = menu::items(has_messages, is_muted, can_end(phase));
    if items.is_empty() {
        return Html::default();
    }
    let callbacks = MenuCallbacks {
        set_open: set_menu_open(context),
        choose: choose_item(context, &environment.title, close_popover),
    };
    let is_open = state.popover == HeaderPopover::Menu;
    menu::render(
        &context.texts,
        &items,
        &environment.more_button,
        is_open,
        &callbacks,
    )
}

/// A callback that opens the menu (`true`) or closes it (`false`).
fn set_menu_open(context: &ViewContext) -> Callback<bool> {
    let context = context.clone();
    Callback::from(move |is_open| {
        let popover = if is_open {
            HeaderPopover::Menu
        } else {
            HeaderPopover::Closed
        };
        context.update(WidgetInput::SetPopover(popover));
    })
}

/// A callback that performs an item of the menu. `title` is the headline of a saved transcript.
fn choose_item(
    context: &ViewContext,
    title: &str,
    close_popover: &Callback<()>,
) -> Callback<MenuItem> {
    let context = context.clone();
    let title = title.to_owned();
    let close_popover = close_popover.clone();
    Callback::from(move |item| match item {
        MenuItem::End => context.update(WidgetInput::SetPopover(HeaderPopover::EndQuestion)),
        MenuItem::Mute(is_muted) => {
            if let Some(notifications) = &context.services.notifications {
                notifications.set_muted(is_muted);
            }
            close_popover.emit(());
        }
        MenuItem::Save(format) => {
            save(&context, &title, format);
            close_popover.emit(());
        }
    })
}

/// A callback that closes the menu or the question, and moves the focus to the button that opens the menu.
fn close_popover(context: &ViewContext, more_button: &NodeRef) -> Callback<()> {
    let context = context.clone();
    let more_button = more_button.clone();
    Callback::from(move |()| {
        context.update(WidgetInput::SetPopover(HeaderPopover::Closed));
        focus::focus(&more_button);
    })
}

/// A callback that ends the chat, after the visitor has confirmed that.
fn end_chat(context: &ViewContext) -> Callback<()> {
    let context = context.clone();
    Callback::from(move |()| {
        context.update(WidgetInput::SetPopover(HeaderPopover::Closed));
        context.command(Command::End);
    })
}

/// The name of the lead (the agent who holds the chat); after the end of the chat, the name of its last lead. `None` in
/// all other phases, if no agent has taken part, or if the server sent no name.
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

/// The text of the line below the name; `None` before a conversation starts.
fn status(phase: &Phase) -> Option<TextKey> {
    Some(match phase {
        Phase::Idle => return None,
        Phase::Starting => TextKey::Connecting,
        Phase::Queued(_) | Phase::Requeued(_) => TextKey::WaitingForAgent,
        // The lead comes first. The list is empty while the only agent has left and the server has not yet sent what
        // happens next.
        Phase::Chatting(agents) => agents
            .first()
            .map_or(TextKey::Connecting, locale::activity_key),
        Phase::Concluded(_) => TextKey::ChatEnded,
        Phase::Failed(_) => TextKey::NotConnected,
    })
}

/// The CSS classes of the avatar. While an agent is in the chat, the second class adds a dot. The dot's colour shows
/// whether that agent (the lead, if there are several) is connected, away or disconnected. The status line says the
/// same in words.
fn avatar_class(phase: &Phase) -> &'static str {
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
