//! The visitor's files: the button that takes one, and how its way to the site goes.

use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::{Callback, Event, Html, Properties, component, html, use_mut_ref, use_state_eq};

use crate::config::attachments::FileTransfer;
use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::frame::icon;

#[derive(Properties, PartialEq)]
pub(crate) struct AttachButtonProps {
    pub(crate) context: ViewContext,
}

/// How far a file has come.
#[derive(Clone, PartialEq)]
enum UploadState {
    None,
    /// In percent.
    Sending(String, u32),
    /// What is wrong, in texts.
    Failed(String),
}

/// The button, and above the composer what becomes of the file. Nothing where the site takes no files.
#[component]
pub(crate) fn AttachButton(props: &AttachButtonProps) -> Html {
    let context = &props.context;
    let upload = use_state_eq(|| UploadState::None);
    let under_way = use_mut_ref(|| None::<RunningUpload>);
    let attachments = context.services.attachments.as_ref();
    let Some((attachments, accept)) =
        attachments.and_then(|attachments| Some((attachments, attachments.accept()?)))
    else {
        return Html::default();
    };
    let set = upload.setter();
    let onchange = {
        let (context, attachments) = (context.clone(), attachments.clone());
        let (under_way, set) = (under_way.clone(), set.clone());
        Callback::from(move |event: Event| {
            let Some(file) = taken(&event) else {
                return;
            };
            let name = text(&file, "name");
            set.set(UploadState::Sending(name.clone(), 0));
            let on_progress = {
                let (context, set) = (context.clone(), set.clone());
                Closure::<dyn Fn(FileTransfer)>::new(move |transfer: FileTransfer| {
                    set.set(upload_state(&context, &name, &transfer));
                })
            };
            let cancel = attachments
                .upload(&file, on_progress.as_ref().unchecked_ref())
                .ok();
            // What was under way before is given up.
            under_way.replace(cancel.map(|cancel| RunningUpload {
                cancel,
                _on_progress: on_progress,
            }));
        })
    };
    let clear = Callback::from(move |_| {
        under_way.take();
        set.set(UploadState::None);
    });
    let texts = &context.texts;
    let progress = match &*upload {
        UploadState::None => Html::default(),
        UploadState::Sending(name, percent) => {
            let label = texts.format(TextKey::SendingFile, &[("name", name)]);
            html! {
                <div part="upload" class="upload">
                    <span class="told">{ label.clone() }</span>
                    <progress max="100" value={percent.to_string()} aria-label={label} />
                    <button part="upload-cancel" class="quiet strong" type="button" onclick={clear}>
                        { texts.get(TextKey::Cancel) }
                    </button>
                </div>
            }
        }
        UploadState::Failed(wrong) => html! {
            <div part="upload-failed" class="upload unsure" role="alert">
                { icon::warning() }
                <span class="told">{ wrong.clone() }</span>
                <button class="quiet strong" type="button" onclick={clear}>{ texts.get(TextKey::RemoveMessage) }</button>
            </div>
        },
    };
    html! {
        <>
            { progress }
            <label part="attach" class="icon attach">
                <input part="attach-file" type="file" class="unseen" {accept} aria-label={texts.get(TextKey::AttachFile)} {onchange} />
                { icon::clip() }
            </label>
        </>
    }
}

/// An upload. Dropped, it is given up; one that is through takes no notice.
struct RunningUpload {
    cancel: Function,
    /// The page calls it each time that the upload gets further.
    _on_progress: Closure<dyn Fn(FileTransfer)>,
}

impl Drop for RunningUpload {
    fn drop(&mut self) {
        // It has no way to fail that would help anybody.
        let _ = self.cancel.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the file out of the field, so that the same one can be chosen again.
fn taken(event: &Event) -> Option<JsValue> {
    let field: Element = event.target()?.dyn_into().ok()?;
    let files = Reflect::get(&field, &"files".into()).ok()?;
    let file = Reflect::get_u32(&files, 0).ok()?;
    let _ = Reflect::set(&field, &"value".into(), &"".into());
    file.is_object().then_some(file)
}

fn text(of: &JsValue, member: &str) -> String {
    let member = Reflect::get(of, &member.into()).ok();
    member.and_then(|it| it.as_string()).unwrap_or_default()
}

/// What the upload's progress means for the visitor. As soon as the file is uploaded, its address goes to the agent as a
/// message, because the chat API has no other known way to pass on a visitor's file.
fn upload_state(context: &ViewContext, name: &str, transfer: &FileTransfer) -> UploadState {
    let texts = &context.texts;
    let wrong = match &*transfer.status() {
        "progress" => {
            return UploadState::Sending(
                name.to_owned(),
                u32::try_from(whole(transfer.percent())).unwrap_or_default(),
            );
        }
        "done" => {
            context.send([name, "\n", &transfer.url().unwrap_or_default()].concat());
            return UploadState::None;
        }
        "large" => {
            let most = texts.file_size(whole(transfer.max_bytes()));
            texts.format(TextKey::FileTooLarge, &[("size", &most)])
        }
        "kind" => texts.get(TextKey::FileWrongKind),
        "empty" => texts.get(TextKey::FileEmpty),
        _ => texts.get(TextKey::FileNotSent),
    };
    UploadState::Failed(wrong.to_string())
}

/// A number of JavaScript without its fraction; 0 where there is none.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
fn whole(number: Option<f64>) -> u64 {
    number.unwrap_or_default() as u64
}
