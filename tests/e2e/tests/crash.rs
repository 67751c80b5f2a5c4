//! Crashes of the WASM and parts that fail to load: the visitor gets a message and can continue.

use pipit_e2e::{TestServer, Visitor};
use serde_json::json;

/// A script that runs before the loader and keeps the instances of the widget's WASM, so that a test can break them.
/// Without its table of functions, the instance traps at the next input, for example when the visitor types.
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

/// Makes the current instance trap.
async fn break_wasm(visitor: &Visitor) {
    visitor.browser.script("breakIt()", vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_trap_a_new_instance_continues_the_conversation() {
    let server = TestServer::with_page(PAGE).await;
    let (visitor, agent) = server.start_conversation().await;
    let messages = visitor.conversation().await;

    for time in 1..=3 {
        break_wasm(&visitor).await;
        let text =
            "Something went wrong here, so we restarted the chat. Your conversation continues.";
        visitor
            .wait_for_text("[part~=mishap][role=alert]", text)
            .await;
        let errors = visitor.browser.script("return errors", vec![]).await;
        assert_eq!(errors, json!(vec!["E_CRASHED"; time]));
        let made = visitor.browser.script("return made.length", vec![]).await;
        assert_eq!(made, json!(1 + time), "a new instance, and only one");
        visitor.wait_for_text(".name", "Ana Marques").await;
    }
    visitor.wait_for_conversation(&messages).await;

    // A message in each direction arrives once.
    agent.send_message("still there?").await;
    visitor.wait_for_last_message("< still there?").await;
    visitor.send_message("yes").await;
    agent.wait_for_last_message("> yes").await;
    visitor.wait_until_gone("mishap").await;
    assert_eq!(visitor.conversation().await.len(), messages.len() + 2);

    // After three restarts the widget gives up.
    break_wasm(&visitor).await;
    visitor
        .wait_for_text("[part~=mishap] h3", "Chat isn't working right now")
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

    // After a reload the conversation is complete.
    visitor.reload().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    visitor.send_message("back").await;
    agent.wait_for_last_message("> back").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

/// Breaks the instance, and waits for its lock before the next instance does. Gives true when the lock is free, or a text
/// if there was no lock. Firefox frees a lock a moment later, so the request waits.
const BREAK_AND_LOCK: &str = r#"
    const [done] = arguments;
    navigator.locks.query().then(({ held }) => {
        const name = held.map(({ name }) => name).find(name => name.startsWith("pipit."));
        if (!name) return done("no lock");
        breakIt();
        return Promise.resolve().then(() => navigator.locks.request(name, lock => done(!!lock)));
    })"#;

/// A script of the page has replaced the function that stores the draft. It types again while the WASM handles what was
/// typed.
const TYPE_INSIDE: &str = r#"
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (...values) {
        window.inside = (window.inside ?? 0) + 1;
        if (inside < 5) document.querySelector("pipit-chat").shadowRoot.querySelector("textarea").dispatchEvent(new InputEvent("input", { bubbles: true }));
        return setItem.apply(this, values);
    };"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_trap_frees_the_lock_at_once_and_an_event_inside_an_event_is_no_trap() {
    let server = TestServer::with_page(PAGE).await;
    let (visitor, agent) = server.start_conversation().await;
    visitor.browser.script(TYPE_INSIDE, vec![]).await;
    visitor.send_message("typed twice").await;
    agent.wait_for_last_message("> typed twice").await;
    let state = "return [made.length, errors.length, inside > 1]";
    let state = visitor.browser.script(state, vec![]).await;
    assert_eq!(state, json!([1, 0, true]));
    let is_free = visitor.browser.script_async(BREAK_AND_LOCK, vec![]).await;
    assert_eq!(is_free, json!(true));
    // The new instance leads.
    agent.send_message("still there?").await;
    visitor.wait_for_last_message("< still there?").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_while_the_panel_is_closed_is_reported_when_it_is_opened() {
    let server = TestServer::with_page(PAGE).await;
    let (visitor, agent) = server.start_conversation().await;
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
        let text =
            "Something went wrong here, so we restarted the chat. Your conversation continues.";
        visitor
            .wait_for_text("[part~=mishap][role=alert]", text)
            .await;
    }
    agent.send_message("still there?").await;
    visitor.wait_for_last_message("< still there?").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_part_that_fails_to_load_is_requested_again_and_then_sends_the_message() {
    let page = r#"<!doctype html><html lang=en><body><script>
        const real = window.fetch;
        window.isCut = true;
        window.requests = 0;
        window.mend = () => { isCut = false; dispatchEvent(new Event("online")) };
        window.fetch = (what, ...more) => isCut && String(what).includes("split_conversation")
            ? (requests++, Promise.reject(new TypeError("cut"))) : real(what, ...more);
    </script><script src="/pipit/pipit.js" data-session-endpoint="/session"></script></body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.wait_for_part_text("status", "Not connected").await;
    visitor.send_message("anyone?").await;
    // The widget requests the part repeatedly by itself.
    let is_repeated = async || visitor.browser.script("return requests > 1", vec![]).await;
    visitor
        .browser
        .wait_until_equal("repeated requests", json!(true), is_repeated)
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
async fn a_clicked_launcher_is_busy_until_the_panel_loads_and_can_be_clicked_again_after_a_failure()
{
    let page = r#"<!doctype html><html lang=en><body><script>
        const real = window.fetch;
        window.fetch = (what, ...more) => window.cut === undefined && String(what).includes("widget_bg")
            ? new Promise((_, reject) => window.cut = () => reject(new TypeError("cut"))) : real(what, ...more);
    </script><script src="/pipit/pipit.js" data-session-endpoint="/session"></script></body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    let wait_until_busy = async |what: &str, expected: bool| {
        let busy = "return [seen[0].getAttribute('aria-busy'), getComputedStyle(seen[0]).opacity < 1].join()";
        let expected = if expected { "true,true" } else { ",false" };
        let read = async || visitor.script(busy, "[part~=launcher]").await;
        visitor
            .browser
            .wait_until_equal(what, json!(expected), read)
            .await;
    };
    wait_until_busy("a launcher at rest", false).await;
    visitor.click("launcher").await;
    wait_until_busy("a launcher that waits for its panel", true).await;
    visitor.browser.script("cut()", vec![]).await;
    wait_until_busy("a launcher whose panel did not come", false).await;
    visitor.open_panel().await;
    wait_until_busy("a launcher with its panel", false).await;
    visitor.browser.close().await;
}
