//! The cards after a conversation that only some hosts ask for: the rating, and the transcript by email. They are a WASM
//! module of their own, which is loaded when such a host's conversation has ended.

use pipit_wire::EngagementId;
use wasm_bindgen_futures::spawn_local;
use web_sys::{CssStyleSheet, Element};
use yew::{Html, Properties, component, html, use_effect_with, use_node_ref, use_state};

use crate::lazy_module::lazy_module;
use crate::view::after::mail::MailTranscript;
use crate::view::after::rating::Rating;
use crate::view::context::ViewContext;
use crate::view::frame::style_sheet::shadow_root;

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct FollowUpProps {
    pub(crate) context: ViewContext,
    /// The conversation that has ended.
    pub(crate) engagement: EngagementId,
    /// Whether an agent has joined it. There is nothing to rate without one.
    pub(crate) had_agent: bool,
    /// The headline of the transcript.
    pub(crate) title: String,
}

/// The cards that the host has asked for; nothing until their code is loaded. If it cannot be loaded, they stay away.
#[component]
pub(crate) fn FollowUp(props: &FollowUpProps) -> Html {
    let cards = use_state(Html::default);
    let place = use_node_ref();
    use_effect_with(props.clone(), {
        let cards = cards.setter();
        let place = place.clone();
        move |props| {
            let props = props.clone();
            spawn_local(async move {
                let Some(place) = place.cast::<Element>() else {
                    return;
                };
                if let Ok(loaded) = render_cards(props, place).await {
                    cards.set(loaded);
                }
            });
        }
    });
    html! { <div class="follow-up" ref={place}>{ (*cards).clone() }</div> }
}

lazy_module! {
    follow_up: fn render_cards(props: FollowUpProps, place: Element) -> Html {
        let FollowUpProps { context, engagement, had_agent, title } = props;
        let services = context.services.clone();
        adopt_styles(&place);
        html! {
            <>
                if services.can_rate && had_agent {
                    <Rating context={context.clone()} {engagement} />
                }
                if services.can_mail {
                    <MailTranscript {context} {engagement} {title} />
                }
            </>
        }
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
