//! One browser, by WebDriver.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver::Driver;
use crate::{Engine, Machine};

/// The screens for which the pages are drawn: a desktop and a phone.
pub const SIZES: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// How long anything may take before a test gives up. Generous: the machine may be busy, and a
/// condition that comes true ends the wait at once.
const PATIENCE: Duration = Duration::from_secs(40);

/// How often a condition is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(40);

/// Waits until `look` gives something.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl Fn() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// A browser with one page. It ends with [`Browser::close`].
#[derive(Clone, Debug)]
pub struct Browser {
    client: Client,
    engine: Engine,
    driver: Arc<Driver>,
}

impl Browser {
    /// Opens a page in an engine's browser, on a machine.
    pub async fn open(engine: Engine, url: &str, machine: &Machine) -> Self {
        let driver = Arc::new(Driver::start(engine).await);
        let address = driver.address();
        let mut client = ClientBuilder::new(HttpConnector::new());
        let client = client
            .capabilities(capabilities(engine, machine, &driver))
            .connect(&address);
        // WebKitWebDriver waits for ever for a browser that did not start.
        let client = tokio::time::timeout(3 * PATIENCE, client).await;
        let client = client.expect("the WebDriver answers in time");
        let client = client.expect("the WebDriver starts a browser");
        let browser = Self {
            client,
            engine,
            driver,
        };
        browser.be_on(machine).await;
        browser.go(url).await;
        browser
    }

    pub(crate) const fn engine(&self) -> Engine {
        self.engine
    }

    /// Goes to a page.
    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Opens a page in a second window and goes on in that.
    pub async fn open_beside(&self, url: &str) {
        let window = self
            .client
            .new_window(false)
            .await
            .expect("a second window opens");
        self.to(&window.handle).await;
        self.go(url).await;
    }

    /// The window in which the next steps are.
    pub async fn window(&self) -> WindowHandle {
        self.client.window().await.expect("there is a window")
    }

    /// Goes on in another window.
    pub async fn to(&self, window: &WindowHandle) {
        let changed = self.client.switch_to_window(window.clone()).await;
        changed.expect("the window is there");
    }

    /// Closes the window in which the steps were; the next ones need [`Self::to`].
    pub async fn close_window(&self) {
        self.client.close_window().await.expect("the window closes");
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// Gives the window this size, in px, with all its bars.
    pub(crate) async fn resize_window(&self, (width, height): (u32, u32)) {
        let resized = self.client.set_window_size(width, height).await;
        resized.expect("the window takes a size");
    }

    /// A command that only this browser's driver knows. Gives what it answers.
    pub(crate) async fn post(&self, command: &str, parameters: Value) -> Value {
        let session = self.client.session_id().await.expect("the driver answers");
        let session = session.expect("the browser runs");
        let url = format!("{}/session/{session}/{command}", self.driver.address());
        let answer = reqwest::Client::new()
            .post(url)
            .header("Content-Type", "application/json")
            .body(parameters.to_string())
            .send()
            .await
            .expect("the driver answers");
        assert!(
            answer.status().is_success(),
            "{command} {parameters} was refused: {answer:?}"
        );
        let text = answer.text().await.expect("the driver answers in full");
        let answer: Value = serde_json::from_str(&text).expect("the answer is JSON");
        answer.get("value").cloned().unwrap_or_default()
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.client.close().await.expect("the browser ends");
    }

    /// Runs a script's body in the page and gives what it returns.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        let told = self.client.execute(body, arguments).await;
        told.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// Runs a script's body in the page and gives what it passes to its last argument, a function.
    pub async fn script_async(&self, body: &str, arguments: Vec<Value>) -> Value {
        let told = self.client.execute_async(body, arguments).await;
        told.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// What is seen, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a screenshot")
    }

    /// Presses a key and lets it go, with or without Shift; whatever has the focus gets it.
    pub async fn press(&self, key: Key, shift: bool) {
        let (down, up) = (
            |value| KeyAction::Down { value },
            |value| KeyAction::Up { value },
        );
        let [key, held] = [key, Key::Shift].map(char::from);
        let mut keys = KeyActions::new("keyboard".to_owned());
        for action in [
            shift.then(|| down(held)),
            Some(down(key)),
            Some(up(key)),
            shift.then(|| up(held)),
        ] {
            keys = action.into_iter().fold(keys, KeyActions::then);
        }
        let pressed = self.client.perform_actions(keys).await;
        pressed.expect("there is a keyboard");
    }

    /// An element of the page, when it is there.
    pub async fn element(&self, css: &str) -> Element {
        until(css, || async {
            self.client.find(Locator::Css(css)).await.ok()
        })
        .await
    }

    /// The text of an element once it is `expected`.
    pub async fn sees<T: PartialEq + Debug>(
        &self,
        what: &str,
        expected: T,
        look: impl AsyncFn() -> T,
    ) {
        let start = Instant::now();
        loop {
            let seen = look().await;
            if seen == expected {
                return;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "{what}: expected {expected:?}, but it stays {seen:?}"
            );
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A browser without a window that is seen, and that asks nobody on the network for anything of its
/// own.
fn capabilities(engine: Engine, machine: &Machine, driver: &Driver) -> Capabilities {
    let (name, options) = match engine {
        Engine::Chromium => ("goog:chromeOptions", chromium(machine.size)),
        Engine::Firefox => ("moz:firefoxOptions", firefox(machine.size)),
        Engine::WebKit => ("webkitgtk:browserOptions", webkit(machine, driver)),
    };
    Capabilities::from_iter([(name.to_owned(), options)])
}

fn chromium((width, height): (u32, u32)) -> Value {
    json!({
        "args": [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--hide-scrollbars",
            // Two browsers on one machine: none of them is a background window.
            "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
            format!("--window-size={width},{height}"),
        ],
        // A phone's width is less than a window may be.
        "mobileEmulation": { "deviceMetrics": {
            "width": width, "height": height, "pixelRatio": 1, "mobile": width < 600, "touch": width < 600,
        }},
    })
}

fn firefox((width, height): (u32, u32)) -> Value {
    // The pages get their size from `be_on`; the window has room for them.
    json!({
        "args": ["-headless", "-width", width.max(500).to_string(), "-height", (height + 200).to_string()],
        "prefs": {
            // The pages follow the system, which `be_on` sets.
            "layout.css.prefers-color-scheme.content-override": 2,
            // Offline means this machine too: the chat server is on it.
            "network.disable-localhost-when-offline": true,
        },
    })
}

fn webkit(machine: &Machine, driver: &Driver) -> Value {
    let settings = driver.webkit_settings(machine.text_size);
    let mut arguments = vec![
        "--automation".to_owned(),
        format!("--config={}", settings.display()),
    ];
    arguments.extend(machine.dark.then(|| "--dark-mode".to_owned()));
    json!({ "args": arguments })
}
