//! A computer that several people use, one after another: what is kept of a visitor, and what the next person finds. The
//! host (the web team's code on the page) calls `Pipit.forget()` at the logout, or names the visitor by `visitorKey`.

use fantoccini::wd::WindowHandle;
use pipit_e2e::{AgentAtDesk, TestServer, Visitor, wait_for};
use serde_json::{Value, json};

/// What the agent says. Nobody else may read it.
const SECRET: &str = "your balance is 4711";

/// A page with the widget. `attributes` are added to its script.
fn page(attributes: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>shop</title>\
         <script async src=/pipit/pipit.js data-session-endpoint=/session {attributes}></script></head><body></body></html>"
    )
}

/// The keys of everything that the browser stores for this page, and whether a value has the agent's text, the draft or a
/// session id in it.
async fn stored(visitor: &Visitor) -> Value {
    let script = "
        const texts = [sessionStorage, localStorage].flatMap((it) => Object.values(it)).join();
        return [Object.keys(sessionStorage), Object.keys(localStorage), /4711|my pin|\"session\"/.test(texts)]";
    visitor.browser.script(script, vec![]).await
}

/// Waits until the page's panel, if it is loaded, shows no message and no draft, and nothing of them is stored.
async fn wait_until_forgotten(visitor: &Visitor, what: &str) {
    let script = "
        const root = document.querySelector('pipit-chat')?.shadowRoot;
        const texts = [sessionStorage, localStorage].flatMap((it) => Object.values(it)).join();
        const shown = `${root?.textContent}${root?.querySelector('textarea')?.value}`;
        return [/4711|my pin/.test(shown), /4711|my pin|\"session\"/.test(texts), Pipit.getState().state]";
    let check = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(what, json!([false, false, "idle"]), check)
        .await;
}

/// Waits until the server has ended the newest engagement.
async fn wait_until_concluded(server: &TestServer, what: &str) {
    wait_for(what, || async {
        let state = server.state().await;
        let newest = state.get("engagements")?.as_array()?.last()?.clone();
        (newest.get("phase") == Some(&json!("concluded"))).then_some(())
    })
    .await;
}

/// Starts a chat in the current window, in which the agent has said the secret.
async fn chat(server: &TestServer, visitor: &Visitor, agent: &AgentAtDesk) {
    perform(visitor, "Pipit.open()").await;
    visitor.click("start").await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    agent.send_message(SECRET).await;
    visitor.wait_for_last_message(&format!("< {SECRET}")).await;
    visitor.type_text("my pin").await;
    assert!(!server.state().await.is_null());
}

/// Calls a command of `Pipit` and waits until its promise is fulfilled.
async fn perform(visitor: &Visitor, call: &str) {
    let script = format!(
        "const done = arguments[0]; {call}.then(() => done(true), (it) => done(`${{it}}`))"
    );
    assert_eq!(
        visitor.browser.script_async(&script, vec![]).await,
        json!(true),
        "{call}"
    );
}

async fn open(visitor: &Visitor, url: &str) -> WindowHandle {
    visitor.browser.open_second_window(url).await;
    visitor.part("launcher").await;
    visitor.browser.window().await
}

#[tokio::test(flavor = "multi_thread")]
async fn forgetting_in_any_tab_empties_every_tab_and_ends_the_chat() {
    let server = TestServer::with_page(&page("")).await;
    // This page loads the panel's code only on demand, so it has neither a panel nor the WASM.
    server.serve("manual.html", &page("data-load=manual"));
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    let first = visitor.browser.window().await;
    let second = open(&visitor, &server.site()).await;
    let unloaded = open(&visitor, &format!("{}/manual.html", server.site())).await;
    // This tab goes to another page of the site, and comes back later.
    let away = open(&visitor, &server.site()).await;
    for caller in [&first, &second, &unloaded] {
        visitor.browser.switch_to_window(&away).await;
        visitor.browser.open_page(&server.site()).await;
        visitor.browser.switch_to_window(&first).await;
        chat(&server, &visitor, &agent).await;
        for window in [&second, &away] {
            visitor.browser.switch_to_window(window).await;
            perform(&visitor, "Pipit.open()").await;
            visitor.wait_for_last_message(&format!("< {SECRET}")).await;
        }
        visitor
            .browser
            .open_page(&format!("{}/manual.html", server.site()))
            .await;
        visitor.browser.switch_to_window(caller).await;
        perform(&visitor, "Pipit.forget()").await;
        assert_eq!(
            stored(&visitor).await,
            json!([[], ["pipit.1.forgotten"], false])
        );
        for window in [&first, &second, &unloaded] {
            visitor.browser.switch_to_window(window).await;
            wait_until_forgotten(&visitor, "an empty tab").await;
        }
        visitor.browser.switch_to_window(&away).await;
        visitor.browser.script("history.back()", vec![]).await;
        visitor.part("launcher").await;
        wait_until_forgotten(&visitor, "an empty tab after it has come back").await;
        wait_until_concluded(&server, "the end at the server").await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}
