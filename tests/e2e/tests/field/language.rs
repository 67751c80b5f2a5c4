//! Cases 1 and 23: any text for a language, and a page that changes its language.

use pipit_e2e::TestServer;

use super::page_of;

#[tokio::test(flavor = "multi_thread")]
async fn a_malformed_language_does_not_keep_the_panel_from_opening() {
    let page = page_of("01-malformed-language-tag");
    let lang = "lang=\"en_US.UTF-8\"";
    let script = "<script async";
    let languages = |value: &str| {
        format!(
            "<script>Object.defineProperty(navigator, 'languages', {{ value: {value} }})</script>{script}"
        )
    };
    let variants = [
        ("unix", lang, lang.to_owned()),
        ("posix", lang, "lang=\"C\"".to_owned()),
        ("dash", lang, "lang=\"en-\"".to_owned()),
        ("template", lang, "lang=\"{{ lang }}\"".to_owned()),
        ("prototype", lang, "lang=\"constructor\"".to_owned()),
        (
            "option",
            script,
            format!("{script} data-locale=\"en_US.UTF-8\""),
        ),
        ("browser", script, languages("['en_US.UTF-8', 'C']")),
        ("unknown", script, languages("undefined")),
    ];
    let server = TestServer::with_page(&page).await;
    for (name, before, after) in &variants {
        server.serve(&format!("{name}.html"), &page.replacen(before, after, 1));
    }
    let visitor = server.visitor().await;
    for (name, ..) in &variants {
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.open_panel().await;
        visitor.wait_for_part_text("start", "Start chat").await;
        // The tab stores that the panel is open. Without this line, the next page would open it again.
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}
