//! The three ways to embed the chat: script tag, element and package. All keep the same contract (`contract.js`).

use fantoccini::key::Key;
use pipit_e2e::TestServer;
use serde_json::json;

const CONTRACT: &str = include_str!("contract.js");

/// HTML that embeds the same chat in each way, and stores it in `window.chat`.
const EMBEDDINGS: [(&str, &str); 3] = [
    (
        "script",
        r#"<script src="/pipit/pipit.js" data-session-endpoint="/session"></script>
           <script>window.chat = Pipit</script>"#,
    ),
    (
        "element",
        r#"<pipit-chat session-endpoint="/session"></pipit-chat><script src="/pipit/pipit.js"></script>
           <script>window.chat = document.querySelector("pipit-chat").chat</script>"#,
    ),
    (
        "package",
        r#"<script type="module">
             import { createChat } from "/npm/index.js";
             window.chat = createChat({ sessionEndpoint: "/session" });
           </script>"#,
    ),
];

/// The events of the contract, each of which is dispatched on the chat and on its element.
const EVENTS: &str = "widget:opened chat:requested chat:queued message:sending message:sent \
    chat:ended widget:closed widget:hidden widget:shown destroy";

#[tokio::test(flavor = "multi_thread")]
async fn each_way_to_embed_the_chat_keeps_the_contract() {
    for (name, body) in EMBEDDINGS {
        let page = format!("<!doctype html><html lang=en><body>{body}</body></html>");
        let server = TestServer::with_page(&page).await;
        let visitor = server.visitor().await;
        // The package's scripts may run after the page has loaded.
        let is_there = "return !!window.chat";
        let read = async || visitor.browser.script(is_there, vec![]).await;
        visitor
            .browser
            .wait_until_equal("the chat", json!(true), read)
            .await;
        let result = visitor.browser.script_async(CONTRACT, vec![]).await;
        let expected = json!({ "failures": [], "chatEvents": EVENTS, "elementEvents": EVENTS });
        assert_eq!(result, expected, "embedded by {name}");
        visitor.browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_of_the_page_may_change_or_suppress_sent_and_shown_texts() {
    let page = r#"<!doctype html><html lang=en><body><script type="module">
        import { createChat } from "/npm/index.js";
        window.received = [];
        window.chat = createChat({
            sessionEndpoint: "/session",
            beforeSend: async (text) => text.includes("secret") ? null : text.replace("4111", "****"),
            beforeRender: ({ text }) => text.startsWith("internal") ? null : text.replace("parcel", "PARCEL"),
        });
        chat.on("message:received", ({ text, name }) => received.push([name, text]));
        chat.on("agent:joined", ({ name }) => received.push([name, "joined"]));
    </script></body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    let agent = server.agent().await;
    visitor.start_chat().await;
    agent.accept().await;
    visitor.find(".avatar.here").await;

    visitor.send_message("my card is 4111").await;
    agent.wait_for_last_message("> my card is ****").await;
    visitor.send_message("a secret").await;
    let read = async || visitor.draft().await;
    visitor
        .browser
        .wait_until_equal("the text in the field again", "a secret".to_owned(), read)
        .await;
    agent.send_message("internal: do not tell").await;
    agent.send_message("your parcel").await;
    visitor.wait_for_last_message("< your PARCEL").await;
    let greeting = "Hi, this is Ana Marques. How can I help you?";
    let messages = ["< Hi", "> my card", "< your PARCEL"];
    let seen = visitor.conversation().await;
    assert_eq!(seen.len(), messages.len(), "{seen:?}");
    assert!(
        seen.iter()
            .zip(messages)
            .all(|(seen, messages)| seen.starts_with(messages)),
        "{seen:?}"
    );

    // The page's events contain the original text, not the shown one.
    let received = json!([
        ["Ana Marques", "joined"],
        ["Ana Marques", greeting],
        ["Ana Marques", "internal: do not tell"],
        ["Ana Marques", "your parcel"]
    ]);
    assert_eq!(
        visitor.browser.script("return received", vec![]).await,
        received
    );
    let transcript =
        "arguments[0]; const done = arguments[arguments.length - 1]; chat.transcript().then(done)";
    let text = visitor.browser.script_async(transcript, vec![]).await;
    let text = text.as_str().unwrap_or_default();
    assert!(
        text.contains("your PARCEL") && !text.contains("internal"),
        "{text}"
    );

    let state = "const host = document.querySelector('pipit-chat');
        return [host.getAttribute('state'), host.hasAttribute('open'), host.getAttribute('unread'), host.getAttribute('connection')]";
    let stands = visitor.browser.script(state, vec![]).await;
    assert_eq!(stands, json!(["chatting", true, "0", "connected"]));
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_may_be_on_another_host_than_the_page() {
    let server = TestServer::with_page("").await;
    let files = TestServer::widget_files();
    let loader = files.iter().find(|it| it["name"] == "pipit.js");
    let integrity = &loader.expect("it is one of them")["integrity"];
    let host = server.other_origin();
    let page = format!(
        "<!doctype html><html lang=de><body><script async src={host}/pipit/pipit.js crossorigin integrity={integrity}
         data-session-endpoint=/session></script></body></html>"
    );
    server.serve("index.html", &page);
    let visitor = server.visitor().await;
    visitor.start_chat().await;
    let agent = server.agent().await;
    agent.accept().await;
    visitor.send_message("hallo").await;
    agent.wait_for_last_message("> hallo").await;
    let close = "return seen[0]?.ariaLabel";
    let close = visitor.script(close, "[part~=close]").await;
    assert_eq!(close, json!("Chat minimieren"), "words are fetched, too");
    agent.browser.close().await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn slotted_content_of_the_host_appears_in_its_slots() {
    let page = r#"<!doctype html><html lang=en><body>
        <pipit-chat session-endpoint="/session">
            <b slot="launcher">?</b>
            <p slot="header">Fernhill Garden</p>
            <i slot="header-actions">F</i>
            <p slot="empty">Ask us about bulbs</p>
            <a slot="footer" href="/privacy">Privacy</a>
            <p>of no slot</p>
        </pipit-chat>
        <script src="/pipit/pipit.js"></script></body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    let seen = async || {
        let seen = "return [...document.querySelectorAll('pipit-chat > *')]
            .filter(it => it.getClientRects().length).map(it => it.slot).join(' ')";
        visitor.browser.script(seen, vec![]).await
    };
    assert_eq!(seen().await, json!("launcher"));
    visitor.open_panel().await;
    visitor
        .browser
        .wait_until_equal(
            "what the host has put there",
            json!("launcher header header-actions empty footer"),
            &seen,
        )
        .await;
    let greeting = "return seen.length";
    assert_eq!(visitor.script(greeting, ".welcome h3").await, json!(0));
    assert_eq!(visitor.overflowing_parts().await, Vec::<String>::new());
    assert_eq!(visitor.axe_violations().await, Vec::<String>::new());

    // Escape in slotted content closes the panel, and the focus returns to where it was before.
    let focus = "document.querySelector('[slot=footer]').focus()";
    visitor.browser.script(focus, vec![]).await;
    visitor.close_by_escape().await;

    visitor.start_chat().await;
    visitor
        .wait_for_text("[part~=waiting] .place", "You are first in line")
        .await;
    visitor
        .browser
        .wait_until_equal(
            "what is left while the visitor waits",
            json!("launcher header header-actions footer"),
            &seen,
        )
        .await;
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_panel_that_cannot_be_closed_no_key_closes_it() {
    let page = r#"<!doctype html><html lang=en><body><script src="/pipit/pipit.js"></script>
        <pipit-chat mode="inline" session-endpoint="/session"><a slot="footer" href="/privacy">Privacy</a></pipit-chat>
        </body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    visitor.part("welcome").await;
    let is_open = async || {
        let state = "return Pipit.getState().isOpen";
        visitor.browser.script(state, vec![]).await
    };
    visitor
        .browser
        .wait_until_equal("an open panel", json!(true), &is_open)
        .await;
    let focus = "document.querySelector('[slot=footer]').focus()";
    visitor.browser.script(focus, vec![]).await;
    visitor.browser.press(Key::Escape, false).await;
    // A command's answer proves that all earlier input was processed.
    let command = "Pipit.setDraft('').then(arguments[0], arguments[0])";
    visitor.browser.script_async(command, vec![]).await;
    assert_eq!(is_open().await, json!(true));
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_element_of_oracles_inlay_works_under_our_name() {
    let page = r#"<!doctype html><html lang=en><body><pipit-chat session-endpoint="/session"
        site-url="https://service.example.com" queue-id="7"
        launch-form-fields='["FIRST_NAME*", {"name": "EMAIL", "value": "mia@example.com", "hidden": "true"}]'></pipit-chat>
        <script src="/pipit/pipit.js"></script></body></html>"#;
    let server = TestServer::with_page(page).await;
    let visitor = server.visitor().await;
    visitor.open_panel().await;
    visitor.find(".form input").await;
    let names = "return seen.map(it => it.labels?.[0]?.textContent.trim() ?? it.getAttribute('aria-label'))";
    let fields = visitor.script(names, ".form :is(input, textarea)").await;
    assert_eq!(fields, json!(["First name"]), "the only unknown value");
    let fetched = "window.sessions = []; const own = fetch;
        window.fetch = async (request, ...rest) => {
            if (String(request.url).endsWith('/session')) sessions.push(JSON.parse(await request.clone().text()));
            return own(request, ...rest);
        }";
    visitor.browser.script(fetched, vec![]).await;
    visitor
        .find(".form input")
        .await
        .send_keys("Mia")
        .await
        .expect("it takes keys");
    visitor.start().await;
    visitor.part("waiting").await;
    let expected = json!([{ "firstName": "Mia", "emailAddress": "mia@example.com", "queueId": 7 }]);
    assert_eq!(
        visitor.browser.script("return sessions", vec![]).await,
        expected
    );
    visitor.browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_of_the_package_make_one_chat_and_a_notice() {
    // The package and the loader of the script tag, and the package twice. The second page destroys the chat of the first copy at once.
    let record = "<script>window.infos = []; const { info } = console; console.info = (text) => { infos.push(text); info(text) }</script>";
    let options = "{ sessionEndpoint: '/session' }";
    let pages = [
        (
            "tag",
            format!(
                "<script src=/pipit/pipit.js data-session-endpoint=/session></script><script type=module>
                 import {{ createChat }} from '/npm/index.js'; window.chat = createChat({options})</script>"
            ),
        ),
        (
            "twice",
            format!(
                "<script type=module>import {{ createChat }} from '/npm/index.js';
                 import {{ createChat as createAgain }} from '/apps/plain/pipit-chat/index.js';
                 createChat({options}); window.chat = createAgain({options})</script>"
            ),
        ),
        (
            "destroyed",
            format!(
                "<script type=module>import {{ createChat }} from '/npm/index.js';
                 import {{ createChat as createAgain }} from '/apps/plain/pipit-chat/index.js';
                 createChat({options}).destroy(); window.chat = createAgain({options})</script>"
            ),
        ),
    ];
    let server = TestServer::with_page("").await;
    let visitor = server.visitor().await;
    for (name, body) in pages {
        server.serve(
            &format!("{name}.html"),
            &format!("<!doctype html><html lang=en><body>{record}{body}</body></html>"),
        );
        let url = format!("{}/{name}.html", server.site());
        visitor.browser.open_page(&url).await;
        visitor.part("launcher").await;
        let open = "const done = arguments[arguments.length - 1];
            chat.open().then(() => done([chat.getState().isOpen, document.querySelectorAll('pipit-chat').length,
                infos.filter(text => text.includes('another copy')).length]), error => done(`${error}`))";
        let seen = visitor.browser.script_async(open, vec![]).await;
        assert_eq!(seen, json!([true, 1, 1]), "{name}");
    }
    visitor.browser.close().await;
    // The same copy, whose chat was destroyed, makes a new one and says nothing. In the tab of the pages before, the panel would open
    // by itself, because it was open there, and the click could close it.
    server.serve(
        "again.html",
        &format!(
            "<!doctype html><html lang=en><body>{record}<script type=module>import {{ createChat }} from '/npm/index.js';
             createChat({options}).destroy(); window.chat = createChat({options})</script></body></html>"
        ),
    );
    let visitor = server.visitor().await;
    visitor
        .browser
        .open_page(&format!("{}/again.html", server.site()))
        .await;
    visitor.part("launcher").await;
    visitor.open_panel().await;
    let said = "return [infos, document.querySelectorAll('pipit-chat').length]";
    assert_eq!(visitor.browser.script(said, vec![]).await, json!([[], 1]));
    visitor.browser.close().await;
}
