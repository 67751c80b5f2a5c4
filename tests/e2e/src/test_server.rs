//! A running sandbox with the built site, and functions that control it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{AgentAtDesk, Browser, Engine, Machine, Visitor};

/// The Content-Security-Policy of all pages: the directives of docs/embed.md, those that the test pages need, and Trusted
/// Types. The ports of this machine are the chat server, and the name `localhost` is another host of the widget's files.
/// Scripts and styles of the page itself have the nonce.
const POLICY: &str = "default-src 'none'; script-src 'self' http://localhost:* 'wasm-unsafe-eval' 'nonce-page'; \
    connect-src 'self' http://localhost:* http://127.0.0.1:*; frame-src 'self' http://localhost:*; style-src 'self' 'nonce-page'; img-src 'self'; \
    frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; require-trusted-types-for 'script'; trusted-types pipit page vue";

/// A running sandbox with the built site. It ends when it is dropped. The test fails then if a page has violated the
/// Content-Security-Policy.
pub struct TestServer {
    sandbox: pipit_sandbox::Sandbox,
    site_dir: PathBuf,
}

pub(crate) fn built_site() -> PathBuf {
    let site = std::env::var_os("PIPIT_SITE_DIR").map(PathBuf::from);
    site.expect("PIPIT_SITE_DIR is not set; run `cargo xtask test e2e`")
}

impl TestServer {
    /// Starts a sandbox on free ports.
    pub async fn start() -> Self {
        Self::serving(built_site()).await
    }

    /// Starts a sandbox with the built site and this HTML as its first page.
    pub async fn with_page(html: &str) -> Self {
        static PAGES: AtomicUsize = AtomicUsize::new(0);
        let page = PAGES.fetch_add(1, Ordering::Relaxed);
        let name = format!("pipit-e2e-{}-{page}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a folder for the page");
        for entry in fs::read_dir(built_site()).expect("the site is there") {
            let entry = entry.expect("the site can be read");
            if entry.file_name() != "index.html" {
                std::os::unix::fs::symlink(entry.path(), folder.join(entry.file_name()))
                    .expect("the rest of the site stands beside the page");
            }
        }
        let server = Self::serving(folder).await;
        server.serve("index.html", html);
        server
    }

    /// Starts a sandbox with the built site, and marks its first page as written in another language.
    pub async fn in_language(language: &str) -> Self {
        let page = fs::read_to_string(built_site().join("index.html"));
        let page = page.expect("the shop page is there");
        let lang = format!("lang=\"{language}\" dir=\"auto\"");
        Self::with_page(&page.replacen("lang=\"en\"", &lang, 1)).await
    }

    /// Adds a file to the site of [`TestServer::with_page`]. Inline scripts and styles of a page get the nonce of the policy.
    pub fn serve(&self, name: &str, text: &str) {
        let text = if Path::new(name).extension() == Some("html".as_ref()) {
            &text
                .replace("<script", "<script nonce=page")
                .replace("<style", "<style nonce=page")
        } else {
            text
        };
        fs::write(self.site_dir.join(name), text).expect("the file can be written");
    }

    /// The list of the script tag's files that `cargo xtask site` writes. Each entry has its `name`, its `file` and `when` it
    /// is fetched.
    #[must_use]
    pub fn widget_files() -> Vec<Value> {
        let list = fs::read(built_site().join("pipit/files.json")).expect("the list is there");
        serde_json::from_slice(&list).expect("the list is JSON")
    }

    /// Serves a copy of the script tag's files in another directory, with `suffix` appended to one of them.
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

    /// Serves the script tag's files in another directory, too, with a frame that lists these origins as those of pages
    /// that may embed it.
    pub fn list_frame_origins(&self, directory: &str, origins: &str) {
        self.serve_modified_copy(directory, "", &[]);
        let frame = self.site_dir.join(directory).join("frame.html");
        let html = fs::read_to_string(&frame).expect("the frame is there");
        let list = "name=\"pipit-frame-origins\" content=\"";
        assert!(html.contains(list), "the frame has a list of origins");
        let html = html.replace(list, &format!("{list}{origins}"));
        fs::write(frame, html).expect("the frame can be written");
    }

    async fn serving(site_dir: PathBuf) -> Self {
        let options = pipit_sandbox::Options {
            site_dir: Some(site_dir.clone()),
            policy: Some(POLICY.to_owned()),
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

    /// Uses one of the sandbox's switches (docs/sandbox.md).
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

    /// The state of the sandbox.
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

    /// Puts a fault into the network between an operation and its clients, for `times` calls or until
    /// [`TestServer::clear_network_faults`].
    pub async fn set_network_fault(&self, operation: &str, fault: Value, times: Option<u32>) {
        let request = json!({ "operation": operation, "fault": fault, "times": times });
        self.switch("network", request).await;
    }

    /// Removes all faults of the network.
    pub async fn clear_network_faults(&self) {
        let all = json!({ "operation": "*", "times": 0 });
        self.switch("network", all).await;
    }

    /// Puts another visitor into the queue, without a browser.
    pub async fn queue_another_visitor(&self) {
        let client = reqwest::Client::new();
        let json = async |request: reqwest::RequestBuilder| -> Value {
            let answer = request.body("{}").send().await;
            let answer = answer.expect("the sandbox answers");
            assert!(answer.status().is_success(), "it refused: {answer:?}");
            let text = answer.text().await.expect("it answers in full");
            serde_json::from_str(&text).expect("the answer is JSON")
        };
        let session = json(client.post(format!("{}/session", self.site()))).await;
        let token = session.get("channelToken").and_then(Value::as_str);
        let token = token.expect("there is a token");
        let engagement = format!(
            "{}/engagement/api/consumer/pipit_demo/v1/requestEngagement?pool=297:1",
            self.api()
        );
        json(client.post(engagement).bearer_auth(token)).await;
    }

    /// The id of the engagement that was begun last.
    pub async fn newest_engagement(&self) -> Value {
        let state = self.state().await;
        let all = state.get("engagements").and_then(Value::as_array);
        let newest = all.and_then(|all| all.last()?.get("engagement_id"));
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

    /// The address of the same files under this machine's other name, which is another origin to browsers.
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

    /// Opens the desk in a new browser with a screen of this size. The desk is in Chromium in every run: only the widget is
    /// tested in all engines, and Chromium starts much faster than Firefox. See
    /// [`Self::agent_in_second_window`] for a desk in the engine of the run.
    pub async fn agent_with_screen(&self, size: (u32, u32)) -> AgentAtDesk {
        let url = format!("{}/desk/", self.site());
        let machine = Machine::with_screen(size);
        AgentAtDesk::new(Browser::open(Engine::Chromium, &url, &machine).await)
    }
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
