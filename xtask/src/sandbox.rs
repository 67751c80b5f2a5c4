//! Starts the sandbox, which is this repository's test chat server, for the demo and for the browser tests.

use crate::{
    failure::Outcome,
    process::{self, Process},
    workspace::{self, cargo},
};
use std::process::{Command, Stdio};

/// Builds and starts the sandbox, with the arguments that `configure` adds to its command. Returns when the sandbox has
/// printed the line `ready`, which means that it accepts connections. It runs until the returned [`Process`] is dropped.
pub(crate) fn start(configure: impl FnOnce(&mut Command)) -> Outcome<Process> {
    process::run(&mut cargo("build --package pipit-sandbox"))?;
    let mut command = Command::new(workspace::target()?.join("debug/pipit-sandbox"));
    configure(&mut command);
    let mut sandbox = Process::start(command.stdout(Stdio::piped()))?;
    sandbox.wait_for_line(|line| (line == "ready").then_some(()))?;
    Ok(sandbox)
}
