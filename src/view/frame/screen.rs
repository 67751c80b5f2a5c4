//! The visitor's screen: whether it is so small that the panel takes all of it, and what the
//! keyboard leaves of it.

use gloo_events::EventListener;
use web_sys::{MediaQueryList, VisualViewport};
use yew::{hook, use_effect_with, use_state_eq};

use crate::view::frame::style_sheet::StyleSheet;

/// A phone, upright or on its side.
const SMALL: &str = "(max-width: 480px), (pointer: coarse) and (max-height: 480px)";

/// Whether the screen is small, and again whenever that changes.
#[hook]
pub(crate) fn use_small_screen() -> bool {
    let is_small = use_state_eq(|| small().is_some_and(|query| query.matches()));
    let changed = is_small.setter();
    use_effect_with((), move |()| {
        let listener = small().map(|query| {
            let asked = query.clone();
            EventListener::new(&query, "change", move |_| changed.set(asked.matches()))
        });
        move || drop(listener)
    });
    *is_small
}

/// Keeps the place and the height of what is seen of the page, without the keyboard, in the style
/// sheet.
#[hook]
pub(crate) fn use_seen_part(sheet: &StyleSheet) {
    use_effect_with(sheet.clone(), |sheet| {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let listeners = viewport.map(|viewport| {
            tell(&viewport, sheet);
            ["resize", "scroll"].map(|event| {
                let (asked, sheet) = (viewport.clone(), sheet.clone());
                EventListener::new(&viewport, event, move |_| tell(&asked, &sheet))
            })
        });
        move || drop(listeners)
    });
}

fn small() -> Option<MediaQueryList> {
    web_sys::window()?.match_media(SMALL).ok()?
}

/// A page that the visitor has magnified is left alone: the panel is magnified with it.
fn tell(viewport: &VisualViewport, sheet: &StyleSheet) {
    if viewport.scale() <= 1.01 {
        sheet.set("--seen-top", &px(viewport.offset_top()));
        sheet.set("--seen-height", &px(viewport.height()));
    }
}

#[allow(clippy::cast_possible_truncation, reason = "no screen is so high")]
fn px(length: f64) -> String {
    let mut text = (length.floor() as i32).to_string();
    text.push_str("px");
    text
}
