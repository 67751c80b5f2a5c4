//! Where a page or its browser lets no WebAssembly run, the launcher leads somewhere all the same.

use pipit_e2e::{AgentAtDesk, Visitor, World};
use serde_json::json;

/// What stands before the loader, each of which keeps WebAssembly from running.
const REFUSALS: [&str; 3] = [
    r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'; frame-src 'none'">"#,
    r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'"><script>delete window.WebAssembly</script>"#,
    r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'">
       <script>WebAssembly.compile = WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError("no") }</script>"#,
];

const LISTENER: &str = r"<script>
    window.errors = [];
    const { error } = console;
    console.error = (told) => { errors.push(`${told.code} ${told.message}`); error(told) };
</script>";

const LOADER: &str = r#"<script src="/pipit/pipit.js" data-session-endpoint="/session" data-title="Fernhill"
    data-contact="Mon-Fri 9-5,tel:+123456,https://fernhill.example/help"></script>"#;

fn page(refusal: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{refusal}{LISTENER}</head><body>{LOADER}</body></html>"
    )
}

/// Scripts may run, WebAssembly may not.
const REFUSAL: &str = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' http://localhost:* 'unsafe-inline'">"#;

/// Listens to events.
const TOLD: &str = r#"<script>
    window.told = [];
    for (const type of ["message-received", "chat-started", "widget-opened", "widget-closed"])
        addEventListener(`pipit-${type}`, ({ detail }) => told.push(detail.text ?? detail.type));
</script>"#;

async fn script(visitor: &Visitor, script: &str) -> serde_json::Value {
    visitor.browser.script_async(script, vec![]).await
}

/// Holds a conversation by commands and events, as ever.
async fn talks(world: &World, visitor: &Visitor) -> AgentAtDesk {
    let send =
        "Pipit.send('hello').then(() => arguments[0](null), ({ code }) => arguments[0](code))";
    assert_eq!(script(visitor, send).await, json!(null));
    let agent = world.agent().await;
    agent.accept().await;
    agent.wait_for_last_message("> hello").await;
    agent.send_message("good day").await;
    let told = async || visitor.browser.script("return told.at(-1)", vec![]).await;
    visitor
        .browser
        .wait_until_equal("the event", json!("good day"), told)
        .await;
    agent
}

#[tokio::test(flavor = "multi_thread")]
async fn where_frames_are_refused_too_a_card_says_how_else_the_host_can_be_reached() {
    for refusal in REFUSALS {
        let world = World::with_page(&page(refusal)).await;
        let visitor = world.visitor().await;
        visitor.open_panel().await;
        visitor
            .wait_for_text("[part~=mishap][role=alert] h3", "The chat cannot run here")
            .await;
        let ways = "return seen.map(it => [it.textContent, it.getAttribute('href')])";
        let ways = visitor.script(ways, "[part~=contact]").await;
        let expected = json!([
            ["Mon-Fri 9-5", null],
            ["+123456", "tel:+123456"],
            ["fernhill.example/help", "https://fernhill.example/help"],
        ]);
        assert_eq!(ways, expected);
        assert_eq!(visitor.focused_part().await, "panel");
        assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
        let told = script(&visitor, "arguments[0](errors)").await.to_string();
        assert!(
            told.contains("E_WASM_BLOCKED") && told.contains("'wasm-unsafe-eval' to script-src"),
            "{told}"
        );

        // By keys too, and again.
        visitor.close_by_escape().await;
        visitor.open_panel().await;
        let send = "Pipit.send('hello').catch(({ code }) => arguments[0](code))";
        assert_eq!(script(&visitor, send).await, json!("E_WASM_BLOCKED"));
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_the_page_refuses_it_the_chat_runs_in_a_frame() {
    let world = World::with_page(&page(&format!("{REFUSAL}{TOLD}"))).await;
    let visitor = world.visitor().await;
    visitor.open_panel().await;
    let inner = async |what: &str| {
        let script = format!(
            "const inner = document.querySelector('pipit-chat').shadowRoot.querySelector('iframe')
                ?.contentDocument?.querySelector('pipit-chat')?.shadowRoot;
             return inner?.{what}"
        );
        visitor.browser.script(&script, vec![]).await
    };
    let start = "querySelector('[part~=start]')?.textContent.trim()";
    visitor
        .browser
        .wait_until_equal("the panel in the frame", json!("Start chat"), async || {
            inner(start).await
        })
        .await;

    let agent = talks(&world, &visitor).await;
    let wrong = "Pipit.update({ theme: 'blue' }).catch(({ code }) => arguments[0](code))";
    assert_eq!(script(&visitor, wrong).await, json!("E_OPTION"));
    let state = "return [Pipit.getState().state, Pipit.getState().isOpen]";
    let state = visitor.browser.script(state, vec![]).await;
    assert_eq!(state, json!(["chatting", true]));

    // Closed from within; what comes then is counted outside.
    inner("querySelector('[part~=close]').click()").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("still there?").await;
    let badge = async || {
        visitor
            .script("return seen.map(it => it.dataset.count)", ".badge")
            .await
    };
    visitor
        .browser
        .wait_until_equal("the badge", json!(["1"]), badge)
        .await;

    // The page's next load goes on by itself.
    visitor.reload().await;
    let state = async || {
        let state = "return Pipit.getState().state";
        visitor.browser.script(state, vec![]).await
    };
    visitor
        .browser
        .wait_until_equal("the state", json!("chatting"), state)
        .await;
    visitor.open_panel().await;
    let last = "querySelector('[part~=list]').textContent.includes('still there?')";
    visitor
        .browser
        .wait_until_equal("the conversation", json!(true), async || inner(last).await)
        .await;
    let destroyed =
        "Pipit.destroy().then(() => arguments[0](document.querySelectorAll('pipit-chat').length))";
    assert_eq!(script(&visitor, destroyed).await, json!(0));
    agent.browser.close().await;
    visitor.browser.close().await;
}

/// Then neither side can reach into the other; the session is the page's affair all the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_frame_may_be_of_another_origin() {
    let world = World::with_page("").await;
    world.list_frame_origins("listed", &world.site());
    let host = format!("{}/listed/", world.other_origin());
    let page = page(&format!("{REFUSAL}{TOLD}")).replace("/pipit/", &host);
    world.serve("index.html", &page);
    let visitor = world.visitor().await;
    visitor.open_panel().await;
    let agent = talks(&world, &visitor).await;
    let reached =
        "const frame = document.querySelector('pipit-chat').shadowRoot.querySelector('iframe');
        return [new URL(frame.src).hostname, frame.contentDocument]";
    let reached = visitor.browser.script(reached, vec![]).await;
    assert_eq!(reached, json!(["localhost", null]));
    agent.browser.close().await;
    visitor.browser.close().await;
}
