//! What Chromium's DevTools protocol can do to a page, and tells of it.

use serde_json::{Value, json};

use crate::Browser;

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holding {
    /// Nodes of the DOM, also those that no document has but a script does.
    pub nodes: f64,
    /// Listeners of events.
    pub listeners: f64,
    /// Documents, of frames too.
    pub documents: f64,
    /// What JavaScript's objects take, in bytes.
    pub heap: f64,
}

impl Browser {
    /// A command of the protocol, by the driver's own way to it. Gives what it answers.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = json!({ "cmd": command, "params": parameters });
        self.post("goog/cdp/execute", command).await
    }

    /// What the page holds once all is gone that can go. Needs [`crate::Capability::Counting`].
    pub async fn holding(&self) -> Holding {
        self.devtools("Performance.enable", json!({})).await;
        // Twice: what the first frees may be all that held something else.
        for _ in 0..2 {
            self.devtools("HeapProfiler.collectGarbage", json!({}))
                .await;
        }
        let told = self.devtools("Performance.getMetrics", json!({})).await;
        let metrics = told.get("metrics").and_then(Value::as_array);
        let metrics = metrics.expect("there are metrics");
        let metric = |name: &str| {
            let named = |metric: &&Value| metric.get("name").is_some_and(|it| it == name);
            let value = metrics.iter().find(named).and_then(|it| it.get("value"));
            value.and_then(Value::as_f64).expect("the metric is there")
        };
        Holding {
            nodes: metric("Nodes"),
            listeners: metric("JSEventListeners"),
            documents: metric("Documents"),
            heap: metric("JSHeapUsedSize"),
        }
    }
}
