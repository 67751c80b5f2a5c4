//! Starts the sandbox, the chat server for the demo and the browser tests.

use crate::{
    failure::Outcome,
    process::{self, Process},
    workspace::{self, cargo},
};
use std::process::{Command, Stdio};

/// Builds the sandbox and starts it. `configure` adds its arguments. When this returns, the sandbox is listening.
pub(crate) fn start(configure: impl FnOnce(&mut Command)) -> Outcome<Process> {
    process::run(&mut cargo("build --package pipit-sandbox"))?;
    let mut command = Command::new(workspace::target()?.join("debug/pipit-sandbox"));
    configure(&mut command);
    let mut sandbox = Process::start(command.stdout(Stdio::piped()))?;
    sandbox.wait_for_line(|line| (line == "ready").then_some(()))?;
    Ok(sandbox)
}
