//! The text field in which the visitor writes a message, with the button that sends the message.
//!
//! Yew does not control the field's value, because a render would disturb an input method that is just composing a
//! character. Two actions write the value: sending empties the field, and a new draft (the text that the field must
//! have) is written if the field has another text.

use std::rc::Rc;

use web_sys::{HtmlTextAreaElement, InputEvent, KeyboardEvent};
use yew::{
    Callback, Html, MouseEvent, Properties, component, html, use_effect_with, use_node_ref,
    use_state,
};

use crate::locale::TextKey;
use crate::view::context::PanelContext;
use crate::view::conversation_slot::UserAction;
use crate::view::frame::icon;

#[derive(Properties, PartialEq)]
pub(crate) struct ComposerProps {
    pub(crate) context: PanelContext,
    /// The text that the field must have. The visitor has typed it (perhaps before a reload), or the host (the web page
    /// that embeds the chat) has set it.
    pub(crate) draft: Rc<str>,
    /// The button that turns the sneak preview off and on; empty if there is no preview.
    pub(crate) preview_switch: Html,
    /// The button that attaches a file; empty if the visitor can send no files.
    pub(crate) attachment: Html,
}

/// The text field with the buttons that attach a file and send the message.
#[component]
pub(crate) fn Composer(props: &ComposerProps) -> Html {
    let field = use_node_ref();
    // Whether the field has nothing to send.
    let is_empty = use_state(|| props.draft.trim().is_empty());
    // Also writes the first draft. As the attribute `defaultvalue`, that text would stay in the page when the field is
    // emptied, even if the visitor is forgotten.
    use_effect_with(props.draft.clone(), {
        let field = field.clone();
        let is_empty = is_empty.clone();
        move |draft| {
            let textarea = field.cast::<HtmlTextAreaElement>();
            // A draft that the visitor has just typed is in the field already, and is not written again.
            if let Some(textarea) = textarea.filter(|textarea| textarea.value() != **draft) {
                textarea.set_value(draft);
                is_empty.set(draft.trim().is_empty());
            }
        }
    });
    let send = Callback::from({
        let field = field.clone();
        let is_empty = is_empty.clone();
        let conversation = props.context.conversation.clone();
        move |()| {
            let Some(textarea) = field.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let text = textarea.value();
            if !text.trim().is_empty() {
                textarea.set_value("");
                is_empty.set(true);
                conversation.perform(UserAction::Send(text));
            }
        }
    });
    let onkeydown = Callback::from({
        let send = send.clone();
        move |event: KeyboardEvent| {
            if is_send_key(&event) {
                event.prevent_default();
                send.emit(());
            }
        }
    });
    let oninput = Callback::from({
        let field = field.clone();
        let is_empty = is_empty.clone();
        let conversation = props.context.conversation.clone();
        move |event: InputEvent| {
            if let Some(textarea) = field.cast::<HtmlTextAreaElement>() {
                let text = textarea.value();
                is_empty.set(text.trim().is_empty());
                // A script of the page may have put a text into the field, and dispatched this event.
                let is_typed = event.is_trusted();
                conversation.perform(UserAction::SetDraft { text, is_typed });
            }
        }
    });
    let texts = &props.context.texts;
    let label = texts.get(TextKey::WriteMessage);
    // An empty field shows the placeholder, so it has the direction of the widget's language. With `auto` the browser
    // derives the direction from the visitor's text.
    let direction = if *is_empty { texts.direction() } else { "auto" };
    html! {
        <div part="composer" class="composer">
            { props.attachment.clone() }
            <textarea class="field" rows="1" dir={direction} enterkeyhint="send" ref={field}
                placeholder={label.clone()} aria-label={label} {onkeydown} {oninput} />
            { props.preview_switch.clone() }
            // `prevent_default` leaves the focus in the field, so that the on-screen keyboard of a phone stays.
            <button part="send" class="send" type="button" aria-label={texts.get(TextKey::Send)}
                onmousedown={|event: MouseEvent| event.prevent_default()} aria-disabled={is_empty.to_string()} onclick={send.reform(|_| ())}>
                { icon::send() }
            </button>
        </div>
    }
}

/// Whether a key press sends the message. Enter sends it, with two exceptions: Shift and Enter start a new line, and
/// while an input method composes a character, Enter belongs to the input method. Safari marks the Enter that ends a
/// composition only by the key code 229. `npm/send-key.ts` handles the key *send* of phones while they compose.
fn is_send_key(event: &KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229
}
