//! A visitor with several tabs of the shop: one of them is the leader, and all show the same conversation.

use fantoccini::wd::WindowHandle;
use pipit_e2e::{AgentAtDesk, Capability, TestServer, Visitor, is_unsupported};
use serde_json::json;

/// A visitor's tabs, in the order in which they were opened.
struct Tabs {
    server: TestServer,
    visitor: Visitor,
    windows: Vec<WindowHandle>,
}

impl Tabs {
    async fn open(count: usize) -> Self {
        let server = TestServer::start().await;
        let visitor = server.visitor().await;
        visitor.part("launcher").await;
        let mut windows = vec![visitor.browser.window().await];
        for _ in 1..count {
            visitor.browser.open_second_window(&server.site()).await;
            visitor.part("launcher").await;
            windows.push(visitor.browser.window().await);
        }
        let tabs = Self {
            server,
            visitor,
            windows,
        };
        tabs.switch_to(0).await.open_panel().await;
        tabs
    }

    /// Opens tabs with a conversation that was started in the first one.
    async fn with_conversation(count: usize) -> (Self, AgentAtDesk) {
        let tabs = Self::open(count).await;
        tabs.visitor.start().await;
        let agent = tabs.server.agent().await;
        agent.accept().await;
        for number in 0..count {
            let tab = tabs.switch_to(number).await;
            if number > 0 {
                tab.open_panel().await;
            }
            tab.wait_for_text(".name", "Ana Marques").await;
        }
        (tabs, agent)
    }

    /// Switches to a tab.
    async fn switch_to(&self, number: usize) -> &Visitor {
        let Some(window) = self.windows.get(number) else {
            unreachable!("tab {number} was opened");
        };
        self.visitor.browser.switch_to_window(window).await;
        &self.visitor
    }

    /// Waits until each of these tabs shows exactly these messages after the agent's greeting.
    async fn wait_for_messages(&self, tabs: &[usize], messages: &[&str]) {
        let greeting = ["< Hi, this is Ana Marques. How can I help you?"];
        let messages = greeting.iter().chain(messages);
        let messages: Vec<String> = messages.map(|&line| line.to_owned()).collect();
        for &number in tabs {
            self.switch_to(number)
                .await
                .wait_for_conversation(&messages)
                .await;
        }
    }

    async fn engagements(&self) -> usize {
        let state = self.server.state().await;
        let all = state.get("engagements").and_then(|all| all.as_array());
        all.map_or(0, Vec::len)
    }
}

/// Waits until the desk shows exactly these messages. The desk does not show the agent's greeting.
async fn wait_for_desk(agent: &AgentAtDesk, messages: &[&str]) {
    let messages: Vec<String> = messages.iter().map(|&line| line.to_owned()).collect();
    agent.wait_for_conversation(&messages).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_tabs_show_one_conversation_and_each_can_write() {
    let (tabs, agent) = Tabs::with_conversation(3).await;
    tabs.switch_to(2).await.send_message("from the third").await;
    tabs.wait_for_messages(&[0, 1, 2], &["> from the third"])
        .await;
    agent.send_message("seen").await;
    tabs.switch_to(1)
        .await
        .send_message("from the second")
        .await;
    tabs.switch_to(0).await.send_message("from the first").await;
    let messages = [
        "> from the third",
        "< seen",
        "> from the second",
        "> from the first",
    ];
    tabs.wait_for_messages(&[0, 1, 2], &messages).await;
    wait_for_desk(&agent, &messages).await;
    assert_eq!(tabs.engagements().await, 1);

    tabs.switch_to(1).await.type_text("a draft").await;
    agent.wait_for_partial_text("preview", "a draft").await;
    assert_eq!(tabs.switch_to(0).await.draft().await, "");
    agent.click("conclude").await;
    for number in 0..3 {
        tabs.switch_to(number).await.part("survey").await;
    }
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_in_two_tabs_begins_one_chat() {
    let tabs = Tabs::open(2).await;
    let slow = json!({ "delay_ms": 1_500 });
    tabs.server
        .set_network_fault("requestEngagement", slow, Some(1))
        .await;
    let second = tabs.switch_to(1).await;
    second.open_panel().await;
    second.part("welcome").await;
    tabs.switch_to(0).await.start().await;
    // The second tab may already show that the chat is starting.
    tabs.switch_to(1).await;
    let start = "document.querySelector('pipit-chat').chat.startChat()";
    tabs.visitor.browser.script(start, vec![]).await;
    for number in 0..2 {
        let tab = tabs.switch_to(number).await;
        tab.wait_for_text(".place", "You are first in line").await;
    }
    assert_eq!(tabs.engagements().await, 1);
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_leading_tab_closes_with_a_post_in_flight_the_next_one_takes_over() {
    let (tabs, agent) = Tabs::with_conversation(3).await;
    let hole = json!({ "black_hole": "out" });
    tabs.server
        .set_network_fault("postMessage", hole, None)
        .await;
    tabs.switch_to(0).await.send_message("on its way").await;
    tabs.wait_for_messages(&[2], &["> on its way"]).await;
    agent.wait_for_last_message("> on its way").await;
    tabs.switch_to(0).await.browser.close_window().await;
    tabs.server.clear_network_faults().await;

    tabs.switch_to(1)
        .await
        .wait_for_unsure_messages(&["on its way"])
        .await;
    agent.send_message("got it").await;
    tabs.switch_to(2).await.send_message("and this").await;
    let messages = ["> on its way", "< got it", "> and this"];
    tabs.wait_for_messages(&[1, 2], &messages).await;
    wait_for_desk(&agent, &messages).await;
    assert_eq!(tabs.engagements().await, 1);
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_leader_is_replaced_and_does_nothing_when_it_wakes() {
    if is_unsupported(Capability::FreezingPages) {
        return;
    }
    let (tabs, agent) = Tabs::with_conversation(2).await;
    tabs.switch_to(0).await.browser.set_frozen(true).await;
    tabs.switch_to(1)
        .await
        .send_message("is anybody there?")
        .await;
    agent.wait_for_last_message("> is anybody there?").await;
    agent.send_message("yes").await;
    let messages = ["> is anybody there?", "< yes"];
    tabs.wait_for_messages(&[1], &messages).await;
    tabs.switch_to(0).await.browser.set_frozen(false).await;
    tabs.wait_for_messages(&[0, 1], &messages).await;
    tabs.switch_to(0).await.send_message("good").await;
    let messages = ["> is anybody there?", "< yes", "> good"];
    tabs.wait_for_messages(&[0, 1], &messages).await;
    wait_for_desk(&agent, &messages).await;
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_of_the_leader_hands_the_conversation_over_and_joins_it_again() {
    let (tabs, agent) = Tabs::with_conversation(2).await;
    tabs.switch_to(0).await.send_message("before").await;
    agent.wait_for_last_message("> before").await;
    tabs.switch_to(0).await.reload().await;
    agent.send_message("between").await;
    tabs.wait_for_messages(&[0, 1], &["> before", "< between"])
        .await;
    tabs.switch_to(1).await.send_message("after").await;
    let messages = ["> before", "< between", "> after"];
    tabs.wait_for_messages(&[0, 1], &messages).await;
    wait_for_desk(&agent, &messages).await;
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_locks_each_tab_works_alone() {
    let page = "<!doctype html><title>No locks</title>
        <script>Object.defineProperty(navigator, 'locks', { value: undefined })</script>
        <script async src='/pipit/pipit.js' data-session-endpoint='/session' data-survey-base='/'></script>";
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.browser.open_second_window(&server.site()).await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    visitor.wait_for_conversation(&[]).await;
    visitor.browser.close().await;
}
