//! The panel with its fixed parts: header, list of messages and footer. A [`PanelContent`] fills them. The panel is
//! drawn even before the content (the WASM module that draws everything about messages) is loaded.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{
    Callback, Html, NodeRef, Properties, component, html, use_effect_with, use_mut_ref,
    use_node_ref,
};

use crate::locale::{TextKey, Texts};
use crate::view::before::welcome;
use crate::view::context::PanelContext;
use crate::view::during::composer::Composer;
use crate::view::frame::avatar::avatar;
use crate::view::frame::focus::{self, use_focus_kept_within};
use crate::view::frame::icon;
use crate::view::frame::slot::slot;
use crate::view::panel_content::{PanelContent, PanelEnvironment, PanelFooter, PanelHeader};

/// The panel's `id`. The launcher (the button that opens the panel) refers to it by `aria-controls`.
const PANEL_ID: &str = "panel";

#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    pub(crate) context: PanelContext,
    /// How many redraws the conversation has asked for. Nothing reads it, but a new value makes Yew render the panel
    /// again.
    pub(crate) change_count: u32,
    pub(crate) visibility: PanelVisibility,
    /// Whether the panel takes the focus when it opens. False if it opens without an action of the visitor, such as
    /// after a reload.
    pub(crate) takes_focus: bool,
    /// How often the page has moved the widget, or has removed it and put it back. The browser makes a modal dialog
    /// non-modal in both cases, so a new number makes the panel open its dialog again.
    pub(crate) reattach_count: u32,
    /// Closes the panel while the conversation continues; `None` if the panel is always open.
    pub(crate) minimise: Option<Callback<()>>,
}

/// Whether and how the panel is shown on the web page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PanelVisibility {
    /// Part of the page's content, always open.
    Embedded,
    Closed,
    /// An open dialog in a corner of the window. Both the dialog and the page can be used.
    NonModal,
    /// An open dialog over the page. The page cannot be used until the dialog is closed.
    Modal,
}

/// The panel. It is a `<dialog>`, or a `<section>` if it is embedded in the page's content.
#[allow(
    clippy::ignored_unit_patterns,
    reason = "the macro generates a `_` pattern for a tag whose name is only known at run time"
)]
#[component]
pub(crate) fn Panel(props: &PanelProps) -> Html {
    let PanelProps {
        context,
        visibility,
        minimise,
        ..
    } = props;
    let panel = use_node_ref();
    let list = use_node_ref();
    let more_button = use_node_ref();
    // The control that had the focus when the panel stopped being modal. If the page has taken the focus meanwhile, this
    // control gets it back as soon as the panel is modal again.
    let focused_before = use_mut_ref(|| None);
    let reattach_count_before = use_mut_ref(|| 0);
    use_effect_with((*visibility, props.takes_focus, props.reattach_count), {
        let panel = panel.clone();
        move |(new_visibility, takes_focus, reattach_count)| {
            let was_reattached = reattach_count_before.replace(*reattach_count) != *reattach_count;
            let remembered = focused_before.take();
            // A click beside all controls focuses the panel itself.
            let focused = focus::focused_within(&panel)
                .filter(|focused| focused.id() != PANEL_ID)
                .or(remembered.filter(|_| *new_visibility == PanelVisibility::Modal));
            apply_visibility(&panel, *new_visibility, *takes_focus);
            // A visitor who was writing when the page removed the panel goes on writing, also on a touch screen.
            if was_reattached && *takes_focus {
                focus::focus_field(&panel);
            }
            if *new_visibility != PanelVisibility::Closed
                && let Some(focused) = focused
            {
                focus::focus_element(&focused);
                focused_before.replace(Some(focused));
            }
        }
    });
    use_focus_kept_within(&panel, *visibility != PanelVisibility::Closed);
    // An empty panel has no field, so its list receives the focus when the panel opens. As soon as the panel has
    // content, the focus moves from the list to the first field.
    use_effect_with(context.conversation.is_content_unknown(), {
        let panel = panel.clone();
        let list = list.clone();
        move |is_content_unknown| {
            if !is_content_unknown && focus::is_within(&list) {
                focus::focus_main_control(&panel);
            }
        }
    });
    let environment = PanelEnvironment {
        title: context.texts.title().to_string(),
        logo: context.logo.clone(),
        list: list.clone(),
        more_button,
    };
    // On a phone the back gesture makes the browser close the dialog. `prevent_default` stops the browser, and
    // `minimise` closes the panel, so that the widget's state changes too.
    let oncancel = minimise.clone().map(|minimise| {
        Callback::from(move |event: Event| {
            event.prevent_default();
            minimise.emit(());
        })
    });
    let tag = if *visibility == PanelVisibility::Embedded {
        "section"
    } else {
        "dialog"
    };
    let conversation_part = context.conversation.part();
    let content = conversation_part
        .and_then(|conversation_part| conversation_part.panel_content(&environment))
        .unwrap_or_else(|| first_content(context, &environment));
    html! {
        <@{tag} id={PANEL_ID} part="panel" class="panel" ref={panel} aria-label={environment.title.clone()} {oncancel}>
            <div class="head" onkeydown={content.header.onkeydown.clone()}>
                { render_header(&context.texts, &content.header, minimise.as_ref()) }
                { content.header.popover }
            </div>
            { slot("header", Html::default()) }
            { content.banners }
            <div class="transcript">
                // The list scrolls, so it takes the focus. Only the messages are the log: a form or a card is no message.
                <div part="list" class="list" role="group" aria-label={environment.title} tabindex="0" ref={list}>
                    <div>
                        <div class="above">{ content.above_messages }</div>
                        <div role="log" aria-live="off" aria-label={context.texts.get(TextKey::Messages)}>
                            { content.messages }
                        </div>
                        <div class="below-messages">{ content.below_messages }</div>
                    </div>
                </div>
                { content.overlay }
            </div>
            // The composer is rendered only at this place. If it moved to another place, Yew would create a new, empty
            // text field.
            { match content.footer {
                PanelFooter::Composer { preview_switch, attachment, draft } => html! {
                    <Composer context={context.clone()} {preview_switch} {attachment} {draft} />
                },
                PanelFooter::Other(other) => other,
            } }
            { slot("footer", Html::default()) }
        </@>
    }
}

/// The content before the module that draws it is loaded: the title, the welcome and the composer. The welcome and the
/// composer are left out if the conversation part must first decide what to show. If a module could not be loaded, the
/// line below the title says that the chat is not connected.
fn first_content(context: &PanelContext, environment: &PanelEnvironment) -> PanelContent {
    let texts = &context.texts;
    let is_content_unknown = context.conversation.is_content_unknown();
    let status = context
        .conversation
        .has_load_failed()
        .then(|| texts.get(TextKey::NotConnected));
    // The conversation part adds the starters, in place of the sentence.
    let about = if context.has_starters {
        Html::default()
    } else {
        welcome::first_step(texts)
    };
    PanelContent {
        header: PanelHeader {
            avatar_class: "avatar",
            picture: context.logo.clone(),
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
            welcome::render(texts, context.logo.as_ref(), about, Html::default())
        },
        messages: Html::default(),
        below_messages: Html::default(),
        overlay: Html::default(),
        footer: if is_content_unknown {
            PanelFooter::Other(Html::default())
        } else {
            PanelFooter::Composer {
                preview_switch: Html::default(),
                attachment: Html::default(),
                draft: context.conversation.draft(),
            }
        },
    }
}

/// The top of the panel: the agent's name (or the panel's title), the status below it, the menu, and the button that
/// closes the panel.
fn render_header(texts: &Texts, header: &PanelHeader, minimise: Option<&Callback<()>>) -> Html {
    let PanelHeader {
        avatar_class, name, ..
    } = header;
    html! {
        <div part="header" class="header">
            <span class={*avatar_class} aria-hidden="true">{ avatar(name, header.picture.as_ref()) }</span>
            <div class="who">
                <h2 class="name"><bdi lang="">{ name.clone() }</bdi></h2>
                <p class="status" part="status">{ header.status.clone() }</p>
            </div>
            { slot("header-actions", Html::default()) }
            { header.menu.clone() }
            if let Some(minimise) = minimise {
                <button part="close" class="icon" type="button" aria-label={texts.get(TextKey::MinimiseChat)}
                    onclick={minimise.reform(|_| ())}>{ icon::chevron_down() }</button>
            }
        </div>
    }
}

/// Opens or closes the dialog. The method `showModal` opens a modal dialog. The attribute `open` opens a non-modal
/// dialog, because the method `show` would move the focus. If `showModal` fails, the dialog is opened as a non-modal
/// dialog. An embedded panel is not a dialog and stays as it is.
fn apply_visibility(panel: &NodeRef, visibility: PanelVisibility, takes_focus: bool) {
    let dialog = panel
        .get()
        .and_then(|panel| panel.dyn_into::<HtmlDialogElement>().ok());
    let Some(dialog) = dialog else {
        return;
    };
    // An open dialog cannot change between modal and non-modal, so it is closed first.
    dialog.close();
    match visibility {
        PanelVisibility::Embedded | PanelVisibility::Closed => return,
        PanelVisibility::NonModal => dialog.set_open(true),
        PanelVisibility::Modal => {
            if dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
        }
    }
    if takes_focus {
        focus::focus_main_control(panel);
    }
}
