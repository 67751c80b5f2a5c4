//! Tests the example session endpoints of `examples/session-endpoint`, and the program `pipit-session`, with the contract that they share. The examples are
//! copied into cargo's target directory first, so that no package is installed into the sources. The file
//! `contract/contract.test.mjs` starts the examples and has the tests.

use crate::{
    debian::DebianProgram,
    disk,
    failure::{Failure, Outcome},
    process, python, sandbox, tools,
    workspace::{self, cargo},
};
use std::{path::PathBuf, process::Command};

/// A group of examples that need the same tools. `contract/endpoints.json` has the kind of each example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The program `pipit-session`, and the examples in Node.js and Python. Their packages come from npm and PyPI, and are
    /// installed in seconds.
    Scripts,
    /// The examples in PHP and Java, which are Debian packages.
    Debian,
}

const PHP: DebianProgram = DebianProgram {
    program: "php",
    packages: &["php-cli", "php-curl"],
    missing_error: "two session endpoints need PHP with the extension curl, and there is no php on the PATH. Install both \
        (Debian: `apt-get install php-cli php-curl`; macOS: `brew install php`).",
};

const JDK: DebianProgram = DebianProgram {
    program: "javac",
    packages: &["default-jdk-headless"],
    missing_error: "a session endpoint needs Java 17 or newer, and there is no javac on the PATH. Install a JDK (Debian: \
        `apt-get install default-jdk-headless`; macOS: `brew install openjdk`).",
};

/// The library with which the endpoint in Java reads JSON.
const GSON: DebianProgram = DebianProgram {
    program: "/usr/share/java/gson.jar",
    packages: &["libgoogle-gson-java"],
    missing_error: "the session endpoint in Java needs /usr/share/java/gson.jar. Install Gson (Debian: `apt-get install \
        libgoogle-gson-java`), or put its file there.",
};

/// Installs what the examples of these kinds need. Returns the command that tests them.
pub(crate) fn contract(kinds: &[Kind]) -> Outcome<Command> {
    let examples = workspace::target()?.join("session-endpoint");
    disk::copy_directory(
        &workspace::root().join("examples/session-endpoint"),
        &examples,
    )?;
    let python = python::environment()?.join("bin/python");
    tools::npm_ci(&examples.join("node-express"))?;
    if kinds.contains(&Kind::Debian) {
        let php = PHP.find_or_install()?;
        let has_curl = ["-r", "exit(extension_loaded('curl') ? 0 : 1);"];
        if !Command::new(php)
            .args(has_curl)
            .status()
            .is_ok_and(|status| status.success())
        {
            return Err(Failure::new(
                "the installed PHP has no extension curl. Install it (Debian: `apt-get install php-curl`).",
            ));
        }
        JDK.find_or_install()?;
        GSON.find_or_install()?;
    }
    let names: Vec<_> = kinds.iter().map(|kind| kind.name()).collect();
    let mut tests = Command::new("node");
    tests
        .args(["--test", "--test-reporter=spec", "contract.test.mjs"])
        .current_dir(examples.join("contract"))
        .env("PIPIT_SANDBOX", sandbox::build()?)
        .env("PIPIT_SESSION", build_session_server()?)
        .env("PIPIT_PYTHON", python)
        .env("PIPIT_ENDPOINTS", names.join(","));
    Ok(tests)
}

/// Builds the program `pipit-session`, and returns its path.
fn build_session_server() -> Outcome<PathBuf> {
    // `--workspace`, as for the sandbox: otherwise cargo would compile dependencies again with fewer features.
    process::run(&mut cargo("build --workspace --bin pipit-session"))?;
    Ok(workspace::target()?.join("debug/pipit-session"))
}

impl Kind {
    /// The name in `contract/endpoints.json`.
    const fn name(self) -> &'static str {
        match self {
            Self::Scripts => "scripts",
            Self::Debian => "debian",
        }
    }
}
