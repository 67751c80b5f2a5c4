//! Every page of these tests stands under a strict Content-Security-Policy, and what a browser refuses because of it
//! fails the test. That it would is seen here.

use std::sync::Mutex;

use pipit_e2e::{World, until};

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_refuses_is_told() {
    let page = "<!doctype html><html lang=en><body><img src='http://127.0.0.1:9/a.png' alt=''></body></html>";
    let world = World::with_page(page).await;
    let visitor = world.visitor().await;
    let sink = "try { document.body.innerHTML = '<b>no</b>' } catch {}";
    visitor.browser.script(sink, vec![]).await;
    let refused = Mutex::new(String::new());
    for directive in ["img-src", "require-trusted-types-for"] {
        until(directive, || async {
            let mut refused = refused.lock().ok()?;
            refused.extend(world.refused());
            refused.contains(directive).then_some(())
        })
        .await;
    }
    visitor.browser.close().await;
}
