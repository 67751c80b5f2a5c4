//! What only the browser's DevTools protocol can do to a page.

use serde_json::{Value, json};

use crate::Browser;
use crate::browser::driver;

impl Browser {
    /// Takes the page off the network, or puts it back.
    pub async fn offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// Freezes the page, as a laptop that goes to sleep does, or wakes it.
    pub async fn frozen(&self, frozen: bool) {
        let state = if frozen { "frozen" } else { "active" };
        self.devtools("Page.setWebLifecycleState", json!({ "state": state }))
            .await;
    }

    /// Lets the page's clocks and timers run ahead, in ms. The network has no part in it. From then
    /// on the page's time stands still between two calls. It goes by seconds, for what the page asks
    /// the browser takes real time.
    pub async fn time_passes(&self, millis: u32) {
        let clock = async || {
            let now = self.script("return performance.now()", vec![]).await;
            now.as_f64().expect("the page has a clock")
        };
        let end = clock().await + f64::from(millis);
        while clock().await < end {
            let policy = json!({ "policy": "advance", "budget": 1_000 });
            self.devtools("Emulation.setVirtualTimePolicy", policy)
                .await;
        }
    }

    /// Gives the page a screen of another size, in px; one as narrow as a phone's is a phone's.
    pub async fn screen(&self, (width, height): (u32, u32)) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// The visitor's system prefers this, such as `("prefers-color-scheme", "dark")`, and nothing
    /// else.
    pub async fn prefers(&self, preferences: &[(&str, &str)]) {
        let features: Vec<Value> = preferences
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// The visitor's own size of text, in px; 16 unless they have set another.
    pub async fn text_size(&self, size: u32) {
        let sizes = json!({ "fontSizes": { "standard": size } });
        self.devtools("Page.setFontSizes", sizes).await;
    }

    /// A command of the protocol, by the driver's own way to it.
    async fn devtools(&self, command: &str, parameters: Value) {
        let session = self.session().await;
        let url = format!("{}/session/{session}/goog/cdp/execute", driver());
        let answer = reqwest::Client::new()
            .post(url)
            .header("Content-Type", "application/json")
            .body(json!({ "cmd": command, "params": parameters }).to_string())
            .send()
            .await
            .expect("the driver answers");
        assert!(
            answer.status().is_success(),
            "{command} was refused: {answer:?}"
        );
    }
}
