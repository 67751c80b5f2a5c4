//! The head of the panel: who is there, what they do, and the ways out.

use pipit_engine::{Command, Phase};
use yew::{Callback, Html, Properties, component, html, use_state};

use super::{Link, icon};
use crate::locale;

#[derive(Properties, PartialEq)]
pub(crate) struct HeaderProps {
    pub(crate) link: Link,
    pub(crate) phase: Phase,
    pub(crate) title: String,
    pub(crate) minimise: Callback<()>,
}

#[component]
pub(crate) fn Header(props: &HeaderProps) -> Html {
    let is_asking = use_state(|| false);
    let ask = |asking: bool| {
        let is_asking = is_asking.clone();
        Callback::from(move |_| is_asking.set(asking))
    };
    let can_end = matches!(props.phase, Phase::Chatting(_) | Phase::Requeued(_));
    let is_here = matches!(props.phase, Phase::Chatting(_));
    let name = agent_name(&props.phase)
        .filter(|name| !name.is_empty())
        .unwrap_or(&props.title);
    html! {
        <>
            <header part="header" class="header">
                <span class={if is_here { "avatar here" } else { "avatar" }} aria-hidden="true">
                    { initials(name) }
                </span>
                <div class="who">
                    <h2 class="name" dir="auto">{ name }</h2>
                    <p class="status" part="status">{ status(&props.phase) }</p>
                </div>
                if can_end {
                    <button part="end" class="quiet" type="button" onclick={ask(true)}>{ locale::END }</button>
                }
                <button part="close" class="icon" type="button" aria-label={locale::MINIMISE}
                    onclick={props.minimise.reform(|_| ())}>{ icon::down() }</button>
            </header>
            if can_end && *is_asking {
                <div class="ask" role="group" aria-label={locale::END_QUESTION}>
                    <span class="question">{ locale::END_QUESTION }</span>
                    <button class="quiet" type="button" onclick={ask(false)}>{ locale::KEEP }</button>
                    <button part="end-confirm" class="quiet strong" type="button"
                        onclick={props.link.on(Command::End)}>{ locale::END }</button>
                </div>
            }
        </>
    }
}

/// Whom the visitor talks to, or did.
fn agent_name(phase: &Phase) -> Option<&str> {
    match phase {
        Phase::Chatting(agents) => agents.first().map(|agent| agent.name.as_ref()),
        Phase::Concluded(conclusion) => conclusion.agent.as_deref(),
        Phase::Idle
        | Phase::Starting
        | Phase::Queued(_)
        | Phase::Requeued(_)
        | Phase::Failed(_) => None,
    }
}

fn status(phase: &Phase) -> &'static str {
    match phase {
        Phase::Idle => "",
        Phase::Starting => locale::CONNECTING,
        Phase::Queued(_) | Phase::Requeued(_) => locale::WAITING,
        Phase::Chatting(agents) => agents.first().map_or(locale::CONNECTING, locale::activity),
        Phase::Concluded(_) => locale::ENDED,
        Phase::Failed(_) => locale::NOT_CONNECTED,
    }
}

/// The first letters of the first and the last word.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}
