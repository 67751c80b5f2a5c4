//! Replaces the welcome when nobody can answer: by a card that says so, or by a form for a message.

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use crate::app::widget_state::WidgetState;
use crate::config::availability::{UnavailableAction, UnavailableReason};
use crate::form::Form;
use crate::locale::TextKey;
use crate::view::before::form_card::{FormCard, FormPurpose};
use crate::view::context::ViewContext;
use crate::view::frame::slot::slot;

pub(crate) fn render(
    context: &ViewContext,
    state: &WidgetState,
    reason: UnavailableReason,
    action: UnavailableAction,
) -> Html {
    if action == UnavailableAction::Form {
        let form = state.message_form.clone();
        return html! { <LeaveMessage context={context.clone()} {form} /> };
    }
    let (title, detail) = match reason {
        UnavailableReason::Closed => (TextKey::Closed, TextKey::ClosedMore),
        UnavailableReason::NoAgents => (TextKey::NoAgents, TextKey::NoAgentsMore),
    };
    let texts = &context.texts;
    html! {
        <div part="away" class="card">
            <h3>{ texts.get(title) }</h3>
            <p>{ texts.get(detail) }</p>
            { slot("offline", Html::default()) }
        </div>
    }
}

#[derive(Properties)]
pub(crate) struct LeaveMessageProps {
    pub(crate) context: ViewContext,
    pub(crate) form: Rc<Form>,
}

impl PartialEq for LeaveMessageProps {
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context && Rc::ptr_eq(&self.form, &other.form)
    }
}

/// How far the visitor's message has come.
#[derive(Clone, Copy, PartialEq)]
enum MessageStatus {
    NotSent,
    Sending,
    Sent,
    Failed,
}

/// The form for a message, and what became of it.
#[component]
pub(crate) fn LeaveMessage(props: &LeaveMessageProps) -> Html {
    let LeaveMessageProps { context, form } = props;
    let status = use_state_eq(|| MessageStatus::NotSent);
    let texts = &context.texts;
    if *status == MessageStatus::Sent {
        return html! {
            <div part="message-sent" class="card" role="status">
                <h3>{ texts.get(TextKey::MessageSent) }</h3>
                <p>{ texts.get(TextKey::MessageSentMore) }</p>
            </div>
        };
    }
    let submit = Callback::from({
        let context = context.clone();
        let status = status.clone();
        move |()| {
            if *status == MessageStatus::Sending {
                return;
            }
            status.set(MessageStatus::Sending);
            let answers = context.state().message_form.answers();
            let leave_message = context.services.leave_message.clone();
            let status = status.setter();
            spawn_local(async move {
                let has_arrived = send_message(leave_message.as_ref(), answers.json()).await;
                status.set(if has_arrived {
                    MessageStatus::Sent
                } else {
                    MessageStatus::Failed
                });
            });
        }
    });
    html! {
        <>
            <FormCard context={context.clone()} form={form.clone()} purpose={FormPurpose::LeaveMessage}
                cancel={None::<Callback<()>>} {submit} />
            <p class="wrong" role="alert">
                if *status == MessageStatus::Failed {
                    <span part="message-not-sent">{ texts.get(TextKey::MessageNotSent) }</span>
                }
            </p>
        </>
    }
}

/// Hands a message to the page's function. Returns whether it has arrived.
async fn send_message(leave_message: Option<&Function>, answers: &str) -> bool {
    let result = leave_message
        .and_then(|function| function.call1(&JsValue::UNDEFINED, &answers.into()).ok());
    match result {
        Some(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
        None => false,
    }
}
