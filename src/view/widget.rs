//! The whole: the launcher, and the panel when it is open.

use pipit_engine::{Command, Connection, Conversation, Phase};
use web_sys::Event;
use yew::{
    Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_node_ref,
    use_state,
};

use super::composer::Composer;
use super::header::Header;
use super::transcript::Transcript;
use super::{Link, ended, focus, icon, preview, waiting, welcome};
use crate::locale;

#[derive(Properties, PartialEq)]
pub(crate) struct WidgetProps {
    pub(crate) link: Link,
    pub(crate) title: Option<String>,
}

#[component]
pub(crate) fn Widget(props: &WidgetProps) -> Html {
    let conversation = use_state(|| props.link.0.conversation());
    let is_open = conversation.is_open;
    let was_opened = use_mut_ref(|| false);
    *was_opened.borrow_mut() |= is_open;
    let was_opened = *was_opened.borrow();
    let by_gesture = use_state(|| false);
    let launcher = use_node_ref();
    {
        let conversation = conversation.clone();
        use_effect_with(props.link.clone(), move |link| {
            link.0.watch(move |now| conversation.set(now));
        });
    }
    let toggle = {
        let (launcher, link) = (launcher.clone(), props.link.clone());
        let by_gesture = by_gesture.clone();
        Callback::from(move |()| {
            by_gesture.set(true);
            link.command(Command::ShowPanel(!is_open));
            if is_open {
                focus(&launcher);
            }
        })
    };
    // Keys typed here would reach the page retargeted to our host element, where its shortcuts do
    // not see that they were typed into a field.
    let stop = Callback::from(|event: Event| event.stop_propagation());
    html! {
        <div class="pipit" translate="no"
            onkeydown={stop.reform(Into::into)} onkeyup={stop.reform(Into::into)}
            onkeypress={stop.reform(Into::into)}>
            if was_opened {
                <Panel link={props.link.clone()} conversation={(*conversation).clone()}
                    title={props.title.clone()} takes_focus={is_open && *by_gesture} minimise={toggle.clone()} />
            }
            <button part="launcher" class={if is_open { "launcher open" } else { "launcher" }}
                type="button" ref={launcher} aria-expanded={is_open.to_string()}
                aria-label={if is_open { locale::CLOSE } else { locale::OPEN }}
                onclick={toggle.reform(|_| ())}>
                { if is_open { icon::down() } else { icon::chat() } }
            </button>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    link: Link,
    conversation: Conversation,
    title: Option<String>,
    /// Opened by the visitor, not by a reload: then the composer takes the focus.
    takes_focus: bool,
    minimise: Callback<()>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let PanelProps {
        link,
        conversation,
        title,
        takes_focus,
        minimise,
    } = props;
    let title = title.clone().unwrap_or_else(|| locale::TITLE.to_owned());
    html! {
        <section part="panel" class="panel" role="dialog" aria-label={title.clone()}
            hidden={!conversation.is_open}>
            <Header link={link.clone()} phase={conversation.phase.clone()} {title}
                minimise={minimise.clone()} />
            { banner(conversation) }
            <Transcript link={link.clone()} entries={conversation.transcript.clone()}
                is_waiting={is_waiting(&conversation.phase)}>
                { opening(link, &conversation.phase) }
            </Transcript>
            { foot(link, conversation, *takes_focus) }
        </section>
    }
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
}

fn banner(conversation: &Conversation) -> Html {
    if conversation.phase.is_live() && conversation.connection == Connection::Lost {
        html! { <p part="banner" class="banner" role="status">{ locale::RECONNECTING }</p> }
    } else {
        Html::default()
    }
}

/// What stands above the messages.
fn opening(link: &Link, phase: &Phase) -> Html {
    match phase {
        Phase::Idle => welcome::card(link),
        Phase::Queued(wait) | Phase::Requeued(wait) => waiting::card(link, wait),
        Phase::Starting | Phase::Chatting(_) | Phase::Concluded(_) | Phase::Failed(_) => {
            Html::default()
        }
    }
}

/// What stands below the messages: the composer, or what comes after.
fn foot(link: &Link, conversation: &Conversation, takes_focus: bool) -> Html {
    match &conversation.phase {
        Phase::Concluded(conclusion) => ended::concluded(link, conclusion),
        Phase::Failed(failure) => ended::failed(link, failure),
        // One place for the composer in all of these: moved, it would lose what stands in it.
        phase => html! {
            <>
                if matches!(phase, Phase::Chatting(_)) {
                    { preview::notice(link, &conversation.sneak_preview) }
                }
                <Composer link={link.clone()} {takes_focus} draft={conversation.draft.clone()} />
            </>
        },
    }
}
