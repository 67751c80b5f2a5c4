//! A tour through the states of the widget. It works in any language because it waits for elements, not for texts. The
//! gallery (screenshots of the widget) takes its pictures during a tour, and tests check each state during one.

use std::path::Path;

use serde_json::json;

use crate::{AgentAtDesk, TestServer, Visitor, wait_for};

/// Brings the widget into one state after another, and calls `inspect` with the name of each state. The server must be
/// new, the agent must have no engagements, and the panel must be closed.
pub async fn tour(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    mut inspect: impl AsyncFnMut(&'static str),
) {
    let config = json!({ "declined_ms": 500, "sneak_preview_interval_ms": 500 });
    server.switch("config", config).await;
    // The fault `close` makes each post use a new connection. On a reused connection the browser may repeat a failed
    // post, and the widget would not notice the failure.
    server
        .set_network_fault("consumer/*", json!("close"), None)
        .await;
    server.queue_another_visitor().await;
    agent.browser.element("[data-test=offer]").await;

    visitor.part("launcher").await;
    inspect("launcher").await;
    visitor.open_panel().await;
    visitor.part("welcome").await;
    inspect("welcome").await;

    show_queue(server, visitor, agent, &mut inspect).await;
    show_conversation(server, visitor, agent, &mut inspect).await;
    show_interruptions(server, visitor, agent, &mut inspect).await;
    show_ends(server, visitor, agent, &mut inspect).await;
    show_failures(server, visitor, &mut inspect).await;
    show_forms(server, visitor, &mut inspect).await;
    show_pictures_and_rating(server, visitor, agent, &mut inspect).await;
}

/// Shows the states from the start until an agent accepts the engagement.
async fn show_queue(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    let slow = json!({ "delay_ms": 6_000 });
    server
        .set_network_fault("requestEngagement", slow, Some(1))
        .await;
    visitor.start().await;
    visitor.find(".dots").await;
    inspect("starting").await;

    let position = visitor.find(".position").await;
    let first_position = position.text().await.unwrap_or_default();
    visitor
        .send_message("Hello! My order 4471 shows as delivered, but it is not here.")
        .await;
    visitor
        .send_message("The neighbours do not have it either.")
        .await;
    wait_for_delivery(visitor, 2).await;
    inspect("waiting-second").await;

    agent.accept().await;
    wait_for("another position in the queue", || async {
        let position = visitor.texts(".position").await.pop()?;
        (position != first_position).then_some(())
    })
    .await;
    inspect("waiting-first").await;
    agent.click("conclude").await;
    agent.click("release").await;
}

/// Shows the states of a conversation: messages, files, failed messages and the menu.
async fn show_conversation(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    agent.accept().await;
    visitor.find(".avatar.here").await;
    agent.send_message("Thanks for waiting.").await;
    agent
        .send_message("I see the parcel was left at locker 12.")
        .await;
    wait_for_agent_messages(visitor, 3).await;
    visitor
        .send_message("Locker 12 was empty this morning.")
        .await;
    wait_for_delivery(visitor, 3).await;
    inspect("chatting").await;

    let former_status = visitor.texts("[part~=status]").await;
    agent.type_text("Let me ask the dr").await;
    wait_for("another status of the agent", || async {
        (visitor.texts("[part~=status]").await != former_status).then_some(())
    })
    .await;
    visitor.part("writing").await;
    visitor.type_text("It would be great if").await;
    inspect("agent-writing").await;

    agent.send_message("iver.").await;
    wait_for_agent_messages(visitor, 4).await;
    visitor.click("preview-switch").await;
    inspect("preview-off").await;

    visitor.send_message(" you could: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft").await;
    agent
        .send_message("https://example.com/a/very/long/address/without/any/blank/in/it/that/must/be/broken/somewhere")
        .await;
    wait_for_agent_messages(visitor, 5).await;
    inspect("long-words").await;

    let engagement = server.newest_engagement().await;
    let file = json!({ "engagementId": engagement, "name": "Delivery note 4471.pdf",
        "contentType": "application/pdf", "size": 48_213 });
    server.switch("file", file).await;
    visitor.part("file").await;
    visitor.choose_file("photo.raw", "not one of those").await;
    visitor.part("upload-failed").await;
    inspect("files").await;
    let dismiss = visitor.find("[part~=upload-failed] button").await;
    dismiss.click().await.expect("it can be dismissed");
    visitor.wait_until_gone("upload-failed").await;

    server
        .set_network_fault("postMessage", json!("drop_before"), Some(1))
        .await;
    visitor
        .send_message("Could you check with the driver?")
        .await;
    visitor.find(".problem").await;
    inspect("not-sure-it-arrived").await;
    server.fail_calls("consumer/postMessage", 400, 1).await;
    visitor.send_message("Hello?").await;
    wait_for("two messages in doubt", || async {
        (visitor.texts(".problem").await.len() == 2).then_some(())
    })
    .await;
    inspect("not-delivered").await;

    visitor.click("more").await;
    visitor.part("menu").await;
    inspect("menu").await;
    visitor.click("end").await;
    visitor.part("ask").await;
    inspect("ask-before-end").await;
    visitor.click("keep").await;
    visitor.wait_until_gone("ask").await;
}

/// Shows a lost connection, new messages while the visitor is not looking, and a transfer to the queue.
async fn show_interruptions(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    let refusal = json!({ "refuse": { "status": 503 } });
    server
        .set_network_fault("consumer/getMessages", refusal, None)
        .await;
    // This message answers the held poll; the next poll is refused.
    agent.send_message("One moment.").await;
    visitor.part("banner").await;
    inspect("no-connection").await;
    server.clear_network_faults().await;
    visitor.find(".banner.good").await;
    inspect("back-online").await;

    visitor.script("seen[0].scrollTop = 0", ".list").await;
    agent.send_message("He is on his way back.").await;
    visitor.part("new-messages").await;
    inspect("new-messages").await;
    visitor.click("new-messages").await;
    visitor.wait_until_gone("new-messages").await;

    visitor.click("close").await;
    visitor.wait_until_gone("panel").await;
    agent.send_message("I have found it.").await;
    visitor.part("badge").await;
    inspect("launcher-unread").await;
    visitor.click("launcher").await;
    visitor.wait_until_gone("badge").await;

    let engagement = server.newest_engagement().await;
    server
        .switch("transfer", json!({ "engagementId": engagement }))
        .await;
    visitor.part("waiting").await;
    inspect("waiting-again").await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
}

/// Shows the end of a conversation with a survey and without one.
async fn show_ends(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    agent
        .send_message("Done: a new parcel leaves today, at no cost.")
        .await;
    agent.click("conclude").await;
    visitor.part("survey").await;
    inspect("ended-with-survey").await;
    agent.click("release").await;

    let no_survey = json!({ "id": 0, "auth": "" });
    let config = json!({ "cancelled_survey": no_survey, "completed_survey": no_survey });
    server.switch("config", config).await;
    visitor.start().await;
    visitor.part("leave").await;
    visitor.find(".position").await;
    visitor.click("leave").await;
    visitor.find(".foot").await;
    inspect("ended-without-survey").await;
}

/// Shows the failures of a start.
async fn show_failures(
    server: &TestServer,
    visitor: &Visitor,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    server.fail_calls("requestEngagement", 500, 1).await;
    visitor.start().await;
    visitor.part("failed").await;
    inspect("failed-fault").await;
    let failures = [
        ("FAIL_NO_AGENTS_AVAIL", "failed-no-agents"),
        ("FAIL_OUT_OF_HOURS", "failed-closed"),
    ];
    for (result, state_name) in failures {
        let fault = json!({ "operation": "requestEngagement", "resultType": result, "times": 1 });
        server.switch("fault", fault).await;
        let former_title = visitor.texts("[part~=failed] h3").await;
        visitor.click("try-again").await;
        wait_for("another failure", || async {
            let title = visitor.texts("[part~=failed] h3").await;
            (!title.is_empty() && title != former_title).then_some(())
        })
        .await;
        inspect(state_name).await;
    }
}

/// Shows the form before a conversation, and the forms of a service that is closed, each on a page of its own.
async fn show_forms(
    server: &TestServer,
    visitor: &Visitor,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    let form_fields =
        "[{ name: 'firstName', required: true }, { name: 'emailAddress', required: true },
        { name: 'productId', options: [{ value: 7, label: 'Spades' }] }, { name: 'question' }]";
    let consent = "'I agree that what I write here is kept to answer me.'";
    open_page(
        server,
        visitor,
        "form.html",
        &format!("{{ form: {form_fields}, consent: {consent} }}"),
    )
    .await;
    visitor.part("form").await;
    inspect("form").await;
    visitor.start().await;
    visitor.part("wrong").await;
    inspect("form-incomplete").await;

    let brand = "logo: '/img/mark.svg', teamName: 'Mia, Tom and Ana', replyTime: 'We usually answer within two minutes',
        hours: 'Every day from 8 am to 8 pm', starters: ['Where is my order?', 'My plant arrived broken', 'Which pot fits?'],
        contact: 'tel:+4930123456, mailto:help@fernhill.example', idleLimitSeconds: 4";
    open_page(server, visitor, "brand.html", &format!("{{ {brand} }}")).await;
    visitor.part("starter").await;
    inspect("welcome-with-starters").await;
    server.fail_calls("requestEngagement", 500, 1).await;
    visitor.click("starter").await;
    visitor.part("failed").await;
    inspect("failed-with-contacts").await;

    let closed = "availability: () => 'closed'";
    open_page(
        server,
        visitor,
        "away.html",
        &format!("{{ {closed}, whenClosed: 'inform' }}"),
    )
    .await;
    visitor.part("away").await;
    inspect("out-of-hours").await;
    open_page(
        server,
        visitor,
        "message.html",
        &format!("{{ {closed}, whenClosed: 'form' }}"),
    )
    .await;
    visitor.part("leave-message").await;
    inspect("leave-message").await;
    visitor
        .leave_message("mia@example.com", "When are you there?")
        .await;
    visitor.part("message-sent").await;
    inspect("message-sent").await;
}

/// Shows pictures in messages, then the rating and the transcript by email after the conversation.
async fn show_pictures_and_rating(
    server: &TestServer,
    visitor: &Visitor,
    agent: &AgentAtDesk,
    inspect: &mut impl AsyncFnMut(&'static str),
) {
    let config =
        "pictureHosts: location.host, ratingEndpoint: '/message', transcriptEndpoint: '/message',
        prefill: { emailAddress: 'mia@example.com' }";
    open_page(server, visitor, "rating.html", &format!("{{ {config} }}")).await;
    visitor.send_message("It arrived like this:").await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    let picture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/images/shop-1280x800.png"
    );
    visitor.choose_file_at(Path::new(picture)).await;
    visitor.find(".mine img.picture").await;
    let link = format!("{}/files/1/shop-1280x800.png", server.site());
    agent
        .send_message(&format!("I see. Should it look like this? {link}"))
        .await;
    agent
        .send_message(&format!("{}/files/9/gone.png", server.site()))
        .await;
    wait_for_agent_messages(visitor, 3).await;
    visitor.find(".picture[hidden] + span").await;
    inspect("pictures").await;

    agent.click("conclude").await;
    visitor.part("rating").await;
    inspect("rating").await;
    let star = visitor.find(".star:nth-child(4)").await;
    star.click().await.expect("a star can be chosen");
    visitor.part("rate").await;
    inspect("rating-chosen").await;
    visitor.click("rate").await;
    visitor.part("rating-sent").await;
    visitor.click("email-transcript").await;
    visitor.part("mail").await;
    inspect("transcript-by-email").await;
    visitor.click("mail-send").await;
    visitor.part("transcript-sent").await;
    inspect("transcript-sent").await;
    agent.click("release").await;
}

/// Opens a page of its own with a widget that has these options, written in JavaScript, and opens the panel. The page is in
/// the language of the page before it.
async fn open_page(server: &TestServer, visitor: &Visitor, name: &str, config: &str) {
    let script = "return document.documentElement.lang";
    let lang = visitor.browser.script(script, vec![]).await;
    // The pages of the pseudo-locale have texts of their own.
    let script = "return JSON.stringify(window.pseudoWords ?? {})";
    let words = visitor.browser.script(script, vec![]).await;
    let words = words.as_str().unwrap_or("{}").to_owned();
    // Each page has a different session endpoint. The widget therefore does not continue the conversation of another page.
    let page = format!(
        "<!doctype html><html lang={lang} dir=auto><head><meta charset=utf-8><title>Fernhill</title>
         <meta name=viewport content='width=device-width'>
         <script>window.pseudoWords = {words}; window.Pipit = {{ config: {{ ...{config}, words: pseudoWords }} }}</script>
         <script async src=/pipit/pipit.js data-session-endpoint=/session?{name} data-message-endpoint=/message
             data-upload-endpoint=/upload></script>
         </head><body></body></html>"
    );
    server.serve(name, &page);
    visitor
        .browser
        .open_page(&format!("{}/{name}", server.site()))
        .await;
    visitor.open_panel().await;
}

/// Waits until this many messages of agents are shown.
async fn wait_for_agent_messages(visitor: &Visitor, count: usize) {
    let count_shown = async || visitor.texts("[part~=message-agent]").await.len();
    visitor
        .browser
        .wait_until_equal("agents' messages", count, count_shown)
        .await;
}

/// Waits until this many messages of the visitor are shown and the server has answered all their posts.
async fn wait_for_delivery(visitor: &Visitor, count: usize) {
    let count_shown = async || visitor.texts("[part~=message-visitor]").await.len();
    visitor
        .browser
        .wait_until_equal("own messages", count, count_shown)
        .await;
    visitor.wait_for_posts(count).await;
}
