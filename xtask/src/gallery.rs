//! `cargo xtask gallery`: takes screenshots of every state of the widget on every kind of screen, or only on the kind
//! that the argument names. Writes the screenshots to `target/gallery`.

use crate::{
    args::Args,
    browser::Engine,
    failure::Outcome,
    frame_policy::FramePolicy,
    process, site,
    workspace::{self, cargo},
};
use std::process::ExitCode;

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let screen_kind = args.positional();
    args.finish()?;
    let target = workspace::target()?;
    let site_directory = target.join("site");
    site::build(&site_directory, &FramePolicy::default())?;
    // The example program `gallery` of `tests/e2e` drives the widget through its states.
    let mut gallery = cargo("run --package pipit-e2e --example gallery --");
    // Sets the environment of the program. Only WebKit needs an invisible X screen, so the value is `None` here.
    let _x_screen = Engine::Chromium.prepare(&mut gallery)?;
    process::run(
        gallery
            .args(screen_kind)
            .env("PIPIT_SITE_DIR", site_directory)
            .env("PIPIT_GALLERY", target.join("gallery")),
    )?;
    Ok(ExitCode::SUCCESS)
}
