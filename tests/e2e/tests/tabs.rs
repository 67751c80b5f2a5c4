//! A visitor with several tabs of the shop: one of them leads, all show the same.

use fantoccini::wd::WindowHandle;
use pipit_e2e::{AgentAtDesk, Capability, Visitor, World, is_unsupported};
use serde_json::json;

/// A visitor's tabs, in the order in which they were opened.
struct Tabs {
    world: World,
    visitor: Visitor,
    windows: Vec<WindowHandle>,
}

impl Tabs {
    async fn open(count: usize) -> Self {
        let world = World::start().await;
        let visitor = world.visitor().await;
        visitor.part("launcher").await;
        let mut windows = vec![visitor.browser.window().await];
        for _ in 1..count {
            visitor.browser.open_second_window(&world.site()).await;
            visitor.part("launcher").await;
            windows.push(visitor.browser.window().await);
        }
        let tabs = Self {
            world,
            visitor,
            windows,
        };
        tabs.at(0).await.open_panel().await;
        tabs
    }

    /// With a conversation with an agent, begun in the first tab and open in all.
    async fn chatting(count: usize) -> (Self, AgentAtDesk) {
        let tabs = Self::open(count).await;
        tabs.visitor.click("start").await;
        let agent = tabs.world.agent().await;
        agent.accept().await;
        for number in 0..count {
            let tab = tabs.at(number).await;
            if number > 0 {
                tab.open_panel().await;
            }
            tab.wait_for_text(".name", "Ana Marques").await;
        }
        (tabs, agent)
    }

    /// The visitor goes to a tab.
    async fn at(&self, number: usize) -> &Visitor {
        let Some(window) = self.windows.get(number) else {
            unreachable!("tab {number} was opened");
        };
        self.visitor.browser.switch_to_window(window).await;
        &self.visitor
    }

    /// Waits until each tab shows exactly this behind the agent's greeting.
    async fn all_see(&self, tabs: &[usize], said: &[&str]) {
        let greeting = ["< Hi, this is Ana Marques. How can I help you?"];
        let said = greeting.iter().chain(said);
        let said: Vec<String> = said.map(|&line| line.to_owned()).collect();
        for &number in tabs {
            self.at(number).await.wait_for_conversation(&said).await;
        }
    }

    async fn engagements(&self) -> usize {
        let state = self.world.state().await;
        let all = state.get("engagements").and_then(|all| all.as_array());
        all.map_or(0, Vec::len)
    }
}

/// What the desk shows after the agent's own greeting, which it does not show.
async fn desk_sees(agent: &AgentAtDesk, said: &[&str]) {
    let said: Vec<String> = said.iter().map(|&line| line.to_owned()).collect();
    agent.wait_for_conversation(&said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_tabs_show_one_conversation_and_each_can_write() {
    let (tabs, agent) = Tabs::chatting(3).await;
    tabs.at(2).await.send_message("from the third").await;
    tabs.all_see(&[0, 1, 2], &["> from the third"]).await;
    agent.send_message("seen").await;
    tabs.at(1).await.send_message("from the second").await;
    tabs.at(0).await.send_message("from the first").await;
    let said = [
        "> from the third",
        "< seen",
        "> from the second",
        "> from the first",
    ];
    tabs.all_see(&[0, 1, 2], &said).await;
    desk_sees(&agent, &said).await;
    assert_eq!(tabs.engagements().await, 1);

    tabs.at(1).await.type_text("a draft").await;
    agent.wait_for_partial_text("preview", "a draft").await;
    assert_eq!(tabs.at(0).await.draft().await, "");
    agent.click("conclude").await;
    for number in 0..3 {
        tabs.at(number).await.part("survey").await;
    }
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_in_two_tabs_is_one_start() {
    let tabs = Tabs::open(2).await;
    let slow = json!({ "delay_ms": 1_500 });
    tabs.world
        .set_network_fault("requestEngagement", slow, Some(1))
        .await;
    let second = tabs.at(1).await;
    second.open_panel().await;
    second.part("start").await;
    tabs.at(0).await.click("start").await;
    // The second tab may show already that it starts.
    tabs.at(1).await;
    let press = "for (const it of seen) it.click(); return []";
    tabs.visitor.script(press, "[part~=start]").await;
    for number in 0..2 {
        let tab = tabs.at(number).await;
        tab.wait_for_text(".place", "You are first in line").await;
    }
    assert_eq!(tabs.engagements().await, 1);
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_leading_tab_closes_with_a_post_in_flight_the_next_one_takes_over() {
    let (tabs, agent) = Tabs::chatting(3).await;
    let hole = json!({ "black_hole": "out" });
    tabs.world
        .set_network_fault("postMessage", hole, None)
        .await;
    tabs.at(0).await.send_message("on its way").await;
    tabs.all_see(&[2], &["> on its way"]).await;
    agent.wait_for_last_message("> on its way").await;
    tabs.at(0).await.browser.close_window().await;
    tabs.world.clear_network_faults().await;

    tabs.at(1)
        .await
        .wait_for_unsure_messages(&["on its way"])
        .await;
    agent.send_message("got it").await;
    tabs.at(2).await.send_message("and this").await;
    let said = ["> on its way", "< got it", "> and this"];
    tabs.all_see(&[1, 2], &said).await;
    desk_sees(&agent, &said).await;
    assert_eq!(tabs.engagements().await, 1);
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leading_tab_that_sleeps_is_replaced_and_does_nothing_when_it_wakes() {
    if is_unsupported(Capability::FreezingPages) {
        return;
    }
    let (tabs, agent) = Tabs::chatting(2).await;
    tabs.at(0).await.browser.set_frozen(true).await;
    tabs.at(1).await.send_message("is anybody there?").await;
    agent.wait_for_last_message("> is anybody there?").await;
    agent.send_message("yes").await;
    let said = ["> is anybody there?", "< yes"];
    tabs.all_see(&[1], &said).await;
    tabs.at(0).await.browser.set_frozen(false).await;
    tabs.all_see(&[0, 1], &said).await;
    tabs.at(0).await.send_message("good").await;
    let said = ["> is anybody there?", "< yes", "> good"];
    tabs.all_see(&[0, 1], &said).await;
    desk_sees(&agent, &said).await;
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_of_the_leading_tab_hands_the_conversation_over_and_joins_it_again() {
    let (tabs, agent) = Tabs::chatting(2).await;
    tabs.at(0).await.send_message("before").await;
    agent.wait_for_last_message("> before").await;
    tabs.at(0).await.reload().await;
    agent.send_message("between").await;
    tabs.all_see(&[0, 1], &["> before", "< between"]).await;
    tabs.at(1).await.send_message("after").await;
    let said = ["> before", "< between", "> after"];
    tabs.all_see(&[0, 1], &said).await;
    desk_sees(&agent, &said).await;
    agent.browser.close().await;
    tabs.visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_locks_each_tab_is_alone_and_works() {
    let page = "<!doctype html><title>No locks</title>
        <script>Object.defineProperty(navigator, 'locks', { value: undefined })</script>
        <script async src='/pipit/pipit.js' data-session-endpoint='/session' data-survey-base='/'></script>";
    let world = World::with_page(page).await;
    let visitor = world.visitor().await;
    visitor.start_chat().await;
    visitor
        .wait_for_text(".place", "You are first in line")
        .await;
    visitor.browser.open_second_window(&world.site()).await;
    visitor.open_panel().await;
    visitor.part("start").await;
    visitor.wait_for_conversation(&[]).await;
    visitor.browser.close().await;
}
