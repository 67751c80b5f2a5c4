//! Web pages that broke chat widgets in the wild. Each case is a folder in `tests/field`: `page.html` was reduced from a
//! public report, and `source.txt` names the report. Each module here tests one kind of case. `docs/field.md` lists all
//! cases.

mod answers;
mod dom;
mod events;
mod language;
mod layer;
mod modals;
mod options;
mod phones;
mod tabs;
mod wrapped_fetch;

use std::fs;
use std::path::Path;

use pipit_e2e::Visitor;
use serde_json::Value;

/// Returns the page of a case.
fn page_of(case: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../field");
    fs::read_to_string(cases.join(case).join("page.html")).expect("the case has a page")
}

/// Waits until the body of a script returns this value in the page.
async fn wait_for_value(visitor: &Visitor, script: &str, expected: Value) {
    let check = async || visitor.browser.script(script, vec![]).await;
    visitor
        .browser
        .wait_until_equal(script, expected, check)
        .await;
}
