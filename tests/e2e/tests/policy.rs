//! Every page of these tests stands under a strict Content-Security-Policy, and what a browser refuses because of it
//! fails the test. That it does is seen here.

use pipit_e2e::{World, wait_for};

/// The tag is written so that the world does not allow it.
const PAGE: &str = "<!doctype html><html lang=en><body><img src='http://127.0.0.1:9/a.png' alt=''>
    <SCRIPT>window.ran = true</SCRIPT></body></html>";

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "a browser has refused something to a page")]
async fn what_a_browser_refuses_fails_the_test() {
    let world = World::with_page(PAGE).await;
    let visitor = world.visitor().await;
    let sink = "try { document.body.innerHTML = '<b>no</b>' } catch {}";
    visitor.browser.script(sink, vec![]).await;
    for directive in ["img-src", "script-src", "require-trusted-types-for"] {
        wait_for(directive, || async {
            let refused = world.policy_violations();
            let is_told = |report: &String| report.contains(&format!("-directive\":\"{directive}"));
            refused.iter().any(is_told).then_some(())
        })
        .await;
    }
    visitor.browser.close().await;
}
