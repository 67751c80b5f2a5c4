//! `cargo xtask site`: the shop page with the widget, and the agent desk, as static files.

use crate::{
    args::Args,
    disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    tools,
    wasm::{self, DESK, WIDGET},
    widget::{File, Sources},
    workspace,
};
use serde_json::Value;
use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
};

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let Some(out) = args.value::<PathBuf>("--out")? else {
        return Err(Failure::new(
            "say where the site goes: `cargo xtask site --out DIR`.",
        ));
    };
    let policy = FramePolicy::take(&mut args)?;
    args.finish()?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("there is no current directory: {error}")))?;
    build(&here.join(out), &policy)?;
    Ok(ExitCode::SUCCESS)
}

/// The widget's files in a built site.
pub(crate) struct Site {
    pub(crate) sources: Sources,
    /// The files of the script tag, in the directory `pipit`.
    pub(crate) files: Vec<File>,
}

/// Builds the site into a directory: the files of the script tag in `pipit`, with a list of them in `files.json`, and the
/// code of the package in `npm`. Other files in the directory stay.
pub(crate) fn build(out: &Path, policy: &FramePolicy) -> Outcome<Site> {
    let npm = tools::npm_packages()?;
    let bindgen = wasm::compile()?;
    disk::copy_directory(&workspace::root().join("www"), out)?;
    DESK.bind(&bindgen, &npm)?.copy(&out.join("desk"))?;
    let sources = Sources::new(WIDGET.bind(&bindgen, &npm)?, npm)?;
    let files = sources.script_tag(&out.join("pipit"), policy)?;
    let list = files.iter().map(File::to_json).collect::<Value>();
    disk::write(&out.join("pipit/files.json"), list.to_string())?;
    sources.package(&out.join("npm"))?;
    Ok(Site { sources, files })
}
