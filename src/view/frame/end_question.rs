//! The question whether the visitor really wants to end the chat, shown below the header.

use yew::{Callback, Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::frame::focus;

#[derive(Properties, PartialEq)]
pub(crate) struct EndQuestionProps {
    pub(crate) context: ViewContext,
    pub(crate) back: Callback<()>,
    pub(crate) end: Callback<()>,
}

/// Whether the visitor really wants to end the chat. It is asked once, and no is the first answer.
#[component]
pub(crate) fn EndQuestion(props: &EndQuestionProps) -> Html {
    let EndQuestionProps { context, back, end } = props;
    let keep = use_node_ref();
    use_effect_with((), {
        let keep = keep.clone();
        move |()| focus::give(&keep)
    });
    let texts = &context.texts;
    html! {
        <div part="ask" class="ask" role="group" aria-label={texts.get(TextKey::EndChatQuestion)}>
            <p class="question">{ texts.get(TextKey::EndChatQuestion) }</p>
            <div class="answers">
                <button part="keep" class="button" type="button" ref={keep}
                    onclick={back.reform(|_| ())}>{ texts.get(TextKey::KeepChatting) }</button>
                <button part="end-confirm" class="button main" type="button"
                    onclick={end.reform(|_| ())}>{ texts.get(TextKey::EndChat) }</button>
            </div>
        </div>
    }
}
