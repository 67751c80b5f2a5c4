//! The button that attaches a file, and the progress of the upload. The upload begins as soon as the visitor has chosen
//! a file. After the upload, a message with the file's address is sent to the agent.

use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::{Callback, Event, Html, Properties, component, html, use_mut_ref, use_state_eq};

use crate::config::attachments::UploadProgress;
use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::frame::icon;

#[derive(Properties, PartialEq)]
pub(crate) struct AttachButtonProps {
    pub(crate) context: ViewContext,
}

/// The upload as the visitor sees it.
#[derive(Clone, PartialEq)]
enum UploadState {
    /// Nothing is being uploaded.
    Idle,
    /// The file's name, and how much of the file was sent, in percent.
    Uploading(String, u64),
    /// The error as a text for the visitor.
    Failed(String),
}

/// The button and, above the composer, the progress of the upload. Renders nothing if the visitor can send no files.
#[component]
pub(crate) fn AttachButton(props: &AttachButtonProps) -> Html {
    let context = &props.context;
    let state = use_state_eq(|| UploadState::Idle);
    let running_upload = use_mut_ref(|| None::<RunningUpload>);
    let Some(attachments) = &context.services.attachments else {
        return Html::default();
    };
    let Some(accept) = attachments.accept() else {
        return Html::default();
    };
    let onchange = Callback::from({
        let context = context.clone();
        let attachments = attachments.clone();
        let state = state.setter();
        let running_upload = running_upload.clone();
        move |event: Event| {
            let Some(file) = take_file(&event) else {
                return;
            };
            let name = text_member(&file, "name");
            let begun = context
                .texts
                .format(TextKey::SendingFile, &[("name", &name)]);
            context.announcer.say(&begun);
            state.set(UploadState::Uploading(name.clone(), 0));
            let visitor_marker = context.runtime.marker();
            let listener = Closure::<dyn Fn(UploadProgress)>::new({
                let context = context.clone();
                let state = state.clone();
                move |progress: UploadProgress| {
                    // The file of a visitor who was forgotten meanwhile must not become the message of the next visitor.
                    let is_forgotten = context.runtime.marker() != visitor_marker;
                    state.set(if is_forgotten {
                        UploadState::Idle
                    } else {
                        handle_progress(&context, &name, &progress)
                    });
                }
            });
            // `upload` reports failures to the listener and does not throw.
            let abort = attachments
                .upload(&file, listener.as_ref().unchecked_ref())
                .ok();
            // The replaced value is dropped, which cancels an upload that still runs.
            running_upload.replace(abort.map(|abort| RunningUpload {
                abort,
                _listener: listener,
            }));
        }
    });
    // Cancels a running upload. After a failed upload it only removes the error.
    let cancel = Callback::from({
        let state = state.setter();
        move |_| {
            running_upload.take();
            state.set(UploadState::Idle);
        }
    });
    let texts = &context.texts;
    let progress = match &*state {
        UploadState::Idle => Html::default(),
        UploadState::Uploading(name, percent) => {
            let label = texts.format(TextKey::SendingFile, &[("name", name)]);
            html! {
                <div part="upload" class="upload">
                    <span class="line-text">{ label.clone() }</span>
                    <progress max="100" value={percent.to_string()} aria-label={label} />
                    <button part="upload-cancel" class="quiet strong" type="button" onclick={cancel}>
                        { texts.get(TextKey::Cancel) }
                    </button>
                </div>
            }
        }
        UploadState::Failed(error) => html! {
            <div part="upload-failed" class="upload problem">
                { icon::warning() }
                <span class="line-text">{ error.clone() }</span>
                <button class="quiet strong" type="button" onclick={cancel}>{ texts.get(TextKey::RemoveMessage) }</button>
            </div>
        },
    };
    html! {
        <>
            { progress }
            <label part="attach" class="icon attach">
                <input part="attach-file" type="file" class="unseen" {accept} aria-label={texts.get(TextKey::AttachFile)} {onchange} />
                { icon::paper_clip() }
            </label>
        </>
    }
}

/// An upload that may still run. Dropping this value calls the function that cancels the upload; a finished upload
/// ignores the call.
struct RunningUpload {
    abort: Function,
    /// Must live as long as the upload that calls it.
    _listener: Closure<dyn Fn(UploadProgress)>,
}

impl Drop for RunningUpload {
    fn drop(&mut self) {
        // If this fails, the upload continues, and nothing can be done about it.
        let _ = self.abort.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the chosen file out of the file field; `None` if no file was chosen. The field is emptied, because otherwise
/// it would report no change when the visitor chooses the same file again.
fn take_file(event: &Event) -> Option<JsValue> {
    let field: Element = event.target()?.dyn_into().ok()?;
    let files = Reflect::get(&field, &"files".into()).ok()?;
    let file = Reflect::get_u32(&files, 0).ok()?;
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    file.is_object().then_some(file)
}

/// The text in a member of an object; empty if the member is not a text.
fn text_member(object: &JsValue, name: &str) -> String {
    let member = Reflect::get(object, &name.into()).ok();
    member
        .and_then(|value| value.as_string())
        .unwrap_or_default()
}

/// Turns a report of `npm/file-transfer.ts` into the state to show. When the file has been uploaded, its address is
/// sent to the agent as a message, because the chat API has no other known way to share a file.
fn handle_progress(context: &ViewContext, name: &str, progress: &UploadProgress) -> UploadState {
    let texts = &context.texts;
    let error = match &*progress.status() {
        "progress" => {
            let percent = whole_number(progress.percent());
            return UploadState::Uploading(name.to_owned(), percent);
        }
        "done" => {
            let url = progress.url().unwrap_or_default();
            context.send([name, "\n", &url].concat());
            context.announcer.say_text(TextKey::FileSent);
            return UploadState::Idle;
        }
        "large" => {
            let max_size = texts.file_size(whole_number(progress.max_bytes()));
            texts.format(TextKey::FileTooLarge, &[("size", &max_size)])
        }
        "kind" => texts.get(TextKey::FileWrongKind),
        "empty" => texts.get(TextKey::FileEmpty),
        // The status is `refused` or `lost`.
        _ => texts.get(TextKey::FileNotSent),
    };
    context.announcer.say(&error);
    UploadState::Failed(error.to_string())
}

/// A JavaScript number without its fraction; 0 for `None`, NaN and negative numbers.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
fn whole_number(number: Option<f64>) -> u64 {
    number.unwrap_or_default() as u64
}
