//! The welcome with what the host says about itself, and with starters: buttons that send their text as the first message.

use yew::{AttrValue, Callback, Html, html};

use crate::locale::{TextKey, Texts};
use crate::view::before::welcome;
use crate::view::context::ViewContext;

/// Renders the welcome. It has a button that calls `start` only if a form or a consent stands between the visitor and the chat:
/// then the composer alone would not say so.
pub(crate) fn render_welcome(
    context: &ViewContext,
    logo: Option<&AttrValue>,
    start: &Callback<()>,
) -> Html {
    let texts: &Texts = &context.texts;
    let brand = &context.brand;
    let lines = brand.lines.iter().filter(|line| !line.is_empty());
    let lines: Html = lines
        .map(|line| html! { <p class="about" lang="">{ line }</p> })
        .collect();
    if context.state().form.is_needed() {
        let button = html! {
            <button part="start" class="button main" type="button" onclick={start.reform(|_| ())}>
                { texts.get(TextKey::StartChat) }
            </button>
        };
        return welcome::render(texts, logo, lines, button);
    }
    if brand.starters.is_empty() {
        let about = html! { <>{ welcome::first_step(texts) }{ lines }</> };
        return welcome::render(texts, logo, about, Html::default());
    }
    let starters = brand.starters.iter().map(|starter| {
        let context = context.clone();
        let text = starter.to_string();
        let onclick = move |_| context.send(text.clone());
        html! {
            <button part="starter" class="starter" type="button" lang="" dir="auto" {onclick}>{ starter }</button>
        }
    });
    welcome::render(texts, logo, lines, starters.collect())
}
