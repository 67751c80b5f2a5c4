//! What the panel shows in place of the welcome when nobody can answer: a card that states this, or a form for a
//! message to the host (the web page that embeds the chat).

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use crate::app::widget_state::WidgetState;
use crate::config::availability::{UnavailableAction, UnavailableReason};
use crate::form::Form;
use crate::locale::TextKey;
use crate::view::after::ended;
use crate::view::before::form_card::{FormCard, FormPurpose};
use crate::view::context::ViewContext;
use crate::view::frame::slot::slot;
use crate::view::host_request::{HostRequest, RequestStatus, send_to_host};

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

/// The form for a message. After a message was sent, a confirmation replaces the form. A failure is shown below the
/// form.
#[component]
pub(crate) fn LeaveMessage(props: &LeaveMessageProps) -> Html {
    let LeaveMessageProps { context, form } = props;
    let status = use_state_eq(|| RequestStatus::NotSent);
    let texts = &context.texts;
    if *status == RequestStatus::Sent {
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
            if *status == RequestStatus::Sending {
                return;
            }
            status.set(RequestStatus::Sending);
            let form_answers = context.state().message_form.answers();
            let function = context.services.send_to_host.clone();
            let status = status.setter();
            let context = context.clone();
            spawn_local(async move {
                let body = form_answers.json();
                let result = send_to_host(function.as_ref(), HostRequest::Message, body).await;
                context.say_text(if result == RequestStatus::Sent {
                    TextKey::MessageSent
                } else {
                    TextKey::MessageNotSent
                });
                status.set(result);
            });
        }
    });
    html! {
        <>
            <FormCard context={context.clone()} form={form.clone()} purpose={FormPurpose::LeaveMessage}
                cancel={None::<Callback<()>>} {submit} />
            <p class="wrong">
                if *status == RequestStatus::Failed {
                    <span part="message-not-sent">{ texts.get(TextKey::MessageNotSent) }</span>
                }
            </p>
        </>
    }
}
