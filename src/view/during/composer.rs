//! Where the visitor writes. The field is not controlled by Yew: a redraw while an input method
//! composes would break it.

use std::rc::Rc;

use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref, use_state};

use crate::locale::TextKey;
use crate::view::context::PanelContext;
use crate::view::conversation_slot::UserAction;
use crate::view::frame::icon;

#[derive(Properties, PartialEq)]
pub(crate) struct ComposerProps {
    pub(crate) context: PanelContext,
    /// What stands in the field: what was typed, or what the page has put there.
    pub(crate) draft: Rc<str>,
    /// What else can be sent.
    pub(crate) beside: Html,
}

#[component]
pub(crate) fn Composer(props: &ComposerProps) -> Html {
    let field = use_node_ref();
    let is_empty = use_state(|| props.draft.trim().is_empty());
    let first = use_state(|| props.draft.clone());
    use_effect_with(props.draft.clone(), {
        let (field, is_empty) = (field.clone(), is_empty.clone());
        move |draft| {
            let field = field.cast::<HtmlTextAreaElement>();
            // What is typed is there already, and an input method must not be disturbed.
            if let Some(field) = field.filter(|field| field.value() != **draft) {
                field.set_value(draft);
                is_empty.set(draft.trim().is_empty());
            }
        }
    });
    let send = {
        let (field, conversation, is_empty) = (
            field.clone(),
            props.context.conversation.clone(),
            is_empty.clone(),
        );
        Callback::from(move |()| {
            let Some(field) = field.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = field.value();
            if !text.trim().is_empty() {
                field.set_value("");
                is_empty.set(true);
                conversation.perform(UserAction::Send(text));
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            if is_send_key(&event) {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let oninput = {
        let (field, conversation, is_empty) = (
            field.clone(),
            props.context.conversation.clone(),
            is_empty.clone(),
        );
        Callback::from(move |_: InputEvent| {
            if let Some(field) = field.cast::<HtmlTextAreaElement>() {
                let text = field.value();
                is_empty.set(text.trim().is_empty());
                conversation.perform(UserAction::SetDraft(text));
            }
        })
    };
    let texts = &props.context.texts;
    let write = texts.get(TextKey::WriteMessage);
    // Nothing written has no direction of its own; what is said in its place has the locale's.
    let direction = if *is_empty { texts.direction() } else { "auto" };
    html! {
        <div part="composer" class="composer">
            { props.beside.clone() }
            <textarea class="field" rows="1" dir={direction} enterkeyhint="send" ref={field}
                defaultvalue={first.to_string()} placeholder={write.clone()} aria-label={write} {onkeydown} {oninput} />
            <button part="send" class="send" type="button" aria-label={texts.get(TextKey::Send)}
                aria-disabled={is_empty.to_string()} onclick={send.reform(|_| ())}>
                { icon::send() }
            </button>
        </div>
    }
}

/// Enter sends, unless it breaks a line (with Shift) or belongs to an input method. Key code 229
/// is an input method's too: Safari tells so the key that ends a composition.
fn is_send_key(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229
}
