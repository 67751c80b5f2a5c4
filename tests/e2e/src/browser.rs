//! One browser, controlled by WebDriver: windows, scripts, keys and elements.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fantoccini::actions::{
    InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction,
    WheelAction, WheelActions,
};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver::Driver;
use crate::{Engine, Machine};

/// The screen sizes for which the pages are designed: a desktop and a phone.
pub const SIZES: [(u32, u32); 2] = [(1280, 800), (390, 844)];

/// A test fails if its condition does not become true within this time. The time is long because the machine may be busy.
const TIMEOUT: Duration = Duration::from_secs(40);

/// The time between two checks of a condition.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(40);

/// Calls `check` again and again until it returns a value, and returns that. `what` names the condition if the test fails.
pub async fn wait_for<T, F: Future<Output = Option<T>>>(what: &str, check: impl Fn() -> F) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = check().await {
            return value;
        }
        assert!(start.elapsed() < TIMEOUT, "waited in vain for: {what}");
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// A running browser. Call [`Browser::close`] to end it.
#[derive(Clone, Debug)]
pub struct Browser {
    client: Client,
    engine: Engine,
    driver: Arc<Driver>,
}

impl Browser {
    /// Starts the engine's browser with the settings of this machine, and opens a page.
    pub async fn open(engine: Engine, url: &str, machine: &Machine) -> Self {
        let driver = Arc::new(Driver::start(engine).await);
        let address = driver.address();
        let mut client = ClientBuilder::new(HttpConnector::new());
        let client = client
            .capabilities(capabilities(engine, machine, &driver))
            .connect(&address);
        // WebKitWebDriver waits without limit for a browser that did not start.
        let client = tokio::time::timeout(3 * TIMEOUT, client).await;
        let client = client.expect("the WebDriver answers in time");
        let client = client.expect("the WebDriver starts a browser");
        let browser = Self {
            client,
            engine,
            driver,
        };
        browser.apply_machine(machine).await;
        browser.open_page(url).await;
        browser
    }

    pub(crate) const fn engine(&self) -> Engine {
        self.engine
    }

    /// Opens a page in the current window.
    pub async fn open_page(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Opens a page in a second window and makes that the current one.
    pub async fn open_second_window(&self, url: &str) {
        let window = self
            .client
            .new_window(false)
            .await
            .expect("a second window opens");
        self.switch_to_window(&window.handle).await;
        self.open_page(url).await;
    }

    /// The current window: the one to which all commands apply.
    pub async fn window(&self) -> WindowHandle {
        self.client.window().await.expect("there is a window")
    }

    /// Opens a window by a link of the page, and makes it the current one. Unlike [`Self::open_second_window`], the browser
    /// copies the page's session storage into the new window, as it does for `window.open` and *Duplicate tab*. The link
    /// is clicked, because WebKit blocks windows that a script opens.
    pub async fn open_copy(&self, url: &str) -> WindowHandle {
        let windows = async || self.client.windows().await.expect("there are windows");
        let before = windows().await;
        let add_link = "const link = document.createElement('a');
            Object.assign(link, { id: 'copy', target: '_blank', rel: 'opener', href: arguments[0], textContent: 'copy' });
            link.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 9; background: white';
            link.addEventListener('click', () => setTimeout(() => link.remove()));
            document.body.append(link)";
        self.script(add_link, vec![json!(url)]).await;
        let link = self.element("#copy").await;
        link.click().await.expect("the link can be clicked");
        let opened = wait_for("another window", async || {
            windows().await.into_iter().find(|it| !before.contains(it))
        });
        let opened = opened.await;
        self.switch_to_window(&opened).await;
        // Until the page has come, the window has an empty document, and what a test adds to that one is lost.
        let has_loaded =
            "return location.href !== 'about:blank' && document.readyState === 'complete'";
        wait_for("the page of the new window", async || {
            let loaded = self.client.execute(has_loaded, vec![]).await;
            (loaded.ok()? == json!(true)).then_some(())
        })
        .await;
        opened
    }

    /// Makes another window the current one.
    pub async fn switch_to_window(&self, window: &WindowHandle) {
        let result = self.client.switch_to_window(window.clone()).await;
        result.expect("the window is there");
    }

    /// Makes the document around the current frame the one to which all commands apply.
    pub(crate) async fn leave_frame(&self) {
        let left = self.client.enter_parent_frame().await;
        left.expect("the page is there");
    }

    /// Closes the current window. Call [`Self::switch_to_window`] before the next command.
    pub async fn close_window(&self) {
        self.client.close_window().await.expect("the window closes");
    }

    /// Reloads the page.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the page loads again");
    }

    /// Sets the size of the window including its toolbars, in px.
    pub(crate) async fn resize_window(&self, (width, height): (u32, u32)) {
        let resized = self.client.set_window_size(width, height).await;
        resized.expect("the window takes a size");
    }

    /// Sends a command that only this browser's driver knows, and returns the answer.
    pub(crate) async fn driver_command(&self, command: &str, parameters: Value) -> Value {
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

    /// Runs the body of a function in the page and returns its result.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        let result = self.client.execute(body, arguments).await;
        result.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// Runs the body of a function in the page and returns the value that it passes to its last argument, a callback.
    pub async fn script_async(&self, body: &str, arguments: Vec<Value>) -> Value {
        let result = self.client.execute_async(body, arguments).await;
        result.unwrap_or_else(|error| panic!("the script failed: {error}\n{body}"))
    }

    /// A picture of the page, as PNG.
    pub async fn screenshot(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a screenshot")
    }

    /// Presses and releases a key, with or without Shift. The focused element gets it.
    pub async fn press(&self, key: Key, shift: bool) {
        let (down, up) = (
            |value| KeyAction::Down { value },
            |value| KeyAction::Up { value },
        );
        let [key, shift_key] = [key, Key::Shift].map(char::from);
        let mut keys = KeyActions::new("keyboard".to_owned());
        for action in [
            shift.then(|| down(shift_key)),
            Some(down(key)),
            Some(up(key)),
            shift.then(|| up(shift_key)),
        ] {
            keys = action.into_iter().fold(keys, KeyActions::then);
        }
        let pressed = self.client.perform_actions(keys).await;
        pressed.expect("there is a keyboard");
    }

    /// Types a text key by key. The focused element gets each key, and the focus may change between two keys.
    pub async fn type_keys(&self, text: &str) {
        let keys = text
            .chars()
            .fold(KeyActions::new("keyboard".to_owned()), |keys, character| {
                keys.then(KeyAction::Down { value: character })
                    .then(KeyAction::Up { value: character })
            });
        let typed = self.client.perform_actions(keys).await;
        typed.expect("there is a keyboard");
    }

    /// Turns the wheel of the mouse by `delta` px at a place of the page, given in px.
    pub async fn turn_wheel(&self, (x, y): (i64, i64), delta: i64) {
        let turn = WheelAction::Scroll {
            duration: None,
            x,
            y,
            delta_x: 0,
            delta_y: delta,
        };
        let mut wheel = WheelActions::new("wheel".to_owned());
        wheel.push(turn);
        let turned = self.client.perform_actions(wheel).await;
        turned.expect("there is a wheel");
    }

    /// Clicks at the centre of an element. `Element::click` does not work for a field in a shadow root in WebKit, whose driver
    /// takes such a field for covered.
    pub async fn click_centre(&self, element: &Element) {
        self.click_times(element, 1).await;
    }

    /// Clicks twice at the centre of an element.
    pub async fn double_click(&self, element: &Element) {
        self.click_times(element, 2).await;
    }

    async fn click_times(&self, element: &Element, times: usize) {
        let (x, y, width, height) = element.rectangle().await.expect("the element has a place");
        let to_centre = PointerAction::MoveTo {
            duration: None,
            x: x + width / 2.0,
            y: y + height / 2.0,
        };
        let button = MOUSE_BUTTON_LEFT;
        let mut mouse = MouseActions::new("mouse".to_owned()).then(to_centre);
        for _ in 0..times {
            mouse = mouse
                .then(PointerAction::Down { button })
                .then(PointerAction::Up { button });
        }
        let clicked = self.client.perform_actions(mouse).await;
        clicked.expect("there is a mouse");
    }

    /// Waits until the page has an element that matches, and returns it.
    pub async fn element(&self, css: &str) -> Element {
        wait_for(css, || async {
            self.client.find(Locator::Css(css)).await.ok()
        })
        .await
    }

    /// Waits until `read` returns the expected value. `what` names the value if the test fails.
    pub async fn wait_until_equal<T: PartialEq + Debug>(
        &self,
        what: &str,
        expected: T,
        read: impl AsyncFn() -> T,
    ) {
        let start = Instant::now();
        loop {
            let value = read().await;
            if value == expected {
                return;
            }
            assert!(
                start.elapsed() < TIMEOUT,
                "{what}: expected {expected:?}, but it stays {value:?}"
            );
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }
}

/// The settings with which the driver starts the browser: without a visible window, and without requests of the
/// browser's own.
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
            // Several browsers run on one machine, and none of them may be treated as a background window.
            "--disable-backgrounding-occluded-windows", "--disable-renderer-backgrounding",
            format!("--window-size={width},{height}"),
        ],
        // The window itself cannot be as narrow as a phone.
        "mobileEmulation": { "deviceMetrics": {
            "width": width, "height": height, "pixelRatio": 1, "mobile": width < 600, "touch": width < 600,
        }},
    })
}

fn firefox((width, height): (u32, u32)) -> Value {
    // `apply_machine` sets the size of the pages; the window must be large enough for them.
    json!({
        "args": ["-headless", "-width", width.max(500).to_string(), "-height", (height + 200).to_string()],
        "prefs": {
            // The pages follow the system's colour scheme, which `apply_machine` sets.
            "layout.css.prefers-color-scheme.content-override": 2,
            // Offline must include this machine, because the chat server runs on it.
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
