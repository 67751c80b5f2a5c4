//! The panel: head, messages, and what stands below them.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement};
use yew::{Callback, Html, NodeRef, Properties, component, html, use_effect_with, use_node_ref};

use super::composer::Composer;
use super::focus::use_kept_focus;
use super::{Front, PANEL, focus, icon, welcome};
use crate::locale::{Word, Words};
use crate::talk::{Around, Foot, Head, Scene, Wish};

#[derive(Properties, PartialEq)]
pub(crate) struct PanelProps {
    pub(crate) front: Front,
    /// Another one each time that something is to be drawn anew.
    pub(crate) turn: u32,
    pub(crate) title: Option<String>,
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
        front,
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
    use_kept_focus(&panel, *shown != Shown::Closed);
    // What one goes on with has come; until then there was but the list to have the focus.
    use_effect_with(front.talk.is_blank(), {
        let (panel, list) = (panel.clone(), list.clone());
        move |is_blank| {
            if !is_blank && focus::is_within(&list) {
                focus::enter(&panel);
            }
        }
    });
    let title = title.clone();
    let around = Around {
        title: title.unwrap_or_else(|| front.words.say(Word::Title).to_string()),
        list: list.clone(),
    };
    // The browser itself closes a dialog on a phone's way back; the conversation has to know.
    let oncancel = minimise.clone().map(|minimise| {
        Callback::from(move |event: Event| {
            event.prevent_default();
            minimise.emit(());
        })
    });
    let tag = if *shown == Shown::Always {
        "section"
    } else {
        "dialog"
    };
    let live = front.talk.live();
    let scene = live.map_or_else(|| first(front, &around), |live| live.scene(&around));
    html! {
        <@{tag} id={PANEL} part="panel" class="panel" ref={panel} aria-label={around.title} {oncancel}>
            <div class="head" onkeydown={scene.head.onkeydown.clone()}>
                { header(&front.words, &scene.head, minimise.as_ref()) }
                { scene.head.below }
            </div>
            { slot("header", Html::default()) }
            { scene.banners }
            <div class="transcript">
                <div part="list" class="list" role="log" aria-live="off" aria-label={front.words.say(Word::Messages)}
                    tabindex="0" ref={list}>
                    <div>
                        <div class="above">{ scene.above }</div>
                        <div>{ scene.messages }</div>
                        <div class="last-word">{ scene.last }</div>
                    </div>
                </div>
                { scene.over }
            </div>
            // One place for the composer at all times: moved, it would lose what stands in it.
            { match scene.foot {
                Foot::Composer { notice, beside, draft } => html! {
                    <>{ notice }<Composer front={front.clone()} {beside} {draft} /></>
                },
                Foot::Other(other) => other,
            } }
            { slot("footer", Html::default()) }
        </@>
    }
}

/// What can be seen and done before the conversation's part is here.
fn first(front: &Front, around: &Around) -> Scene {
    let words = &front.words;
    let is_blank = front.talk.is_blank();
    let status = front
        .talk
        .is_missed()
        .then(|| words.say(Word::NotConnected));
    let start = {
        let talk = front.talk.clone();
        Callback::from(move |()| talk.wish(Wish::Start))
    };
    Scene {
        head: Head {
            avatar: "avatar",
            name: around.title.clone(),
            status,
            menu: Html::default(),
            below: Html::default(),
            onkeydown: Callback::noop(),
        },
        banners: Html::default(),
        above: if is_blank {
            Html::default()
        } else {
            welcome::card(words, &start)
        },
        messages: Html::default(),
        last: Html::default(),
        over: Html::default(),
        foot: if is_blank {
            Foot::Other(Html::default())
        } else {
            Foot::Composer {
                notice: Html::default(),
                beside: Html::default(),
                draft: Rc::default(),
            }
        },
    }
}

/// The place of what the host has put into the element under this name; `otherwise` stands there where it is nothing.
pub(crate) fn slot(name: &'static str, otherwise: Html) -> Html {
    html! { <slot {name}>{ otherwise }</slot> }
}

/// The first line: who is there, what they do, the menu, and the button that closes the panel.
fn header(words: &Words, head: &Head, minimise: Option<&Callback<()>>) -> Html {
    let Head { avatar, name, .. } = head;
    html! {
        <div part="header" class="header">
            <span class={*avatar} aria-hidden="true">{ super::initials(name) }</span>
            <div class="who">
                <h2 class="name"><bdi>{ name.clone() }</bdi></h2>
                <p class="status" part="status">{ head.status.clone() }</p>
            </div>
            { slot("header-actions", Html::default()) }
            { head.menu.clone() }
            if let Some(minimise) = minimise {
                <button part="close" class="icon" type="button" aria-label={words.say(Word::MinimiseChat)}
                    onclick={minimise.reform(|_| ())}>{ icon::down() }</button>
            }
        </div>
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
