//! The choice of the widget's language: by the host's option, by the page's language, or by the browser's.

use pipit_e2e::TestServer;
use serde_json::{Value, json};

/// A page of frames. Each frame is a page in another language with a widget of its own.
const PAGE: &str = r#"<!doctype html><html lang="en"><body><script>
    const pages = self.trustedTypes?.createPolicy("page", { createHTML: text => text });
    function add(name, language, wanted, before, load) {
        const frame = document.createElement("iframe");
        frame.name = name;
        const attribute = wanted === null ? "" : `data-locale="${wanted}"`;
        const page = `<!doctype html><html lang="${language}"><script>${before}<\/script><body>
            <script src="/pipit/pipit.js" ${attribute} ${load}><\/script></body></html>`;
        frame.srcdoc = pages ? pages.createHTML(page) : page;
        document.body.append(frame);
    }
    function spoken(name) {
        const root = frames[name].document.querySelector("pipit-chat")?.shadowRoot;
        const launcher = root?.querySelector("[part~=launcher]");
        const panel = root?.querySelector("[translate=no]");
        panel && frames[name].Pipit.open();
        return panel ? [panel.lang, panel.dir, panel.querySelector("[part~=close]")?.ariaLabel] : [launcher?.lang, launcher?.dir, launcher?.ariaLabel];
    }
</script></body></html>"#;

/// A page that has wrapped `fetch`. Requests for translations are answered by the script `instead`.
fn wrapped(instead: &str) -> String {
    format!(
        "const own = fetch;
         window.fetch = (it, ...rest) => String(it).includes('/locales/') ? {instead} : own(it, ...rest);"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_uses_the_first_language_that_it_has() {
    let server = TestServer::with_page(PAGE).await;
    let visitor = server.visitor().await;
    let browser = &visitor.browser;
    let is_refused = wrapped("Promise.reject(new Error('gone'))");
    let is_slow = wrapped("new Promise(() => {})");
    // The browser's language is en-US.
    let english = json!(["en-US", "ltr", "Minimize chat"]);
    let german = |tag: &str| json!([tag, "ltr", "Chat minimieren"]);
    let hebrew = json!(["he", "rtl", "מזעור הצ׳אט"]);
    let chinese = |tag: &str| json!([tag, "ltr", "最小化对话"]);
    let cases: [(&str, Option<&str>, &str, Value); 14] = [
        ("", None, "", english.clone()),
        ("en", None, "", english.clone()),
        ("de", None, "", german("de")),
        ("de-AT", Some(""), "", german("de-AT")),
        ("de", Some("iw"), "", hebrew),
        (
            "de",
            Some("pt_BR"),
            "",
            json!(["pt-BR", "ltr", "Minimizar o chat"]),
        ),
        ("zh-CN", None, "", chinese("zh-CN")),
        ("zh-TW", None, "", english.clone()),
        ("zh", Some("zh-Hant-HK"), "", chinese("zh")),
        ("cs", Some("klingon!"), "", english),
        ("no", None, "", json!(["no", "ltr", "Minimer chatten"])),
        (
            "de",
            Some("tr_TR"),
            "",
            json!(["tr-TR", "ltr", "Sohbeti küçült"]),
        ),
        (
            "de",
            None,
            &is_refused,
            json!(["en", "ltr", "Minimize chat"]),
        ),
        ("de", None, &is_slow, json!(["en", "ltr", "Minimize chat"])),
    ];
    for (index, (language, wanted, before, expected)) in cases.into_iter().enumerate() {
        let name = format!("frame{index}");
        let frame = [json!(name), json!(language), json!(wanted), json!(before)];
        let eager = [frame.as_slice(), &[json!("data-load=eager")]].concat();
        browser.script("add(...arguments)", eager).await;
        let what = format!("a page in {language:?} that wants {wanted:?}");
        browser
            .wait_until_equal(&what, expected, async || {
                let name = vec![json!(name)];
                browser.script("return spoken(...arguments)", name).await
            })
            .await;
    }
    // The launcher has its text before the panel has loaded. It ignores the country of the language tag.
    let frame = ["launcher", "pl-PL", "", "", "data-load=manual"].map(|text| json!(text));
    browser.script("add(...arguments)", frame.to_vec()).await;
    browser
        .wait_until_equal(
            "the launcher alone",
            json!(["pl", "ltr", "Czat"]),
            async || {
                let name = vec![json!("launcher")];
                browser.script("return spoken(...arguments)", name).await
            },
        )
        .await;
    visitor.browser.close().await;
}
