//! `cargo xtask gallery`: takes a screenshot of every state of the widget on every kind of screen.

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
    let screen = args.positional();
    args.finish()?;
    let target = workspace::target()?;
    let built = target.join("site");
    site::build(&built, &FramePolicy::default())?;
    // The example `gallery` of `tests/e2e` drives the widget through its states.
    let mut gallery = cargo("run --package pipit-e2e --example gallery --");
    let _screen = Engine::Chromium.prepare(&mut gallery)?;
    process::run(
        gallery
            .args(screen)
            .env("PIPIT_SITE_DIR", built)
            .env("PIPIT_GALLERY", target.join("gallery")),
    )?;
    Ok(ExitCode::SUCCESS)
}
