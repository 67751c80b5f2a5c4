//! Before a conversation, when nobody is there: what is said, and a form for a message.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use super::panel::slot;
use super::{Link, form};
use crate::availability::{Then, Why};
use crate::locale::Word;

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
            { slot("offline", Html::default()) }
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
