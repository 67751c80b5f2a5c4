//! `cargo xtask bench load`: builds the site and measures how fast the widget's launcher (its button) and composer (its
//! text field) appear, compared with a minimal chat. The measurement itself is `benches/load/load.js`.

use crate::{
    args::Args,
    browser::Engine,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process, site, tools, workspace,
};
use std::process::{Command, ExitCode};

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let bench_name = args.positional();
    // The number of times that each page is loaded. Without the option, `load.js` uses its default.
    let rounds = args.value::<u32>("--rounds")?;
    args.finish()?;
    if bench_name.as_deref() != Some("load") {
        return Err(Failure::new(
            "there is one bench: `cargo xtask bench load`.",
        ));
    }
    // Installs Chromium and its driver if the driver is missing. Only the browser is used here.
    Engine::Chromium.driver()?;
    let browser = tools::find_program("chromium").ok_or_else(|| {
        Failure::new("the bench needs Chromium, and there is no program `chromium` on the PATH.")
    })?;
    let site = workspace::target()?.join("site");
    site::build(&site, &FramePolicy::default())?;
    let bench = workspace::root().join("benches/load");
    tools::npm_ci(&bench)?;
    let mut node = Command::new("node");
    node.arg("load.js").arg("--site").arg(site);
    node.arg("--browser").arg(browser);
    if let Some(rounds) = rounds {
        node.args(["--rounds", &rounds.to_string()]);
    }
    process::run(node.current_dir(bench))?;
    Ok(ExitCode::SUCCESS)
}
