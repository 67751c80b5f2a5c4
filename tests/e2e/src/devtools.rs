//! What Chromium's DevTools protocol can do to a page.

use serde_json::{Value, json};

use crate::Browser;

impl Browser {
    /// A command of the protocol, by the driver's own way to it.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        let command = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", command).await;
    }
}
