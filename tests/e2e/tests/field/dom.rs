//! Cases 4, 5, 18 and 24: a page that removes, replaces or destroys the chat, and a property that became an attribute.

use pipit_e2e::{SIZES, TestServer, Visitor};
use serde_json::{Value, json};

use super::{page_of, wait_for_value};

/// Lets a page parse HTML although its policy requires Trusted Types.
const PARSE_HTML: &str =
    "const policy = self.trustedTypes?.createPolicy('page', { createHTML: text => text });
    window.html = text => policy ? policy.createHTML(text) : text";

/// What a page may do to the element that Pipit has made, each by its name. After each script, the page has a body.
const REMOVALS: [(&str, &str); 11] = [
    (
        "wiped text",
        "document.body.textContent = ''; document.body.append('new')",
    ),
    (
        "parsed HTML",
        "document.body.innerHTML = html('<main>new</main>')",
    ),
    ("replaced children", "document.body.replaceChildren('new')"),
    ("morph", "document.querySelector('pipit-chat').remove()"),
    (
        "new body",
        "const body = document.createElement('body'); body.append('new'); document.body.replaceWith(body)",
    ),
    (
        "new document element",
        "const root = document.createElement('html');
         root.append(document.createElement('head'), document.createElement('body'));
         document.documentElement.replaceWith(root)",
    ),
    (
        "moved to another document",
        "document.implementation.createHTMLDocument().body.append(document.querySelector('pipit-chat'))",
    ),
    (
        "swapped by way of another document",
        "const chat = document.querySelector('pipit-chat');
         document.implementation.createHTMLDocument().body.append(chat);
         document.body.append(chat)",
    ),
    (
        "moved on the page",
        "const main = document.createElement('main'); document.body.append(main); main.append(document.querySelector('pipit-chat'))",
    ),
    (
        "several times",
        "for (let step = 0; step < 3; step += 1) queueMicrotask(() => queueMicrotask(() => document.body.replaceChildren()))",
    ),
    (
        "a body that comes later",
        "document.body.remove(); queueMicrotask(() => setTimeout(() =>
            document.documentElement.append(document.createElement('body'))))",
    ),
];

/// Runs a script of the page, and returns whether the element is on the page in the next frame.
async fn is_back_in_a_frame(visitor: &Visitor, script: &str) -> Value {
    let body = format!(
        "const done = arguments[arguments.length - 1];
         {{ {script} }}
         requestAnimationFrame(() => done(document.querySelectorAll('pipit-chat').length))"
    );
    visitor.browser.script_async(&body, vec![]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_element_of_the_script_comes_back_however_the_page_throws_it_away() {
    // On a small screen, the panel is a modal dialog, which the browser closes when it leaves the page.
    for (size, case) in SIZES
        .into_iter()
        .zip(["04-wiped-document", "05-morphed-page"])
    {
        let server = TestServer::with_page(&page_of(case)).await;
        let visitor = server.visitor_with_screen(size).await;
        visitor.browser.script(PARSE_HTML, vec![]).await;
        visitor.start_chat().await;
        // The message is so long that the list scrolls.
        let long = ["a line"; 60].join("\n");
        let send = "Pipit.send(arguments[0])";
        visitor.browser.script(send, vec![json!(long)]).await;
        let messages = [format!("> {long}")];
        visitor.wait_for_conversation(&messages).await;
        visitor.type_text("half a thought").await;
        let remember = "window.list = root.querySelector('.list');
            window.sheets = root.adoptedStyleSheets.length";
        visitor.script(remember, "*").await;
        // The list scrolls back to its end if its height has just changed.
        let scroll = "const done = arguments[arguments.length - 1];
            list.scrollTop = 100;
            requestAnimationFrame(() => requestAnimationFrame(() => done(list.scrollTop)))";
        let read = async || visitor.browser.script_async(scroll, vec![]).await;
        visitor
            .browser
            .wait_until_equal("the scroll position", json!(100), read)
            .await;
        for (name, script) in REMOVALS {
            let count = is_back_in_a_frame(&visitor, script).await;
            if name != "a body that comes later" {
                assert_eq!(count, json!(1), "{name}");
            }
            visitor.wait_for_conversation(&messages).await;
            let read = async || (name, visitor.focused_part().await);
            let focus = (name, "field".to_owned());
            visitor
                .browser
                .wait_until_equal("the focus", focus, read)
                .await;
            assert_eq!(visitor.draft().await, "half a thought", "{name}");
            let state = "return [window.list === root.querySelector('.list'), root.adoptedStyleSheets.length - window.sheets,
                root.querySelector('.panel').matches(':modal'), Pipit.getState().isOpen, Math.round(list.scrollTop)]";
            let is_modal = size == SIZES[1];
            // The list scrolls in the next frame.
            visitor.wait_until_still().await;
            let state = visitor.script(state, "*").await;
            assert_eq!(state, json!([true, 0, is_modal, true, 100]), "{name}");
        }
        visitor.send_message("").await;
        visitor.wait_for_last_message("> half a thought").await;
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_removes_the_chat_in_a_loop_ends_the_loop() {
    let server = TestServer::with_page(&page_of("05-morphed-page")).await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    let remove_in_a_loop = "window.warnings = [];
        console.warn = (...texts) => warnings.push(texts.join(' '));
        window.removals = 0;
        const remove = () => document.querySelectorAll('pipit-chat').forEach(chat => {
            window.removals += 1;
            chat.remove();
        });
        window.loop = new MutationObserver(remove);
        loop.observe(document.body, { childList: true });
        remove()";
    visitor.browser.script(remove_in_a_loop, vec![]).await;
    let given_up = "return [document.querySelectorAll('pipit-chat').length, warnings.length]";
    wait_for_value(&visitor, given_up, json!([0, 1])).await;
    let is_short = "return removals < 20 && warnings[0].includes('Pipit.open()')";
    assert_eq!(visitor.browser.script(is_short, vec![]).await, json!(true));
    // A call brings the chat back. As long as the page removes the chat, the chat gives up again.
    visitor.browser.script("Pipit.open()", vec![]).await;
    wait_for_value(&visitor, "return Pipit.getState().isOpen", json!(true)).await;
    let chats = "return document.querySelectorAll('pipit-chat').length";
    wait_for_value(&visitor, chats, json!(0)).await;
    visitor
        .browser
        .script("loop.disconnect(); Pipit.open()", vec![])
        .await;
    visitor.part("welcome").await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_in_a_frame_continues_after_a_removal() {
    // The browser loads the frame again when the element is back.
    let refusal = r#"<meta http-equiv="Content-Security-Policy" content="script-src 'self' http://localhost:* 'unsafe-inline'">"#;
    let page = page_of("04-wiped-document").replacen(
        "<script async",
        &format!("{refusal}<script async"),
        1,
    );
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    visitor.part("launcher").await;
    let send = "const done = arguments[arguments.length - 1];
        Pipit.send('hello').then(() => done(null), error => done(String(error)))";
    let failure = visitor.browser.script_async(send, vec![]).await;
    assert_eq!(failure, json!(null));
    let change = "document.body.replaceChildren('new'); document.documentElement.lang = 'de'";
    visitor.browser.script(change, vec![]).await;
    let transcript = "const done = arguments[arguments.length - 1];
        Pipit.transcript().then(text => done(text.includes('hello')), error => done(String(error)))";
    let has_message = visitor.browser.script_async(transcript, vec![]).await;
    assert_eq!(has_message, json!(true));
    let language =
        "return document.querySelector('pipit-chat').shadowRoot.querySelector('.launcher').lang";
    wait_for_value(&visitor, language, json!("de")).await;
    visitor.browser.close().await;
}

/// Pages that remove the chat while they load: the name, and a script that the page has before its script tag.
const EARLY_REMOVALS: [(&str, &str); 3] = [
    (
        "hydration",
        "addEventListener('DOMContentLoaded', () => setTimeout(() => document.body.replaceChildren('new')))",
    ),
    (
        "a command waits",
        "window.Pipit = { q: [['open']] };
         addEventListener('load', () => document.body.replaceWith(document.createElement('body')))",
    ),
    (
        "clicked while it loads",
        "customElements.whenDefined('pipit-chat').then(() => Pipit.whenReady()).then(() => {
            Pipit.open();
            document.querySelector('pipit-chat').remove();
        })",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_throw_the_chat_away_while_it_loads() {
    let page = page_of("04-wiped-document");
    let server = TestServer::with_page(&page).await;
    for (index, (_, script)) in EARLY_REMOVALS.iter().enumerate() {
        let page = page.replacen(
            "<script async",
            &format!("<script>{script}</script><script async"),
            1,
        );
        server.serve(&format!("{index}.html"), &page);
    }
    let visitor = server.visitor().await;
    for index in 0..EARLY_REMOVALS.len() {
        let url = format!("{}/{index}.html", server.site());
        visitor.browser.open_page(&url).await;
        if index == 0 {
            visitor.open_panel().await;
        }
        visitor.part("welcome").await;
        forget(&visitor).await;
    }
    visitor.browser.close().await;
}

/// Ends the chat and removes what the tab has stored. Without this, the next page would open the panel again.
async fn forget(visitor: &Visitor) {
    let script = "Pipit.destroy(); sessionStorage.clear()";
    visitor.browser.script(script, vec![]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_command_starts_a_chat_again() {
    let by_script = page_of("04-wiped-document");
    let by_host = by_script
        .replace(" data-session-endpoint=\"/session\"", "")
        .replace(
            "<main>",
            "<main><pipit-chat session-endpoint=\"/session\"></pipit-chat>",
        );
    for (page, end) in [
        (&by_script, "Pipit.destroy()"),
        (&by_host, "document.querySelector('pipit-chat').destroy()"),
        (&by_host, "document.querySelector('pipit-chat').remove()"),
    ] {
        let end = end.replace(").destroy", ").chat.destroy");
        let server = TestServer::with_page(page).await;
        let visitor = server.visitor().await;
        visitor.start_chat().await;
        visitor.send_message("hello").await;
        let messages = ["> hello".to_owned()];
        visitor.wait_for_conversation(&messages).await;
        let again = format!(
            "const done = arguments[arguments.length - 1];
             window.events = [];
             Pipit.on('destroy', ({{ type }}) => events.push(type));
             Pipit.on('chat:resumed', ({{ type }}) => events.push(type));
             const {{ chat }} = document.querySelector('pipit-chat');
             {end};
             const code = error => error.code ?? String(error);
             Promise.all([Pipit.open().catch(code), chat.open().catch(code)]).then(done)"
        );
        let codes = visitor.browser.script_async(&again, vec![]).await;
        assert_eq!(codes, json!([null, "E_DESTROYED"]), "{end}");
        visitor.wait_for_conversation(&messages).await;
        wait_for_value(
            &visitor,
            "return events",
            json!(["destroy", "chat:resumed"]),
        )
        .await;
        // No command of `Pipit` fails because the chat was destroyed.
        let all = "const done = arguments[arguments.length - 1];
            const names = 'close endChat markRead update setConsent setDraft hide show toggle transcript whenReady send'.split(' ');
            const failures = [];
            const run = async () => {
                for (const name of names) {
                    await Pipit.destroy();
                    await Pipit[name]({ setConsent: 'granted', update: {}, send: 'again', setDraft: 'text' }[name])
                        .catch(error => failures.push(`${name}: ${error}`));
                }
            };
            run().then(() => Pipit.open()).then(() => done(failures))";
        let failures = visitor.browser.script_async(all, vec![]).await;
        assert_eq!(failures, json!([]), "{end}");
        visitor
            .wait_for_conversation(&["> hello", "> again"].map(str::to_owned))
            .await;
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_was_destroyed_before_the_page_was_ready_stays_away_until_a_command() {
    let page = page_of("04-wiped-document").replacen(
        "<script async",
        "<script>window.Pipit = { q: [['destroy']] }</script><script",
        1,
    );
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    let count = "return document.querySelectorAll('pipit-chat').length";
    assert_eq!(visitor.browser.script(count, vec![]).await, json!(0));
    visitor.browser.script("Pipit.open()", vec![]).await;
    visitor.part("welcome").await;
    visitor.browser.close().await;
}

/// What frameworks do to an element that the host wrote: the name, the script, and whether the same panel goes on.
/// Otherwise a new panel continues the conversation.
const SWAPS: [(&str, &str, bool); 6] = [
    ("moved", "main.append(chat)", true),
    ("mounted twice", "chat.remove(); main.append(chat)", true),
    (
        "kept while the body is replaced",
        "const body = document.createElement('body');
         body.append(document.createElement('main'));
         document.body.replaceWith(body);
         Promise.resolve().then(() => {}).then(() => body.firstChild.append(chat))",
        true,
    ),
    ("replaced", "chat.replaceWith(copy)", false),
    (
        "replaced by one that came first",
        "chat.before(copy); chat.remove()",
        false,
    ),
    (
        "parsed again",
        "main.innerHTML = html('<pipit-chat session-endpoint=\"/session\"></pipit-chat>')",
        false,
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_of_a_host_written_element_survives_what_frameworks_do() {
    let page = page_of("05-morphed-page")
        .replace(" data-session-endpoint=\"/session\"", "")
        .replace(
            "<main>A page",
            "<main><pipit-chat session-endpoint=\"/session\" theme=\"dark\"></pipit-chat>",
        );
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    visitor.browser.script(PARSE_HTML, vec![]).await;
    visitor.start_chat().await;
    visitor.send_message("hello").await;
    let messages = ["> hello".to_owned()];
    visitor.wait_for_conversation(&messages).await;

    // The page strips every attribute, those of the chat's state too. Options and state stay.
    let state = "const chat = document.querySelector('pipit-chat');
        return [...['state', 'open', 'connection', 'unread'].map(name => chat.getAttribute(name)),
            chat.shadowRoot.querySelector('.pipit').classList.contains('dark')]";
    let expected = json!(["queued", "", "connected", "0", true]);
    wait_for_value(&visitor, state, expected.clone()).await;
    let strip = "const chat = document.querySelector('pipit-chat');
        chat.getAttributeNames().forEach(name => chat.removeAttribute(name))";
    visitor.browser.script(strip, vec![]).await;
    wait_for_value(&visitor, state, expected).await;
    // A changed attribute does change its option.
    let change = "document.querySelector('pipit-chat').setAttribute('theme', 'light')";
    visitor.browser.script(change, vec![]).await;
    let is_light = "return document.querySelector('pipit-chat').shadowRoot.querySelector('.pipit').classList.contains('light')";
    wait_for_value(&visitor, is_light, json!(true)).await;

    visitor.type_text("half a thought").await;
    for (name, script, is_same) in SWAPS {
        let swap = format!(
            "const chat = document.querySelector('pipit-chat');
             const main = chat.parentElement;
             const copy = document.createElement('pipit-chat');
             copy.setAttribute('session-endpoint', '/session');
             window.list = chat.shadowRoot.querySelector('.list');
             window.sheets = chat.shadowRoot.adoptedStyleSheets.length;
             {{ {script} }}"
        );
        visitor.browser.script(&swap, vec![]).await;
        let same = "const root = document.querySelector('pipit-chat')?.shadowRoot;
            const list = root?.querySelector('.list');
            return [window.list === list, root?.querySelector('textarea')?.value, root?.adoptedStyleSheets.length >= window.sheets]";
        let read = async || (name, visitor.browser.script(same, vec![]).await);
        let expected = (name, json!([is_same, "half a thought", true]));
        visitor
            .browser
            .wait_until_equal("the panel", expected, read)
            .await;
        visitor.wait_for_conversation(&messages).await;
        let chats = "return document.querySelectorAll('pipit-chat').length";
        assert_eq!(
            visitor.browser.script(chats, vec![]).await,
            json!(1),
            "{name}"
        );
    }
    visitor.browser.close().await;
}

/// A page's script that records errors on the console and the event `error`.
const RECORD_ERRORS: &str = "<script>
    window.errors = [];
    console.error = error => errors.push(`${error.code}: ${error.message}`);
    addEventListener('pipit-error', ({ detail }) => errors.push(detail.code));
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_config_is_json_and_anything_else_is_an_error() {
    let page = page_of("18-config-as-text").replacen(
        "<script async",
        &format!("{RECORD_ERRORS}<script async"),
        1,
    );
    let attribute = "config=\"[object Object]\"";
    let wrong = [
        "[object Object]",
        "",
        "null",
        "true",
        "[1]",
        "&quot;text&quot;",
        "{title: 1}",
        "undefined",
    ];
    let right = r#"config='{"sessionEndpoint": "/session", "title": "Shop"}'"#;
    let server = TestServer::with_page(&page).await;
    for (index, text) in wrong.iter().enumerate() {
        let attributes =
            format!("config=\"{text}\" session-endpoint=\"/session\" chat-title=\"Shop\"");
        server.serve(
            &format!("{index}.html"),
            &page.replacen(attribute, &attributes, 1),
        );
    }
    let visitor = server.visitor().await;
    for (index, text) in wrong.iter().enumerate() {
        let url = format!("{}/{index}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.part("launcher").await;
        let errors = "return [errors.length, errors[0]?.startsWith('E_OPTION: ') && errors[0].includes('config'), errors[1]]";
        wait_for_value(&visitor, errors, json!([2, true, "E_OPTION"])).await;
        // The chat goes on with the other attributes.
        if index == 0 {
            visitor.start_chat().await;
            visitor.part("waiting").await;
            visitor.wait_for_text(".name", "Shop").await;
            forget(&visitor).await;
        } else {
            assert_ne!(*text, wrong[0]);
        }
    }

    // JSON is a road for options: as an attribute, and as the text of the property. Frameworks set one before the element
    // is defined, and the other afterwards.
    let set = |script: &str| {
        let script = format!(
            "<script type=\"module\">const chat = document.querySelector('pipit-chat');
             const options = {{ sessionEndpoint: '/session', title: 'Shop' }};
             {script}</script></body>"
        );
        page.replacen(attribute, "", 1)
            .replacen("</body>", &script, 1)
    };
    let defined = "await customElements.whenDefined('pipit-chat');";
    let pages = [
        page.replacen(attribute, right, 1),
        set("chat.setAttribute('config', JSON.stringify(options))"),
        set("chat.config = options"),
        set("chat.config = JSON.stringify(options)"),
        set(&format!(
            "{defined} chat.setAttribute('config', JSON.stringify(options))"
        )),
        set(&format!("{defined} chat.config = options")),
        set(&format!("{defined} chat.config = JSON.stringify(options)")),
    ];
    for page in pages {
        server.serve("right.html", &page);
        let url = format!("{}/right.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.start_chat().await;
        visitor.part("waiting").await;
        visitor.wait_for_text(".name", "Shop").await;
        let errors = visitor.browser.script("return errors", vec![]).await;
        assert_eq!(errors, json!([]), "{page}");
        forget(&visitor).await;
    }
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_may_destroy_the_chat_while_a_message_is_drawn() {
    let page = page_of("24-destroyed-while-drawing");
    let server = TestServer::with_page(&page).await;
    let visitor = server.visitor().await;
    let collect_errors = "window.errors = [];
        addEventListener('error', ({ message }) => errors.push(message));
        addEventListener('unhandledrejection', ({ reason }) => errors.push(`${reason}`))";
    visitor.browser.script(collect_errors, vec![]).await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    // The greeting is the first message that `beforeRender` gets.
    agent.accept().await;
    let chats = "return document.querySelectorAll('pipit-chat').length";
    wait_for_value(&visitor, chats, json!(0)).await;
    // The next chat of the page needs the lock that makes its tab the leader.
    let held_locks = "const done = arguments[arguments.length - 1];
        navigator.locks.query().then(({ held }) => done(held.filter(({ name }) => name.startsWith('pipit.')).length))";
    let check = async || visitor.browser.script_async(held_locks, vec![]).await;
    visitor
        .browser
        .wait_until_equal("no lock is held", json!(0), check)
        .await;
    let errors = visitor.browser.script("return errors", vec![]).await;
    assert_eq!(errors, json!([]));
    visitor.browser.close().await;
}
