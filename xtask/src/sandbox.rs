//! Starts the sandbox, which is this repository's test chat server, for the demo and for tests.

use crate::{
    failure::Outcome,
    process::{self, Process},
    workspace::{self, cargo},
};
use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

/// Builds the sandbox, and returns the path of its program.
pub(crate) fn build() -> Outcome<PathBuf> {
    // `--workspace` selects the features of the dependencies that the tests have compiled already. For one package alone, cargo
    // would compile many of them again with fewer features.
    let build = &mut cargo("build --workspace --bin pipit-sandbox");
    process::run_step("Compiling the chat server", build)?;
    Ok(workspace::target()?.join("debug/pipit-sandbox"))
}

/// Builds and starts the sandbox, with the arguments that `configure` adds to its command. Returns when the sandbox has
/// printed the line `ready`, which means that it accepts connections. It runs until the returned [`Process`] is dropped.
pub(crate) fn start(configure: impl FnOnce(&mut Command)) -> Outcome<Process> {
    let mut command = Command::new(build()?);
    configure(&mut command);
    let mut sandbox = Process::start(command.stdout(Stdio::piped()))?;
    sandbox.wait_for_line(|line| (line == "ready").then_some(()))?;
    Ok(sandbox)
}
