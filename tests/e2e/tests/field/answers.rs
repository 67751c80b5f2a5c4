//! Case 3: answers that do not come from the chat API.

use pipit_e2e::{AgentAtDesk, TestServer, Visitor};
use serde_json::json;

use super::{page_of, wait_for_value};

/// What the service worker of the case answers with; `html` is the case itself.
const KINDS_OF_WORKER: [&str; 9] = [
    "html", "json", "object", "list", "null", "empty", "nothing", "text", "half",
];

/// The visitor's sentences when a start fails because somebody else has answered, by what came instead.
const PAGE_INSTEAD: &str = "We received a web page instead of an answer. If your network asks you to sign in, \
    please do that first, then try again.";
const NOTHING_INSTEAD: &str = "The answer was empty. Please try again.";

/// Lets the worker of the case answer with this kind from now on.
async fn let_worker_answer_with(visitor: &Visitor, kind: &str) {
    let script =
        "fetch(`/worker/${arguments[0]}`).then(async answer => window.kind = await answer.text())";
    visitor.browser.script(script, vec![json!(kind)]).await;
    wait_for_value(visitor, "return window.kind", json!(kind)).await;
}

/// Waits until the start has failed with this sentence below its headline.
async fn wait_for_failed_start(visitor: &Visitor, headline: &str, sentence: &str) {
    let script = "return [...document.querySelector('pipit-chat').shadowRoot
        .querySelectorAll('[part~=failed] h3, [part~=failed] p')].map(it => it.textContent.trim()).join('|')";
    let expected = format!("{headline}|{sentence}");
    wait_for_value(visitor, script, json!(expected)).await;
}

/// Accepts the engagement of the visitor, who waits for an agent.
async fn accept(server: &TestServer, visitor: &Visitor) -> AgentAtDesk {
    let agent = server.agent().await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    agent
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_answers_failed_requests_confirms_no_message_and_gives_no_session() {
    let server = TestServer::with_page(&page_of("03-somebody-else-answers")).await;
    server.serve(
        "worker.js",
        include_str!("../../../field/03-somebody-else-answers/worker.js"),
    );
    let visitor = server.visitor().await;
    let is_controlled = "return navigator.serviceWorker.controller !== null";
    wait_for_value(&visitor, is_controlled, json!(true)).await;
    let_worker_answer_with(&visitor, "session").await;
    visitor.start_chat().await;
    let headline = "We couldn't open the chat";
    wait_for_failed_start(&visitor, headline, PAGE_INSTEAD).await;

    let_worker_answer_with(&visitor, "html").await;
    visitor.click("try-again").await;
    let agent = accept(&server, &visitor).await;
    let mut messages = Vec::new();
    for kind in KINDS_OF_WORKER {
        let_worker_answer_with(&visitor, kind).await;
        let cut = json!("drop_before");
        server.set_network_fault("consumer/*", cut, None).await;
        visitor.send_message(kind).await;
        visitor.wait_for_unsure_messages(&[kind]).await;

        server.clear_network_faults().await;
        visitor.send_again().await;
        visitor.wait_for_unsure_messages(&[]).await;
        messages.push(format!("> {kind}"));
        agent.wait_for_conversation(&messages).await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_somebody_else_start_no_chat_confirm_no_message_and_count_as_lost_polls() {
    let server = TestServer::start().await;
    let answers_next = async |operation: &str, sends: &str, is_processed: bool| {
        let fault = json!({ "somebody_else": { "sends": sends, "processed": is_processed } });
        server.set_network_fault(operation, fault, Some(1)).await;
    };
    let visitor = server.visitor().await;
    let unknown = "The chat service gave an unexpected answer";
    let unreachable = "We can't reach the chat service";
    let mut is_first = true;
    visitor.open_panel().await;
    for (sends, headline, sentence) in [
        ("html", unknown, PAGE_INSTEAD),
        ("empty", unknown, NOTHING_INSTEAD),
        ("no_content", unknown, NOTHING_INSTEAD),
        ("json", unknown, "Please try again."),
        (
            "redirect",
            unreachable,
            "Please check your connection, then try again.",
        ),
    ] {
        answers_next("requestEngagement", sends, false).await;
        if is_first {
            visitor.start().await;
        } else {
            visitor.click("try-again").await;
        }
        is_first = false;
        wait_for_failed_start(&visitor, headline, sentence).await;
    }
    visitor.click("try-again").await;

    let agent = accept(&server, &visitor).await;
    let mut at_desk = Vec::new();
    for sends in ["html", "json", "text", "empty", "no_content", "redirect"] {
        for is_processed in [false, true] {
            let text = format!("{sends} {is_processed}");
            answers_next("postMessage", sends, is_processed).await;
            visitor.send_message(&text).await;
            visitor.wait_for_unsure_messages(&[&text]).await;
            at_desk.push(format!("> {text}"));
            // The server's rule against spam refuses a text that the server already has.
            let config = json!({ "spam": { "duplicate_ms": 1 } });
            server.switch("config", config).await;
            visitor.send_again().await;
            visitor.wait_for_unsure_messages(&[]).await;
            if is_processed {
                at_desk.push(format!("> {text}"));
            }
            agent.wait_for_conversation(&at_desk).await;
        }
    }

    let page = json!({ "somebody_else": { "sends": "html" } });
    server.set_network_fault("getMessages", page, None).await;
    // The message ends the poll that the server holds. The next polls get the page.
    agent.send_message("one").await;
    let banner = "No connection. Trying again.";
    visitor.wait_for_part_text("banner", banner).await;
    visitor.send_message("while away").await;
    agent.send_message("two").await;
    server.clear_network_faults().await;
    visitor.wait_for_last_message("< two").await;
    visitor.wait_until_gone("banner").await;
    agent.wait_for_last_message("> while away").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}
