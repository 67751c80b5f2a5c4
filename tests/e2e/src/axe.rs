//! What axe-core says of the widget.

use std::fs;
use std::path::Path;

use crate::Visitor;

/// Runs where axe is loaded already, else tells that it is not.
const RUN: &str = "
    const done = arguments[arguments.length - 1];
    if (!window.axe) { done(null); return; }
    const told = violation => violation.nodes.map(node =>
        `${violation.id}: ${node.target.flat().join(' ')}: ${node.failureSummary}`);
    axe.run({ include: ['pipit-chat'] }, { resultTypes: ['violations'] }).then(
        result => done(result.violations.flatMap(told)), error => done([String(error)]));";

impl Visitor {
    /// Everything that axe-core has against the widget, once it rests: what is still fading in has too little contrast.
    pub async fn violations(&self) -> Vec<String> {
        self.rests().await;
        if self.browser.script_async(RUN, vec![]).await.is_null() {
            let axe = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../npm/node_modules/axe-core/axe.min.js");
            let axe = fs::read_to_string(axe).expect("`cargo xtask setup` has installed axe-core");
            self.browser.script(&axe, vec![]).await;
        }
        let told = self.browser.script_async(RUN, vec![]).await;
        serde_json::from_value(told).expect("a list of texts")
    }
}
