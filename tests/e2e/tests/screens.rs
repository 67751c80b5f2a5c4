//! The demo page on a desktop and on a phone: everything fits, and pictures are saved in `target/screens`. The README's
//! pictures are from there.

use std::path::Path;

use fantoccini::key::Key;
use pipit_e2e::{SIZES, TestServer, Visitor};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_fits_each_screen() {
    for size in SIZES {
        let server = TestServer::start().await;
        let agent = server.agent_with_screen(size).await;
        agent.wait_until_logged_on().await;
        save(&agent.browser.screenshot().await, "desk-empty", size);
        let visitor = server.visitor_with_screen(size).await;
        visitor.open_panel().await;
        visitor.part("welcome").await;
        check_and_save(&visitor, "welcome", size).await;

        visitor.start().await;
        visitor
            .wait_for_text(".place", "You are first in line")
            .await;
        visitor
            .send_message("Hello! My order 4471 shows as delivered, but it is not here.")
            .await;
        visitor
            .wait_for_part_text("state", "Waiting for the agent")
            .await;
        check_and_save(&visitor, "queued", size).await;

        agent.accept().await;
        visitor.wait_for_text(".name", "Ana Marques").await;
        agent
            .send_message("I see the parcel was left at locker 12.")
            .await;
        visitor
            .send_message("Locker 12 was empty this morning.")
            .await;
        visitor.send_message("https://example.com/a/very/long/address/without/any/blank/in/it/that/must/be/broken").await;
        agent.send_message("Let me ask the driver.").await;
        visitor
            .wait_for_last_message("< Let me ask the driver.")
            .await;
        visitor.type_text("It would be great if").await;
        agent
            .wait_for_partial_text("preview", "It would be great if")
            .await;
        check_and_save(&visitor, "chatting", size).await;
        save(&agent.browser.screenshot().await, "desk-chatting", size);

        visitor.type_text(&Key::Enter.to_string()).await;
        agent.wait_for_last_message("> It would be great if").await;
        agent.click("conclude").await;
        visitor.wait_for_part_text("status", "Chat ended").await;
        visitor.part("survey").await;
        check_and_save(&visitor, "concluded", size).await;
        save(&agent.browser.screenshot().await, "desk-wrap-up", size);

        server.fail_calls("requestEngagement", 500, 1).await;
        visitor.start().await;
        visitor.part("failed").await;
        check_and_save(&visitor, "failed", size).await;
        agent.browser.close().await;
        visitor.browser.close().await;
    }
}

/// Checks that everything fits on the screen, and saves a picture.
async fn check_and_save(visitor: &Visitor, name: &str, size: (u32, u32)) {
    visitor.wait_until_still().await;
    let outside = visitor.overflowing_parts().await;
    assert!(outside.is_empty(), "{name} at {size:?}: {outside:?}");
    save(&visitor.browser.screenshot().await, name, size);
}

fn save(picture: &[u8], name: &str, (width, height): (u32, u32)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/screens");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let file = folder.join(format!("{name}-{width}x{height}.png"));
    std::fs::write(file, picture).expect("the picture can be kept");
}
