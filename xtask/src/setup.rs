//! `cargo xtask setup`: installs what the other commands need. They also install it themselves.

use crate::{args::Args, browser::Engine, failure::Outcome, tools};
use std::process::ExitCode;

pub(crate) fn run(args: Args) -> Outcome<ExitCode> {
    args.finish()?;
    tools::wasm_target()?;
    tools::npm_packages()?;
    tools::wasm_bindgen()?;
    // Firefox and WebKit are installed by the commands that test in them.
    Engine::Chromium.driver()?;
    println!("Everything is installed.");
    Ok(ExitCode::SUCCESS)
}
