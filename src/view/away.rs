//! Before a conversation, when nobody is there: what is said, and a form for a message.

use gloo_events::EventListener;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, Properties, component, hook, html, use_effect_with, use_state_eq};

use super::{Link, form};
use crate::availability::{Availability, Then, Why};
use crate::locale::Word;

/// Whether somebody is there. Asked for again when the panel opens or closes and when the page is seen again; the
/// loader keeps an answer for a while.
#[hook]
pub(crate) fn use_availability(link: &Link, is_open: bool) -> Availability {
    let away = link.parts.away.clone();
    let now = use_state_eq(|| match away {
        Some(_) => Availability::Unknown,
        None => Availability::Open,
    });
    let set = now.setter();
    use_effect_with(is_open, move |_| {
        let listener = away.map(|away| {
            let ask = move || {
                let (away, set) = (away.clone(), set.clone());
                spawn_local(async move { set.set(Availability::ask(&away).await) });
            };
            ask();
            let page = web_sys::window().and_then(|window| window.document());
            page.map(|page| EventListener::new(&page, "visibilitychange", move |_| ask()))
        });
        move || drop(listener)
    });
    *now
}

/// Why nobody is there, as a headline.
pub(crate) fn headline(why: Why) -> Word {
    match why {
        Why::Closed => Word::Closed,
        Why::NoAgents => Word::NoAgents,
    }
}

/// What stands in place of the welcome.
pub(crate) fn card(link: &Link, why: Why, then: Then) -> Html {
    if then == Then::Form {
        return html! { <Message link={link.clone()} /> };
    }
    let words = link.words();
    let more = match why {
        Why::Closed => Word::ClosedMore,
        Why::NoAgents => Word::NoAgentsMore,
    };
    html! {
        <div part="away" class="card">
            <h3>{ words.say(headline(why)) }</h3>
            <p>{ words.say(more) }</p>
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct MessageProps {
    pub(crate) link: Link,
}

/// How far the visitor's message has come.
#[derive(Clone, Copy, PartialEq)]
enum Sent {
    NotYet,
    OnItsWay,
    There,
    Failed,
}

#[component]
pub(crate) fn Message(props: &MessageProps) -> Html {
    let link = &props.link;
    let sent = use_state_eq(|| Sent::NotYet);
    let words = link.words();
    if *sent == Sent::There {
        return html! {
            <div part="message-sent" class="card" role="status">
                <h3>{ words.say(Word::MessageSent) }</h3>
                <p>{ words.say(Word::MessageSentMore) }</p>
            </div>
        };
    }
    let own = Link {
        form: link.message_form.clone(),
        ..link.clone()
    };
    let done = {
        let (link, sent) = (own.clone(), sent.clone());
        Callback::from(move |()| {
            if *sent != Sent::OnItsWay {
                let (link, sent) = (link.clone(), sent.setter());
                sent.set(Sent::OnItsWay);
                spawn_local(async move {
                    let answers = link.form.answers();
                    let is_there = leave(link.parts.leave_message.as_ref(), answers.json()).await;
                    sent.set(if is_there { Sent::There } else { Sent::Failed });
                });
            }
        })
    };
    html! {
        <>
            <form::Card link={own} purpose={form::Purpose::Message} back={None::<Callback<()>>} {done} />
            <p class="wrong" role="alert">
                if *sent == Sent::Failed { <span part="message-not-sent">{ words.say(Word::MessageNotSent) }</span> }
            </p>
        </>
    }
}

/// Hands a message to the loader's function. Returns whether it has arrived.
async fn leave(function: Option<&Function>, answers: &str) -> bool {
    let called = function.and_then(|it| it.call1(&JsValue::UNDEFINED, &answers.into()).ok());
    match called {
        Some(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
        None => false,
    }
}
