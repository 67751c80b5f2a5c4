//! A chat server of the test's own, with the built site beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::{AgentAtDesk, Browser, Engine, Machine, Visitor};

/// What each page stands under: the directives of docs/embed.md, what the pages themselves need, and Trusted Types.
/// Any port of this machine stands for the chat server, and its other name for a host of the widget's files. What a page
/// has of its own in scripts and styles has the nonce.
const POLICY: &str = "default-src 'none'; script-src 'self' http://localhost:* 'wasm-unsafe-eval' 'nonce-page'; \
    connect-src 'self' http://localhost:* http://127.0.0.1:*; frame-src 'self' http://localhost:*; style-src 'self' 'nonce-page'; img-src 'self'; \
    frame-ancestors 'self' http://localhost:* http://127.0.0.1:*; require-trusted-types-for 'script'; trusted-types pipit page vue";

/// A running sandbox. It ends when dropped, and that fails when a browser has refused something to one of its pages.
pub struct World {
    sandbox: pipit_sandbox::Sandbox,
    site_dir: PathBuf,
}

pub(crate) fn built_site() -> PathBuf {
    let site = std::env::var_os("PIPIT_SITE_DIR").map(PathBuf::from);
    site.expect("PIPIT_SITE_DIR is not set; run `cargo xtask test e2e`")
}

impl World {
    /// Starts a sandbox on free ports.
    pub async fn start() -> Self {
        Self::serving(built_site()).await
    }

    /// Starts a sandbox with the built site, whose first page is another.
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
        let world = Self::serving(folder).await;
        world.serve("index.html", html);
        world
    }

    /// Starts a sandbox with the built site, whose first page says that it is in another language.
    pub async fn in_language(language: &str) -> Self {
        let page = fs::read_to_string(built_site().join("index.html"));
        let page = page.expect("the shop page is there");
        let lang = format!("lang=\"{language}\" dir=\"auto\"");
        Self::with_page(&page.replacen("lang=\"en\"", &lang, 1)).await
    }

    /// Adds a file to a site of the test's own. A page's own scripts and styles are allowed.
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

    /// What `cargo xtask site` says of the script tag's files: of each its `name`, its `file` and `when` it is fetched.
    #[must_use]
    pub fn widget_files() -> Vec<Value> {
        let list = fs::read(built_site().join("pipit/files.json")).expect("the list is there");
        serde_json::from_slice(&list).expect("the list is JSON")
    }

    /// Serves the script tag's files in another directory, too, with something at the end of one of them.
    pub fn spoil(&self, directory: &str, file: &str, end: &[u8]) {
        let (from, to) = (built_site().join("pipit"), self.site_dir.join(directory));
        fs::create_dir_all(to.join("locales")).expect("a folder for the files");
        for it in Self::widget_files() {
            let told = |member| it.get(member).and_then(Value::as_str);
            let path = told("file").expect("it has a place");
            let mut content = fs::read(from.join(path)).expect("the file is there");
            if told("name") == Some(file) {
                content.extend(end);
            }
            fs::write(to.join(path), content).expect("the file can be written");
        }
    }

    /// Serves the script tag's files in another directory, too, with a frame that lists these origins as those of pages
    /// that may embed it.
    pub fn list_frame_origins(&self, directory: &str, origins: &str) {
        self.spoil(directory, "", &[]);
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

    /// What browsers have refused to pages, as they report it.
    #[must_use]
    pub fn refused(&self) -> Vec<String> {
        self.sandbox.policy_violations()
    }

    /// Turns one of the sandbox's switches (docs/sandbox.md).
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

    /// What the sandbox knows.
    pub async fn state(&self) -> Value {
        let url = format!("{}/sandbox/state", self.api());
        let answer = reqwest::get(url).await.expect("the sandbox answers");
        let text = answer.text().await.expect("the sandbox answers in full");
        serde_json::from_str(&text).expect("the state is JSON")
    }

    /// The next `times` calls of an operation are answered with an error status.
    pub async fn fail(&self, operation: &str, status: u16, times: u32) {
        let fault = json!({ "operation": operation, "status": status, "times": times });
        self.switch("fault", fault).await;
    }

    /// The network between an operation and its clients has this fault, so often or until
    /// [`World::heal`].
    pub async fn network(&self, operation: &str, fault: Value, times: Option<u32>) {
        let order = json!({ "operation": operation, "fault": fault, "times": times });
        self.switch("network", order).await;
    }

    /// The network has no faults any more.
    pub async fn heal(&self) {
        let all = json!({ "operation": "*", "times": 0 });
        self.switch("network", all).await;
    }

    /// Another visitor waits, who has come before.
    pub async fn someone_queues(&self) {
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

    /// The name of the conversation that was begun last.
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

    /// The same files by the machine's other name, which to a browser is another origin.
    pub fn other_origin(&self) -> String {
        self.site().replace("127.0.0.1", "localhost")
    }

    /// A visitor on the shop page.
    pub async fn visitor(&self) -> Visitor {
        self.visitor_on(crate::SIZES[0]).await
    }

    /// A visitor on the shop page with a screen of that size.
    pub async fn visitor_on(&self, size: (u32, u32)) -> Visitor {
        self.visitor_at(&Machine::with_screen(size)).await
    }

    /// A visitor on the shop page, at a machine of their own.
    pub async fn visitor_at(&self, machine: &Machine) -> Visitor {
        let url = format!("{}/", self.site());
        Visitor::new(Browser::open(Engine::of_this_run(), &url, machine).await)
    }

    /// A visitor and an agent who have said hello to each other.
    pub async fn greeted(&self) -> (Visitor, AgentAtDesk) {
        let visitor = self.visitor().await;
        visitor.start().await;
        let agent = self.agent().await;
        agent.accepts().await;
        visitor.sees_text(".name", "Ana Marques").await;
        visitor.says("hello").await;
        agent.sees_last("> hello").await;
        agent.says("good day").await;
        visitor.sees_last("< good day").await;
        (visitor, agent)
    }

    /// An agent at the desk.
    pub async fn agent(&self) -> AgentAtDesk {
        self.agent_on(crate::SIZES[0]).await
    }

    /// An agent at the desk, in a second window of a visitor's browser.
    pub async fn agent_beside(&self, visitor: &Visitor) -> AgentAtDesk {
        let browser = visitor.browser.clone();
        browser.open_beside(&format!("{}/desk/", self.site())).await;
        AgentAtDesk::new(browser)
    }

    /// An agent at the desk with a screen of that size. It is in Chromium in every run: the widget is
    /// what the engines are tried with, and Chromium starts much faster than Firefox. See
    /// [`Self::agent_beside`] for a desk in the engine of the run.
    pub async fn agent_on(&self, size: (u32, u32)) -> AgentAtDesk {
        let url = format!("{}/desk/", self.site());
        let machine = Machine::with_screen(size);
        AgentAtDesk::new(Browser::open(Engine::Chromium, &url, &machine).await)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let refused = self.refused();
        assert!(
            refused.is_empty() || std::thread::panicking(),
            "a browser has refused something to a page: {refused:#?}"
        );
    }
}
