//! The visitor's machine: its screen, its network, its clock and what its owner prefers, each by what
//! the engine has for it.

use serde_json::{Value, json};

use crate::{Browser, Engine};

/// What a visitor's browser is started with.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// The screen's width and height, in px.
    pub size: (u32, u32),
    /// The visitor's own size of text, in px; 16 unless they have set another.
    pub text_size: u32,
    /// Whether the visitor's system is dark.
    pub dark: bool,
}

impl Machine {
    /// Everything but the screen as it comes.
    #[must_use]
    pub const fn with_screen(size: (u32, u32)) -> Self {
        Self {
            size,
            text_size: 16,
            dark: false,
        }
    }

    const fn scheme(&self) -> &'static str {
        if self.dark { "dark" } else { "light" }
    }
}

impl Browser {
    /// Makes the browser's machine this one, as far as the browser was not started with it.
    pub(crate) async fn be_on(&self, machine: &Machine) {
        match self.engine() {
            Engine::Chromium => {
                let sizes = json!({ "fontSizes": { "standard": machine.text_size } });
                self.devtools("Page.setFontSizes", sizes).await;
                self.prefers(&[("prefers-color-scheme", machine.scheme())])
                    .await;
            }
            Engine::Firefox => {
                for script in ["western", "arabic", "unicode"] {
                    let name = format!("font.size.variable.x-{script}");
                    self.set_preference(&name, machine.text_size).await;
                }
                self.prefers(&[("prefers-color-scheme", machine.scheme())])
                    .await;
                self.screen(machine.size).await;
            }
            Engine::WebKit => self.screen(machine.size).await,
        }
    }

    /// Gives the page a screen of another size, in px; one as narrow as a phone's is a phone's.
    pub async fn screen(&self, (width, height): (u32, u32)) {
        match self.engine() {
            Engine::Chromium => {
                let metrics = json!({
                    "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
                });
                self.devtools("Emulation.setDeviceMetricsOverride", metrics)
                    .await;
            }
            Engine::Firefox => self.resize_pages((width, height)).await,
            Engine::WebKit => {
                let bars = "return outerHeight - innerHeight";
                let bars = self.script(bars, vec![]).await.as_u64();
                let bars = bars.and_then(|bars| u32::try_from(bars).ok());
                self.resize_window((width, height + bars.unwrap_or_default()))
                    .await;
            }
        }
        let size = "return [innerWidth, innerHeight]";
        let look = async || self.script(size, vec![]).await;
        self.sees("the screen", json!([width, height]), look).await;
    }

    /// The visitor's system prefers this, such as `("prefers-color-scheme", "dark")`, and nothing
    /// else. Needs [`crate::Capability::ChangingPreferences`].
    pub async fn prefers(&self, preferences: &[(&str, &str)]) {
        match self.engine() {
            Engine::Chromium => {
                let features: Vec<Value> = preferences
                    .iter()
                    .map(|(name, value)| json!({ "name": name, "value": value }))
                    .collect();
                let features = json!({ "features": features });
                self.devtools("Emulation.setEmulatedMedia", features).await;
            }
            Engine::Firefox => {
                let known = [
                    ("prefers-color-scheme", "dark", "ui.systemUsesDarkTheme"),
                    (
                        "prefers-reduced-motion",
                        "reduce",
                        "ui.prefersReducedMotion",
                    ),
                ];
                for (name, on, preference) in known {
                    match preferences.iter().find(|(wanted, _)| *wanted == name) {
                        Some((_, value)) => {
                            self.set_preference(preference, u32::from(*value == on))
                                .await;
                        }
                        None => self.clear_preference(preference).await,
                    }
                }
            }
            Engine::WebKit => panic!("WebKit's driver cannot change what the system prefers"),
        }
    }

    /// Takes the page off the network, or puts it back. Needs [`crate::Capability::Offline`].
    pub async fn offline(&self, offline: bool) {
        match self.engine() {
            Engine::Chromium => {
                self.devtools("Network.enable", json!({})).await;
                let conditions = json!({
                    "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
                });
                self.devtools("Network.emulateNetworkConditions", conditions)
                    .await;
            }
            Engine::Firefox => self.set_offline(offline).await,
            Engine::WebKit => panic!("WebKit's driver cannot take a page off the network"),
        }
    }

    /// Freezes the page, as a laptop that goes to sleep does, or wakes it. Needs
    /// [`crate::Capability::Freezing`].
    pub async fn frozen(&self, frozen: bool) {
        let state = if frozen { "frozen" } else { "active" };
        self.devtools("Page.setWebLifecycleState", json!({ "state": state }))
            .await;
    }

    /// Returns when the page's clock is on by this, in ms. Chromium's clocks and timers run ahead, and
    /// the network has no part in it; from then on the page's time stands still between two calls.
    /// It goes by seconds, for what the page asks the browser takes real time. The others' time is
    /// real.
    pub async fn time_passes(&self, millis: u32) {
        let clock = async || {
            let now = self.script("return performance.now()", vec![]).await;
            now.as_f64().expect("the page has a clock")
        };
        let end = clock().await + f64::from(millis);
        while clock().await < end {
            if self.engine() == Engine::Chromium {
                let policy = json!({ "policy": "advance", "budget": 1_000 });
                self.devtools("Emulation.setVirtualTimePolicy", policy)
                    .await;
            } else {
                tokio::time::sleep(crate::browser::LOOK).await;
            }
        }
    }
}
