//! A walk through everything that a visitor can see, in any language: it waits for what is there, not
//! for words.

use serde_json::json;

use crate::{AgentAtDesk, Visitor, World, until};

/// Brings the widget into one state after another, and calls `look` with the name of each. The world
/// is new, the agent takes no visitor yet, and the panel is closed.
pub async fn tour(
    world: &World,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    mut look: impl AsyncFnMut(&'static str),
) {
    let calm = json!({ "declined_ms": 500, "sneak_preview_interval_ms": 500 });
    world.switch("config", calm).await;
    // On a new connection each, so that the browser itself repeats no post.
    world.network("consumer/*", json!("close"), None).await;
    world.someone_queues().await;
    agent.browser.element("[data-test=offer]").await;

    visitor.part("launcher").await;
    look("launcher").await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    look("welcome").await;

    wait(world, visitor, agent, &mut look).await;
    talk(world, visitor, agent, &mut look).await;
    lose_and_find(world, visitor, agent, &mut look).await;
    end(world, visitor, agent, &mut look).await;
    fail(world, visitor, &mut look).await;
    ask_first(world, visitor, &mut look).await;
}

async fn wait(
    world: &World,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    look: &mut impl AsyncFnMut(&'static str),
) {
    let slow = json!({ "delay_ms": 6_000 });
    world.network("requestEngagement", slow, Some(1)).await;
    visitor.click("start").await;
    visitor.find(".dots").await;
    look("starting").await;

    let second = visitor.find(".position").await;
    let second = second.text().await.unwrap_or_default();
    visitor
        .says("Hello! My order 4471 shows as delivered, but it is not here.")
        .await;
    visitor.says("The neighbours do not have it either.").await;
    delivered(visitor, 2).await;
    look("waiting-second").await;

    agent.accepts().await;
    until("another place in line", || async {
        let place = visitor.texts(".position").await.pop()?;
        (place != second).then_some(())
    })
    .await;
    look("waiting-first").await;
    agent.click("conclude").await;
    agent.click("release").await;
}

async fn talk(
    world: &World,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    look: &mut impl AsyncFnMut(&'static str),
) {
    agent.accepts().await;
    visitor.find(".avatar.here").await;
    agent.says("Thanks for waiting.").await;
    agent.says("I see the parcel was left at locker 12.").await;
    heard(visitor, 3).await;
    visitor.says("Locker 12 was empty this morning.").await;
    delivered(visitor, 3).await;
    look("chatting").await;

    let before = visitor.texts("[part~=status]").await;
    agent.types("Let me ask the dr").await;
    until("another word for what the agent does", || async {
        (visitor.texts("[part~=status]").await != before).then_some(())
    })
    .await;
    visitor.types("It would be great if").await;
    look("agent-writing").await;

    agent.says("iver.").await;
    heard(visitor, 4).await;
    visitor.click("preview-switch").await;
    look("preview-off").await;

    visitor.says(" you could: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft").await;
    agent
        .says("https://example.com/a/very/long/address/without/any/blank/in/it/that/must/be/broken/somewhere")
        .await;
    heard(visitor, 5).await;
    look("long-words").await;

    let engagement = world.newest_engagement().await;
    let file = json!({ "engagementId": engagement, "name": "Delivery note 4471.pdf",
        "contentType": "application/pdf", "size": 48_213 });
    world.switch("file", file).await;
    visitor.part("file").await;
    visitor.chooses_file("photo.raw", "not one of those").await;
    visitor.part("upload-failed").await;
    look("files").await;
    let dismiss = visitor.find("[part~=upload-failed] button").await;
    dismiss.click().await.expect("it can be dismissed");
    visitor.misses("upload-failed").await;

    world
        .network("postMessage", json!("drop_before"), Some(1))
        .await;
    visitor.says("Could you check with the driver?").await;
    visitor.find(".unsure").await;
    look("not-sure-it-arrived").await;
    world.fail("consumer/postMessage", 400, 1).await;
    visitor.says("Hello?").await;
    until("two messages in doubt", || async {
        (visitor.texts(".unsure").await.len() == 2).then_some(())
    })
    .await;
    look("not-delivered").await;

    visitor.click("more").await;
    visitor.part("menu").await;
    look("menu").await;
    visitor.click("end").await;
    visitor.part("ask").await;
    look("ask-before-end").await;
    visitor.click("keep").await;
    visitor.misses("ask").await;
}

async fn lose_and_find(
    world: &World,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    look: &mut impl AsyncFnMut(&'static str),
) {
    let closed = json!({ "refuse": { "status": 503 } });
    world.network("consumer/getMessages", closed, None).await;
    // The answer of the poll under way; the next one is refused.
    agent.says("One moment.").await;
    visitor.part("banner").await;
    look("no-connection").await;
    world.heal().await;
    visitor.find(".banner.good").await;
    look("back-online").await;

    visitor.script("seen[0].scrollTop = 0", ".list").await;
    agent.says("He is on his way back.").await;
    visitor.part("new-messages").await;
    look("new-messages").await;
    visitor.click("new-messages").await;
    visitor.misses("new-messages").await;

    visitor.click("close").await;
    visitor.misses("panel").await;
    agent.says("I have found it.").await;
    visitor.part("badge").await;
    look("launcher-unread").await;
    visitor.click("launcher").await;
    visitor.misses("badge").await;

    let engagement = world.newest_engagement().await;
    world
        .switch("transfer", json!({ "engagementId": engagement }))
        .await;
    visitor.part("waiting").await;
    look("waiting-again").await;
    agent.accepts().await;
    visitor.find(".avatar.here").await;
}

async fn end(
    world: &World,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    look: &mut impl AsyncFnMut(&'static str),
) {
    agent
        .says("Done: a new parcel leaves today, at no cost.")
        .await;
    agent.click("conclude").await;
    visitor.part("survey").await;
    look("ended-with-survey").await;
    agent.click("release").await;

    let none = json!({ "id": 0, "auth": "" });
    let without = json!({ "cancelled_survey": none, "completed_survey": none });
    world.switch("config", without).await;
    visitor.click("start").await;
    visitor.part("leave").await;
    visitor.find(".position").await;
    visitor.click("leave").await;
    visitor.find(".foot").await;
    look("ended-without-survey").await;
}

async fn fail(world: &World, visitor: &Visitor, look: &mut impl AsyncFnMut(&'static str)) {
    world.fail("requestEngagement", 500, 1).await;
    visitor.click("start").await;
    visitor.part("failed").await;
    look("failed-fault").await;
    let next = [
        ("FAIL_NO_AGENTS_AVAIL", "failed-no-agents"),
        ("FAIL_OUT_OF_HOURS", "failed-closed"),
    ];
    for (result, name) in next {
        let fault = json!({ "operation": "requestEngagement", "resultType": result, "times": 1 });
        world.switch("fault", fault).await;
        let before = visitor.texts("[part~=failed] h3").await;
        visitor.click("try-again").await;
        until("another failure", || async {
            let now = visitor.texts("[part~=failed] h3").await;
            (!now.is_empty() && now != before).then_some(())
        })
        .await;
        look(name).await;
    }
}

/// On pages of their own: the form before a conversation, and nobody there for one.
async fn ask_first(world: &World, visitor: &Visitor, look: &mut impl AsyncFnMut(&'static str)) {
    let lang = "return document.documentElement.lang";
    let lang = visitor.browser.script(lang, vec![]).await;
    // Each with an address of its own for sessions, so that it is another service with another conversation.
    let open = async |name: &str, config: &str| {
        let page = format!(
            "<!doctype html><html lang={lang} dir=auto><head><meta charset=utf-8><title>Fernhill</title>
             <meta name=viewport content='width=device-width'><script>window.Pipit = {{ config: {config} }}</script>
             <script async src=/pipit/pipit.js data-session-endpoint=/session?{name} data-message-endpoint=/message></script>
             </head><body></body></html>"
        );
        world.serve(name, &page);
        visitor
            .browser
            .go(&format!("{}/{name}", world.site()))
            .await;
        visitor.open_panel().await;
    };
    let fields = "[{ name: 'firstName', required: true }, { name: 'emailAddress', required: true },
        { name: 'productId', options: [{ value: 7, label: 'Spades' }] }, { name: 'question' }]";
    let consent = "'I agree that what I write here is kept to answer me.'";
    open(
        "form.html",
        &format!("{{ form: {fields}, consent: {consent} }}"),
    )
    .await;
    visitor.part("form").await;
    look("form").await;
    visitor.click("start").await;
    visitor.part("wrong").await;
    look("form-incomplete").await;

    let closed = "availability: () => 'closed'";
    open(
        "away.html",
        &format!("{{ {closed}, whenClosed: 'inform' }}"),
    )
    .await;
    visitor.part("away").await;
    look("out-of-hours").await;
    open(
        "message.html",
        &format!("{{ {closed}, whenClosed: 'form' }}"),
    )
    .await;
    visitor.part("leave-message").await;
    look("leave-message").await;
    visitor
        .leaves_message("mia@example.com", "When are you there?")
        .await;
    visitor.part("message-sent").await;
    look("message-sent").await;
}

/// Waits until so many messages of agents are there.
async fn heard(visitor: &Visitor, count: usize) {
    let look = async || visitor.texts("[part~=message-agent]").await.len();
    visitor.browser.sees("agents' messages", count, look).await;
}

/// Waits until so many messages of the visitor are there, none of them on its way.
async fn delivered(visitor: &Visitor, count: usize) {
    let look = async || visitor.texts("[part~=message-visitor]").await.len();
    visitor.browser.sees("own messages", count, look).await;
    visitor.posts_answered(count).await;
}
