//! A bad network, with a real browser on it: nothing is lost unseen, repeated or invented, and the
//! composer is never locked.

use pipit_e2e::{AgentAtDesk, Visitor, World};
use serde_json::json;

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

    /// With a new connection for every call: on one that has been used before, Chromium itself
    /// repeats a post whose connection ends without an answer.
    async fn on_new_connections() -> Self {
        let world = World::start().await;
        world.network("consumer/*", json!("close"), None).await;
        Self::in_world(world).await
    }

    async fn in_world(world: World) -> Self {
        let visitor = world.visitor().await;
        visitor.start().await;
        let agent = world.agent().await;
        agent.accepts().await;
        visitor.sees_text(".name", "Ana Marques").await;
        visitor.says("hello").await;
        agent.sees_last("> hello").await;
        agent.says("good day").await;
        visitor.sees_last("< good day").await;
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
        self.agent.sees_conversation(&whole).await;
    }

    /// Whatever the network does, the visitor can write, and it stays.
    async fn composer_is_free(&self) {
        self.visitor.types("a dra").await;
        self.visitor.types("ft").await;
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
        .network("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.says("one").await;
    visitor.is_asked_about(&["one"]).await;
    scene.composer_is_free().await;
    visitor.says("").await;
    scene.desk_sees(&["> one", "> a draft"]).await;

    visitor.sends_again().await;
    visitor.is_asked_about(&[]).await;
    scene.desk_sees(&["> one", "> a draft", "> one"]).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_never_arrived_is_sent_again_when_asked() {
    let scene = Scene::on_new_connections().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .network("postMessage", json!("drop_before"), Some(1))
        .await;
    visitor.says("one").await;
    visitor.is_asked_about(&["one"]).await;
    scene.composer_is_free().await;
    visitor.says("").await;
    scene.desk_sees(&["> a draft"]).await;

    visitor.sends_again().await;
    visitor.is_asked_about(&[]).await;
    scene.desk_sees(&["> a draft", "> one"]).await;
    scene.close().await;
}

/// Not the widget's doing, and nothing it could hinder or know of.
#[tokio::test(flavor = "multi_thread")]
async fn chromium_repeats_a_post_whose_used_connection_ends() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .network("postMessage", json!("drop_after"), Some(1))
        .await;
    visitor.says("one").await;
    visitor
        .sees_text(
            "[part~=notice]:last-child",
            "Your message was not sent: you have just sent the same text.",
        )
        .await;
    scene.desk_sees(&["> one"]).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_is_put_off_goes_by_itself_and_once() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let busy = json!({ "refuse": { "status": 503, "retry_after": 2 } });
    world.network("postMessage", busy, Some(2)).await;
    visitor.says("one").await;
    visitor.says("two").await;
    scene.composer_is_free().await;
    scene.desk_sees(&["> one", "> two"]).await;
    visitor.is_asked_about(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_wrote_while_offline_comes_once_and_in_order() {
    let scene = Scene::new().await;
    let visitor = &scene.visitor;
    visitor.browser.offline(true).await;
    visitor.sees("banner", BANNER).await;
    for text in ["one", "two"] {
        visitor.says(text).await;
    }
    scene.agent.says("three").await;
    scene.agent.says("four").await;
    scene.desk_sees(&["< three", "< four"]).await;
    scene.composer_is_free().await;

    visitor.browser.offline(false).await;
    visitor.sees_last("< four").await;
    visitor.misses("banner").await;
    scene
        .desk_sees(&["< three", "< four", "> one", "> two"])
        .await;
    visitor.is_asked_about(&[]).await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_that_are_refused_for_a_while_recover() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    let fault = json!({ "refuse": { "status": 500 } });
    world.network("consumer/getMessages", fault, Some(5)).await;
    scene.agent.says("one").await;
    scene.agent.says("two").await;
    visitor.sees("banner", BANNER).await;
    scene.composer_is_free().await;
    visitor.sees_last("< two").await;
    visitor.misses("banner").await;
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_poll_loses_what_it_brought_and_the_next_ones_come() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .network("consumer/getMessages", json!("cut"), Some(1))
        .await;
    scene.agent.says("lost").await;
    scene.agent.says("two").await;
    visitor.sees_last("< two").await;
    println!("{:?}", visitor.conversation().await);
    println!("{:?}", visitor.texts("[part~=notice]").await);
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polls_in_a_black_hole() {
    let scene = Scene::new().await;
    let (world, visitor) = (&scene.world, &scene.visitor);
    world
        .network("consumer/getMessages", json!({"black_hole": "in"}), None)
        .await;
    scene.agent.says("one").await;
    scene.agent.says("two").await;
    let start = std::time::Instant::now();
    scene.composer_is_free().await;
    visitor.says("").await;
    scene.desk_sees(&["< one", "< two", "> a draft"]).await;
    while visitor.texts("[part~=banner]").await.is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(start.elapsed().as_secs() < 60)
    }
    println!("banner after {:?}", start.elapsed());
    world.heal().await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_slept_has_everything_after_waking() {
    let scene = Scene::new().await;
    let visitor = &scene.visitor;
    scene.composer_is_free().await;
    visitor.browser.frozen(true).await;
    scene.agent.says("one").await;
    scene.agent.says("two").await;
    scene.desk_sees(&["< one", "< two"]).await;
    visitor.browser.frozen(false).await;
    visitor.sees_last("< two").await;
    println!("{:?}", visitor.conversation().await);
    assert_eq!(visitor.draft().await, "a draft");
    scene.close().await;
}
