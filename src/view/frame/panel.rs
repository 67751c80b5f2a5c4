//! The panel: head, messages, and what stands below them.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{Callback, Html, NodeRef, Properties, component, html, use_effect_with, use_node_ref};

use crate::locale::{TextKey, Texts};
use crate::view::before::welcome;
use crate::view::context::PanelContext;
use crate::view::conversation_slot::UserAction;
use crate::view::during::composer::Composer;
use crate::view::frame::avatar::initials;
use crate::view::frame::focus;
use crate::view::frame::focus::use_kept_focus;
use crate::view::frame::icon;
use crate::view::frame::slot::slot;
use crate::view::panel_content::{PanelContent, PanelEnvironment, PanelFooter, PanelHeader};

/// The panel's `id`, for the button that opens it.
const PANEL: &str = "panel";

#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    pub(crate) context: PanelContext,
    /// Another one each time that something is to be drawn anew.
    pub(crate) turn: u32,
    pub(crate) title: Option<String>,
    pub(crate) shown: PanelVisibility,
    /// Opened by the visitor, not by a reload.
    pub(crate) takes_focus: bool,
    /// Closes the panel, where it can be closed.
    pub(crate) minimise: Option<Callback<()>>,
}

/// How the panel is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PanelVisibility {
    /// A part of the page.
    Always,
    Closed,
    /// Beside the page: both can be used.
    NonModal,
    /// Over the page: nothing else can be used until it is closed.
    Modal,
}

#[allow(
    clippy::ignored_unit_patterns,
    reason = "the macro writes one for a tag that is named at run time"
)]
#[component]
pub(crate) fn Panel(props: &PanelProps) -> Html {
    let PanelProps {
        context,
        title,
        shown,
        minimise,
        ..
    } = props;
    let (panel, list) = (use_node_ref(), use_node_ref());
    {
        let panel = panel.clone();
        use_effect_with((*shown, props.takes_focus), move |(shown, takes_focus)| {
            show(&panel, *shown, *takes_focus);
        });
    }
    use_kept_focus(&panel, *shown != PanelVisibility::Closed);
    // What one goes on with has come; until then there was but the list to have the focus.
    use_effect_with(context.conversation.is_content_unknown(), {
        let (panel, list) = (panel.clone(), list.clone());
        move |is_content_unknown| {
            if !is_content_unknown && focus::is_within(&list) {
                focus::enter(&panel);
            }
        }
    });
    let title = title.clone();
    let environment = PanelEnvironment {
        title: title.unwrap_or_else(|| context.texts.get(TextKey::Title).to_string()),
        list: list.clone(),
    };
    // The browser itself closes a dialog on a phone's way back; the conversation has to know.
    let oncancel = minimise.clone().map(|minimise| {
        Callback::from(move |event: Event| {
            event.prevent_default();
            minimise.emit(());
        })
    });
    let tag = if *shown == PanelVisibility::Always {
        "section"
    } else {
        "dialog"
    };
    let part = context.conversation.part();
    let content = part.map_or_else(
        || first(context, &environment),
        |part| part.panel_content(&environment),
    );
    html! {
        <@{tag} id={PANEL} part="panel" class="panel" ref={panel} aria-label={environment.title} {oncancel}>
            <div class="head" onkeydown={content.header.onkeydown.clone()}>
                { header(&context.texts, &content.header, minimise.as_ref()) }
                { content.header.popover }
            </div>
            { slot("header", Html::default()) }
            { content.banners }
            <div class="transcript">
                <div part="list" class="list" role="log" aria-live="off" aria-label={context.texts.get(TextKey::Messages)}
                    tabindex="0" ref={list}>
                    <div>
                        <div class="above">{ content.above_messages }</div>
                        <div>{ content.messages }</div>
                        <div class="last-word">{ content.below_messages }</div>
                    </div>
                </div>
                { content.overlay }
            </div>
            // One place for the composer at all times: moved, it would lose what stands in it.
            { match content.footer {
                PanelFooter::Composer { notice, beside, draft } => html! {
                    <>{ notice }<Composer context={context.clone()} {beside} {draft} /></>
                },
                PanelFooter::Other(other) => other,
            } }
            { slot("footer", Html::default()) }
        </@>
    }
}

/// What can be seen and done before the conversation's part is here.
fn first(context: &PanelContext, environment: &PanelEnvironment) -> PanelContent {
    let texts = &context.texts;
    let is_content_unknown = context.conversation.is_content_unknown();
    let status = context
        .conversation
        .has_load_failed()
        .then(|| texts.get(TextKey::NotConnected));
    let start = {
        let conversation = context.conversation.clone();
        Callback::from(move |()| conversation.perform(UserAction::StartChat))
    };
    PanelContent {
        header: PanelHeader {
            avatar: "avatar",
            name: environment.title.clone(),
            status,
            menu: Html::default(),
            popover: Html::default(),
            onkeydown: Callback::noop(),
        },
        banners: Html::default(),
        above_messages: if is_content_unknown {
            Html::default()
        } else {
            welcome::card(texts, &start)
        },
        messages: Html::default(),
        below_messages: Html::default(),
        overlay: Html::default(),
        footer: if is_content_unknown {
            PanelFooter::Other(Html::default())
        } else {
            PanelFooter::Composer {
                notice: Html::default(),
                beside: Html::default(),
                draft: Rc::default(),
            }
        },
    }
}

/// The first line: who is there, what they do, the menu, and the button that closes the panel.
fn header(texts: &Texts, head: &PanelHeader, minimise: Option<&Callback<()>>) -> Html {
    let PanelHeader { avatar, name, .. } = head;
    html! {
        <div part="header" class="header">
            <span class={*avatar} aria-hidden="true">{ initials(name) }</span>
            <div class="who">
                <h2 class="name"><bdi>{ name.clone() }</bdi></h2>
                <p class="status" part="status">{ head.status.clone() }</p>
            </div>
            { slot("header-actions", Html::default()) }
            { head.menu.clone() }
            if let Some(minimise) = minimise {
                <button part="close" class="icon" type="button" aria-label={texts.get(TextKey::MinimiseChat)}
                    onclick={minimise.reform(|_| ())}>{ icon::down() }</button>
            }
        </div>
    }
}

/// A dialog is shown by its methods: only then does the browser keep the rest of the page away.
fn show(panel: &NodeRef, shown: PanelVisibility, takes_focus: bool) {
    let dialog = panel
        .get()
        .and_then(|panel| panel.dyn_into::<HtmlDialogElement>().ok());
    let Some(dialog) = dialog else {
        return;
    };
    dialog.close();
    match shown {
        PanelVisibility::Always | PanelVisibility::Closed => return,
        PanelVisibility::NonModal => dialog.set_open(true),
        PanelVisibility::Modal => {
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        }
    }
    if takes_focus {
        focus::enter(panel);
    }
}
