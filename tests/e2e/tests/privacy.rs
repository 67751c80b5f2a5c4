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
        const shown = `${root?.textContent} ${root?.querySelector('textarea')?.value}`;
        return [shown.match(/.{0,80}(4711|my pin)/)?.[0] ?? '', /4711|my pin|\"session\"/.test(texts), Pipit.getState().state]";
    let check = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(what, json!(["", false, "idle"]), check)
        .await;
}

/// Waits until the server has ended the newest engagement, and lets the agent release it. An agent can hold only a few.
async fn wait_until_concluded(server: &TestServer, agent: &AgentAtDesk, what: &str) {
    wait_for(what, || async {
        let state = server.state().await;
        let newest = state.get("engagements")?.as_array()?.last()?.clone();
        (newest.get("phase") == Some(&json!("concluded"))).then_some(())
    })
    .await;
    agent.click("release").await;
    agent.wait_until_gone("conversation").await;
}

/// Starts a chat in the current window, in which the agent has said the secret.
async fn chat(server: &TestServer, visitor: &Visitor, agent: &AgentAtDesk) {
    perform(visitor, "Pipit.open()").await;
    visitor.start().await;
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
        // The browser may restore the page as it was, with its open panel.
        let is_back = async || {
            let script = "return location.pathname !== '/manual.html' && !!window.Pipit?.getState";
            visitor.browser.script(script, vec![]).await
        };
        visitor
            .browser
            .wait_until_equal("the page before", json!(true), is_back)
            .await;
        wait_until_forgotten(&visitor, "an empty tab after it has come back").await;
        wait_until_concluded(&server, &agent, "the end at the server").await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_visitor_an_ended_chat_and_a_destroyed_chat_leave_nothing_to_the_next_page() {
    let server = TestServer::with_page(&page("data-visitor-key=mia@fernhill.example")).await;
    for (file, key) in [("leo", "data-visitor-key=leo"), ("nobody", "")] {
        server.serve(&format!("{file}.html"), &page(key));
    }
    let url = |file: &str| format!("{}/{file}", server.site());
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    let first = visitor.browser.window().await;
    let changes: [(&str, Option<&str>); 5] = [
        // Another visitor or nobody in the same tab, and in a new tab.
        ("leo.html", None),
        ("nobody.html", None),
        ("leo.html", Some("new tab")),
        // The page changes the visitor while the chat is on it.
        ("Pipit.update({ visitorKey: 'leo' })", Some("call")),
        ("Pipit.update({ visitorKey: null })", Some("call")),
    ];
    for (change, how) in changes {
        visitor.browser.switch_to_window(&first).await;
        visitor.browser.open_page(&url("index.html")).await;
        visitor.part("launcher").await;
        chat(&server, &visitor, &agent).await;
        let keys = stored(&visitor).await.to_string();
        assert!(!keys.contains("mia"), "{keys}");
        // The same visitor finds the conversation after a reload.
        visitor.reload().await;
        visitor.wait_for_last_message(&format!("< {SECRET}")).await;
        match how {
            None => visitor.browser.open_page(&url(change)).await,
            Some("call") => perform(&visitor, change).await,
            Some(_) => {
                open(&visitor, &url(change)).await;
                perform(&visitor, "Pipit.open()").await;
            }
        }
        wait_until_forgotten(&visitor, change).await;
        visitor.browser.switch_to_window(&first).await;
        wait_until_forgotten(&visitor, change).await;
        wait_until_concluded(&server, &agent, change).await;
    }

    // An ended conversation stays where it was, and a new tab does not show it.
    visitor.browser.open_page(&url("nobody.html")).await;
    visitor.part("launcher").await;
    chat(&server, &visitor, &agent).await;
    visitor.end_chat().await;
    wait_until_concluded(&server, &agent, "the end").await;
    open(&visitor, &url("nobody.html")).await;
    perform(&visitor, "Pipit.open()").await;
    visitor.part("welcome").await;
    assert_eq!(visitor.conversation().await, [""; 0]);
    visitor.browser.switch_to_window(&first).await;
    visitor.wait_for_last_message(&format!("< {SECRET}")).await;

    // After `destroy`, the next chat on the page goes on, and the next page finds nothing.
    visitor.start().await;
    agent.accept().await;
    agent.send_message(SECRET).await;
    visitor.wait_for_last_message(&format!("< {SECRET}")).await;
    perform(&visitor, "Pipit.destroy()").await;
    assert_eq!(stored(&visitor).await.get(2), Some(&json!(false)));
    perform(&visitor, "Pipit.open()").await;
    visitor.wait_for_last_message(&format!("< {SECRET}")).await;
    perform(&visitor, "Pipit.destroy()").await;
    visitor.reload().await;
    wait_until_forgotten(&visitor, "a new page after `destroy`").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

/// What a script of the page does to the browser before the visitor is forgotten: the other tabs then learn of it only by a
/// message, or only by the storage. The second script undoes it, where the test reads the storage itself.
const OBSTACLES: [(&str, &str); 3] = [
    (
        "const own = Object.getOwnPropertyDescriptor(window, 'localStorage');
         window.undo = () => own ? Object.defineProperty(window, 'localStorage', own) : delete window.localStorage;
         Object.defineProperty(window, 'localStorage', { configurable: true, get() { throw new Error('blocked') } })",
        "undo()",
    ),
    (
        "const { setItem } = Storage.prototype;
         Storage.prototype.setItem = function (...values) {
             if (this === localStorage) throw new DOMException('full', 'QuotaExceededError');
             setItem.apply(this, values);
         }",
        "",
    ),
    ("BroadcastChannel.prototype.postMessage = () => {}", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_on_its_way_or_cannot_be_stored_is_forgotten() {
    let server = TestServer::with_page(&page("")).await;
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    let first = visitor.browser.window().await;
    let second = open(&visitor, &server.site()).await;
    for (obstacle, undo) in OBSTACLES {
        visitor.browser.switch_to_window(&first).await;
        visitor.browser.open_page(&server.site()).await;
        visitor.part("launcher").await;
        chat(&server, &visitor, &agent).await;
        visitor.browser.switch_to_window(&second).await;
        perform(&visitor, "Pipit.open()").await;
        visitor.wait_for_last_message(&format!("< {SECRET}")).await;
        visitor.browser.switch_to_window(&first).await;
        visitor.browser.script(obstacle, vec![]).await;
        perform(&visitor, "Pipit.forget()").await;
        visitor.browser.script(undo, vec![]).await;
        wait_until_forgotten(&visitor, obstacle).await;
        visitor.browser.switch_to_window(&second).await;
        wait_until_forgotten(&visitor, obstacle).await;
        wait_until_concluded(&server, &agent, obstacle).await;
    }

    // A text that waits for the host is not sent in the next visitor's name.
    let hook = "<script>window.Pipit = { config: {
        beforeSend: (text) => new Promise((resolve) => (window.accept = () => resolve(text))) } }</script><title>";
    server.serve("hook.html", &page("").replace("<title>", hook));
    visitor.browser.switch_to_window(&first).await;
    visitor
        .browser
        .open_page(&format!("{}/hook.html", server.site()))
        .await;
    visitor.part("launcher").await;
    chat(&server, &visitor, &agent).await;
    perform(&visitor, "Pipit.send('my pin is 4711')").await;
    perform(&visitor, "Pipit.forget()").await;
    visitor.browser.script("accept()", vec![]).await;
    wait_until_forgotten(&visitor, "a text that waits").await;
    visitor.start().await;
    agent.accept().await;
    agent.send_message("of the next visitor").await;
    visitor
        .wait_for_conversation(
            &[
                "< Hi, this is Ana Marques. How can I help you?",
                "< of the next visitor",
            ]
            .map(str::to_owned),
        )
        .await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_in_the_frame_is_forgotten_from_any_tab() {
    // The policy forbids WebAssembly, so the panel runs in the frame.
    let refusal = "<meta http-equiv=Content-Security-Policy content=\"script-src 'self' http://localhost:*\">";
    let server =
        TestServer::with_page(&page("").replace("<title>", &format!("{refusal}<title>"))).await;
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    let first = visitor.browser.window().await;
    let second = open(&visitor, &server.site()).await;
    for caller in [&first, &second] {
        visitor.browser.switch_to_window(&first).await;
        perform(&visitor, "Pipit.send('my pin is 4711')").await;
        agent.accept().await;
        let state = async || {
            let script = "return [Pipit.getState().state, Object.values(sessionStorage).some((text) => text.includes('4711'))]";
            visitor.browser.script(script, vec![]).await
        };
        let expected = json!(["chatting", true]);
        visitor
            .browser
            .wait_until_equal("the chat in the frame", expected, state)
            .await;
        visitor.browser.switch_to_window(caller).await;
        perform(&visitor, "Pipit.forget()").await;
        visitor.browser.switch_to_window(&first).await;
        wait_until_forgotten(&visitor, "the frame").await;
        let names = stored(&visitor).await.to_string();
        assert!(names.contains("pipit.1.forgotten"), "{names}");
        wait_until_concluded(&server, &agent, "the end at the server").await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}
