//! One browser, by WebDriver.

use std::fmt::Debug;
use std::future::Future;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// The screens for which the pages are drawn: a desktop and a phone.
pub const SIZES: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// How long anything may take before a test gives up. Generous: the machine may be busy, and a
/// condition that comes true ends the wait at once.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(40);

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
pub struct Browser(Client);

impl Browser {
    /// Opens a page in a window of the given size, in px.
    pub async fn open(url: &str, (width, height): (u32, u32)) -> Self {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(width, height))
            .connect(&driver())
            .await
            .expect("the WebDriver starts a browser");
        let browser = Self(client);
        browser.go(url).await;
        browser
    }

    /// Goes to a page.
    pub async fn go(&self, url: &str) {
        self.0.goto(url).await.expect("the page opens");
    }

    /// Opens a page in a second window and goes on in that.
    pub async fn open_beside(&self, url: &str) {
        let window = self
            .0
            .new_window(false)
            .await
            .expect("a second window opens");
        self.to(&window.handle).await;
        self.go(url).await;
    }

    /// The window in which the next steps are.
    pub async fn window(&self) -> WindowHandle {
        self.0.window().await.expect("there is a window")
    }

    /// Goes on in another window.
    pub async fn to(&self, window: &WindowHandle) {
        let changed = self.0.switch_to_window(window.clone()).await;
        changed.expect("the window is there");
    }

    /// Closes the window in which the steps were; the next ones need [`Self::to`].
    pub async fn close_window(&self) {
        self.0.close_window().await.expect("the window closes");
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.0.refresh().await.expect("the page loads again");
    }

    /// The driver's name for this browser.
    pub(crate) async fn session(&self) -> String {
        let session = self.0.session_id().await.expect("the driver answers");
        session.expect("the browser runs")
    }

    /// Ends the browser.
    pub async fn close(self) {
        self.0.close().await.expect("the browser ends");
    }

    /// Runs a script's body in the page and gives what it returns.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        let told = self.0.execute(body, arguments).await;
        told.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// Runs a script's body in the page and gives what it passes to its last argument, a function.
    pub async fn script_async(&self, body: &str, arguments: Vec<Value>) -> Value {
        let told = self.0.execute_async(body, arguments).await;
        told.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// What is seen, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.0.screenshot().await.expect("a screenshot")
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
        let pressed = self.0.perform_actions(keys).await;
        pressed.expect("there is a keyboard");
    }

    /// An element of the page, when it is there.
    pub async fn element(&self, css: &str) -> Element {
        until(css, || async { self.0.find(Locator::Css(css)).await.ok() }).await
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

/// The WebDriver's address.
pub(crate) fn driver() -> String {
    std::env::var("PIPIT_WEBDRIVER")
        .expect("PIPIT_WEBDRIVER is not set; run `cargo xtask test e2e`")
}

/// Headless Chromium that asks nobody on the network for anything of its own.
fn capabilities(width: u32, height: u32) -> Capabilities {
    let options = json!({
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
    });
    Capabilities::from_iter([("goog:chromeOptions".to_owned(), options)])
}
