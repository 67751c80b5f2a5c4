//! Case 8: a copied tab in a browser without Web Locks. A copy has a copy of the session storage, so it looks like the
//! same tab after a reload. Only one of the two may poll, because the server gives each message to only one of them.

use pipit_e2e::{AgentAtDesk, TestServer};
use serde_json::json;

use super::{page_of, wait_for_value};

/// Counts the requests for messages that the current page has sent.
const POLLS: &str = "return performance.getEntriesByType('resource')
    .filter(({ name }) => name.includes('getMessages')).length";

/// The texts of the agent in this case.
const SIX: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// The messages that the transcript has at the end, as [`Visitor::conversation`] gives them.
fn as_shown(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| format!("< {text}")).collect()
}

/// Sends the six texts from the desk.
async fn say_six(agent: &AgentAtDesk) {
    for text in SIX {
        agent.send_message(text).await;
        agent.wait_for_last_message(&format!("< {text}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_tab_takes_no_message_from_the_original() {
    let server = TestServer::with_page(&page_of("08-copied-tab")).await;
    server.serve("other/page.html", &page_of("08-copied-tab"));
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.wait_for_text(".name", "Ana Marques").await;
    let original = visitor.browser.window().await;
    let copy = visitor.browser.open_copy(&server.site()).await;
    let copy_of_copy = visitor.browser.open_copy("/other/page.html").await;
    visitor.browser.switch_to_window(&original).await;
    say_six(&agent).await;
    for window in [&original, &copy, &copy_of_copy] {
        visitor.browser.switch_to_window(window).await;
        visitor.wait_for_last_message("< six").await;
        assert!(visitor.conversation().await.ends_with(&as_shown(&SIX)));
    }
    // A message that the visitor sends in a copy reaches the agent once.
    visitor.send_message("from the copy").await;
    agent.wait_for_last_message("> from the copy").await;
    // A reload goes on at once, in the copy and in the original.
    visitor.reload().await;
    visitor.wait_for_last_message("> from the copy").await;
    visitor.browser.switch_to_window(&original).await;
    visitor.reload().await;
    agent.send_message("seven").await;
    for window in [&original, &copy, &copy_of_copy] {
        visitor.browser.switch_to_window(window).await;
        visitor.wait_for_last_message("< seven").await;
    }
    // The chat goes on in a copy when the other tabs are closed.
    for window in [&original, &copy] {
        visitor.browser.switch_to_window(window).await;
        visitor.browser.close_window().await;
    }
    visitor.browser.switch_to_window(&copy_of_copy).await;
    agent.send_message("eight").await;
    visitor.wait_for_last_message("< eight").await;
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_nobody_answers_does_not_poll_and_says_where_the_chat_goes_on() {
    let page = page_of("08-copied-tab");
    let script = "<script async";
    let without_channel = format!("<script>delete window.BroadcastChannel</script>{script}");
    let undefined_channel = format!("<script>window.BroadcastChannel = undefined</script>{script}");
    let refused_channel = format!(
        "<script>window.BroadcastChannel = class {{ constructor() {{ throw new DOMException('', 'SecurityError') }} }}</script>{script}"
    );
    let deaf_channel = format!(
        "<script>BroadcastChannel.prototype.addEventListener = () => {{}}</script>{script}"
    );
    let variants = [
        ("no-channel", &without_channel),
        ("undefined-channel", &undefined_channel),
        ("refused-channel", &refused_channel),
        ("deaf-channel", &deaf_channel),
    ];
    let server = TestServer::with_page(&page).await;
    for (name, script_before) in variants {
        server.serve(
            &format!("{name}.html"),
            &page.replacen(script, script_before, 1),
        );
    }
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    for (name, _) in variants {
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.start_chat().await;
        agent.accept().await;
        visitor.wait_for_text(".name", "Ana Marques").await;
        agent.send_message("zero").await;
        visitor.wait_for_last_message("< zero").await;
        let original = visitor.browser.window().await;
        let copy = visitor.browser.open_copy(&url).await;
        visitor.part("continue-here").await;
        visitor.wait_for_last_message("< zero").await;
        say_six(&agent).await;
        assert_eq!(
            visitor.browser.script(POLLS, vec![]).await,
            json!(0),
            "{name}"
        );
        assert!(visitor.conversation().await.ends_with(&as_shown(&["zero"])));
        visitor.browser.switch_to_window(&original).await;
        visitor.wait_for_last_message("< six").await;
        assert!(
            visitor.conversation().await.ends_with(&as_shown(&SIX)),
            "{name}"
        );
        // A reload of the original is none of a copy.
        visitor.reload().await;
        wait_for_value(
            &visitor,
            "return document.querySelector('pipit-chat').chat.getState().connection ?? null",
            json!("connected"),
        )
        .await;
        visitor.browser.close_window().await;
        visitor.browser.switch_to_window(&copy).await;
        visitor.click("continue-here").await;
        agent.send_message("seven").await;
        visitor.wait_for_last_message("< seven").await;
        visitor.wait_until_gone("continue-here").await;
        visitor.end_chat().await;
        // An agent can hold only a few engagements.
        agent.click("release").await;
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    agent.browser.close().await;
    visitor.browser.close().await;
}
