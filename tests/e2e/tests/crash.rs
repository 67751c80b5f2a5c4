//! The WASM breaks in mid-conversation, or a part of it does not come: the visitor is told, and goes on.

use pipit_e2e::{Visitor, World};
use serde_json::json;

/// Runs before the loader and keeps what the browser makes of the widget's WASM, so that a test can break it:
/// without its table of functions, whatever is done in it next, here that the visitor types, is a trap.
const PAGE: &str = r#"<!doctype html><html lang=en><body><script>
    window.made = [];
    window.errors = [];
    addEventListener("pipit-error", ({ detail }) => errors.push(detail.code));
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (...values) => {
        const instance = await instantiate(...values);
        made.push(instance);
        return instance;
    };
    window.breakTable = () => {
        const table = made.at(-1).exports.__indirect_function_table;
        for (let i = 0; i < table.length; i++) table.set(i, null);
    };
    window.breakIt = () => {
        breakTable();
        document.querySelector("pipit-chat").shadowRoot.querySelector("textarea").dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
</script><script src="/pipit/pipit.js" data-session-endpoint="/session"
    data-contact="Mon-Fri 9-5,tel:+123456,mailto:help@fernhill.example"></script></body></html>"#;

async fn breaks(visitor: &Visitor) {
    visitor.browser.script("breakIt()", vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_trap_a_fresh_instance_goes_on_with_the_conversation() {
    let world = World::with_page(PAGE).await;
    let (visitor, agent) = world.start_conversation().await;
    let said = visitor.conversation().await;

    for time in 1..=3 {
        breaks(&visitor).await;
        let told =
            "Something went wrong here, so the chat was started again. Your conversation goes on.";
        visitor
            .wait_for_text("[part~=mishap][role=alert]", told)
            .await;
        let errors = visitor.browser.script("return errors", vec![]).await;
        assert_eq!(errors, json!(vec!["E_CRASHED"; time]));
        let made = visitor.browser.script("return made.length", vec![]).await;
        assert_eq!(made, json!(1 + time), "a new instance, and only one");
        visitor.wait_for_text(".name", "Ana Marques").await;
    }
    visitor.wait_for_conversation(&said).await;

    // In both directions, once each.
    agent.send_message("still there?").await;
    visitor.wait_for_last_message("< still there?").await;
    visitor.send_message("yes").await;
    agent.wait_for_last_message("> yes").await;
    visitor.wait_until_gone("mishap").await;
    assert_eq!(visitor.conversation().await.len(), said.len() + 2);

    // What does not help three times does not help.
    breaks(&visitor).await;
    visitor
        .wait_for_text("[part~=mishap] h3", "The chat does not work right now")
        .await;
    let ways = visitor
        .script(
            "return seen.map(it => it.getAttribute('href'))",
            "[part~=contact]",
        )
        .await;
    assert_eq!(
        ways,
        json!([null, "tel:+123456", "mailto:help@fernhill.example"])
    );
    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    visitor.open_panel().await;
    let refused = "Pipit.send('hello').catch(({ code }) => arguments[0](code))";
    let code = visitor.browser.script_async(refused, vec![]).await;
    assert_eq!(code, json!("E_CRASHED"));

    // The page's next load finds all as it was.
    visitor.reload().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    visitor.send_message("back").await;
    agent.wait_for_last_message("> back").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_broke_behind_a_closed_panel_is_told_when_it_is_opened() {
    let world = World::with_page(PAGE).await;
    let (visitor, agent) = world.start_conversation().await;
    for time in 1..=2 {
        visitor.click("close").await;
        visitor.wait_until_gone("panel").await;
        let broken =
            "breakTable(); Pipit.setDraft('half a').catch(({ code }) => arguments[0](code))";
        let broken = visitor.browser.script_async(broken, vec![]).await;
        assert_eq!(broken, json!("E_CRASHED"));
        let made = async || visitor.browser.script("return made.length", vec![]).await;
        visitor
            .browser
            .wait_until_equal("another instance", json!(1 + time), made)
            .await;
        visitor.open_panel().await;
        let told =
            "Something went wrong here, so the chat was started again. Your conversation goes on.";
        visitor
            .wait_for_text("[part~=mishap][role=alert]", told)
            .await;
    }
    agent.send_message("still there?").await;
    visitor.wait_for_last_message("< still there?").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_does_not_come_is_asked_for_again_and_then_does_what_was_wanted() {
    let page = r#"<!doctype html><html lang=en><body><script>
        const real = window.fetch;
        window.isCut = true;
        window.asked = 0;
        window.mend = () => { isCut = false; dispatchEvent(new Event("online")) };
        window.fetch = (what, ...more) => isCut && String(what).includes("split_conversation")
            ? (asked++, Promise.reject(new TypeError("cut"))) : real(what, ...more);
    </script><script src="/pipit/pipit.js" data-session-endpoint="/session"></script></body></html>"#;
    let world = World::with_page(page).await;
    let visitor = world.visitor().await;
    visitor.open_panel().await;
    visitor.wait_for_part_text("status", "Not connected").await;
    visitor.send_message("anyone?").await;
    // By itself, again and again.
    let asked = async || visitor.browser.script("return asked > 1", vec![]).await;
    visitor
        .browser
        .wait_until_equal("asked again", json!(true), asked)
        .await;
    visitor.browser.script("mend()", vec![]).await;
    visitor
        .wait_for_conversation(&["> anyone?".to_owned()])
        .await;
    visitor
        .wait_for_part_text("status", "Waiting for an agent")
        .await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_launcher_says_that_the_panel_is_on_its_way_and_can_be_pressed_again() {
    let page = r#"<!doctype html><html lang=en><body><script>
        const real = window.fetch;
        window.fetch = (what, ...more) => window.cut === undefined && String(what).includes("widget_bg")
            ? new Promise((_, reject) => window.cut = () => reject(new TypeError("cut"))) : real(what, ...more);
    </script><script src="/pipit/pipit.js" data-session-endpoint="/session"></script></body></html>"#;
    let world = World::with_page(page).await;
    let visitor = world.visitor().await;
    let sees = async |what: &str, expected: bool| {
        let busy = "return [seen[0].getAttribute('aria-busy'), getComputedStyle(seen[0]).opacity < 1].join()";
        let expected = if expected { "true,true" } else { ",false" };
        let look = async || visitor.script(busy, "[part~=launcher]").await;
        visitor
            .browser
            .wait_until_equal(what, json!(expected), look)
            .await;
    };
    sees("a launcher at rest", false).await;
    visitor.click("launcher").await;
    sees("a launcher that waits for its panel", true).await;
    visitor.browser.script("cut()", vec![]).await;
    sees("a launcher whose panel did not come", false).await;
    visitor.open_panel().await;
    sees("a launcher with its panel", false).await;
    visitor.browser.close().await;
}
