//! The states without an available agent. The widget asks the chat server for them, without a session.

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

/// Opens a page whose widget has these options.
async fn visitor_with_options(server: &TestServer, options: &Value) -> Visitor {
    let chat_server = json!({ "baseUrl": server.api(), "site": "pipit_demo", "pool": "297:1" });
    let page = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Fernhill</title>
         <meta name=viewport content='width=device-width'>
         <script>window.Pipit = {{ config: {{ ...{chat_server}, ...{options} }} }}</script>
         <script async src=/pipit/pipit.js data-session-endpoint=/session data-message-endpoint=/message></script></head><body></body></html>"
    );
    server.serve("index.html", &page);
    server.visitor().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_agents_the_visitor_can_leave_a_message_and_with_one_start_a_chat() {
    let server = TestServer::with_page("").await;
    let options = json!({ "whenNoAgents": "form", "whenClosed": "hide" });
    let visitor = visitor_with_options(&server, &options).await;
    visitor.open_panel().await;
    visitor.part("leave-message").await;
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    assert_eq!(visitor.overflowing_parts().await, Vec::<String>::new());
    visitor
        .leave_message("mia@example.com", "When are you there?")
        .await;
    visitor
        .wait_for_text(
            "[part~=message-sent] h3",
            "Thank you! We received your message",
        )
        .await;
    let agent = server.agent().await;
    agent.wait_until_logged_on().await;
    visitor.reload().await;
    visitor
        .wait_for_text(".welcome h3", "Hello! How can we help?")
        .await;
    visitor.start().await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn queue_0_means_out_of_hours() {
    let server = TestServer::with_page("").await;
    server.switch("config", json!({ "queue_id": 0 })).await;
    let visitor = visitor_with_options(&server, &json!({ "whenClosed": "disable" })).await;
    let launcher = visitor.part("launcher").await;
    let label = launcher.attr("aria-label").await.expect("it is there");
    assert_eq!(label.as_deref(), Some("We're closed right now"));
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosts_offline_slot_is_shown_below_the_widgets_text() {
    let server = TestServer::with_page("").await;
    let api = server.api();
    let page = format!(
        "<!doctype html><html lang=en><body>
         <pipit-chat session-endpoint=/session base-url={api} site=pipit_demo pool=297:1 when-no-agents=inform>
             <a slot=offline href=/garden>Our opening hours</a>
         </pipit-chat>
         <script src=/pipit/pipit.js></script></body></html>"
    );
    server.serve("index.html", &page);
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.part("away").await;
    let is_seen = "return document.querySelector('[slot=offline]').getClientRects().length";
    visitor
        .browser
        .wait_until_equal("the host's own words", json!(1), async || {
            visitor.browser.script(is_seen, vec![]).await
        })
        .await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_about_availability_a_chat_can_be_started() {
    let server = TestServer::with_page("").await;
    server
        .fail_calls("consumer/getEngagementQueue", 500, 9)
        .await;
    let visitor = visitor_with_options(
        &server,
        &json!({ "whenClosed": "hide", "whenNoAgents": "hide" }),
    )
    .await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    visitor.browser.close().await;
}
