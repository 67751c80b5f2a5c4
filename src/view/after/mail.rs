//! The button and the form by which the visitor gets the transcript by email. The host's server sends the mail.

use pipit_wire::EngagementId;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent, SubmitEvent};
use yew::{
    Callback, Html, Properties, TargetCast, component, html, use_effect_with, use_node_ref,
    use_state_eq,
};

use crate::form::is_email_address;
use crate::locale::TextKey;
use crate::view::after::save::transcript_texts;
use crate::view::context::ViewContext;
use crate::view::frame::focus;
use crate::view::host_request::{HostRequest, RequestStatus, send_to_host};

#[derive(Properties, PartialEq)]
pub(crate) struct MailTranscriptProps {
    pub(crate) context: ViewContext,
    pub(crate) engagement: EngagementId,
    /// The headline of the transcript.
    pub(crate) title: String,
}

/// A button that opens the form. The field has the address that the visitor or the host has given before the conversation.
/// A note replaces the form when the transcript is sent.
#[component]
pub(crate) fn MailTranscript(props: &MailTranscriptProps) -> Html {
    let MailTranscriptProps {
        context,
        engagement,
        title,
    } = props;
    let is_open = use_state_eq(|| false);
    let address = use_state_eq(|| known_address(context));
    // Whether the visitor has tried to send to an address that is none.
    let is_refused = use_state_eq(|| false);
    let status = use_state_eq(|| RequestStatus::NotSent);
    let field = use_node_ref();
    use_effect_with((*is_open, *is_refused), {
        let field = field.clone();
        move |(is_open, _)| {
            if *is_open {
                focus::focus(&field);
            }
        }
    });
    let texts = &context.texts;
    if *status == RequestStatus::Sent {
        return html! {
            <p part="transcript-sent" class="note">{ texts.get(TextKey::TranscriptSent) }</p>
        };
    }
    if !*is_open {
        let open = Callback::from({
            let is_open = is_open.setter();
            move |_| is_open.set(true)
        });
        return html! {
            <button part="email-transcript" class="button" type="button" onclick={open}>
                { texts.get(TextKey::EmailTranscript) }
            </button>
        };
    }
    let oninput = Callback::from({
        let address = address.setter();
        let is_refused = is_refused.setter();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                address.set(field.value());
                is_refused.set(false);
            }
        }
    });
    let cancel = Callback::from({
        let is_open = is_open.setter();
        let status = status.setter();
        move |_| {
            is_open.set(false);
            status.set(RequestStatus::NotSent);
        }
    });
    let onsubmit = Callback::from({
        let context = context.clone();
        let (engagement, title) = (*engagement, title.clone());
        let (address, is_refused, status) = (address.clone(), is_refused.clone(), status.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            let address = address.trim().to_owned();
            let is_valid = is_email_address(&address);
            is_refused.set(!is_valid);
            if !is_valid || *status == RequestStatus::Sending {
                return;
            }
            status.set(RequestStatus::Sending);
            let (context, title) = (context.clone(), title.clone());
            let status = status.setter();
            spawn_local(async move {
                let result = send_transcript(&context, engagement, title, &address).await;
                context.say_text(if result == RequestStatus::Sent {
                    TextKey::TranscriptSent
                } else {
                    TextKey::TranscriptNotSent
                });
                status.set(result);
            });
        }
    });
    let has_failed = *status == RequestStatus::Failed;
    html! {
        <form part="mail" class="card" novalidate={true} aria-label={texts.get(TextKey::EmailTranscript)} {onsubmit}>
            <div class="item">
                <label for="mail-address">{ texts.get(TextKey::FormEmail) }</label>
                <input class="entry" id="mail-address" type="email" autocomplete="email" dir="ltr" ref={field}
                    value={(*address).clone()} aria-required="true" aria-invalid={is_refused.then_some("true")}
                    aria-describedby={is_refused.then_some("mail-address-wrong")} {oninput} />
                if *is_refused {
                    <p part="wrong" class="wrong" id="mail-address-wrong">{ texts.get(TextKey::CheckEmail) }</p>
                }
            </div>
            if has_failed {
                <p part="transcript-not-sent" class="wrong">{ texts.get(TextKey::TranscriptNotSent) }</p>
            }
            <div class="buttons">
                <button part="cancel" class="button" type="button" onclick={cancel}>{ texts.get(TextKey::Cancel) }</button>
                <button part="mail-send" class="button main" type="submit">
                    { texts.get(if has_failed { TextKey::TryAgain } else { TextKey::Send }) }
                </button>
            </div>
        </form>
    }
}

/// The visitor's address, if the form before the conversation or the host's option `prefill` has it; otherwise empty.
fn known_address(context: &ViewContext) -> String {
    let answers = context.state().form.answers();
    let answers: Value = serde_json::from_str(answers.json()).unwrap_or_default();
    let address = answers.get("emailAddress").and_then(Value::as_str);
    address.unwrap_or_default().to_owned()
}

/// Sends the transcript and the visitor's address to the host's server.
async fn send_transcript(
    context: &ViewContext,
    engagement: EngagementId,
    title: String,
    address: &str,
) -> RequestStatus {
    let Some((text, html)) = transcript_texts(context.clone(), title.clone()).await else {
        return RequestStatus::Failed;
    };
    let body = json!({
        "engagementId": engagement.0.to_string(),
        "emailAddress": address,
        "title": title,
        "text": text,
        "html": html,
    });
    let function = context.services.send_to_host.as_ref();
    send_to_host(function, HostRequest::Transcript, &body.to_string()).await
}
