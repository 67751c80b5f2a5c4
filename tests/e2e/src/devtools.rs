//! Commands of Chromium's DevTools protocol. Other engines do not have them.

use serde_json::{Value, json};

use crate::Browser;

/// The resources that a page uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PageResources {
    /// The number of DOM nodes, including those that only a script refers to.
    pub nodes: f64,
    /// The number of event listeners.
    pub listeners: f64,
    /// The number of documents, including those of frames.
    pub documents: f64,
    /// The size of JavaScript's heap, in bytes.
    pub heap: f64,
}

impl Browser {
    /// Sends a command of the protocol through the driver, and returns the answer.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let command = json!({ "cmd": command, "params": parameters });
        self.driver_command("goog/cdp/execute", command).await
    }

    /// Collects garbage and returns the resources that the page still uses. Needs [`crate::Capability::CountingResources`].
    pub async fn page_resources(&self) -> PageResources {
        self.devtools("Performance.enable", json!({})).await;
        // Two collections are needed: the first one may remove the only reference to an object that the second one
        // collects.
        for _ in 0..2 {
            self.devtools("HeapProfiler.collectGarbage", json!({}))
                .await;
        }
        let answer = self.devtools("Performance.getMetrics", json!({})).await;
        let metrics = answer.get("metrics").and_then(Value::as_array);
        let metrics = metrics.expect("there are metrics");
        let metric = |name: &str| {
            let has_name = |metric: &&Value| metric.get("name").is_some_and(|it| it == name);
            let value = metrics.iter().find(has_name).and_then(|it| it.get("value"));
            value.and_then(Value::as_f64).expect("the metric is there")
        };
        PageResources {
            nodes: metric("Nodes"),
            listeners: metric("JSEventListeners"),
            documents: metric("Documents"),
            heap: metric("JSHeapUsedSize"),
        }
    }
}
