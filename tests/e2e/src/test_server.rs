//! A running sandbox (the chat server of this repository) that serves the built site, and functions that control it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::pseudo_text::pseudo_text;
use crate::{AgentAtDesk, Browser, Engine, Machine, Visitor};

/// The Content-Security-Policy of all pages: the directives of docs/embed.md, those that the test pages need, and
/// Trusted Types. `http://127.0.0.1:*` is needed for the chat server. `http://localhost:*` stands for another host from
/// which a page may load the widget's files. The nonce allows the scripts and styles in the page itself.
const POLICY: &str = "default-src 'none'; script-src 'self' http://localhost:* 'wasm-unsafe-eval' 'nonce-page'; \
    connect-src 'self' http://localhost:* http://127.0.0.1:*; frame-src 'self' http://localhost:*; style-src 'self' 'nonce-page'; img-src 'self'; \
    frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; require-trusted-types-for 'script'; trusted-types pipit page vue";

/// A running sandbox with the built site. Dropping it ends the sandbox, and fails the test if a page has violated the
/// Content-Security-Policy.
pub struct TestServer {
    sandbox: pipit_sandbox::Sandbox,
    /// The directory that the sandbox serves.
    site_dir: PathBuf,
}

/// The directory of the built site.
pub(crate) fn built_site() -> PathBuf {
    let site = std::env::var_os("PIPIT_SITE_DIR").map(PathBuf::from);
    site.expect("PIPIT_SITE_DIR is not set; run `cargo xtask test e2e`")
}

/// The name of the pseudo-locale, for [`TestServer::in_language`].
pub const PSEUDO_LOCALE: &str = "pseudo";

/// All texts of the pseudo-locale, as the option `words` takes them.
fn pseudo_words() -> Value {
    let english: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../../../src/locale/en.json"))
            .expect("a language file is JSON");
    english
        .iter()
        .map(|(key, text)| (key.clone(), pseudo_text(text).into()))
        .collect::<serde_json::Map<String, Value>>()
        .into()
}

/// The shop page of the demo, without the option `starters`.
fn shop_page() -> String {
    let page = fs::read_to_string(built_site().join("index.html"));
    page.expect("the shop page is there")
        .replacen("data-starters=", "data-former-starters=", 1)
}

impl TestServer {
    /// Starts a sandbox on free ports, with the shop page. Its starters are left out, so that the panel has the button that
    /// starts a chat.
    pub async fn start() -> Self {
        Self::with_page(&shop_page()).await
    }

    /// Starts a sandbox with the built site and this HTML as its first page.
    pub async fn with_page(html: &str) -> Self {
        static NEXT_NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("pipit-e2e-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for the page");
        for entry in fs::read_dir(built_site()).expect("the site is there") {
            let entry = entry.expect("the site can be read");
            if entry.file_name() != "index.html" {
                std::os::unix::fs::symlink(entry.path(), folder.join(entry.file_name()))
                    .expect("the page's directory links to the other files");
            }
        }
        let server = Self::serving(folder, Some(POLICY)).await;
        server.serve("index.html", html);
        server
    }

    /// Starts a sandbox whose pages have no Content-Security-Policy, for apps whose frameworks put scripts into the HTML.
    pub async fn without_policy() -> Self {
        Self::serving(built_site(), None).await
    }

    /// The names of the examples of frameworks that `xtask` has built into the site.
    #[must_use]
    pub fn stacks(&self) -> Vec<String> {
        let names = fs::read_dir(self.site_dir.join("stacks"))
            .into_iter()
            .flatten();
        let names = names.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Starts a sandbox with the built site, and marks its first page as written in another language. [`PSEUDO_LOCALE`] is
    /// English with the texts of the pseudo-locale.
    pub async fn in_language(language: &str) -> Self {
        let page = shop_page();
        if language == PSEUDO_LOCALE {
            let script = format!(
                "<script>window.pseudoWords = {}; window.Pipit = {{ config: {{ words: pseudoWords }} }}</script><script async",
                pseudo_words()
            );
            return Self::with_page(&page.replacen("<script async", &script, 1)).await;
        }
        let lang = format!("lang=\"{language}\" dir=\"auto\"");
        Self::with_page(&page.replacen("lang=\"en\"", &lang, 1)).await
    }

    /// Writes a file into the site of a server from [`TestServer::with_page`]. In an HTML file, scripts and styles get
    /// the nonce of the policy.
    pub fn serve(&self, name: &str, text: &str) {
        let text = if Path::new(name).extension() == Some("html".as_ref()) {
            &text
                .replace("<script", "<script nonce=page")
                .replace("<style", "<style nonce=page")
        } else {
            text
        };
        let path = self.site_dir.join(name);
        let directory = path.parent().expect("a file is in a directory");
        fs::create_dir_all(directory).expect("the directory can be made");
        fs::write(path, text).expect("the file can be written");
    }

    /// The list of the widget's files (`pipit/files.json`), which `cargo xtask site` writes. Each entry has a `name`,
    /// the path `file`, and `when` the file is fetched.
    #[must_use]
    pub fn widget_files() -> Vec<Value> {
        let list = fs::read(built_site().join("pipit/files.json")).expect("the list is there");
        serde_json::from_slice(&list).expect("the list is JSON")
    }

    /// Serves a copy of the widget's files in another directory. `suffix` is appended to the file whose entry has the name
    /// `file`.
    pub fn serve_modified_copy(&self, directory: &str, file: &str, suffix: &[u8]) {
        let (from, to) = (built_site().join("pipit"), self.site_dir.join(directory));
        fs::create_dir_all(to.join("locales")).expect("a folder for the files");
        for entry in Self::widget_files() {
            let member = |name| entry.get(name).and_then(Value::as_str);
            let path = member("file").expect("the entry has a file");
            let mut content = fs::read(from.join(path)).expect("the file is there");
            if member("name") == Some(file) {
                content.extend(suffix);
            }
            fs::write(to.join(path), content).expect("the file can be written");
        }
    }

    /// Serves a copy of the widget's files in another directory. Pages of these origins, which are separated by spaces,
    /// may embed the `frame.html` of the copy, and may name this server's API as the chat server.
    pub fn list_frame_origins(&self, directory: &str, origins: &str) {
        self.serve_modified_copy(directory, "", &[]);
        let frame = self.site_dir.join(directory).join("frame.html");
        let html = fs::read_to_string(&frame).expect("the frame is there");
        let lists = [
            ("pipit-frame-origins", origins),
            ("pipit-chat-servers", &self.api()),
        ];
        let html = lists.iter().fold(html, |html, (name, origins)| {
            let list = format!("name=\"{name}\" content=\"");
            assert!(html.contains(&list), "the frame has the list {name}");
            html.replace(&list, &format!("{list}{origins}"))
        });
        fs::write(frame, html).expect("the frame can be written");
    }

    /// Starts a sandbox that serves this directory as its site.
    async fn serving(site_dir: PathBuf, policy: Option<&str>) -> Self {
        let options = pipit_sandbox::Options {
            site_dir: Some(site_dir.clone()),
            policy: policy.map(str::to_owned),
            ..pipit_sandbox::Options::default()
        };
        let sandbox = pipit_sandbox::start(options)
            .await
            .expect("the sandbox starts");
        Self { sandbox, site_dir }
    }

    /// The browsers' reports about violations of the Content-Security-Policy.
    #[must_use]
    pub fn policy_violations(&self) -> Vec<String> {
        self.sandbox.policy_violations()
    }

    /// Sends a request to `/sandbox/{name}`, which changes settings or plans a fault; see docs/sandbox.md.
    pub async fn switch(&self, name: &str, setting: Value) {
        let url = format!("{}/sandbox/{name}", self.api());
        let answer = reqwest::Client::new()
            .post(url)
            .header("Content-Type", "application/json")
            .body(setting.to_string())
            .send()
            .await
            .expect("the sandbox answers");
        assert!(
            answer.status().is_success(),
            "the switch {name} was refused: {answer:?}"
        );
    }

    /// The state of the sandbox: queue, engagements and agents.
    pub async fn state(&self) -> Value {
        let url = format!("{}/sandbox/state", self.api());
        let answer = reqwest::get(url).await.expect("the sandbox answers");
        let text = answer.text().await.expect("the sandbox answers in full");
        serde_json::from_str(&text).expect("the state is JSON")
    }

    /// Makes the next `times` calls of an operation fail with an error status.
    pub async fn fail_calls(&self, operation: &str, status: u16, times: u32) {
        let fault = json!({ "operation": operation, "status": status, "times": times });
        self.switch("fault", fault).await;
    }

    /// Plans a fault of the network for the next `times` calls of an operation; `None` plans it until
    /// [`TestServer::clear_network_faults`].
    pub async fn set_network_fault(&self, operation: &str, fault: Value, times: Option<u32>) {
        let request = json!({ "operation": operation, "fault": fault, "times": times });
        self.switch("network", request).await;
    }

    /// Cancels all faults of the network.
    pub async fn clear_network_faults(&self) {
        let all = json!({ "operation": "*", "times": 0 });
        self.switch("network", all).await;
    }

    /// Puts another visitor into the queue, without a browser.
    pub async fn queue_another_visitor(&self) {
        let engagement = format!(
            "{}/engagement/api/consumer/pipit_demo/v1/requestEngagement?pool=297:1",
            self.api()
        );
        let request = reqwest::Client::new().post(engagement);
        post_empty_object(request.bearer_auth(self.token().await)).await;
    }

    /// A token of a new session, with which one conversation can be started.
    pub async fn token(&self) -> String {
        let address = format!("{}/session", self.site());
        let session = post_empty_object(reqwest::Client::new().post(address)).await;
        let token = session.get("channelToken").and_then(Value::as_str);
        token.expect("there is a token").to_owned()
    }

    /// The id of the newest engagement.
    pub async fn newest_engagement(&self) -> Value {
        let state = self.state().await;
        let engagements = state.get("engagements").and_then(Value::as_array);
        let newest = engagements.and_then(|list| list.last()?.get("engagement_id"));
        newest.expect("there is one").clone()
    }

    /// The API's address, without a slash at the end.
    pub fn api(&self) -> String {
        self.sandbox.api_url().trim_end_matches('/').to_owned()
    }

    /// The site's address, without a slash at the end.
    pub fn site(&self) -> String {
        self.sandbox
            .site_url()
            .expect("a site is served")
            .trim_end_matches('/')
            .to_owned()
    }

    /// The site's address with `localhost` in place of `127.0.0.1`. To browsers this is another origin.
    pub fn other_origin(&self) -> String {
        self.site().replace("127.0.0.1", "localhost")
    }

    /// Opens the shop page in a new browser.
    pub async fn visitor(&self) -> Visitor {
        self.visitor_with_screen(crate::SIZES[0]).await
    }

    /// Opens the shop page in a new browser with a screen of this size.
    pub async fn visitor_with_screen(&self, size: (u32, u32)) -> Visitor {
        self.visitor_with_machine(&Machine::with_screen(size)).await
    }

    /// Opens the shop page in a new browser on this machine.
    pub async fn visitor_with_machine(&self, machine: &Machine) -> Visitor {
        let url = format!("{}/", self.site());
        Visitor::new(Browser::open(Engine::of_this_run(), &url, machine).await)
    }

    /// Starts a conversation in which visitor and agent have exchanged one message each.
    pub async fn start_conversation(&self) -> (Visitor, AgentAtDesk) {
        let visitor = self.visitor().await;
        visitor.start_chat().await;
        let agent = self.agent().await;
        agent.accept().await;
        visitor.wait_for_text(".name", "Ana Marques").await;
        visitor.send_message("hello").await;
        agent.wait_for_last_message("> hello").await;
        agent.send_message("good day").await;
        visitor.wait_for_last_message("< good day").await;
        (visitor, agent)
    }

    /// Opens the desk in a new browser.
    pub async fn agent(&self) -> AgentAtDesk {
        self.agent_with_screen(crate::SIZES[0]).await
    }

    /// Opens the desk in a second window of a visitor's browser.
    pub async fn agent_in_second_window(&self, visitor: &Visitor) -> AgentAtDesk {
        let browser = visitor.browser.clone();
        browser
            .open_second_window(&format!("{}/desk/", self.site()))
            .await;
        AgentAtDesk::new(browser)
    }

    /// Opens the desk in a new browser with a screen of this size. The desk runs in Chromium whatever the engine of
    /// the run is: only the widget is tested in all engines, and Chromium starts much faster than Firefox.
    /// [`Self::agent_in_second_window`] opens the desk in the engine of the run.
    pub async fn agent_with_screen(&self, size: (u32, u32)) -> AgentAtDesk {
        let url = format!("{}/desk/", self.site());
        let machine = Machine::with_screen(size);
        AgentAtDesk::new(Browser::open(Engine::Chromium, &url, &machine).await)
    }
}

/// Sends a request with the body `{}`, and returns the JSON of the answer.
async fn post_empty_object(request: reqwest::RequestBuilder) -> Value {
    let answer = request.body("{}").send().await;
    let answer = answer.expect("the sandbox answers");
    assert!(answer.status().is_success(), "it refused: {answer:?}");
    let text = answer.text().await.expect("it answers in full");
    serde_json::from_str(&text).expect("the answer is JSON")
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let violations = self.policy_violations();
        assert!(
            violations.is_empty() || std::thread::panicking(),
            "a page has violated the Content-Security-Policy: {violations:#?}"
        );
    }
}
