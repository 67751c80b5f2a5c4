//! The start of a conversation: the form, the use of its answers, and notices to the visitor.

use pipit_e2e::{SIZES, TestServer, Visitor};
use serde_json::{Value, json};

/// A page in this language, whose widget has these options.
fn page(language: &str, config: &Value) -> String {
    format!(
        "<!doctype html><html lang={language}><head><meta charset=utf-8><title>Fernhill</title>
         <meta name=viewport content='width=device-width'>
         <script>window.Pipit = {{ config: {config} }}</script>
         <script async src=/pipit/pipit.js data-session-endpoint=/session></script></head><body></body></html>"
    )
}

fn form() -> Value {
    json!([
        { "name": "firstName", "required": true },
        { "name": "emailAddress", "required": true },
        { "name": "productId", "options": [
            { "value": 7, "label": "Spaten" }, { "value": 8, "label": "Gießkannen" },
        ] },
        { "name": "question" },
        { "name": "newsletter", "label": "Schicken Sie mir den Rundbrief", "type": "checkbox" },
    ])
}

/// Fills in the field with this index.
async fn fill(visitor: &Visitor, index: usize, text: &str) {
    let field = visitor.find(&format!("[id=ask-{index}]")).await;
    let typed = field.send_keys(text).await;
    assert!(typed.is_ok(), "the field {index} takes keys: {typed:?}");
}

async fn tick(visitor: &Visitor, id: &str) {
    let ticked = visitor.find(&format!("[id={id}]")).await.click().await;
    assert!(ticked.is_ok(), "the box {id} can be ticked: {ticked:?}");
}

/// The values of the form's fields.
async fn form_values(visitor: &Visitor) -> Value {
    let values = "return seen.map(it => it.type === 'checkbox' ? it.checked : it.value)";
    visitor
        .script(values, ".form :is(input, select, textarea)")
        .await
}

/// Waits for an engagement, and returns what the chat server knows about its visitor.
async fn session_information(server: &TestServer) -> Value {
    pipit_e2e::wait_for("an engagement", || async {
        let state = server.state().await;
        let all = state.get("engagements")?.as_array()?;
        all.last()?.get("visitor").cloned()
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_filled_in_on_a_phone() {
    let consent = "Ich bin einverstanden, dass meine Angaben für diesen Chat verwendet werden.";
    let config = json!({ "form": form(), "consent": consent });
    let server = TestServer::with_page(&page("de", &config)).await;
    let visitor = server.visitor_with_screen(SIZES[1]).await;
    visitor.part("launcher").await;
    visitor.delay_conversation_part().await;
    visitor.open_panel().await;
    // The form needs the conversation part. Until that has loaded, only the empty list can have the focus.
    visitor.wait_for_focus("list").await;
    visitor.release_conversation_part().await;
    visitor.part("form").await;
    visitor.wait_until_gone("composer").await;
    let focused = visitor.part_focused_at_opening("entry").await;
    visitor.wait_for_focus(focused).await;
    let labels = [
        "Vorname",
        "E-Mail",
        "Produkt (optional)",
        "Ihre Frage (optional)",
    ];
    let labels = labels.map(ToOwned::to_owned);
    assert_eq!(visitor.texts(".item label[for]").await, labels);
    let offered = visitor
        .script("return seen.map(it => it.autocomplete)", "input.entry")
        .await;
    assert_eq!(offered, json!(["given-name", "email"]));
    let small = "return seen.filter(it => parseFloat(getComputedStyle(it).fontSize) < 16).length";
    assert_eq!(visitor.script(small, ".entry").await, json!(0));
    check_legibility(&visitor, "form").await;

    visitor.start().await;
    let empty = "Bitte füllen Sie dieses Feld aus";
    wait_for_errors(
        &visitor,
        &[empty, empty, "Bitte stimmen Sie zu, bevor Sie beginnen"],
    )
    .await;
    assert_eq!(
        described_fields(&visitor).await,
        json!(["ask-0", "ask-1", "consent"])
    );
    wait_for_focus(&visitor, "ask-0").await;
    check_legibility(&visitor, "form-wrong").await;

    fill(&visitor, 0, "Mia").await;
    fill(&visitor, 1, "mia@").await;
    tick(&visitor, "consent").await;
    wait_for_errors(&visitor, &["Bitte prüfen Sie die E-Mail-Adresse"]).await;
    visitor.start().await;
    wait_for_focus(&visitor, "ask-1").await;
    fill(&visitor, 1, "example.com").await;
    fill(&visitor, 2, "Gießkannen").await;
    fill(&visitor, 3, "Rostet sie?").await;
    tick(&visitor, "ask-4").await;
    wait_for_errors(&visitor, &[]).await;

    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    visitor.open_panel().await;
    let stands = json!(["Mia", "mia@example.com", "8", "Rostet sie?", true, true]);
    assert_eq!(form_values(&visitor).await, stands);
    visitor.start().await;
    visitor.part("composer").await;
    let expected = json!({
        "firstName": "Mia", "emailAddress": "mia@example.com", "productId": 8, "question": "Rostet sie?",
        "customFields": [{ "name": "newsletter", "type": "BOOLEAN", "value": true }],
    });
    assert_eq!(session_information(&server).await, expected);
    let kept = "return Object.values(sessionStorage).concat(Object.values(localStorage)).join()";
    let kept = visitor.browser.script(kept, vec![]).await.to_string();
    assert!(!kept.contains("mia@") && !kept.contains("Rostet"), "{kept}");
    visitor.browser.close().await;
}

/// Checks that axe finds no violation and that everything fits.
async fn check_legibility(visitor: &Visitor, name: &str) {
    let none: [String; 0] = [];
    assert_eq!(visitor.axe_violations().await, none);
    assert_eq!(visitor.overflowing_parts().await, none);
    let Some(folder) = std::env::var_os("PIPIT_SCREENS") else {
        return;
    };
    let file = std::path::Path::new(&folder)
        .join(name)
        .with_extension("png");
    let kept = std::fs::write(file, visitor.browser.screenshot().await);
    assert!(kept.is_ok(), "the picture can be kept: {kept:?}");
}

/// Waits until the form shows exactly these errors.
async fn wait_for_errors(visitor: &Visitor, expected: &[&str]) {
    let read = async || visitor.texts(".wrong").await;
    let expected: Vec<String> = expected.iter().map(|&text| text.to_owned()).collect();
    visitor
        .browser
        .wait_until_equal("what is wrong", expected, read)
        .await;
}

/// The fields that refer to their error messages.
async fn described_fields(visitor: &Visitor) -> Value {
    let script = "return seen.filter(it => root.getElementById(it.getAttribute('aria-describedby'))
        ?.classList.contains('wrong')).map(it => it.id)";
    visitor.script(script, "[aria-invalid=true]").await
}

async fn wait_for_focus(visitor: &Visitor, id: &str) {
    let read = async || visitor.script("return root.activeElement?.id", "*").await;
    visitor
        .browser
        .wait_until_equal("the focus", json!(id), read)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_known_visitor_is_not_asked_again() {
    let known_already =
        json!({ "firstName": "Mia", "emailAddress": "mia@example.com", "plan": "gold" });
    let config = json!({ "form": form(), "prefill": known_already });
    let server = TestServer::with_page(&page("en", &config)).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    visitor.wait_until_gone("form").await;
    visitor.send_message("My spade is bent").await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor
        .wait_for_part_text("state", "Waiting for the agent")
        .await;
    let expected = json!({
        "firstName": "Mia", "emailAddress": "mia@example.com",
        "customFields": [
            { "name": "plan", "type": "STRING", "value": "gold" },
            { "name": "newsletter", "type": "BOOLEAN", "value": false },
        ],
    });
    assert_eq!(session_information(&server).await, expected);
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_kept_for_another_try_and_for_the_next_chat() {
    let config = json!({ "form": [
        { "name": "firstName", "required": true },
        { "name": "question", "required": true, "type": "text" },
    ] });
    let server = TestServer::with_page(&page("en", &config)).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    fill(&visitor, 0, "Mia").await;
    fill(&visitor, 1, "Where is it?").await;
    server.fail_calls("requestEngagement", 500, 1).await;
    visitor.start().await;
    visitor.click("try-again").await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    let first = json!({ "firstName": "Mia", "question": "Where is it?" });
    assert_eq!(session_information(&server).await, first);

    visitor.click("leave").await;
    visitor.find(".foot").await;
    visitor.start().await;
    visitor.part("form").await;
    assert_eq!(form_values(&visitor).await, json!(["Mia", ""]));
    visitor.click("cancel").await;
    visitor.find(".foot").await;
    visitor.start().await;
    fill(&visitor, 1, "And now?").await;
    visitor.start().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    let next = json!({ "firstName": "Mia", "question": "And now?" });
    assert_eq!(session_information(&server).await, next);
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_of_a_following_tab_reach_the_server() {
    let config = json!({ "form": [{ "name": "lastName", "required": true }] });
    let server = TestServer::with_page(&page("en", &config)).await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    let first = visitor.browser.window().await;
    visitor.browser.open_second_window(&server.site()).await;
    visitor.open_panel().await;
    fill(&visitor, 0, "O’Hara").await;
    visitor.start().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    assert_eq!(
        session_information(&server).await,
        json!({ "lastName": "O’Hara" })
    );
    visitor.browser.switch_to_window(&first).await;
    visitor.open_panel().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_can_be_cancelled() {
    let server = TestServer::start().await;
    let slow = json!({ "delay_ms": 3_000 });
    server
        .set_network_fault("requestEngagement", slow, Some(1))
        .await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor.wait_for_part_text("leave", "Cancel").await;
    visitor.click("leave").await;
    visitor.part("welcome").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_storage_the_visitor_gets_a_notice() {
    let html = page("en", &json!({})).replace(
        "<script>window.Pipit",
        "<script>Object.defineProperty(window, 'sessionStorage', { get() { throw new Error('blocked') } });
         window.Pipit",
    );
    let server = TestServer::with_page(&html).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    visitor.wait_until_gone("not-kept").await;
    visitor.start().await;
    let text = "This browser doesn't save the chat, so it will be lost if you reload the page";
    visitor.wait_for_part_text("not-kept", text).await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    check_legibility(&visitor, "not-kept").await;
    visitor.browser.close().await;
}

/// A page that holds the WASM modules `split_conversation` and `split_content` until `release(name)` is called, and keeps the
/// last part of the address of each request that is no file of the widget in `happened`.
const HOLDING_PAGE: &str = r#"<!doctype html><html lang=en><head><meta charset=utf-8><title>Fernhill</title><script>
    const browserFetch = window.fetch;
    window.happened = [];
    const held = {};
    for (const name of ["split_conversation", "split_content"]) {
        held[name] = new Promise((resolve) => (held[name + "!"] = resolve));
    }
    window.release = (name) => held[name + "!"]();
    window.fetch = async (what, ...more) => {
        const address = String(what.url ?? what);
        await held[Object.keys(held).find((name) => address.includes(name))];
        const name = new URL(address, location).pathname.split("/").at(-1);
        if (!/[.](js|wasm)$/.test(name)) happened.push(name);
        return browserFetch(what, ...more);
    };
    window.Pipit = { config: { sessionEndpoint: "/session" } };
</script><script async src=/pipit/pipit.js></script></head><body></body></html>"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_first_message_leaves_before_the_content_is_loaded() {
    let server = TestServer::with_page(HOLDING_PAGE).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.part("composer").await;
    visitor.send_message("anyone?").await;
    let release = "release(arguments[0])";
    visitor
        .browser
        .script(release, vec![json!("split_conversation")])
        .await;
    pipit_e2e::wait_for("the message has left", || async {
        let has_left = visitor
            .browser
            .script("return happened.includes('postMessage')", vec![])
            .await;
        (has_left == json!(true)).then_some(())
    })
    .await;
    // The panel still shows the composer of the first module, which keeps what the visitor writes.
    visitor.type_text("more").await;
    visitor
        .browser
        .script(release, vec![json!("split_content")])
        .await;
    visitor
        .wait_for_conversation(&["> anyone?".to_owned()])
        .await;
    assert_eq!(visitor.draft().await, "more");
    visitor.browser.close().await;
}
