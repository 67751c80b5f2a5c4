//! Cases 1 and 23: any text for a language, and a page that changes its language.

use pipit_e2e::{TestServer, Visitor};
use serde_json::{Value, json};

use super::{page_of, wait_for_value};

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
        visitor
            .wait_for_text(".welcome h3", "Hello! How can we help?")
            .await;
        // The tab stores that the panel is open. Without this line, the next page would open it again.
        let forget = "document.querySelector('pipit-chat').chat.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}

/// Returns the language that the widget shows: of the panel and of the launcher, with the direction and the label that
/// closes the panel.
const SHOWN: &str = "const root = document.querySelector('pipit-chat').shadowRoot;
    const [panel, launcher] = [root.querySelector('[translate=no]'), root.querySelector('.launcher')];
    return [panel?.lang, panel?.dir, root.querySelector('[part~=close]')?.ariaLabel, launcher.lang, launcher.ariaLabel]";

/// Sets the page's language.
async fn set_language(visitor: &Visitor, tag: &str) {
    let script = "document.documentElement.lang = arguments[0]";
    visitor.browser.script(script, vec![json!(tag)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_changes_its_language_is_followed() {
    let page = page_of("23-language-that-changes");
    let server = TestServer::with_page(&page).await;
    let fixed = page.replacen("<script async", "<script async data-locale=\"en\"", 1);
    server.serve("fixed.html", &fixed);
    let visitor = server.visitor().await;
    let english = json!(["en-US", "ltr", "Minimize chat", "en-US", "Chat"]);
    let german = |tag: &str| json!([tag, "ltr", "Chat minimieren", tag, "Chat"]);
    let hebrew = json!(["he", "rtl", "מזעור הצ׳אט", "he", "צ׳אט"]);

    // The launcher follows before the panel is loaded.
    let label = "const { lang, dir } = document.querySelector('pipit-chat').shadowRoot.querySelector('.launcher'); return [lang, dir]";
    visitor.part("launcher").await;
    set_language(&visitor, "he").await;
    wait_for_value(&visitor, label, json!(["he", "rtl"])).await;
    visitor.start_chat().await;
    visitor.part("waiting").await;
    visitor.type_text("half a thought").await;
    let expect = async |expected: &Value| {
        wait_for_value(&visitor, SHOWN, expected.clone()).await;
        assert_eq!(visitor.draft().await, "half a thought");
    };
    expect(&hebrew).await;

    for (tag, expected) in [
        ("de", german("de")),
        ("en", english.clone()),
        ("de_AT.UTF-8", german("de-AT")),
        ("he", hebrew.clone()),
        // The browser's language decides if the page's tag has no meaning.
        ("{{ lang }}", english.clone()),
        ("de", german("de")),
        ("", english.clone()),
    ] {
        set_language(&visitor, tag).await;
        expect(&expected).await;
    }

    // Of several changes, the latest one decides, even if its texts arrive first.
    let delay_french = "const { fetch } = window;
        const released = new Promise(release => window.release = release);
        window.fetch = async (...request) => {
            if (`${request[0]}`.includes('/fr-')) await released;
            return fetch(...request);
        }";
    visitor.browser.script(delay_french, vec![]).await;
    set_language(&visitor, "fr").await;
    set_language(&visitor, "de").await;
    expect(&german("de")).await;
    let release = "const done = arguments[arguments.length - 1];
        release();
        Pipit.update({ title: 'Shop' }).then(() => done())";
    visitor.browser.script_async(release, vec![]).await;
    visitor.wait_for_text(".name", "Shop").await;
    expect(&german("de")).await;

    // The host's own option wins over the page, and English is a language like any other.
    let update = async |locale: &str| {
        let script = "const [locale, done] = arguments; Pipit.update({ locale }).then(done)";
        visitor
            .browser
            .script_async(script, vec![json!(locale)])
            .await;
    };
    update("he").await;
    expect(&hebrew).await;
    update("en").await;
    expect(&english).await;
    set_language(&visitor, "he").await;
    update("en-GB").await;
    expect(&json!(["en-GB", "ltr", "Minimize chat", "en-GB", "Chat"])).await;

    // A value that is refused is not kept, so it is refused again.
    let refused = "const done = arguments[arguments.length - 1];
        const refusal = () => Pipit.update({ form: [5] }).then(() => null, ({ code }) => code);
        refusal().then(async first => done([first, await refusal()]))";
    assert_eq!(
        visitor.browser.script_async(refused, vec![]).await,
        json!(["E_OPTION", "E_OPTION"])
    );

    let forget = "Pipit.destroy(); sessionStorage.clear()";
    visitor.browser.script(forget, vec![]).await;
    let url = format!("{}/fixed.html", server.site());
    visitor.browser.open_page(&url).await;
    visitor.open_panel().await;
    set_language(&visitor, "he").await;
    let update = "const done = arguments[arguments.length - 1]; Pipit.update({ title: 'Shop' }).then(() => done())";
    visitor.browser.script_async(update, vec![]).await;
    visitor.wait_for_text(".name", "Shop").await;
    wait_for_value(&visitor, SHOWN, english).await;
    visitor.browser.close().await;
}
