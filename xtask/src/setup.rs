//! `cargo xtask setup`: installs the tools that several other commands need. The other commands also install missing
//! tools themselves, so `setup` only saves time later.

use crate::{browser::Engine, failure::Outcome, python, tools};
use std::process::ExitCode;

pub(crate) fn run() -> Outcome<ExitCode> {
    tools::check_programs()?;
    tools::wasm_target()?;
    tools::npm_packages()?;
    python::environment()?;
    tools::wasm_bindgen()?;
    tools::cargo_deny()?;
    // The other tools are installed by the commands that need them: Firefox, WebKit, PHP and Java by `test`, cargo-fuzz by
    // `fuzz`.
    Engine::Chromium.driver()?;
    println!("Everything is installed.");
    Ok(ExitCode::SUCCESS)
}
