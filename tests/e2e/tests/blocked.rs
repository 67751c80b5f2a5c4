//! Where a page or its browser lets no WebAssembly run, the launcher leads somewhere all the same.

use fantoccini::key::Key;
use pipit_e2e::{Visitor, World};
use serde_json::json;

/// What stands before the loader, each of which keeps WebAssembly from running.
const REFUSALS: [&str; 3] = [
    r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' 'unsafe-inline'; frame-src 'none'">"#,
    r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'"><script>delete window.WebAssembly</script>"#,
    r#"<meta http-equiv="Content-Security-Policy" content="frame-src 'none'">
       <script>WebAssembly.compile = WebAssembly.compileStreaming = async () => { throw new WebAssembly.CompileError("no") }</script>"#,
];

const LISTENER: &str = r#"<script>
    window.errors = [];
    const { error } = console;
    console.error = (told) => { errors.push(`${told.code} ${told.message}`); error(told) };
</script>"#;

const LOADER: &str = r#"<script src="/pipit/pipit.js" data-session-endpoint="/session" data-title="Fernhill"
    data-contact="Mon-Fri 9-5,tel:+123456,https://fernhill.example/help"></script>"#;

fn page(refusal: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head>{refusal}{LISTENER}</head><body>{LOADER}</body></html>"
    )
}

async fn script(visitor: &Visitor, script: &str) -> serde_json::Value {
    visitor.browser.script_async(script, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_frames_are_refused_too_a_card_says_how_else_the_host_can_be_reached() {
    for refusal in REFUSALS {
        let world = World::with_page(&page(refusal)).await;
        let visitor = world.visitor().await;
        visitor.open_panel().await;
        visitor
            .sees_text("[part~=mishap][role=alert] h3", "The chat cannot run here")
            .await;
        let ways = "return seen.map(it => [it.textContent, it.getAttribute('href')])";
        let ways = visitor.script(ways, "[part~=contact]").await;
        let expected = json!([
            ["Mon-Fri 9-5", null],
            ["+123456", "tel:+123456"],
            ["fernhill.example/help", "https://fernhill.example/help"],
        ]);
        assert_eq!(ways, expected);
        assert_eq!(visitor.focus().await, "panel");
        assert_eq!(visitor.violations().await, Vec::<String>::new());
        let told = script(&visitor, "arguments[0](errors)").await.to_string();
        assert!(
            told.contains("E_WASM_BLOCKED") && told.contains("'wasm-unsafe-eval' to script-src"),
            "{told}"
        );

        // By keys too, and again.
        visitor.browser.press(Key::Escape, false).await;
        visitor.misses("panel").await;
        assert_eq!(visitor.focus().await, "launcher");
        visitor.open_panel().await;
        let send = "Pipit.send('hello').catch(({ code }) => arguments[0](code))";
        assert_eq!(script(&visitor, send).await, json!("E_WASM_BLOCKED"));
        visitor.browser.close().await;
    }
}
