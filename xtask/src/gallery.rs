//! `cargo xtask gallery`: takes screenshots of every state of the widget on every kind of screen, or only on the kind
//! that the argument names. Writes the screenshots to `target/gallery`. With `--check`, it checks the same states on the same
//! screens.

use crate::{
    browser::Engine,
    failure::Outcome,
    frame_policy::FramePolicy,
    process, site, tools,
    workspace::{self, cargo},
};
use std::process::ExitCode;

/// Take a picture of every state on every screen, into target/gallery, or check every state
///
/// Takes about 10 minutes for all screens.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask gallery
  cargo xtask gallery phone-dark
  cargo xtask gallery --check")]
pub(crate) struct Arguments {
    /// Only this screen, such as `desktop`, `phone-dark` or `arabic`. A name that is unknown lists all
    screen: Option<String>,
    /// Check every state by axe-core, and whether it fits, in place of taking pictures
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    tools::check_programs()?;
    let target = workspace::target()?;
    let site_directory = target.join("site");
    site::build(&site_directory, &FramePolicy::default())?;
    // The example program `gallery` of `tests/e2e` drives the widget through its states.
    let mut gallery = cargo("run --package pipit-e2e --example gallery --");
    // Sets the environment of the program. Only WebKit needs an invisible X screen, so the value is `None` here.
    let _x_screen = Engine::Chromium.prepare(&mut gallery)?;
    let pictures = (!arguments.check).then(|| target.join("gallery"));
    process::run(
        gallery
            .args(&arguments.screen)
            .env("PIPIT_SITE_DIR", site_directory)
            .envs(pictures.map(|directory| ("PIPIT_GALLERY", directory))),
    )?;
    Ok(ExitCode::SUCCESS)
}
