//! The question whether the visitor really wants to end the chat, shown below the header.

use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::frame::focus;

#[derive(Properties, PartialEq)]
pub(crate) struct EndQuestionProps {
    pub(crate) context: ViewContext,
    /// Closes the question.
    pub(crate) cancel: Callback<()>,
    /// Ends the chat.
    pub(crate) end: Callback<()>,
}

/// The question with its two buttons. The button that continues the chat comes first and receives the focus.
#[component]
pub(crate) fn EndQuestion(props: &EndQuestionProps) -> Html {
    let EndQuestionProps {
        context,
        cancel,
        end,
    } = props;
    let keep_button = use_node_ref();
    use_effect_with((), {
        let keep_button = keep_button.clone();
        move |()| focus::focus(&keep_button)
    });
    let texts = &context.texts;
    html! {
        <div part="ask" class="ask" role="group" aria-label={texts.get(TextKey::EndChatQuestion)}>
            <p class="question">{ texts.get(TextKey::EndChatQuestion) }</p>
            <div class="answers">
                <button part="keep" class="button" type="button" ref={keep_button}
                    onclick={cancel.reform(|_| ())}>{ texts.get(TextKey::KeepChatting) }</button>
                <button part="end-confirm" class="button main" type="button"
                    onclick={end.reform(|_| ())}>{ texts.get(TextKey::EndChat) }</button>
            </div>
        </div>
    }
}
