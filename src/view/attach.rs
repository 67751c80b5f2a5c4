//! The visitor's files: the button that takes one, and how its way to the site goes.

use js_sys::{Function, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::{Callback, Event, Html, Properties, component, html, use_mut_ref, use_state_eq};

use super::{Link, icon};
use crate::locale::Word;

#[derive(Properties, PartialEq)]
pub(crate) struct AttachProps {
    pub(crate) link: Link,
}

/// How far a file has come.
#[derive(Clone, PartialEq)]
enum Upload {
    None,
    /// In percent.
    Sending(String, u32),
    /// What is wrong, in words.
    Failed(String),
}

/// The button, and above the composer what becomes of the file. Nothing where the site takes no files.
#[component]
pub(crate) fn Attach(props: &AttachProps) -> Html {
    let link = &props.link;
    let upload = use_state_eq(|| Upload::None);
    let under_way = use_mut_ref(|| None::<UnderWay>);
    let attachments = link.parts.attachments.as_ref();
    let Some((attachments, accept)) =
        attachments.and_then(|attachments| Some((attachments, attachments.accept()?)))
    else {
        return Html::default();
    };
    let set = upload.setter();
    let onchange = {
        let (link, attachments) = (link.clone(), attachments.clone());
        let (under_way, set) = (under_way.clone(), set.clone());
        Callback::from(move |event: Event| {
            let Some(file) = taken(&event) else {
                return;
            };
            let name = text(&file, "name");
            set.set(Upload::Sending(name.clone(), 0));
            let tell = {
                let (link, set) = (link.clone(), set.clone());
                Closure::<dyn Fn(String, String)>::new(move |how: String, figure: String| {
                    set.set(told(&link, &name, &how, &figure));
                })
            };
            let cancel = attachments
                .upload(&file, tell.as_ref().unchecked_ref())
                .ok();
            // What was under way before is given up.
            under_way.replace(cancel.map(|cancel| UnderWay {
                cancel,
                _tell: tell,
            }));
        })
    };
    let clear = Callback::from(move |_| {
        under_way.take();
        set.set(Upload::None);
    });
    let words = link.words();
    let progress = match &*upload {
        Upload::None => Html::default(),
        Upload::Sending(name, percent) => {
            let label = words.say_with(Word::SendingFile, &[("name", name)]);
            html! {
                <div part="upload" class="upload">
                    <span class="told">{ label.clone() }</span>
                    <progress max="100" value={percent.to_string()} aria-label={label} />
                    <button part="upload-cancel" class="quiet strong" type="button" onclick={clear}>
                        { words.say(Word::Cancel) }
                    </button>
                </div>
            }
        }
        Upload::Failed(wrong) => html! {
            <div part="upload-failed" class="upload unsure" role="alert">
                { icon::warning() }
                <span class="told">{ wrong.clone() }</span>
                <button class="quiet strong" type="button" onclick={clear}>{ words.say(Word::RemoveMessage) }</button>
            </div>
        },
    };
    html! {
        <>
            { progress }
            <label part="attach" class="icon attach">
                <input part="attach-file" type="file" class="unseen" {accept} aria-label={words.say(Word::AttachFile)} {onchange} />
                { icon::clip() }
            </label>
        </>
    }
}

/// An upload. Dropped, it is given up; one that is through takes no notice.
struct UnderWay {
    cancel: Function,
    /// Is called with how it goes.
    _tell: Closure<dyn Fn(String, String)>,
}

impl Drop for UnderWay {
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

/// What a file's way has come to; see `npm/attach.ts`. Where it is through, the agent is told its address:
/// the chat API has no other way that is known.
fn told(link: &Link, name: &str, how: &str, figure: &str) -> Upload {
    let words = link.words();
    let wrong = match how {
        "progress" => return Upload::Sending(name.to_owned(), figure.parse().unwrap_or_default()),
        "done" => {
            link.send([name, "\n", figure].concat());
            return Upload::None;
        }
        "large" => {
            let most = words.size(figure.parse().unwrap_or_default());
            words.say_with(Word::FileTooLarge, &[("size", &most)])
        }
        "kind" => words.say(Word::FileWrongKind),
        "empty" => words.say(Word::FileEmpty),
        _ => words.say(Word::FileNotSent),
    };
    Upload::Failed(wrong.to_string())
}
