//! Whole conversations by keyboard alone. Each step checks the focus.

use fantoccini::key::Key;
use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

async fn tab(visitor: &Visitor, to: &str) {
    visitor.browser.press(Key::Tab, false).await;
    visitor.wait_for_focus(to).await;
}

async fn tab_back(visitor: &Visitor, to: &str) {
    visitor.browser.press(Key::Tab, true).await;
    visitor.wait_for_focus(to).await;
}

async fn press(visitor: &Visitor, key: Key, then: &str) {
    visitor.browser.press(key, false).await;
    visitor.wait_for_focus(then).await;
}

async fn launcher_says(visitor: &Visitor, expanded: &str) {
    let script = "return root.querySelector('.launcher').getAttribute('aria-expanded')";
    let read = async || visitor.script(script, "*").await;
    visitor
        .browser
        .wait_until_equal("aria-expanded", json!(expanded), read)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_conversation_by_keyboard() {
    let server = TestServer::start().await;
    let agent = server.agent().await;
    agent.wait_until_logged_on().await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;

    // The launcher is the last element of the page.
    tab_back(&visitor, "launcher").await;
    launcher_says(&visitor, "false").await;
    press(&visitor, Key::Enter, "field").await;
    launcher_says(&visitor, "true").await;

    visitor.start().await;
    visitor.wait_for_focus("field").await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    visitor.send_message("Hello!").await;
    agent.wait_for_last_message("> Hello!").await;

    tab(&visitor, "preview-switch").await;
    tab(&visitor, "send").await;
    tab_back(&visitor, "preview-switch").await;
    tab_back(&visitor, "field").await;
    tab_back(&visitor, "attach-file").await;
    tab_back(&visitor, "list").await;
    tab_back(&visitor, "close").await;
    tab_back(&visitor, "more").await;

    // Escape closes the innermost element and returns the focus.
    press(&visitor, Key::Enter, "more").await;
    visitor.part("menu").await;
    press(&visitor, Key::Escape, "more").await;
    visitor.wait_until_gone("menu").await;
    visitor.part("panel").await;

    // The menu closes when the focus leaves it.
    press(&visitor, Key::Enter, "more").await;
    for item in ["save-text", "save-page", "print", "sound", "end", "close"] {
        tab(&visitor, item).await;
    }
    visitor.wait_until_gone("menu").await;
    tab_back(&visitor, "more").await;

    // Ending the chat asks for confirmation, and *no* is the first button.
    for answer in ["no", "yes"] {
        press(&visitor, Key::Enter, "more").await;
        for item in ["save-text", "save-page", "print", "sound", "end"] {
            tab(&visitor, item).await;
        }
        press(&visitor, Key::Enter, "keep").await;
        if answer == "no" {
            press(&visitor, Key::Escape, "more").await;
            visitor.wait_until_gone("ask").await;
        }
    }
    tab(&visitor, "end-confirm").await;
    press(&visitor, Key::Enter, "list").await;
    visitor.wait_for_part_text("status", "Chat ended").await;

    tab(&visitor, "survey-link").await;
    tab(&visitor, "save").await;
    tab(&visitor, "start").await;
    press(&visitor, Key::Enter, "field").await;
    visitor.part("waiting").await;

    press(&visitor, Key::Escape, "launcher").await;
    visitor.wait_until_gone("panel").await;
    launcher_says(&visitor, "false").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_element_pressed_while_the_conversation_part_loads_is_kept() {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    visitor.delay_conversation_part().await;
    visitor.open_panel().await;
    let css = "[part=close], [part=list], textarea";
    let stands = "window.stood ??= seen; return seen.map((it, index) => it === stood[index] && it.isConnected)";
    assert_eq!(visitor.script(stands, css).await, json!(vec![true; 3]));
    visitor.script("seen[0].focus()", "[part=list]").await;
    visitor.wait_until_gone("announcer").await;
    visitor.release_conversation_part().await;
    visitor.part("announcer").await;
    assert_eq!(visitor.script(stands, css).await, json!(vec![true; 3]));
    visitor.wait_for_focus("list").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_the_panel_is_a_modal_sheet_that_does_not_change_the_page() {
    let server = TestServer::start().await;
    let visitor = server.visitor_with_screen((390, 844)).await;
    visitor.part("launcher").await;
    let outer = "return document.documentElement.cloneNode().outerHTML + document.body.cloneNode().outerHTML";
    let before = visitor.browser.script(outer, vec![]).await;
    visitor.open_panel().await;
    visitor.wait_until_still().await;
    let modal = visitor
        .script("return seen[0].matches(':modal')", ".panel")
        .await;
    assert_eq!(modal, json!(true));
    assert_eq!(visitor.browser.script(outer, vec![]).await, before);
    // After the last element the focus is on the sheet itself or in the browser's toolbar, which counts as the page's
    // body. Firefox's driver cannot return from there.
    let mut seen = std::collections::BTreeSet::new();
    for back in [false, true] {
        visitor.script("seen[0].focus()", "textarea").await;
        visitor.wait_for_focus("field").await;
        for _ in 0..5 {
            seen.insert(visitor.focused_part().await);
            visitor.browser.press(Key::Tab, back).await;
        }
    }
    seen.retain(|it| !["body", "panel"].contains(&it.as_str()));
    let within = ["close", "field", "list", "send"];
    assert_eq!(seen.iter().collect::<Vec<_>>(), within);

    // The on-screen keyboard covers the lower part of the screen.
    let keyboard = "
        for (const [name, value] of [['height', 500], ['offsetTop', 40]])
            Object.defineProperty(visualViewport, name, { value, configurable: true });
        visualViewport.dispatchEvent(new Event('resize'));";
    visitor.browser.script(keyboard, vec![]).await;
    let place = "const box = seen[0].getBoundingClientRect(); return [box.top, box.bottom]";
    let read = async || visitor.script(place, ".panel").await;
    visitor
        .browser
        .wait_until_equal("the panel above the keyboard", json!([40, 540]), read)
        .await;
    let small = "return seen.filter(it => parseFloat(getComputedStyle(it).fontSize) < 16).length";
    assert_eq!(visitor.script(small, "textarea, input").await, json!(0));

    // After a touch on an element that cannot have the focus, no element has it.
    visitor.script("root.activeElement?.blur()", "*").await;
    visitor.wait_for_focus("body").await;
    press(&visitor, Key::Escape, "launcher").await;
    visitor.wait_until_gone("panel").await;
    visitor.browser.close().await;
}
