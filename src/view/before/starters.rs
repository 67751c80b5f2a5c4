//! The welcome with what the host says about itself, and with starters: buttons that send their text as the first message.

use yew::{AttrValue, Callback, Html, html};

use crate::locale::Texts;
use crate::view::before::welcome;
use crate::view::context::ViewContext;

/// Renders the welcome. Without starters it has a button that calls `start`.
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
    if brand.starters.is_empty() {
        let (sentence, button) = welcome::start_button(texts, start);
        return welcome::render(texts, logo, html! { <>{ sentence }{ lines }</> }, button);
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
