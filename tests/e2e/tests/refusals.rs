//! Each refusal of `requestEngagement` has a text of its own, and a button to try again if that can help.

use pipit_e2e::TestServer;

/// Status, headline, and whether the panel offers to try again.
const REFUSALS: [(u16, &str, bool); 6] = [
    (400, "The chat service didn't understand", false),
    (403, "Your access to the chat was refused", true),
    (404, "We couldn't find the chat service", false),
    (408, "The chat service took too long to answer", true),
    (409, "Chat isn't available for this request", false),
    (500, "The chat service has a problem", true),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_has_its_own_text() {
    let server = TestServer::start().await;
    for (status, headline, can_try_again) in REFUSALS {
        let visitor = server.visitor().await;
        // Twice, because Chromium itself repeats a request that is answered with 408 on a reused connection.
        server.fail_calls("requestEngagement", status, 2).await;
        visitor.start_chat().await;
        visitor.wait_for_text("[part~=failed] h3", headline).await;
        server.fail_calls("*", status, 0).await;
        if can_try_again {
            visitor.click("try-again").await;
            visitor
                .wait_for_part_text("status", "Waiting for an agent")
                .await;
        } else {
            visitor.wait_until_gone("try-again").await;
        }
        visitor.browser.close().await;
    }
}
