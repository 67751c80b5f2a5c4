//! The visitor's machine: its screen, network, clock and preferences. Each engine sets them in a different way.

use serde_json::{Value, json};

use crate::{Browser, Engine};

/// The properties of a visitor's machine with which the browser is started.
#[derive(Clone, Copy, Debug)]
pub struct Machine {
    /// The screen's width and height, in px.
    pub size: (u32, u32),
    /// The text size that the visitor has set in the browser, in px. The default is 16.
    pub text_size: u32,
    /// Whether the visitor's system prefers dark colours.
    pub dark: bool,
}

impl Machine {
    /// A machine with this screen and default settings.
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
    /// Applies those properties of the machine that the settings at the browser's start do not include.
    pub(crate) async fn apply_machine(&self, machine: &Machine) {
        match self.engine() {
            Engine::Chromium => {
                let sizes = json!({ "fontSizes": { "standard": machine.text_size } });
                self.devtools("Page.setFontSizes", sizes).await;
                self.set_preferences(&[("prefers-color-scheme", machine.scheme())])
                    .await;
            }
            Engine::Firefox => {
                for script in ["western", "arabic", "unicode"] {
                    let name = format!("font.size.variable.x-{script}");
                    self.set_preference(&name, machine.text_size).await;
                }
                self.set_preferences(&[("prefers-color-scheme", machine.scheme())])
                    .await;
                self.set_screen(machine.size).await;
            }
            Engine::WebKit => self.set_screen(machine.size).await,
        }
    }

    /// Sets the size of the page's screen, in px. A screen narrower than 600 px counts as a phone.
    pub async fn set_screen(&self, (width, height): (u32, u32)) {
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
                let script = "return outerHeight - innerHeight";
                let bars_height = self.script(script, vec![]).await.as_u64();
                let bars_height = bars_height.and_then(|px| u32::try_from(px).ok());
                self.resize_window((width, height + bars_height.unwrap_or_default()))
                    .await;
            }
        }
        let size = "return [innerWidth, innerHeight]";
        let read = async || self.script(size, vec![]).await;
        self.wait_until_equal("the screen", json!([width, height]), read)
            .await;
    }

    /// Sets the preferences of the visitor's system, such as `("prefers-color-scheme", "dark")`. All others get their
    /// defaults. Needs [`crate::Capability::ChangingPreferences`].
    pub async fn set_preferences(&self, preferences: &[(&str, &str)]) {
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
                    match preferences.iter().find(|(requested, _)| *requested == name) {
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

    /// Shows the page as it is printed, or as it is on the screen. Needs [`crate::Capability::PrintMedia`].
    pub async fn set_print_media(&self, is_printed: bool) {
        let media = if is_printed { "print" } else { "" };
        match self.engine() {
            Engine::Chromium => {
                self.devtools("Emulation.setEmulatedMedia", json!({ "media": media }))
                    .await;
            }
            Engine::Firefox => self.override_medium(media).await,
            Engine::WebKit => panic!("WebKit's driver cannot show a page as it is printed"),
        }
    }

    /// Disconnects the page from the network, or connects it again. Needs [`crate::Capability::Offline`].
    pub async fn set_offline(&self, offline: bool) {
        match self.engine() {
            Engine::Chromium => {
                self.devtools("Network.enable", json!({})).await;
                let conditions = json!({
                    "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
                });
                self.devtools("Network.emulateNetworkConditions", conditions)
                    .await;
            }
            Engine::Firefox => self.set_work_offline(offline).await,
            Engine::WebKit => panic!("WebKit's driver cannot take a page off the network"),
        }
    }

    /// Freezes the page like a sleeping laptop, or wakes it. Needs
    /// [`crate::Capability::FreezingPages`].
    pub async fn set_frozen(&self, frozen: bool) {
        let state = if frozen { "frozen" } else { "active" };
        self.devtools("Page.setWebLifecycleState", json!({ "state": state }))
            .await;
    }

    /// Waits until the page's clock has advanced by this time, in ms. In Chromium the page's clock and timers run
    /// faster than real time, and stop between two calls of this function. They advance in steps of 1 s, because
    /// requests of the page are still answered in real time. In the other engines the wait takes real time.
    pub async fn advance_time(&self, millis: u32) {
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
                tokio::time::sleep(crate::browser::POLL_INTERVAL).await;
            }
        }
    }
}
