//! What the panel shows in place of the welcome when nobody can answer: a card that states this, or a form for a
//! message to the host (the web page that embeds the chat).

use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use crate::app::widget_state::WidgetState;
use crate::config::availability::{UnavailableAction, UnavailableReason};
use crate::form::Form;
use crate::locale::TextKey;
use crate::view::after::ended;
use crate::view::before::form_card::{FormCard, FormPurpose};
use crate::view::context::ViewContext;
use crate::view::frame::slot::slot;

/// Renders the card or the form. `action` says which of them the host has chosen, and `reason` says why nobody can
/// answer. The host can also add an element to the card, in the HTML slot `offline`.
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
            { ended::render_contacts(context) }
            { slot("offline", Html::default()) }
        </div>
    }
}

#[derive(Properties)]
pub(crate) struct LeaveMessageProps {
    pub(crate) context: ViewContext,
    pub(crate) form: Rc<Form>,
}

/// Compares the forms by pointer. Equal pointers mean equal forms, because an update of the state creates a new form
/// while these props hold the old form.
impl PartialEq for LeaveMessageProps {
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context && Rc::ptr_eq(&self.form, &other.form)
    }
}

/// What has happened to the visitor's message so far.
#[derive(Clone, Copy, PartialEq)]
enum MessageStatus {
    NotSent,
    Sending,
    Sent,
    Failed,
}

/// The form for a message. After a message was sent, a confirmation replaces the form. A failure is shown below the
/// form.
#[component]
pub(crate) fn LeaveMessage(props: &LeaveMessageProps) -> Html {
    let LeaveMessageProps { context, form } = props;
    let status = use_state_eq(|| MessageStatus::NotSent);
    let texts = &context.texts;
    if *status == MessageStatus::Sent {
        return html! {
            <div part="message-sent" class="card">
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
            let form_answers = context.state().message_form.answers();
            let leave_message = context.services.leave_message.clone();
            let status = status.setter();
            let announcer = context.announcer.clone();
            spawn_local(async move {
                let is_accepted = send_message(leave_message.as_ref(), form_answers.json()).await;
                announcer.say_text(if is_accepted {
                    TextKey::MessageSent
                } else {
                    TextKey::MessageNotSent
                });
                status.set(if is_accepted {
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
            <p class="wrong">
                if *status == MessageStatus::Failed {
                    <span part="message-not-sent">{ texts.get(TextKey::MessageNotSent) }</span>
                }
            </p>
        </>
    }
}

/// Calls the TypeScript function `leaveMessage` with the filled-in fields as JSON. Returns true if the promise that the
/// function returns is fulfilled. Returns false if the promise is rejected, if the function throws, and if
/// `leave_message` is `None`.
async fn send_message(leave_message: Option<&Function>, fields_as_json: &str) -> bool {
    let result = leave_message.and_then(|function| {
        function
            .call1(&JsValue::UNDEFINED, &fields_as_json.into())
            .ok()
    });
    match result {
        Some(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
        None => false,
    }
}
