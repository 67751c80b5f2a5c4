//! The three doors: one contract for all of them.

use pipit_e2e::World;
use serde_json::json;

const CONTRACT: &str = include_str!("contract.js");

/// The same chat by each door; `window.chat` is it.
const DOORS: [(&str, &str); 3] = [
    (
        "script",
        r#"<script src="/pipit/pipit.js" data-session-endpoint="/session"></script>
           <script>window.chat = Pipit</script>"#,
    ),
    (
        "element",
        r#"<pipit-chat session-endpoint="/session"></pipit-chat><script src="/pipit/pipit.js"></script>
           <script>window.chat = document.querySelector("pipit-chat").chat</script>"#,
    ),
    (
        "package",
        r#"<script type="module">
             import { createChat } from "/npm/index.js";
             window.chat = createChat({ sessionEndpoint: "/session" });
           </script>"#,
    ),
];

/// What happens in the contract, each on the chat and on its element.
const EVENTS: &str = "widget:opened chat:requested chat:queued message:sending message:sent \
    chat:ended widget:closed widget:hidden widget:shown destroy";

#[tokio::test(flavor = "multi_thread")]
async fn each_door_keeps_the_contract() {
    for (door, body) in DOORS {
        let page = format!("<!doctype html><html lang=en><body>{body}</body></html>");
        let world = World::with_page(&page).await;
        let visitor = world.visitor().await;
        // The package's scripts may come after the page has.
        let is_there = "return !!window.chat";
        let look = async || visitor.browser.script(is_there, vec![]).await;
        visitor.browser.sees("the chat", json!(true), look).await;
        let told = visitor.browser.script_async(CONTRACT, vec![]).await;
        let kept = json!({ "wrong": [], "heard": EVENTS, "onElement": EVENTS });
        assert_eq!(told, kept, "the door {door}");
        visitor.browser.close().await;
    }
}
