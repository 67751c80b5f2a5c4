//! Before a conversation, when nobody is there: what is said, and a form for a message.

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use crate::config::availability::{UnavailableAction, UnavailableReason};
use crate::locale::TextKey;
use crate::view::before::form_card;
use crate::view::context::ViewContext;
use crate::view::frame::slot::slot;

/// UnavailableReason nobody is there, as a headline.
pub(crate) fn headline(why: UnavailableReason) -> TextKey {
    match why {
        UnavailableReason::Closed => TextKey::Closed,
        UnavailableReason::NoAgents => TextKey::NoAgents,
    }
}

/// What stands in place of the welcome.
pub(crate) fn card(context: &ViewContext, why: UnavailableReason, then: UnavailableAction) -> Html {
    if then == UnavailableAction::Form {
        return html! { <LeaveMessage context={context.clone()} /> };
    }
    let texts = &context.texts;
    let more = match why {
        UnavailableReason::Closed => TextKey::ClosedMore,
        UnavailableReason::NoAgents => TextKey::NoAgentsMore,
    };
    html! {
        <div part="away" class="card">
            <h3>{ texts.get(headline(why)) }</h3>
            <p>{ texts.get(more) }</p>
            { slot("offline", Html::default()) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct LeaveMessageProps {
    pub(crate) context: ViewContext,
}

/// How far the visitor's message has come.
#[derive(Clone, Copy, PartialEq)]
enum MessageStatus {
    NotYet,
    OnItsWay,
    There,
    Failed,
}

#[component]
pub(crate) fn LeaveMessage(props: &LeaveMessageProps) -> Html {
    let context = &props.context;
    let sent = use_state_eq(|| MessageStatus::NotYet);
    let texts = &context.texts;
    if *sent == MessageStatus::There {
        return html! {
            <div part="message-sent" class="card" role="status">
                <h3>{ texts.get(TextKey::MessageSent) }</h3>
                <p>{ texts.get(TextKey::MessageSentMore) }</p>
            </div>
        };
    }
    let own = ViewContext {
        form: context.message_form.clone(),
        ..context.clone()
    };
    let done = {
        let (context, sent) = (own.clone(), sent.clone());
        Callback::from(move |()| {
            if *sent != MessageStatus::OnItsWay {
                let (context, sent) = (context.clone(), sent.setter());
                sent.set(MessageStatus::OnItsWay);
                spawn_local(async move {
                    let answers = context.form.answers();
                    let is_there =
                        leave(context.services.leave_message.as_ref(), answers.json()).await;
                    sent.set(if is_there {
                        MessageStatus::There
                    } else {
                        MessageStatus::Failed
                    });
                });
            }
        })
    };
    html! {
        <>
            <form_card::FormCard context={own} purpose={form_card::FormPurpose::Message} back={None::<Callback<()>>} {done} />
            <p class="wrong" role="alert">
                if *sent == MessageStatus::Failed { <span part="message-not-sent">{ texts.get(TextKey::MessageNotSent) }</span> }
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
