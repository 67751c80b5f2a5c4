//! The button that attaches files, and the progress of the upload. The upload begins as soon as the visitor has chosen
//! files. After each upload, a message with the file's address is sent to the agent.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use yew::{
    Callback, Event, Html, Properties, UseStateSetter, component, html, use_mut_ref, use_state_eq,
};

use crate::config::attachments::{Attachments, UploadProgress};
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
/// `npm/dropped-files.ts` puts files that the visitor drops or pastes into the file field, as if they were chosen there.
#[component]
pub(crate) fn AttachButton(props: &AttachButtonProps) -> Html {
    let context = &props.context;
    let state = use_state_eq(|| UploadState::Idle);
    let queue = use_mut_ref(UploadQueue::default);
    let Some(attachments) = &context.services.attachments else {
        return Html::default();
    };
    let Some(accept) = attachments.accept() else {
        return Html::default();
    };
    let uploads = Uploads {
        context: context.clone(),
        attachments: attachments.clone(),
        state: state.setter(),
        queue: Rc::downgrade(&queue),
    };
    let onchange = Callback::from({
        let uploads = uploads.clone();
        let queue = queue.clone();
        move |event: Event| {
            let is_busy = {
                let mut queue = queue.borrow_mut();
                // What waits already comes first.
                let waiting = std::mem::replace(&mut queue.waiting, take_files(&event));
                queue.waiting.extend(waiting);
                queue.running.is_some()
            };
            if !is_busy {
                begin_next(&uploads);
            }
        }
    });
    // Cancels the running upload, or removes the error of a failed one. Then the next file follows.
    let cancel = Callback::from({
        let state = state.setter();
        move |_| {
            let running = queue.borrow_mut().running.take();
            drop(running);
            state.set(UploadState::Idle);
            begin_next(&uploads);
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
                <input part="attach-file" type="file" multiple=true class="unseen" {accept}
                    aria-label={texts.get(TextKey::AttachFile)} {onchange} />
                { icon::paper_clip() }
            </label>
        </>
    }
}

/// The files that the visitor has chosen. They are uploaded one after another, because the line above the composer shows
/// one of them. After a failure the next file waits until the visitor has removed the error.
#[derive(Default)]
struct UploadQueue {
    running: Option<RunningUpload>,
    /// The files that follow, last the next one.
    waiting: Vec<JsValue>,
}

/// What an upload needs. The queue belongs to the component, whose end cancels the running upload.
#[derive(Clone)]
struct Uploads {
    context: ViewContext,
    attachments: Attachments,
    state: UseStateSetter<UploadState>,
    queue: Weak<RefCell<UploadQueue>>,
}

/// Begins to upload the next file, if there is one. The running upload must have ended.
fn begin_next(uploads: &Uploads) {
    let Some(queue) = uploads.queue.upgrade() else {
        return;
    };
    let Some(file) = queue.borrow_mut().waiting.pop() else {
        return;
    };
    let Uploads { context, state, .. } = uploads;
    let name = text_member(&file, "name");
    let begun = context
        .texts
        .format(TextKey::SendingFile, &[("name", &name)]);
    context.announcer.say(&begun);
    state.set(UploadState::Uploading(name.clone(), 0));
    let visitor_marker = context.runtime.marker();
    let listener = Closure::<dyn Fn(UploadProgress)>::new({
        let uploads = uploads.clone();
        move |progress: UploadProgress| {
            // The file of a visitor who was forgotten meanwhile must not become the message of the next visitor.
            let is_forgotten = uploads.context.runtime.marker() != visitor_marker;
            let next_state = if is_forgotten {
                UploadState::Idle
            } else {
                handle_progress(&uploads.context, &name, &progress)
            };
            let has_ended = !matches!(next_state, UploadState::Uploading(..));
            let must_go_on = next_state == UploadState::Idle;
            uploads.state.set(next_state);
            if has_ended && let Some(queue) = uploads.queue.upgrade() {
                let ended = queue.borrow_mut().running.take();
                if let Some(mut ended) = ended {
                    ended.abort = None;
                }
                if is_forgotten {
                    queue.borrow_mut().waiting.clear();
                } else if must_go_on {
                    begin_next(&uploads);
                }
            }
        }
    });
    // `upload` reports failures to the listener and does not throw. It does not call the listener before it returns.
    let abort = uploads
        .attachments
        .upload(&file, listener.as_ref().unchecked_ref())
        .ok();
    queue.borrow_mut().running = abort.map(|abort| RunningUpload {
        abort: Some(abort),
        _listener: listener,
    });
}

/// An upload that may still run. Dropping this value cancels the upload.
struct RunningUpload {
    /// Cancels the upload; `None` if it has ended.
    abort: Option<Function>,
    /// Must live as long as the upload that calls it.
    _listener: Closure<dyn Fn(UploadProgress)>,
}

impl Drop for RunningUpload {
    fn drop(&mut self) {
        // If this fails, the upload continues, and nothing can be done about it.
        let _ = self
            .abort
            .as_ref()
            .map(|abort| abort.call0(&JsValue::UNDEFINED));
    }
}

/// Takes the chosen files out of the file field, and returns them from the last one to the first. The field is emptied, because otherwise it would report no change when the
/// visitor chooses the same file again.
fn take_files(event: &Event) -> Vec<JsValue> {
    let Some(field) = event.target() else {
        return Vec::new();
    };
    let files = Reflect::get(&field, &"files".into()).unwrap_or_default();
    let files = Array::from(&files).reverse().to_vec();
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    files
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
            context.say_text(TextKey::FileSent);
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
