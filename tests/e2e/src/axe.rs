//! Checks the widget's accessibility with the tool axe-core, which runs in the page.

use std::fs;
use std::path::Path;

use crate::Visitor;

/// A script that runs axe-core and returns its violations; it returns `null` if axe-core is not loaded in the page.
const RUN_AXE: &str = "
    const done = arguments[arguments.length - 1];
    if (!window.axe) { done(null); return; }
    const texts = violation => violation.nodes.map(node =>
        `${violation.id}: ${node.target.flat().join(' ')}: ${node.failureSummary}`);
    axe.run({ include: ['pipit-chat'] }, { resultTypes: ['violations'] }).then(
        result => done(result.violations.flatMap(texts)), error => done([String(error)]));";

impl Visitor {
    /// Waits until the widget's animations have ended, because text that is still fading in would count as text with
    /// too little contrast. Returns all violations that axe-core finds, each as one text.
    pub async fn axe_violations(&self) -> Vec<String> {
        self.wait_until_still().await;
        if self.browser.script_async(RUN_AXE, vec![]).await.is_null() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../npm/node_modules/axe-core/axe.min.js");
            let axe = fs::read_to_string(path).expect("`cargo xtask setup` has installed axe-core");
            self.browser.script(&axe, vec![]).await;
        }
        let violations = self.browser.script_async(RUN_AXE, vec![]).await;
        serde_json::from_value(violations).expect("a list of texts")
    }
}
