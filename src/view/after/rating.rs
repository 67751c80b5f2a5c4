//! The card in which the visitor rates the conversation by one to five stars, and may add a comment.

use pipit_wire::EngagementId;
use serde_json::json;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlTextAreaElement, InputEvent, SubmitEvent};
use yew::{Callback, Html, Properties, TargetCast, component, html, use_state_eq};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;
use crate::view::frame::icon;
use crate::view::host_request::{HostRequest, RequestStatus, send_to_host};

/// The highest rating.
const MOST_STARS: u32 = 5;

/// The longest comment, in UTF-16 units, as HTML counts.
const MAX_COMMENT: &str = "2000";

#[derive(Properties, PartialEq)]
pub(crate) struct RatingProps {
    pub(crate) context: ViewContext,
    pub(crate) engagement: EngagementId,
}

/// The stars are a group of radio buttons, so that the arrow keys choose among them. The field and the button appear with the
/// first choice. A rating is sent once: thanks replace the card, also after a reload of the page.
#[component]
pub(crate) fn Rating(props: &RatingProps) -> Html {
    let RatingProps {
        context,
        engagement,
    } = props;
    let chosen = use_state_eq(|| 0_u32);
    let comment = use_state_eq(String::new);
    let status = use_state_eq(|| {
        if context.runtime.is_rated(*engagement) {
            RequestStatus::Sent
        } else {
            RequestStatus::NotSent
        }
    });
    let texts = &context.texts;
    if *status == RequestStatus::Sent {
        return html! {
            <div part="rating-sent" class="card"><h3>{ texts.get(TextKey::RatingSent) }</h3></div>
        };
    }
    let choose = Callback::from({
        let chosen = chosen.setter();
        move |stars| chosen.set(stars)
    });
    let oninput = Callback::from({
        let comment = comment.setter();
        move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlTextAreaElement>() {
                comment.set(field.value());
            }
        }
    });
    let onsubmit = Callback::from({
        let context = context.clone();
        let engagement = *engagement;
        let (chosen, comment, status) = (chosen.clone(), comment.clone(), status.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            if *status == RequestStatus::Sending {
                return;
            }
            status.set(RequestStatus::Sending);
            let body = json!({
                "engagementId": engagement.0.to_string(),
                "rating": *chosen,
                "comment": comment.trim(),
            });
            let context = context.clone();
            let status = status.setter();
            spawn_local(async move {
                let function = context.services.send_to_host.as_ref();
                let result = send_to_host(function, HostRequest::Rating, &body.to_string()).await;
                let text = if result == RequestStatus::Sent {
                    context.runtime.mark_rated(engagement);
                    TextKey::RatingSent
                } else {
                    TextKey::RatingNotSent
                };
                context.say_text(text);
                status.set(result);
            });
        }
    });
    let has_failed = *status == RequestStatus::Failed;
    let stars = (1..=MOST_STARS).map(|stars| render_star(texts, stars, *chosen, &choose));
    html! {
        <form part="rating" class="card" {onsubmit}>
            <fieldset>
                <legend>{ texts.get(TextKey::RateChat) }</legend>
                <div class="stars">{ for stars }</div>
                <p class="ends" aria-hidden="true">
                    <span>{ texts.get(TextKey::RatingLowest) }</span>
                    <span>{ texts.get(TextKey::RatingHighest) }</span>
                </p>
            </fieldset>
            if *chosen > 0 {
                <div class="item">
                    <label for="rating-comment">
                        { texts.get(TextKey::RatingComment) }{ " " }
                        <span class="optional">{ texts.get(TextKey::Optional) }</span>
                    </label>
                    <textarea class="entry long" id="rating-comment" rows="2" maxlength={MAX_COMMENT} dir="auto" {oninput} />
                </div>
                if has_failed {
                    <p part="rating-not-sent" class="wrong">{ texts.get(TextKey::RatingNotSent) }</p>
                }
                <button part="rate" class="button main" type="submit">
                    { texts.get(if has_failed { TextKey::TryAgain } else { TextKey::Send }) }
                </button>
            }
        </form>
    }
}

/// One star with its radio button. Its name is the number; the names of the first and the last star also say what they mean.
fn render_star(texts: &Texts, stars: u32, chosen: u32, choose: &Callback<u32>) -> Html {
    let meaning = match stars {
        1 => Some(TextKey::RatingLowest),
        MOST_STARS => Some(TextKey::RatingHighest),
        _ => None,
    };
    let number = texts.number(stars);
    let label = match meaning {
        Some(meaning) => [&*number, " (", &texts.get(meaning), ")"].concat(),
        None => number,
    };
    let class = if stars <= chosen {
        "star filled"
    } else {
        "star"
    };
    let onchange = choose.reform(move |_| stars);
    html! {
        <label {class}>
            <input type="radio" class="unseen" name="rating" checked={stars == chosen} aria-label={label} {onchange} />
            { icon::star() }
        </label>
    }
}
