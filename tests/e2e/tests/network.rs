//! A bad network, with a real browser on it: nothing is lost unseen, repeated or invented, and the
//! composer is never locked.

use std::time::{Duration, Instant};

use pipit_e2e::{AgentAtDesk, Capability, Engine, Visitor, World, is_unsupported};
use serde_json::json;

/// After so long without an answer the widget gives a poll up; and a little more, for its last chance
/// and the proof that its tab leads.
const POLL_DEADLINE_MS: u32 = 50_000;

/// The same of a post.
const POST_DEADLINE_MS: u32 = 35_000;

const BANNER: &str = "No connection. Trying again.";

/// A visitor and an agent in conversation, who both have seen the other's first words.
struct Scene {
    world: World,
    visitor: Visitor,
    agent: AgentAtDesk,
    /// What was said so far, as the desk shows it.
    said: Vec<String>,
}

impl Scene {
    async fn new() -> Self {
        Self::in_world(World::start().await).await
    }

    /// With a new connection for every call: on one that has been used before, Chromium and Firefox
    /// themselves repeat a post whose connection ends without an answer.
    async fn on_new_connections() -> Self {
        let world = World::start().await;
        world
            .set_network_fault("consumer/*", json!("close"), None)
            .await;
        Self::in_world(world).await
    }

    async fn in_world(world: World) -> Self {
        let (visitor, agent) = world.start_conversation().await;
        let said = agent.conversation().await;
        Self {
            world,
            visitor,
            agent,
            said,
        }
    }

    /// Waits until the desk shows what was said before and this, and nothing else.
    async fn desk_sees(&self, more: &[&str]) {
        let more = more.iter().map(|&text| text.to_owned());
        let whole: Vec<String> = self.said.iter().cloned().chain(more).collect();
        self.agent.wait_for_conversation(&whole).await;
    }

    /// Waits until the visitor sees what was said before and this, and nothing else.
    async fn visitor_sees(&self, more: &[&str]) {
        let greeting = "< Hi, this is Ana Marques. How can I help you?".to_owned();
        let more = more.iter().map(|&text| text.to_owned());
        let said = self.said.iter().cloned().chain(more);
        let whole: Vec<String> = std::iter::once(greeting).chain(said).collect();
        self.visitor.wait_for_conversation(&whole).await;
    }

    /// Whatever the network does, the visitor can write, and it stays.
    async fn composer_is_free(&self) {
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
async fn a_post_whose_answer_is_lost_is_not_repeated_unasked() {
    let scene = Scene::on_new_connections().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let told_again = json!({ "spam": { "duplicate_ms": 1 } });
    world.switch("config", told_again).await;
    world
        .set_network_fault("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.send_message("one").await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    scene.composer_is_free().await;
    visitor.send_message("").await;
    scene.desk_sees(&["> one", "> a draft"]).await;

    visitor.send_again().await;
    visitor.wait_for_unsure_messages(&[]).await;
    scene.desk_sees(&["> one", "> a draft", "> one"]).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_never_arrived_is_sent_again_when_asked() {
    let scene = Scene::on_new_connections().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .set_network_fault("postMessage", json!("drop_before"), Some(1))
        .await;
    visitor.send_message("one").await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    scene.composer_is_free().await;
    visitor.send_message("").await;
    scene.desk_sees(&["> a draft"]).await;

    visitor.send_again().await;
    visitor.wait_for_unsure_messages(&[]).await;
    scene.desk_sees(&["> a draft", "> one"]).await;
    scene.close().await;
}

/// Not the widget's doing, and nothing it could hinder or know of.
#[tokio::test(flavor = "multi_thread")]
async fn but_webkit_a_browser_repeats_a_post_whose_used_connection_ends() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .set_network_fault("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.send_message("one").await;
    match Engine::of_this_run() {
        Engine::Chromium | Engine::Firefox => {
            let told = "Your message was not sent: you have just sent the same text.";
            let notice = ".row:last-child [part~=notice]";
            visitor.wait_for_text(notice, told).await;
        }
        Engine::WebKit => visitor.wait_for_unsure_messages(&["one"]).await,
    }
    scene.desk_sees(&["> one"]).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_put_off_goes_by_itself_and_once() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let busy = json!({ "refuse": { "status": 503, "retry_after": 2 } });
    world.set_network_fault("postMessage", busy, Some(2)).await;
    let began = Instant::now();
    visitor.send_message("one").await;
    visitor.send_message("two").await;
    scene.composer_is_free().await;
    scene.desk_sees(&["> one", "> two"]).await;
    assert!(began.elapsed() >= Duration::from_secs(4), "asked too soon");
    visitor.wait_for_unsure_messages(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_wrote_while_offline_comes_once_and_in_order() {
    if is_unsupported(Capability::Offline) {
        return;
    }
    // Firefox's offline does not meet a connection that is there.
    let scene = Scene::on_new_connections().await;
    let visitor = &scene.visitor;
    // Chromium's offline does not meet a poll that is held already: short holds do.
    let short = json!({ "hold_ms": 500 });
    scene.world.switch("config", short).await;
    scene.agent.send_message("still here").await;
    visitor.wait_for_last_message("< still here").await;
    let began = Instant::now();
    visitor.browser.set_offline(true).await;
    visitor.wait_for_part_text("banner", BANNER).await;
    for text in ["one", "two"] {
        visitor.send_message(text).await;
    }
    for text in ["three", "four"] {
        scene.agent.send_message(text).await;
    }
    let at_desk = ["< still here", "< three", "< four"];
    scene.desk_sees(&at_desk).await;
    while began.elapsed() < Duration::from_secs(40) {
        visitor.wait_for_part_text("banner", BANNER).await;
    }
    scene.composer_is_free().await;

    visitor.browser.set_offline(false).await;
    scene
        .desk_sees(&[at_desk.as_slice(), &["> one", "> two"]].concat())
        .await;
    visitor.wait_until_gone("banner").await;
    let said = ["< still here", "> one", "> two", "< three", "< four"];
    scene.visitor_sees(&said).await;
    visitor.wait_for_unsure_messages(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_that_are_refused_for_a_while_recover() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let fault = json!({ "refuse": { "status": 500 } });
    world
        .set_network_fault("consumer/getMessages", fault, Some(5))
        .await;
    scene.agent.send_message("one").await;
    visitor.wait_for_part_text("banner", BANNER).await;
    scene.agent.send_message("two").await;
    scene.composer_is_free().await;
    scene.visitor_sees(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

/// The server has no cursor: what a cut answer brought is lost. What follows comes, and the page's
/// people are told of the hole.
#[tokio::test(flavor = "multi_thread")]
async fn a_cut_poll_loses_what_it_brought_and_nothing_else() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let listen = "window.warned = []; console.warn = text => window.warned.push(text)";
    visitor.browser.script(listen, vec![]).await;
    world
        .set_network_fault("consumer/getMessages", json!("cut"), None)
        .await;
    scene.agent.send_message("lost").await;
    scene.desk_sees(&["< lost"]).await;
    let pending = async || world.state().await["engagements"][0]["session"]["pending"].clone();
    visitor
        .browser
        .wait_until_equal("what waits for the visitor", json!(0), pending)
        .await;
    scene.composer_is_free().await;

    world.clear_network_faults().await;
    scene.agent.send_message("two").await;
    scene.visitor_sees(&["< two"]).await;
    visitor.wait_until_gone("banner").await;
    let warned = visitor.browser.script("return window.warned", vec![]).await;
    let told = warned.to_string();
    assert!(told.contains("did not arrive"), "{told}");
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

/// The deadline is not waited for: the page's clocks are put on.
#[tokio::test(flavor = "multi_thread")]
async fn polls_that_go_into_a_black_hole_are_given_up_and_told_of() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let hole = json!({ "black_hole": "in" });
    world
        .set_network_fault("consumer/getMessages", hole, None)
        .await;
    for text in ["one", "two"] {
        scene.agent.send_message(text).await;
    }
    scene.desk_sees(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    visitor.browser.advance_time(POLL_DEADLINE_MS).await;
    visitor.wait_for_part_text("banner", BANNER).await;
    scene.composer_is_free().await;

    world.clear_network_faults().await;
    visitor.browser.advance_time(POLL_DEADLINE_MS).await;
    scene.visitor_sees(&["< one", "< two"]).await;
    visitor.wait_until_gone("banner").await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_into_a_black_hole_is_asked_about_and_holds_up_nothing_for_ever() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let hole = json!({ "black_hole": "out" });
    world.set_network_fault("postMessage", hole, Some(1)).await;
    visitor.send_message("one").await;
    visitor.send_message("two").await;
    scene.desk_sees(&["> one"]).await;
    visitor.wait_for_unsure_messages(&[]).await;
    scene.composer_is_free().await;

    visitor.browser.advance_time(POST_DEADLINE_MS).await;
    visitor.wait_for_unsure_messages(&["one"]).await;
    scene.desk_sees(&["> one", "> two"]).await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_to_another_pool_with_a_post_in_flight_loses_nothing() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let late = json!({ "delay_ms": 1_500 });
    world.set_network_fault("postMessage", late, Some(1)).await;
    visitor.send_message("one").await;
    scene.desk_sees(&["> one"]).await;
    world.switch("migrate", json!({ "pool": "298:1" })).await;
    scene.agent.send_message("two").await;
    visitor.wait_for_last_message("< two").await;
    visitor.send_message("three").await;
    let said = ["> one", "< two", "> three"];
    scene.desk_sees(&said).await;
    scene.visitor_sees(&said).await;
    visitor.wait_for_unsure_messages(&[]).await;
    let moved = "return performance.getEntriesByType('resource')
        .some(it => it.name.includes('/postMessage') && it.name.includes('298:1'))";
    let look = async || visitor.browser.script(moved, vec![]).await;
    let sees = visitor
        .browser
        .wait_until_equal("a post to the new pool", json!(true), look);
    sees.await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_slept_has_everything_after_waking() {
    if is_unsupported(Capability::FreezingPages) {
        return;
    }
    let scene = Scene::new().await;
    let visitor = &scene.visitor;
    let count = "window.freezes = 0; document.addEventListener('freeze', () => window.freezes++)";
    visitor.browser.script(count, vec![]).await;
    scene.composer_is_free().await;
    visitor.browser.set_frozen(true).await;
    for text in ["one", "two"] {
        scene.agent.send_message(text).await;
    }
    scene.desk_sees(&["< one", "< two"]).await;

    visitor.browser.set_frozen(false).await;
    scene.visitor_sees(&["< one", "< two"]).await;
    let freezes = visitor
        .browser
        .script("return window.freezes", vec![])
        .await;
    assert_eq!(freezes, json!(1));
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}
