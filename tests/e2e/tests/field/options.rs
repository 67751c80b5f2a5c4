//! Cases 6, 13, 18, 19 and 21: how options reach the widget, and links that open the chat.

use pipit_e2e::{Capability, TestServer, Visitor, is_unsupported};
use serde_json::{Value, json};

use super::{page_of, wait_for_value};

/// A script of the test pages: `load(attributes, place)` inserts a tag of the loader, as tag managers do. `place` is the
/// end of `<head>` by default. `html` marks a text as safe for `document.write`.
const TAG_MANAGER: &str = "<script>
    const policy = self.trustedTypes?.createPolicy('page', { createScriptURL: url => url, createHTML: text => text });
    const html = text => policy ? policy.createHTML(text) : text;
    const load = ({ src, ...attributes }, place = document.head) => {
        const tag = document.createElement('script');
        tag.src = policy ? policy.createScriptURL(src) : src;
        for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value);
        place.append(tag);
    };
</script>";

/// Returns a page with this text in its body, after the script [`TAG_MANAGER`].
fn page_with(body: &str) -> String {
    format!("<!doctype html><html lang=en><body>{TAG_MANAGER}{body}</body></html>")
}

/// Returns what the command `doctor` finds wrong, apart from the header `frame-ancestors`, which the test server keeps wide
/// for other tests. The command requests a session, as the options of the page say.
async fn findings(visitor: &Visitor) -> Value {
    let ask = "const done = arguments[arguments.length - 1];
        const ask = async () => (await Pipit.doctor()).filter(it => !it.isFine && it.check !== 'frame')
            .map(it => `${it.check}: ${it.message}`);
        const askWhenLoaded = () => window.Pipit?.doctor
            ? Pipit.whenReady().then(ask).then(done, error => done(`${error}`))
            : setTimeout(askWhenLoaded, 20);
        askWhenLoaded()";
    visitor.browser.script_async(ask, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn options_arrive_with_every_way_to_load_the_script() {
    let page = page_of("06-options-in-the-address");
    let server = TestServer::with_page(&page).await;
    // The same files under other names.
    server.serve_modified_copy("files", "", &[]);
    let url = format!("{}/pipit/pipit.js", server.site());
    let loader = reqwest::get(url).await.expect("the loader is served");
    let loader = loader.text().await.expect("the loader is a text");
    server.serve("files/help.js", &loader);

    let src = "/pipit/pipit.js?session-endpoint=%2Fsession&title=Shop";
    let renamed = src.replace("pipit/pipit", "files/help");
    let attributes = "data-session-endpoint='/session' data-title='Shop'";
    let variants = [
        // The address of the tag.
        ("tag", format!("<script src='{src}'></script>")),
        (
            "cache-buster",
            format!("<script async src='{src}&v=3&utm_source=news&__proto__=x#top'></script>"),
        ),
        (
            "attributes-win",
            format!(
                "<script src='/pipit/pipit.js?title=Garden&session-endpoint=/nowhere' {attributes}></script>"
            ),
        ),
        (
            "address-wins-over-config",
            format!(
                "<script>window.Pipit = {{ config: {{ title: 'Garden', sessionEndpoint: '/nowhere' }} }}</script>
                 <script src='{src}'></script>"
            ),
        ),
        (
            "named-config",
            "<script>window.chatOptions = { title: 'Shop', sessionEndpoint: '/session' }</script>
             <script src='/pipit/pipit.js?config=chatOptions'></script>"
                .to_owned(),
        ),
        ("module", format!("<script type=module src='{src}'></script>")),
        (
            "module-with-attributes",
            format!("<script type=module src='/pipit/pipit.js' {attributes}></script>"),
        ),
        (
            "renamed-module",
            format!("<script type=module src='/files/help.js' {attributes}></script>"),
        ),
        ("renamed", format!("<script defer src='{renamed}'></script>")),
        (
            "written",
            format!("<script>document.write(html(\"<script src='{src}'></\" + 'script>'))</script>"),
        ),
        (
            "copied",
            format!(
                "<script type=text/plain src='/pipit/pipit.js' {attributes}></script><script>
                 const original = document.querySelector('script[type]');
                 load(Object.fromEntries([...original.attributes].filter(it => it.name !== 'type').map(it => [it.name, it.value])))
                 </script>"
            ),
        ),
    ];
    let mut pages = vec!["index.html".to_owned()];
    for (name, body) in &variants {
        server.serve(&format!("{name}.html"), &page_with(body));
        pages.push(format!("{name}.html"));
    }
    let visitor = server.visitor().await;
    for page in &pages {
        let url = format!("{}/{page}", server.site());
        visitor.browser.open_page(&url).await;
        assert_eq!(findings(&visitor).await, json!([]), "{page}");
        visitor.browser.script("Pipit.open()", vec![]).await;
        visitor.wait_for_text(".name", "Shop").await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_without_a_tag_takes_options_from_its_address() {
    if is_unsupported(Capability::QueryInStack) {
        return;
    }
    let src = "/pipit/pipit.js?session-endpoint=%2Fsession&title=Shop";
    let variants = [
        (
            "import",
            format!("<script type=module>import('{src}')</script>"),
        ),
        (
            "shadow",
            format!(
                "<div></div><script>load({{ src: '{src}' }},
                 document.querySelector('div').attachShadow({{ mode: 'closed' }}))</script>"
            ),
        ),
    ];
    let server = TestServer::with_page("").await;
    let visitor = server.visitor().await;
    for (name, body) in &variants {
        server.serve(&format!("{name}.html"), &page_with(body));
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        assert_eq!(findings(&visitor).await, json!([]), "{name}");
        visitor.browser.script("Pipit.open()", vec![]).await;
        visitor.wait_for_text(".name", "Shop").await;
    }
    visitor.browser.close().await;
}

/// A script that keeps the timers that last one second, and collects what the console warns of.
const TIMERS: &str = "<script>
    window.warnings = [];
    console.warn = (...texts) => warnings.push(texts.join(' '));
    window.timers = [];
    const { setTimeout: begin } = window;
    window.setTimeout = (action, ms, ...values) => ms === 1000 ? timers.push(action) : begin(action, ms, ...values);
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn the_console_says_at_load_that_no_option_gives_a_session() {
    let script = "<script async src='/pipit/pipit.js'></script>";
    let package = "<script type=module>import { createChat } from '/npm/index.js'; window.Pipit = createChat({ title: 'Shop' })</script>";
    let later = "<script>const element = document.querySelector('pipit-chat')</script>";
    let warned = [
        ("script", script.to_owned()),
        (
            "element",
            format!("<pipit-chat session-endpoint=''></pipit-chat>{script}"),
        ),
        ("package", package.to_owned()),
    ];
    // These pages give a session at once, so the script with the warning is not even loaded.
    let given = [
        (
            "queue",
            format!(
                "<script>window.Pipit = {{ q: [['update', {{ jwt: 'a.b.c' }}]] }}</script>{script}"
            ),
        ),
        (
            "preset",
            format!(
                "<script>window.Pipit = {{ config: {{ getSession: () => 'a.b.c' }} }}</script>{script}"
            ),
        ),
    ];
    let silent = [
        (
            "property",
            format!("<pipit-chat></pipit-chat>{script}{later}<script>
                addEventListener('pipit-ready', () => {{ element.config = {{ getSession: () => 'a.b.c' }} }})</script>"),
        ),
        (
            "attribute",
            format!("<pipit-chat></pipit-chat>{script}{later}<script>
                addEventListener('pipit-ready', () => element.setAttribute('session-endpoint', '/session'))</script>"),
        ),
        (
            "command",
            format!("{script}<script>
                addEventListener('pipit-ready', () => Pipit.update({{ sessionEndpoint: '/session' }}))</script>"),
        ),
    ];
    let server = TestServer::with_page("").await;
    let visitor = server.visitor().await;
    let warnings = async |name: &str, body: &str| {
        let file = format!("{name}.html");
        server.serve(&file, &page_with(&format!("{TIMERS}{body}")));
        let url = format!("{}/{file}", server.site());
        visitor.browser.open_page(&url).await;
        wait_for_value(&visitor, "return timers.length", json!(1)).await;
        // Changed attributes are reported in a microtask, and commands run in one.
        let run = "const done = arguments[0];
            setTimeout(() => { timers.pop()(); done(warnings) })";
        visitor.browser.script_async(run, vec![]).await
    };
    for (name, body) in &warned {
        let expected = "Pipit: no chat can start without `sessionEndpoint` or `getSession`.";
        assert_eq!(warnings(name, body).await, json!([expected]), "{name}");
    }
    for (name, body) in &silent {
        assert_eq!(warnings(name, body).await, json!([]), "{name}");
    }
    for (name, body) in &given {
        let file = format!("{name}.html");
        server.serve(&file, &page_with(&format!("{TIMERS}{body}")));
        let url = format!("{}/{file}", server.site());
        visitor.browser.open_page(&url).await;
        // The script would be requested with the launcher, so before the panel.
        let is_loaded = "const done = arguments[0];
            const fetched = () => performance.getEntriesByType('resource').some(it => it.name.includes('watchers'));
            Pipit.open().then(() => done(fetched()), error => done(`${error}`))";
        let is_loaded = visitor.browser.script_async(is_loaded, vec![]).await;
        assert_eq!(is_loaded, json!(false), "{name}");
    }
    visitor.browser.close().await;
}

/// Starts a chat by a command, and waits until the visitor is in the queue. `window` is the window of the chat.
async fn assert_chat_starts(visitor: &Visitor, window: &str) {
    let start = format!(
        "const done = arguments[0]; {window}.Pipit.startChat().then(() => done(''), error => done(`${{error}}`))"
    );
    let failure = visitor.browser.script_async(&start, vec![]).await;
    assert_eq!(failure, json!(""));
    let state = format!("return {window}.Pipit.getState().state");
    wait_for_value(visitor, &state, json!("queued")).await;
    // The tab stores the conversation. Without this line, the next page would continue it.
    let forget = format!("{window}.Pipit.destroy(); sessionStorage.clear()");
    visitor.browser.script(&forget, vec![]).await;
}

/// Opens each of these pages of the server, and checks that a chat starts there.
async fn assert_chats_start(server: &TestServer, visitor: &Visitor, pages: &[String]) {
    for page in pages {
        let url = format!("{}/{page}", server.site());
        visitor.browser.open_page(&url).await;
        wait_for_value(visitor, "return !!window.Pipit?.startChat", json!(true)).await;
        assert_chat_starts(visitor, "window").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_elements_hide_neither_the_script_nor_the_page() {
    let page = page_of("13-clobbered-document");
    let server = TestServer::with_page(&page).await;
    let image =
        "<img name=\"currentScript\" src=\"/pipit/pipit.js\" data-session-endpoint=\"/evil\">";
    let script = "<script src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\"></script>";
    assert!(page.contains(image) && page.contains(script));
    let frame = "<iframe name=\"Pipit\" srcdoc=\"<script>var config = { sessionEndpoint: '/evil' }</script>\"></iframe>";
    let named_config = format!(
        "<script>window.Pipit = {{ config: {{ sessionEndpoint: '/session' }} }}</script>{}",
        script.replace(
            "data-session-endpoint=\"/session\"",
            "data-config=\"later\""
        )
    );
    let module = script.replace("<script", "<script type=\"module\"");
    // The names of elements, the content before the script, and the script.
    let variants = [
        (
            "names",
            "<form name=\"body\"></form><img name=\"head\"><form id=\"documentElement\" name=\"documentElement\"></form>",
            script,
        ),
        (
            "state",
            "<img name=\"readyState\"><img name=\"addEventListener\"><img name=\"createElement\">",
            script,
        ),
        ("preset", "<a id=\"Pipit\" href=\"/evil\"></a>", script),
        (
            "presets",
            "<a id=\"Pipit\"></a><a id=\"Pipit\" name=\"config\" href=\"/evil\"></a>",
            script,
        ),
        (
            "form",
            "<form id=\"Pipit\"><input name=\"config\"><input name=\"q\"></form>",
            script,
        ),
        ("frame", frame, script),
        (
            "config",
            "<a id=\"later\" data-session-endpoint=\"/evil\"></a>",
            &named_config,
        ),
        (
            "types",
            "<a id=\"trustedTypes\"></a><a id=\"requestIdleCallback\"></a>",
            script,
        ),
        (
            "image",
            "<img src=\"/pipit/pipit.js\" data-session-endpoint=\"/evil\">",
            &module,
        ),
    ];
    let mut pages = vec!["index.html".to_owned()];
    for (name, content, script) in variants {
        let text = page.replace(image, content);
        let original =
            "<script src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\"></script>";
        server.serve(&format!("{name}.html"), &text.replace(original, script));
        pages.push(format!("{name}.html"));
    }
    let visitor = server.visitor().await;
    assert_chats_start(&server, &visitor, &pages).await;
    visitor.browser.close().await;
}

/// The commands of a WebDriver use `document`, too. So the page, in which every property of `document` is hidden, is in a
/// frame.
#[tokio::test(flavor = "multi_thread")]
async fn a_chat_works_where_every_property_of_the_document_is_hidden() {
    let server = TestServer::with_page("<!doctype html><iframe src=/inner.html></iframe>").await;
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../field/13-clobbered-document/everything.html");
    let page = std::fs::read_to_string(page).expect("the page is there");
    server.serve("inner.html", &page);
    let visitor = server.visitor().await;
    let script = |body: &str| {
        format!(
            "const page = frames[0];
            const host = page.Document.prototype.querySelector.call(page.document, 'pipit-chat');
            const part = name => host?.shadowRoot?.querySelector(`[part~=${{name}}]`);
            {body}"
        )
    };
    let is_hidden = "return frames[0].document.body.name";
    wait_for_value(&visitor, is_hidden, json!("body")).await;
    let click = "part('launcher')?.click(); return !!part('launcher')";
    wait_for_value(&visitor, &script(click), json!(true)).await;
    let start = "if (part('welcome')) host.chat.startChat(); return !!part('welcome')";
    wait_for_value(&visitor, &script(start), json!(true)).await;
    let waiting = script("return part('waiting')?.querySelector('.place')?.textContent.trim()");
    wait_for_value(&visitor, &waiting, json!("You are first in line")).await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_address_changes_neither_the_files_nor_the_page_s_own_addresses() {
    let server = TestServer::with_page("").await;
    let site = server.site();
    // WebKit would request the page's icon from the address in `<base>`, which the policy of the test forbids.
    let icon = format!("</title><link rel=\"icon\" href=\"{site}/icon.png\">");
    let page = page_of("19-base-address").replace("</title>", &icon);
    server.serve("index.html", &page);
    let base = "<base href=\"http://cdn.invalid/app/\">";
    let script =
        "<script async src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\"></script>";
    assert!(page.contains(base) && page.contains(script));
    let below_base = |endpoint: &str| {
        let tag = format!("<script async src=\"{site}/pipit/pipit.js\" {endpoint}></script>");
        page.replace(script, "")
            .replace(base, &format!("{base}{tag}"))
    };
    let host = site.replace("http:", "");
    let variants = [
        ("below", below_base("data-session-endpoint=\"/session\"")),
        ("directory", below_base("data-session-endpoint=\"session\"")),
        ("dot", below_base("data-session-endpoint=\"./session\"")),
        (
            "host",
            below_base(&format!("data-session-endpoint=\"{host}/session\"")),
        ),
        (
            "element",
            below_base("").replace(
                "<body>",
                "<body><pipit-chat session-endpoint=\"/session\"></pipit-chat>",
            ),
        ),
        (
            "module",
            below_base("type=\"module\" data-session-endpoint=\"/session\""),
        ),
    ];
    let mut pages = vec!["index.html".to_owned()];
    for (name, text) in &variants {
        server.serve(&format!("{name}.html"), text);
        pages.push(format!("{name}.html"));
    }
    let visitor = server.visitor().await;
    assert_chats_start(&server, &visitor, &pages).await;
    // A page without an address of its own, as editors and previews have it.
    let inner = below_base("data-session-endpoint=\"/session\"").replace('"', "'");
    server.serve(
        "outer.html",
        &format!("<!doctype html><iframe srcdoc=\"{inner}\"></iframe>"),
    );
    visitor
        .browser
        .open_page(&format!("{site}/outer.html"))
        .await;
    wait_for_value(&visitor, "return !!frames[0].Pipit?.startChat", json!(true)).await;
    assert_chat_starts(&visitor, "frames[0]").await;
    visitor.browser.close().await;
}

/// The page that the links lead to.
const CONTACT: &str = "<!doctype html><html lang=en><body>Call us</body></html>";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_page_opens_the_chat() {
    let page = page_of("21-link-that-opens");
    let server = TestServer::with_page(&page).await;
    let link = "<a href=\"/contact.html\" data-pipit-open>Chat with us</a>";
    assert!(page.contains(link));
    server.serve("contact.html", CONTACT);
    // Openers with the id `opener`, or in which an element has it. Each would lead to another page.
    let variants = [
        ("button", "<form action=/contact.html><button id=opener data-pipit-open>Chat</button></form>"),
        ("inside", "<a href=/contact.html data-pipit-open><svg width=20 height=20><rect id=opener width=20 height=20 /></svg></a>"),
        ("around", "<p data-pipit-open><a id=opener href=/contact.html>Chat</a></p>"),
        ("window", "<a id=opener href=/contact.html target=_blank data-pipit-open>Chat</a>"),
        ("download", "<a id=opener href=/contact.html download data-pipit-open>Chat</a>"),
        ("prevented", "<a id=opener href='#' data-pipit-open>Chat</a>
            <script>opener.onclick = () => false</script>"),
        ("later", "<main></main><script>addEventListener('load', () => {
            const link = Object.assign(document.createElement('a'), { id: 'opener', href: '/contact.html', text: 'Chat' });
            link.dataset.pipitOpen = '';
            document.querySelector('main').append(link);
        })</script>"),
        ("router", "<a id=opener href=/contact.html data-pipit-open>Chat</a><script>
            document.addEventListener('click', event => {
                if (event.defaultPrevented) return;
                event.preventDefault();
                history.pushState(null, '', event.target.href);
            })</script>"),
        ("stopped", "<div><a id=opener href=/contact.html data-pipit-open>Chat</a></div><script>
            opener.parentNode.onclick = event => event.stopPropagation()</script>"),
    ];
    server.serve("index.html", &page.replace("<a ", "<a id=opener "));
    let mut pages = vec!["index.html".to_owned()];
    for (name, opener) in variants {
        server.serve(&format!("{name}.html"), &page.replace(link, opener));
        pages.push(format!("{name}.html"));
    }
    let visitor = server.visitor().await;
    for page in &pages {
        let url = format!("{}/{page}", server.site());
        visitor.browser.open_page(&url).await;
        visitor.part("launcher").await;
        let opener = visitor.browser.element("#opener").await;
        opener.click().await.expect("the opener can be clicked");
        visitor
            .wait_for_text(".welcome h3", "Hello! How can we help?")
            .await;
        let path = visitor
            .browser
            .script("return location.pathname", vec![])
            .await;
        assert_eq!(path, json!(format!("/{page}")), "the page stays");
        // The tab stores that the panel is open. Without this line, the next page would open it again.
        let forget = "Pipit.destroy(); sessionStorage.clear()";
        visitor.browser.script(forget, vec![]).await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_followed_where_the_chat_cannot_be_opened() {
    let page = page_of("21-link-that-opens").replace("<a ", "<a id=opener ");
    let server = TestServer::with_page(&page).await;
    let script =
        "<script async src=\"/pipit/pipit.js\" data-session-endpoint=\"/session\"></script>";
    assert!(page.contains(script));
    server.serve("contact.html", CONTACT);
    server.serve_modified_copy("broken", "panel.js", b"//");
    let closed = "<script>
        window.Pipit = { config: { whenClosed: 'hide', availability: () => 'closed' } };
        addEventListener('pipit-availability-changed', () => { window.isKnown = true });
        </script>";
    // Each page with what happens on it before the link is pressed.
    let variants = [
        ("missing", page.replace("pipit.js", "none.js"), ""),
        (
            "drawing",
            page.replace("<a ", "<svg width=200 height=40><a ")
                .replace("</a>", "</a></svg>")
                .replace("Chat with us", "<text y=20>Chat with us</text>"),
            "return Pipit.hide()",
        ),
        ("broken", page.replace("/pipit/pipit.js", "/broken/pipit.js"), ""),
        ("destroyed", page.clone(), "Pipit.destroy()"),
        ("hidden", page.clone(), "return Pipit.hide()"),
        (
            "blocked",
            page.replace(
                script,
                &format!("<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'; frame-src 'none'\">{script}"),
            ),
            "",
        ),
        ("closed", page.replace(script, &format!("{closed}{script}")), ""),
    ];
    let visitor = server.visitor().await;
    for (name, text, before) in &variants {
        server.serve(&format!("{name}.html"), text);
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        if *name == "closed" {
            wait_for_value(&visitor, "return !!window.isKnown", json!(true)).await;
        } else if *name != "missing" {
            visitor.part("launcher").await;
        }
        visitor.browser.script(before, vec![]).await;
        if *name == "drawing" {
            // Not all drivers can click a link in a drawing.
            let click = "document.querySelector('#opener').dispatchEvent(
                new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))";
            visitor.browser.script(click, vec![]).await;
        } else {
            let opener = visitor.browser.element("#opener").await;
            opener.click().await.expect("the link can be clicked");
        }
        wait_for_value(&visitor, "return location.pathname", json!("/contact.html")).await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_plain_click_on_a_marked_element_opens_the_chat() {
    let page = page_of("21-link-that-opens").replace("<a ", "<a id=opener ");
    let page = page.replace(
        "</body>",
        "<a id=other href=/other.html>Other</a><div id=host></div></body>",
    );
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    // For each click: whether the browser would follow the link. The listener keeps it from doing so.
    let click = "
        const root = document.querySelector('#host').attachShadow({ mode: 'open' });
        const inner = document.querySelector('#opener').cloneNode(true);
        root.append(inner);
        const follows = [];
        addEventListener('click', event => {
            follows.push(!event.defaultPrevented);
            event.preventDefault();
        });
        const click = (element, init) =>
            element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true, ...init }));
        const [opener, other] = ['#opener', '#other'].map(id => document.querySelector(id));
        for (const init of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }]) click(opener, init);
        click(other);
        click(opener);
        click(inner);
        return follows";
    let follows = visitor.browser.script(click, vec![]).await;
    assert_eq!(
        follows,
        json!([true, true, true, true, true, true, false, false])
    );
    visitor.part("panel").await;
    visitor.browser.close().await;
}
