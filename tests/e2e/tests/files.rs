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

/// Drops or pastes files with these names on the composer; a text if there is no name. Returns whether the widget has taken
/// them, so that the browser does nothing with them.
async fn drop_files(visitor: &Visitor, event: &str, names: &[&str]) -> bool {
    let script = "const data = new DataTransfer();
        arguments[2].forEach(name => data.items.add(new File(['text'], name)));
        if (!arguments[2].length) data.setData('text/plain', 'text');
        const event = new Event(arguments[1], { bubbles: true, cancelable: true, composed: true });
        Object.defineProperty(event, arguments[1] === 'paste' ? 'clipboardData' : 'dataTransfer', { value: data });
        return !seen[0].dispatchEvent(event)";
    let arguments = vec![
        json!("[part~=composer] textarea"),
        json!(event),
        json!(names),
    ];
    let is_taken = visitor.script_with(script, arguments).await;
    is_taken == Value::Bool(true)
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

    // Two files that are dropped, one after another. The browser does not open them in place of the page.
    assert!(drop_files(&visitor, "drop", &["a.txt", "b.txt"]).await);
    let last = format!("> b.txt\n{}/files/3/b.txt", server.site());
    visitor.wait_for_last_message(&last).await;
    assert!(drop_files(&visitor, "paste", &["c.txt"]).await);
    let last = format!("> c.txt\n{}/files/4/c.txt", server.site());
    visitor.wait_for_last_message(&last).await;
    assert!(!drop_files(&visitor, "paste", &[]).await);

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
