//! The question whether the visitor really wants to end the chat, shown below the header.

use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent};
use yew::{Callback, Html, Properties, TargetCast, component, html, use_effect_with, use_node_ref};

use crate::app::widget_state::{HeaderPopover, WidgetInput};
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
    // The question would lie over the messages while the visitor writes. A press beside all controls keeps it open.
    let onfocusout = Callback::from({
        let context = context.clone();
        move |event: FocusEvent| {
            let question = event
                .target_dyn_into::<Element>()
                .and_then(|left| left.closest(".ask").ok()?);
            let entered: Option<Element> = event.related_target().and_then(|it| it.dyn_into().ok());
            if let (Some(question), Some(entered)) = (question, entered)
                && !question.contains(Some(&entered))
            {
                context.update(WidgetInput::SetPopover(HeaderPopover::Closed));
            }
        }
    });
    let texts = &context.texts;
    html! {
        <div part="ask" class="ask" role="group" aria-label={texts.get(TextKey::EndChatQuestion)} {onfocusout}>
            <p class="question">{ texts.get(TextKey::EndChatQuestion) }</p>
            <div class="answers">
                <button part="keep" class="button" type="button" ref={keep_button}
                    onclick={cancel.reform(|_| ())}>{ texts.get(TextKey::KeepChatting) }</button>
                <button part="end-confirm" class="button danger" type="button"
                    onclick={end.reform(|_| ())}>{ texts.get(TextKey::EndChat) }</button>
            </div>
        </div>
    }
}
