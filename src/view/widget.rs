//! The whole: the launcher, and the panel when it is open.

use pipit_engine::{Conversation, Phase};
use web_sys::Event;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref, use_state};

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
    let shown = use_state(|| Shown::Never);
    let (is_open, was_opened) = (*shown == Shown::Open, *shown != Shown::Never);
    let launcher = use_node_ref();
    {
        let conversation = conversation.clone();
        use_effect_with(props.link.clone(), move |link| {
            link.0.watch(move |now| conversation.set(now));
        });
    }
    let toggle = {
        let launcher = launcher.clone();
        Callback::from(move |()| {
            if *shown == Shown::Open {
                shown.set(Shown::Minimised);
                focus(&launcher);
            } else {
                shown.set(Shown::Open);
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
                    title={props.title.clone()} {is_open} minimise={toggle.clone()} />
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

/// Whether the panel is seen. It is not drawn before it is opened, and kept ever after: with it
/// goes what stands in the composer.
#[derive(Clone, Copy, PartialEq)]
enum Shown {
    Never,
    Open,
    Minimised,
}

#[derive(Properties, PartialEq)]
struct PanelProps {
    link: Link,
    conversation: Conversation,
    title: Option<String>,
    is_open: bool,
    minimise: Callback<()>,
}

#[component]
fn Panel(props: &PanelProps) -> Html {
    let PanelProps {
        link,
        conversation,
        title,
        is_open,
        minimise,
    } = props;
    let title = title.clone().unwrap_or_else(|| locale::TITLE.to_owned());
    html! {
        <section part="panel" class="panel" role="dialog" aria-label={title.clone()}
            hidden={!*is_open}>
            <Header link={link.clone()} phase={conversation.phase.clone()} {title}
                minimise={minimise.clone()} />
            { banner(conversation) }
            <Transcript link={link.clone()} entries={conversation.transcript.clone()}
                is_waiting={is_waiting(&conversation.phase)}>
                { opening(link, &conversation.phase) }
            </Transcript>
            { foot(link, conversation, *is_open) }
        </section>
    }
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
}

fn banner(conversation: &Conversation) -> Html {
    if conversation.phase.is_live() && !conversation.connected {
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
fn foot(link: &Link, conversation: &Conversation, is_open: bool) -> Html {
    match &conversation.phase {
        Phase::Concluded(conclusion) => ended::concluded(link, conclusion),
        Phase::Failed(failure) => ended::failed(link, failure),
        // One place for the composer in all of these: moved, it would lose what stands in it.
        phase => html! {
            <>
                if matches!(phase, Phase::Chatting(_)) {
                    { preview::notice(link, &conversation.sneak_preview) }
                }
                <Composer link={link.clone()} {is_open} />
            </>
        },
    }
}
