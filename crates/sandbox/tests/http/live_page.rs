//! Tests of the live page at `/sandbox/`, and of the options that change the whole sandbox.

use std::time::{Duration, Instant};

use pipit_sandbox::{AgentAccount, Behaviour, Options, read_config};
use reqwest::Method;
use serde_json::{Value, json};

use crate::test_client::{TestClient, send, text};

async fn page_file(client: &TestClient, name: &str) -> String {
    let response = client.api(Method::GET, &format!("/sandbox/{name}"));
    let response = response.send().await.unwrap();
    assert_eq!(response.status(), 200, "{name}");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_page_has_no_inline_code_and_every_button_works() {
    let client = TestClient::new().await;
    let response = client.api(Method::GET, "/sandbox/").send().await.unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = response.text().await.unwrap();
    for inline in ["style=", "onclick=", "<style", "<script>", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
    let script = page_file(&client, "page.js").await;
    for sink in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
    ] {
        assert!(!script.contains(sink), "{sink}");
    }
    page_file(&client, "page.css").await;
    let mut count = 0;
    for button in html.split("data-switch=\"").skip(1) {
        let (switch, rest) = button.split_once('"').unwrap();
        let rest = rest.trim_start().strip_prefix("data-body=").unwrap();
        let quote = rest.chars().next().unwrap();
        let body = rest[1..].split(quote).next().unwrap();
        let body = serde_json::from_str(body).unwrap();
        assert_eq!(client.switch(switch, body).await.status, 200, "{switch}");
        count += 1;
    }
    assert!(count >= 8, "{count} buttons");
}

#[tokio::test]
async fn each_request_and_answer_is_shown_with_masked_secrets() {
    let client = TestClient::new().await;
    let (visitor, agent) = client.conversation().await;
    client.post_as_agent(&agent, &visitor, "Hello there").await;
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    poll.await.unwrap();
    let poll = tokio::spawn(send(client.as_visitor(&visitor, "getMessages").body("{}")));
    client.wait_until_polling(true).await;
    let log = page_file(&client, "exchanges?after=0").await;
    for secret in [&visitor.session, &agent.session] {
        assert!(!log.contains(secret.as_str()), "a session id is shown");
    }
    assert!(!log.contains("eyJ"), "a token is shown");
    let log: Value = serde_json::from_str(&log).unwrap();
    let exchanges = log["exchanges"].as_array().unwrap();
    let last = exchanges.last().unwrap();
    assert!(
        text(&last["path"]).ends_with("/consumer/pipit_demo/v1/getMessages?pool=297:1"),
        "{last}"
    );
    assert_eq!(
        (&last["status"], &last["is_over"]),
        (&Value::Null, &json!(false)),
        "{last}"
    );
    let answers: Vec<_> = exchanges.iter().map(|it| text(&it["answer"])).collect();
    assert!(
        answers.iter().any(|answer| answer.contains("Hello there")),
        "{answers:?}"
    );

    poll.abort();
    client.wait_until_polling(false).await;
    let after = format!("exchanges?after={}", log["revision"]);
    let changes: Value = serde_json::from_str(&page_file(&client, &after).await).unwrap();
    let changed = changes["exchanges"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(
        (&changed[0]["number"], &changed[0]["is_over"]),
        (&last["number"], &json!(true))
    );
}

#[tokio::test]
async fn a_faster_clock_answers_polls_earlier() {
    let client = TestClient::with(Options {
        speed: 60,
        ..Options::default()
    })
    .await;
    let visitor = client.visitor().await;
    client.messages(&visitor).await;
    let began = Instant::now();
    assert!(client.messages(&visitor).await.is_empty());
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test]
async fn automated_agents_answer_and_another_site_name_counts() {
    let agent = |account, behaviour| AgentAccount {
        account,
        user: format!("agent-{account}"),
        name: format!("Agent {account}"),
        behaviour,
    };
    let replies = vec!["Where do you live?".to_owned(), "Thank you.".to_owned()];
    for (behaviour, expected) in [
        (Behaviour::Echo, vec!["one", "two"]),
        (
            Behaviour::of_replies(replies),
            vec!["Where do you live?", "Thank you.", "AGENT_CONCLUDED"],
        ),
    ] {
        let client = TestClient::with(Options {
            agents: vec![agent(5, behaviour)],
            ..Options::default()
        })
        .await;
        let visitor = client.visitor().await;
        client
            .wait_for_message(&visitor, "RNEngagementParticipantAddedMessage")
            .await;
        for body in ["one", "two"] {
            let post = client.as_visitor(&visitor, "postMessage");
            assert_eq!(
                send(post.body(json!({"body": body}).to_string()))
                    .await
                    .status,
                200
            );
        }
        let mut received = Vec::new();
        while received.len() < expected.len() {
            for message in client.messages(&visitor).await {
                let texts = [&message["body"], &message["reason"]];
                received.extend(texts.iter().filter_map(|it| it.as_str().map(str::to_owned)));
            }
        }
        assert_eq!(received, expected);
    }
}

#[tokio::test]
async fn the_config_file_of_the_document_can_be_used() {
    let document = include_str!("../../../../docs/sandbox.md");
    let file = document.split("```toml\n").nth(1).unwrap();
    let script = |_: &str| Ok(pipit_script::CONVERSATIONS[0].text.to_owned());
    let mut options = read_config(file.split("```").next().unwrap(), script).unwrap();
    assert_eq!(options.site_name, "acme");
    (options.site_port, options.api_port) = (0, 0);
    let sandbox = pipit_sandbox::start(options).await.unwrap();
    sandbox.stop().await;
}
