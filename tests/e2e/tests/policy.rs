//! Every page of the end-to-end tests has a strict Content-Security-Policy, and a violation fails the test. This test checks
//! that mechanism.

use pipit_e2e::{TestServer, wait_for};

/// A page that violates the policy. The script's tag is written so that it does not get the nonce.
const PAGE: &str = "<!doctype html><html lang=en><body><img src='http://127.0.0.1:9/a.png' alt=''>
    <SCRIPT>window.ran = true</SCRIPT></body></html>";

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "a page has violated the Content-Security-Policy")]
async fn a_policy_violation_fails_the_test() {
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    let sink = "try { document.body.innerHTML = '<b>no</b>' } catch {}";
    visitor.browser.script(sink, vec![]).await;
    for directive in ["img-src", "script-src", "require-trusted-types-for"] {
        wait_for(directive, || async {
            let violations = server.policy_violations();
            let names_directive =
                |report: &String| report.contains(&format!("-directive\":\"{directive}"));
            violations.iter().any(names_directive).then_some(())
        })
        .await;
    }
    visitor.browser.close().await;
}
