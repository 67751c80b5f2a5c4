//! A bad network with real browsers: no message is lost unnoticed, repeated or invented, and the composer can always be
//! used.

use std::time::{Duration, Instant};

use pipit_e2e::{AgentAtDesk, Capability, Engine, TestServer, Visitor, is_unsupported};
use serde_json::json;

/// How long the widget waits for a poll's answer, with some time added for the second attempt and the verification of
/// the tab lock.
const POLL_DEADLINE_MS: u32 = 50_000;

/// How long the widget waits for a post's answer, with some time added.
const POST_DEADLINE_MS: u32 = 35_000;

const BANNER: &str = "No connection. Trying again.";

/// A conversation in which both sides have received a message.
struct TestConversation {
    server: TestServer,
    visitor: Visitor,
    agent: AgentAtDesk,
    /// The messages so far, as the desk shows them.
    messages: Vec<String>,
}

impl TestConversation {
    async fn new() -> Self {
        Self::on_server(TestServer::start().await).await
    }

    /// Starts a conversation in which every call uses a new connection. On a reused connection that ends without an
    /// answer, Chromium and Firefox themselves repeat the post.
    async fn on_new_connections() -> Self {
        let server = TestServer::start().await;
        server
            .set_network_fault("consumer/*", json!("close"), None)
            .await;
        Self::on_server(server).await
    }

    async fn on_server(server: TestServer) -> Self {
        let (visitor, agent) = server.start_conversation().await;
        let messages = agent.conversation().await;
        Self {
            server,
            visitor,
            agent,
            messages,
        }
    }

    /// Waits until the desk shows exactly the earlier messages and these.
    async fn wait_for_desk(&self, more: &[&str]) {
        let more = more.iter().map(|&text| text.to_owned());
        let whole: Vec<String> = self.messages.iter().cloned().chain(more).collect();
        self.agent.wait_for_conversation(&whole).await;
    }

    /// Waits until the widget shows exactly the earlier messages and these.
    async fn wait_for_widget(&self, more: &[&str]) {
        let greeting = "< Hi, this is Ana Marques. How can I help you?".to_owned();
        let more = more.iter().map(|&text| text.to_owned());
        let messages = self.messages.iter().cloned().chain(more);
        let whole: Vec<String> = std::iter::once(greeting).chain(messages).collect();
        self.visitor.wait_for_conversation(&whole).await;
    }

    /// Checks that the visitor can type, and that the text stays.
    async fn check_composer(&self) {
        self.visitor.type_text("a dra").await;
        self.visitor.type_text("ft").await;
        assert_eq!(self.visitor.draft().await, "a draft");
    }

    async fn close(self) {
        self.agent.browser.close().await;
        self.visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_with_a_lost_answer_is_not_repeated_by_itself() {
    let conversation = TestConversation::on_new_connections().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let config = json!({ "spam": { "duplicate_ms": 1 } });
    server.switch("config", config).await;
    server
        .set_network_fault("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.send_message("one").await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    conversation.check_composer().await;
    visitor.send_message("").await;
    conversation.wait_for_desk(&["> one", "> a draft"]).await;

    visitor.send_again().await;
    visitor.wait_for_unsure_messages(&[]).await;
    conversation
        .wait_for_desk(&["> one", "> a draft", "> one"])
        .await;
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_never_arrived_can_be_sent_again() {
    let conversation = TestConversation::on_new_connections().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    server
        .set_network_fault("postMessage", json!("drop_before"), Some(1))
        .await;
    visitor.send_message("one").await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    conversation.check_composer().await;
    visitor.send_message("").await;
    conversation.wait_for_desk(&["> a draft"]).await;

    visitor.send_again().await;
    visitor.wait_for_unsure_messages(&[]).await;
    conversation.wait_for_desk(&["> a draft", "> one"]).await;
    conversation.close().await;
}

/// The widget can neither prevent nor notice this repetition by the browser.
#[tokio::test(flavor = "multi_thread")]
async fn chromium_and_firefox_repeat_a_post_whose_reused_connection_ends() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    server
        .set_network_fault("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.send_message("one").await;
    match Engine::of_this_run() {
        Engine::Chromium | Engine::Firefox => {
            let text = "Your message was not sent: you have just sent the same text.";
            let notice = ".row:last-child [part~=notice]";
            visitor.wait_for_text(notice, text).await;
        }
        Engine::WebKit => visitor.wait_for_unsure_messages(&["one"]).await,
    }
    conversation.wait_for_desk(&["> one"]).await;
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postponed_post_is_sent_once_by_itself() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let busy = json!({ "refuse": { "status": 503, "retry_after": 2 } });
    server.set_network_fault("postMessage", busy, Some(2)).await;
    let began = Instant::now();
    visitor.send_message("one").await;
    visitor.send_message("two").await;
    conversation.check_composer().await;
    conversation.wait_for_desk(&["> one", "> two"]).await;
    assert!(began.elapsed() >= Duration::from_secs(4), "sent too soon");
    visitor.wait_for_unsure_messages(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_from_an_offline_period_arrive_once_and_in_order() {
    if is_unsupported(Capability::Offline) {
        return;
    }
    // In Firefox *offline* does not affect an open connection.
    let conversation = TestConversation::on_new_connections().await;
    let visitor = &conversation.visitor;
    // In Chromium *offline* does not affect a poll that is held already, so the holds are short.
    let short = json!({ "hold_ms": 500 });
    conversation.server.switch("config", short).await;
    conversation.agent.send_message("still here").await;
    visitor.wait_for_last_message("< still here").await;
    let began = Instant::now();
    visitor.browser.set_offline(true).await;
    visitor.wait_for_part_text("banner", BANNER).await;
    for text in ["one", "two"] {
        visitor.send_message(text).await;
    }
    for text in ["three", "four"] {
        conversation.agent.send_message(text).await;
    }
    let at_desk = ["< still here", "< three", "< four"];
    conversation.wait_for_desk(&at_desk).await;
    while began.elapsed() < Duration::from_secs(40) {
        visitor.wait_for_part_text("banner", BANNER).await;
    }
    conversation.check_composer().await;

    visitor.browser.set_offline(false).await;
    conversation
        .wait_for_desk(&[at_desk.as_slice(), &["> one", "> two"]].concat())
        .await;
    visitor.wait_until_gone("banner").await;
    let messages = ["< still here", "> one", "> two", "< three", "< four"];
    conversation.wait_for_widget(&messages).await;
    visitor.wait_for_unsure_messages(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polling_recovers_after_a_period_of_refusals() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let fault = json!({ "refuse": { "status": 500 } });
    server
        .set_network_fault("consumer/getMessages", fault, Some(5))
        .await;
    conversation.agent.send_message("one").await;
    visitor.wait_for_part_text("banner", BANNER).await;
    conversation.agent.send_message("two").await;
    conversation.check_composer().await;
    conversation.wait_for_widget(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

/// The server has no cursor, so the messages of a cut answer are lost. Later messages arrive, and the console reports the
/// gap.
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_poll_loses_its_messages_and_nothing_else() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let listen = "window.warned = []; console.warn = text => window.warned.push(text)";
    visitor.browser.script(listen, vec![]).await;
    server
        .set_network_fault("consumer/getMessages", json!("cut"), None)
        .await;
    conversation.agent.send_message("lost").await;
    conversation.wait_for_desk(&["< lost"]).await;
    let pending = async || server.state().await["engagements"][0]["session"]["pending"].clone();
    visitor
        .browser
        .wait_until_equal("what waits for the visitor", json!(0), pending)
        .await;
    conversation.check_composer().await;

    server.clear_network_faults().await;
    conversation.agent.send_message("two").await;
    conversation.wait_for_widget(&["< two"]).await;
    visitor.wait_until_gone("banner").await;
    let warned = visitor.browser.script("return window.warned", vec![]).await;
    let warning = warned.to_string();
    assert!(warning.contains("did not arrive"), "{warning}");
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

/// The test does not wait for the deadline: it advances the page's clock.
#[tokio::test(flavor = "multi_thread")]
async fn polls_into_a_black_hole_time_out_and_are_reported() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let hole = json!({ "black_hole": "in" });
    server
        .set_network_fault("consumer/getMessages", hole, None)
        .await;
    for text in ["one", "two"] {
        conversation.agent.send_message(text).await;
    }
    conversation.wait_for_desk(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    // The poll that was open when the fault began may still end with the first message. Only the next poll goes into the
    // hole, and it may be sent after the clock was advanced. So the clock is advanced until the banner appears.
    let banners = async || {
        let banners = visitor.texts("[part~=banner]").await;
        if banners.is_empty() {
            visitor.browser.advance_time(POLL_DEADLINE_MS).await;
        }
        banners
    };
    visitor
        .browser
        .wait_until_equal("the banner", vec![BANNER.to_owned()], banners)
        .await;
    conversation.check_composer().await;

    server.clear_network_faults().await;
    visitor.browser.advance_time(POLL_DEADLINE_MS).await;
    conversation.wait_for_widget(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_into_a_black_hole_becomes_unsure_and_does_not_block_later_ones() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let hole = json!({ "black_hole": "out" });
    server.set_network_fault("postMessage", hole, Some(1)).await;
    visitor.send_message("one").await;
    visitor.send_message("two").await;
    conversation.wait_for_desk(&["> one"]).await;
    visitor.wait_for_unsure_messages(&[]).await;
    conversation.check_composer().await;

    visitor.browser.advance_time(POST_DEADLINE_MS).await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    conversation.wait_for_desk(&["> one", "> two"]).await;
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_migration_with_a_post_in_flight_loses_nothing() {
    let conversation = TestConversation::new().await;
    let (server, visitor) = (&conversation.server, &conversation.visitor);
    let late = json!({ "delay_ms": 1_500 });
    server.set_network_fault("postMessage", late, Some(1)).await;
    visitor.send_message("one").await;
    conversation.wait_for_desk(&["> one"]).await;
    server.switch("migrate", json!({ "pool": "298:1" })).await;
    conversation.agent.send_message("two").await;
    visitor.wait_for_last_message("< two").await;
    visitor.send_message("three").await;
    let messages = ["> one", "< two", "> three"];
    conversation.wait_for_desk(&messages).await;
    conversation.wait_for_widget(&messages).await;
    visitor.wait_for_unsure_messages(&[]).await;
    let moved = "return performance.getEntriesByType('resource')
        .some(it => it.name.includes('/postMessage') && it.name.includes('298:1'))";
    let read = async || visitor.browser.script(moved, vec![]).await;
    let sees = visitor
        .browser
        .wait_until_equal("a post to the new pool", json!(true), read);
    sees.await;
    conversation.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_frozen_gets_all_messages_afterwards() {
    if is_unsupported(Capability::FreezingPages) {
        return;
    }
    let conversation = TestConversation::new().await;
    let visitor = &conversation.visitor;
    let count = "window.freezes = 0; document.addEventListener('freeze', () => window.freezes++)";
    visitor.browser.script(count, vec![]).await;
    conversation.check_composer().await;
    visitor.browser.set_frozen(true).await;
    for text in ["one", "two"] {
        conversation.agent.send_message(text).await;
    }
    conversation.wait_for_desk(&["< one", "< two"]).await;

    visitor.browser.set_frozen(false).await;
    conversation.wait_for_widget(&["< one", "< two"]).await;
    let freezes = visitor
        .browser
        .script("return window.freezes", vec![])
        .await;
    assert_eq!(freezes, json!(1));
    assert_eq!(visitor.draft().await, "a draft");
    conversation.close().await;
}
