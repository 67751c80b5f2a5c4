//! Tests the test kit of the npm package as its users have it: the packed package is installed, its own tests run in
//! Node.js, and the sandbox's tests over HTTP run against `npx pipit-sandbox`.

use crate::workspace::cargo;
use std::{path::Path, process::Command};

/// The tests of `pipit-chat/testing` in Node.js. `apps` is the directory into which the packed package was installed.
pub(crate) fn in_node(apps: &Path) -> Command {
    let mut tests = Command::new("node");
    tests
        .args(["--test", "--test-reporter=spec", "--test-timeout=60000"])
        .arg("testing.test.mjs")
        .current_dir(apps);
    tests
}

/// The sandbox's tests over HTTP, against the program `pipit-sandbox` of the installed package.
pub(crate) fn over_http(apps: &Path) -> Command {
    let script = apps.join("node_modules/pipit-chat/testing/pipit-sandbox.js");
    let mut tests = cargo("test --package pipit-sandbox --test http --no-fail-fast");
    tests.env("PIPIT_SANDBOX_SCRIPT", script);
    tests
}
