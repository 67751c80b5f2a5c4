//! The visitor's screen: whether it is so small that the panel covers all of it, and which part of the page is visible
//! above an on-screen keyboard.

use gloo_events::EventListener;
use js_sys::Reflect;
use web_sys::{MediaQueryList, VisualViewport};
use yew::{hook, use_effect_with, use_state_eq};

use crate::view::frame::style_sheet::StyleSheet;

/// Matches a phone, upright or on its side, and any window that is as narrow as a phone. `view/style/badge.css` and
/// `modes.css` have the same condition.
const SMALL_SCREEN: &str =
    "(max-width: 480px), (max-device-width: 480px), (pointer: coarse) and (max-height: 480px)";

/// Returns whether the screen is small. The component is rendered again when that changes.
#[hook]
pub(crate) fn use_small_screen() -> bool {
    let is_small = use_state_eq(|| small_screen_query().is_some_and(|query| query.matches()));
    use_effect_with((), {
        let is_small = is_small.setter();
        move |()| {
            let listener = small_screen_query().map(|query| {
                let changed_query = query.clone();
                EventListener::new(&query, "change", move |_| {
                    is_small.set(changed_query.matches());
                })
            });
            move || drop(listener)
        }
    });
    *is_small
}

/// Keeps the properties `--seen-top` and `--seen-height` of the style sheet equal to the upper edge and the height of
/// the part of the window that no on-screen keyboard covers. While the visitor has zoomed in, they keep their values.
#[hook]
pub(crate) fn use_visible_area(style_sheet: &StyleSheet) {
    use_effect_with(style_sheet.clone(), |style_sheet| {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let listeners = viewport.map(|viewport| {
            write_visible_area(&viewport, style_sheet);
            ["resize", "scroll"].map(|event| {
                let style_sheet = style_sheet.clone();
                let changed_viewport = viewport.clone();
                EventListener::new(&viewport, event, move |_| {
                    write_visible_area(&changed_viewport, &style_sheet);
                })
            })
        });
        move || drop(listeners)
    });
}

/// `None` if the browser has no media queries, or if the page has replaced them by something that sends no events.
fn small_screen_query() -> Option<MediaQueryList> {
    let query = web_sys::window()?.match_media(SMALL_SCREEN).ok()??;
    let listen = Reflect::get(&query, &"addEventListener".into()).ok()?;
    listen.is_function().then_some(query)
}

/// Writes `--seen-top` and `--seen-height`, in px of the screen. Writes nothing while the visitor has zoomed in, because
/// the panel is then magnified with the page. A scale of up to 1.01 is a rounding error.
///
/// The scale is below 1 if a phone draws the page smaller, because the page is not made for phones. The widget is then
/// enlarged so that its px are px of the screen (`adjustZoom` in `npm/launcher.ts`).
fn write_visible_area(viewport: &VisualViewport, style_sheet: &StyleSheet) {
    let scale = viewport.scale();
    if scale <= 1.01 {
        let scale = scale.min(1.0);
        style_sheet.set("--seen-top", &pixels(viewport.offset_top() * scale));
        style_sheet.set("--seen-height", &pixels(viewport.height() * scale));
    }
}

/// A length in px as a CSS value, rounded down.
#[allow(
    clippy::cast_possible_truncation,
    reason = "no screen has that many pixels"
)]
fn pixels(length: f64) -> String {
    let mut text = (length.floor() as i32).to_string();
    text.push_str("px");
    text
}
