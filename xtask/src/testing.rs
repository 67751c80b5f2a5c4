//! Tests the test kit of the npm package as its users have it: the packed package is installed, its own tests run in
//! Node.js, the sandbox's tests over HTTP run against `npx pipit-sandbox`, and the examples of `examples/testing` run with
//! the tools that they are for.

use crate::{
    disk,
    failure::{Failure, Outcome},
    process,
    tools::{self, find_program},
    workspace::{self, cargo},
};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The names under which systems have Chromium or Chrome.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

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
    // Only the sandbox has a test program `http`. `--package` would compile dependencies again with fewer features.
    let mut tests = cargo("test --workspace --test http --no-fail-fast");
    tests.env("PIPIT_SANDBOX_SCRIPT", script);
    tests
}

/// Installs the examples with the packed package, and compiles them. Returns the commands that run those for Playwright
/// and for Vitest, each with its name. Cypress downloads a program of its own, so its example is compiled only.
pub(crate) fn examples(apps: &Path) -> Outcome<[(&'static str, Command); 2]> {
    let examples = workspace::target()?.join("testing");
    disk::copy_directory(&workspace::root().join("examples/testing"), &examples)?;
    tools::npm_ci(&examples)?;
    disk::remove(&examples.join("node_modules/pipit-chat"))?;
    let mut install = Command::new("npm");
    install
        .args(["install", "--no-save", "--no-package-lock"])
        .args(["--ignore-scripts", "--no-audit", "--no-fund"])
        .arg(tarball(apps)?);
    process::run(install.stdout(Stdio::null()).current_dir(&examples))?;
    let mut compile = Command::new(workspace::root().join("npm/node_modules/.bin/tsc"));
    process::run(compile.current_dir(&examples))?;
    let chromium = CHROMIUM.iter().find_map(|name| find_program(name));
    let chromium = chromium.ok_or_else(|| {
        Failure::new(
            "the examples for Playwright and Vitest need Chromium, and there is none on the PATH.",
        )
    })?;
    Ok(["playwright", "vitest"].map(|name| {
        let mut run = Command::new("npm");
        run.args(["run", "--silent", name])
            .env("CHROMIUM_PATH", &chromium)
            .current_dir(&examples);
        (name, run)
    }))
}

/// The packed package in a directory.
fn tarball(directory: &Path) -> Outcome<PathBuf> {
    let names = disk::names(directory)?;
    let packed = names.into_iter().find(|name| {
        name.starts_with("pipit-chat-") && Path::new(name).extension() == Some("tgz".as_ref())
    });
    packed
        .map(|name| directory.join(name))
        .ok_or_else(|| Failure::new(format!("{} has no packed package.", directory.display())))
}
