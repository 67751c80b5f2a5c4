//! Files from the visitor to the agent and back.

use pipit_e2e::{AgentAtDesk, TestServer, Visitor, wait_for};
use serde_json::{Value, json};

/// Starts a conversation on a page that allows uploads.
async fn start_conversation() -> (TestServer, Visitor, AgentAtDesk) {
    let server = TestServer::start().await;
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.find(".avatar.here").await;
    (server, visitor, agent)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_visitors_file_reaches_the_agent_as_an_address() {
    let (server, visitor, agent) = start_conversation().await;
    visitor.choose_file("order 4471.txt", "Where is it?").await;
    let messages = format!("order 4471.txt\n{}/files/1/order%204471.txt", server.site());
    visitor
        .wait_for_last_message(&format!("> {messages}"))
        .await;
    visitor.wait_until_gone("upload").await;
    wait_for("the file at the desk", || async {
        let last = agent.conversation().await.pop()?;
        last.contains("/files/1/order%204471.txt").then_some(())
    })
    .await;
    let url = format!("{}/files/1/order%204471.txt", server.site());
    let answer = reqwest::get(url).await.expect("the site answers");
    let text = answer.text().await.expect("in full");
    assert_eq!(text, "Where is it?");

    visitor.choose_file("tool.exe", "MZ").await;
    visitor
        .wait_for_text(
            "[part~=upload-failed] .line-text",
            "This type of file can't be sent",
        )
        .await;
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    assert_eq!(visitor.overflowing_parts().await, Vec::<String>::new());
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agents_file_is_fetched_as_the_service_site_requires() {
    let (server, visitor, agent) = start_conversation().await;
    let engagement = server.newest_engagement().await;
    let file = json!({ "engagementId": engagement, "name": "label.pdf", "contentType": "application/pdf", "size": 4_096 });
    server.switch("file", file).await;
    visitor.wait_for_text("[part~=file] bdi", "label.pdf").await;
    let saved = "window.saved = [];
        const make = URL.createObjectURL;
        URL.createObjectURL = blob => { window.saved.push([blob.size, blob.type]); return make(blob) }";
    visitor.browser.script(saved, vec![]).await;
    visitor.click("file").await;
    let read = async || visitor.browser.script("return window.saved", vec![]).await;
    let expected: Value = json!([[4_096, "application/octet-stream"]]);
    visitor
        .browser
        .wait_until_equal("the saved file", expected, read)
        .await;
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());
    agent.browser.close().await;
    visitor.browser.close().await;
}
