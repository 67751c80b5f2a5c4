//! The cards after a conversation that only some hosts ask for: the rating, and the transcript by email. Their code is in the
//! WASM module that also saves the transcript. It is loaded when such a host's conversation has ended.

use pipit_engine::Conclusion;
use pipit_wire::EngagementId;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CssStyleSheet, Element};
use yew::{Html, Properties, component, html, use_effect_with, use_node_ref};

use crate::app::widget_state::WidgetInput;
use crate::lazy_module::lazy_module;
use crate::view::after::mail::MailTranscript;
use crate::view::after::rating::Rating;
use crate::view::context::ViewContext;
use crate::view::frame::style_sheet::shadow_root;

/// The cards that the host has asked for; nothing until their code is loaded. If it cannot be loaded, they stay away. `title`
/// is the headline of the transcript.
pub(crate) fn render(context: &ViewContext, conclusion: &Conclusion, title: &str) -> Html {
    let services = &context.services;
    if !services.can_rate && !services.can_mail {
        return Html::default();
    }
    let engagement = conclusion.engagement_id;
    if let Some(cards) = context.follow_up.get_or_ask(engagement, &context.texts) {
        return cards;
    }
    let context = context.clone();
    let (had_agent, title) = (conclusion.agent.is_some(), title.to_owned());
    spawn_local(async move {
        if let Ok(cards) = render_cards(context.clone(), engagement, had_agent, title).await {
            context.follow_up.fill(engagement, &context.texts, cards);
            context.update(WidgetInput::Redraw);
        }
    });
    Html::default()
}

lazy_module! {
    saving: fn render_cards(context: ViewContext, engagement: EngagementId, had_agent: bool, title: String) -> Html {
        html! { <Cards key={engagement.0.to_string()} {context} {engagement} {had_agent} {title} /> }
    }
}

#[derive(Properties, PartialEq)]
struct CardsProps {
    context: ViewContext,
    engagement: EngagementId,
    /// Whether an agent has joined the conversation. There is nothing to rate without one.
    had_agent: bool,
    title: String,
}

#[component]
fn Cards(props: &CardsProps) -> Html {
    let CardsProps {
        context,
        engagement,
        had_agent,
        title,
    } = props;
    let place = use_node_ref();
    use_effect_with((), {
        let place = place.clone();
        move |()| {
            if let Some(place) = place.cast::<Element>() {
                adopt_styles(&place);
            }
        }
    });
    html! {
        <div class="follow-up" ref={place}>
            if context.services.can_rate && *had_agent {
                <Rating context={context.clone()} engagement={*engagement} />
            }
            if context.services.can_mail {
                <MailTranscript context={context.clone()} engagement={*engagement} title={title.clone()} />
            }
        </div>
    }
}

thread_local! {
    /// The style sheet of the cards; `None` if the browser cannot create one.
    static STYLES: Option<CssStyleSheet> = {
        let sheet = CssStyleSheet::new().ok();
        sheet.filter(|sheet| sheet.replace_sync(include_str!("follow_up.css")).is_ok())
    };
}

/// Adds the style sheet to the shadow root around `place`, unless it is there already.
fn adopt_styles(place: &Element) {
    let Some(root) = shadow_root(place) else {
        return;
    };
    let sheets = root.adopted_style_sheets();
    STYLES.with(|sheet| {
        if let Some(sheet) = sheet
            && !sheets.includes(sheet, 0)
        {
            sheets.push(sheet);
        }
    });
}
