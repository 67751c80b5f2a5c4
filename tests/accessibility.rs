//! What a visitor needs who uses a keyboard, a screen reader, a magnified page or a touch screen: the widget shows the
//! beginning of what it opens, names its parts, and stays usable in a low panel.

#![cfg(target_arch = "wasm32")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot continue panics"
)]

mod page;
mod server;

use js_sys::{JSON, Reflect};
use page::{Widget, function, next_frame, object, wait_until};
use server::{FakeServer, posted_message};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, ShadowRoot};

wasm_bindgen_test_configure!(run_in_browser);

/// Heights of the panel, in px: a phone on its side with its keyboard, a page that is magnified to 400 %, and a desktop.
const HEIGHTS: [u32; 4] = [180, 256, 400, 640];

/// The options of a form with five fields, the first two of which must be filled in, and a question for consent.
fn form_options() -> JsValue {
    let fields = r#"[{"name": "firstName", "required": true}, {"name": "emailAddress", "required": true},
        {"name": "productId", "options": [{"value": 7, "label": "Spades"}]}, {"name": "plan", "label": "Tarif"},
        {"name": "question", "type": "textarea"}]"#;
    object(&[
        ("jwt", "a.b.c".into()),
        ("form", JSON::parse(fields).expect("it is JSON")),
        ("consent", "I agree.".into()),
    ])
}

fn set_height(widget: &Widget, height: u32) {
    let style = format!("--pipit-height: {height}px");
    widget
        .host()
        .set_attribute("style", &style)
        .expect("the attribute can be set");
}

/// Whether an element is visible as a whole in the list.
fn is_within(list: &Element, element: &Element) -> bool {
    let (view, target) = (
        list.get_bounding_client_rect(),
        element.get_bounding_client_rect(),
    );
    target.top() >= view.top() && target.bottom() <= view.bottom()
}

async fn wait_for_frames() {
    for _ in 0..4 {
        next_frame().await;
    }
}

fn focused(widget: &Widget) -> Option<Element> {
    let root: ShadowRoot = widget.host().shadow_root().expect("a root");
    root.active_element()
}

/// Presses a key on the focused element.
fn press(widget: &Widget, key: &str) {
    let script = "return it.dispatchEvent(new KeyboardEvent('keydown',
        { key: it.pressed, bubbles: true, composed: true, cancelable: true }))";
    let target = focused(widget).expect("an element has the focus");
    Reflect::set(&target, &"pressed".into(), &key.into()).expect("an object");
    let pressed = function(script).call1(&JsValue::NULL, &target);
    pressed.expect("a key can be pressed");
}

#[wasm_bindgen_test]
async fn welcome_form_and_queue_open_at_their_start_at_any_height() {
    for height in HEIGHTS {
        let widget = Widget::mounted(&form_options()).styled();
        set_height(&widget, height);
        widget.open().await;
        widget.wait_for("[part~=form]").await;
        wait_for_frames().await;
        let list = widget.wait_for(".list").await;
        assert_eq!(list.scroll_top(), 0, "the form at {height} px");
        widget.remove();

        let server = FakeServer::new();
        let widget = Widget::mounted(&server.options(&[])).styled();
        set_height(&widget, height);
        widget.open().await;
        widget.wait_for("[part~=welcome]").await;
        wait_for_frames().await;
        let list = widget.wait_for(".list").await;
        assert_eq!(list.scroll_top(), 0, "the welcome at {height} px");
        widget.start_chat().await;
        widget.wait_for("[part~=waiting]").await;
        wait_for_frames().await;
        assert_eq!(list.scroll_top(), 0, "the queue at {height} px");
        widget.remove();
    }
}

#[wasm_bindgen_test]
async fn a_refused_form_shows_the_first_wrong_field_with_its_label_and_its_error() {
    for height in [256, 400, 640] {
        let widget = Widget::mounted(&form_options()).styled();
        set_height(&widget, height);
        widget.open().await;
        let list = widget.wait_for(".list").await;
        widget.wait_for("[part~=form] [part~=start]").await;
        // The visitor has scrolled to the button.
        list.set_scroll_top(10_000);
        widget.click("[part~=form] [part~=start]").await;
        let field = wait_until("the first wrong field", || {
            focused(&widget).filter(|it| it.has_attribute("aria-invalid"))
        })
        .await;
        wait_for_frames().await;
        assert_eq!(field.id(), "ask-0");
        for part in ["[for=ask-0]", "#ask-0", "#ask-0-wrong"] {
            let element = widget.wait_for(part).await;
            assert!(is_within(&list, &element), "{part} at {height} px");
        }
        widget.remove();
    }
}

#[wasm_bindgen_test]
async fn the_form_has_a_name_and_its_labels_read_well() {
    let widget = Widget::mounted(&form_options()).styled();
    widget.open().await;
    let form = widget.wait_for("[part~=form]").await;
    let title = form.get_attribute("aria-labelledby").expect("a name");
    widget
        .wait_for_text(&format!("#{title}"), "Hello! How can we help?")
        .await;
    let log = widget.wait_for("[role=log]").await;
    assert!(!log.contains(Some(&form)), "a form is no message");
    widget
        .wait_for_text("[for=ask-4]", "Your question (optional)")
        .await;
    // The host's own words may be in any language.
    let languages = |css: &str| widget.element(css)?.get_attribute("lang");
    assert_eq!(languages("[for=ask-3] bdi").as_deref(), Some(""));
    assert_eq!(languages(".tick bdi").as_deref(), Some(""));
    assert_eq!(languages("[for=ask-0] bdi"), None);
    widget.remove();
}

#[wasm_bindgen_test]
async fn a_press_on_the_buttons_of_the_composer_leaves_the_focus_in_the_field() {
    let (_server, widget) = FakeServer::with_chat().await;
    let send = widget.wait_for("[part~=send]").await;
    let press =
        "return it.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, cancelable: true }))";
    let is_default = function(press).call1(&JsValue::NULL, &send);
    assert_eq!(
        is_default.expect("it can be pressed"),
        JsValue::FALSE,
        "a press moves no focus"
    );
    widget.remove();
}

#[wasm_bindgen_test]
async fn in_a_low_panel_messages_have_64_px_and_everything_else_can_be_reached() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .agent_posts((0..20).map(|number| format!("message {number}")))
        .await;
    for height in HEIGHTS {
        set_height(&widget, height);
        let panel = widget.wait_for("[part~=panel]").await;
        wait_until("the height", || {
            (panel.client_height() <= i32::try_from(height).ok()?).then_some(())
        })
        .await;
        let list = widget.wait_for(".list").await;
        let field = widget.field().await;
        for has_focus in [true, false] {
            let moved = if has_focus {
                field.focus()
            } else {
                field.blur()
            };
            moved.expect("the focus moves");
            wait_for_frames().await;
            let rest = list.client_height();
            assert!(rest >= 64, "{rest} px at {height} px, focus: {has_focus}");
        }
        let is_inside = |css: &str| {
            let bounds = panel.get_bounding_client_rect();
            let element = widget.element(css).map(|it| it.get_bounding_client_rect());
            element.is_some_and(|it| it.bottom() <= bounds.bottom() && it.top() >= bounds.top())
        };
        assert!(is_inside(".composer"), "the composer at {height} px");
        widget.click("[part~=more]").await;
        widget.wait_for("[part~=menu]").await;
        assert!(is_inside("[part~=menu]"), "the menu at {height} px");
        widget.click("[part~=end]").await;
        widget.wait_for("[part~=ask]").await;
        assert!(is_inside("[part~=ask]"), "the question at {height} px");
        widget.click("[part~=keep]").await;
        assert_eq!(panel.scroll_top(), 0, "the panel itself does not scroll");
    }
    widget.remove();
}

/// What a screen reader says about the newest rows, as `aria-labelledby` gives it.
const NAMES: &str = "return [...it.querySelectorAll('[role=log] [role=article]')].map(row => {
    const named = it.getRootNode().getElementById(row.getAttribute('aria-labelledby'));
    const copy = named.cloneNode(true);
    for (const hidden of copy.querySelectorAll('[aria-hidden=true], button')) hidden.remove();
    const texts = [];
    const walk = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) texts.push(walk.currentNode.data);
    return texts.join(' ').replace(/[\\u2066-\\u2069]/g, '').replace(/[\\s\\u202f]+/g, ' ').trim();
}).join('|')";

#[wasm_bindgen_test]
async fn each_message_is_an_article_with_its_sender_and_its_time_once() {
    let (mut server, widget) = FakeServer::with_chat().await;
    let at = |time: &str, text: &str| {
        let mut message = posted_message(35, text, false);
        message["createdTime"] = format!("2026-11-05T{time}Z").into();
        message
    };
    server
        .deliver(vec![
            at("12:00:00", "one"),
            at("12:01:00", "two"),
            at("12:20:00", "three"),
        ])
        .await;
    wait_until("the messages", || {
        (widget.count(".bubble") == 3).then_some(())
    })
    .await;
    widget.type_text("mine").await;
    widget.press_enter(|_| {}).await;
    wait_until("the sent message", || {
        let states = widget.texts("[part~=state]");
        states
            .iter()
            .any(|it| it.starts_with("Sent "))
            .then_some(())
    })
    .await;
    let panel = widget.wait_for("[part~=panel]").await;
    let names = function(NAMES).call1(&JsValue::NULL, &panel);
    let names = names.expect("the script runs").as_string().expect("a text");
    let names: Vec<&str> = names.split('|').collect();
    assert_eq!(names.len(), 5, "{names:?}");
    assert_eq!(names[0], "Ana joined");
    for (name, text) in names[1..4].iter().zip(["one", "two", "three"]) {
        let time = name
            .strip_prefix("Ana ")
            .and_then(|it| it.strip_suffix(&format!(" {text}")));
        assert!(time.is_some_and(|it| it.contains(':')), "{name}");
    }
    assert!(
        names[4].starts_with("You mine Sent ") && names[4].matches(':').count() == 1,
        "{}",
        names[4]
    );
    // The visible times: one for each group. A group ends after five minutes without a message.
    let times = widget.texts("[part~=time]");
    assert_eq!(times.len(), 2, "{times:?}");
    widget.remove();
}

#[wasm_bindgen_test]
async fn keys_move_the_focus_from_message_to_message() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server
        .agent_posts((1..=40).map(|number| format!("message {number}")))
        .await;
    wait_until("the messages", || {
        (widget.count(".row") >= 41).then_some(())
    })
    .await;
    let text = || {
        let row = focused(&widget)?;
        let bubble = row.query_selector(".bubble").ok()?;
        Some(bubble.map_or_else(
            || "notice".to_owned(),
            |it| it.text_content().unwrap_or_default(),
        ))
    };
    let field = widget.field().await;
    field.focus().expect("it takes the focus");
    widget.type_text("half").await;
    press(&widget, "PageUp");
    assert_eq!(
        focused(&widget).map(|it| it.tag_name()).as_deref(),
        Some("TEXTAREA"),
        "a text keeps its keys"
    );
    field.set_value("");
    press(&widget, "PageUp");
    assert_eq!(text().as_deref(), Some("message 40"));
    let list = widget.wait_for(".list").await;
    for (key, expected) in [
        ("ArrowUp", "message 39"),
        ("ArrowUp", "message 38"),
        ("PageUp", "message 30"),
        ("ArrowDown", "message 31"),
        ("Home", "notice"),
        ("ArrowUp", "notice"),
        ("ArrowDown", "message 1"),
        ("PageDown", "message 9"),
        ("End", "message 40"),
        ("ArrowDown", "message 40"),
    ] {
        press(&widget, key);
        assert_eq!(text().as_deref(), Some(expected), "{key}");
        let row = focused(&widget).expect("a row");
        assert!(is_within(&list, &row), "{expected} is visible after {key}");
    }
    let list_element: HtmlElement = list.clone().unchecked_into();
    for (key, expected) in [
        ("ArrowUp", "message 40"),
        ("Home", "notice"),
        ("End", "message 40"),
    ] {
        list_element.focus().expect("it takes the focus");
        press(&widget, key);
        assert_eq!(text().as_deref(), Some(expected), "{key} in the list");
    }
    widget.remove();
}

#[wasm_bindgen_test]
async fn texts_from_outside_have_no_language() {
    let (mut server, widget) = FakeServer::with_chat().await;
    server.agent_posts(["Guten Tag".to_owned()]).await;
    let bubble = widget.wait_for(".bubble").await;
    assert_eq!(bubble.get_attribute("lang").as_deref(), Some(""));
    let name = widget.wait_for(".name bdi").await;
    assert_eq!(name.get_attribute("lang").as_deref(), Some(""));
    widget.remove();
}

#[wasm_bindgen_test]
async fn the_dots_of_the_wait_rest_after_five_seconds() {
    let server = FakeServer::new();
    let widget = Widget::mounted(&server.options(&[])).styled();
    widget.open().await;
    widget.start_chat().await;
    let dots = widget.wait_for(".dots").await;
    let ends = "return Math.max(...it.getAnimations({ subtree: true }).map(it => it.effect.getComputedTiming().endTime))";
    let end = function(ends).call1(&JsValue::NULL, &dots);
    let end = end.expect("the script runs").as_f64().expect("a number");
    assert!(end > 0.0 && end < 5_000.0, "{end} ms");
    widget.remove();
}
