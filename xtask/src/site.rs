//! `cargo xtask site`: builds the demo's site as static files. The site has a shop page with the chat widget, and the
//! desk, which is the page of the agent. Other commands build the same site for tests and for publishing.

use crate::{
    disk,
    failure::{Failure, Outcome},
    frame_policy::{FrameArguments, FramePolicy},
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

/// Build the shop page, the widget and the desk as static files
///
/// Takes about a minute; the first time 3 to 6 minutes, because everything is compiled.
#[derive(clap::Args)]
#[command(after_help = "Example:
  cargo xtask site --out /var/www/shop")]
pub(crate) struct Arguments {
    /// The directory for the files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    frame: FrameArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let policy = FramePolicy::new(&arguments.frame)?;
    tools::check_programs()?;
    let current_directory = env::current_dir()
        .map_err(|error| Failure::new(format!("there is no current directory: {error}")))?;
    build(&current_directory.join(&arguments.out), &policy)?;
    Ok(ExitCode::SUCCESS)
}

/// The widget's files in a built site.
pub(crate) struct Site {
    /// The inputs from which the files were made. The npm package is made from them, too.
    pub(crate) sources: Sources,
    /// The files of the form for the script tag: `pipit.js`, which the tag names, and the files that load later. They
    /// are in the subdirectory `pipit`.
    pub(crate) files: Vec<File>,
    /// That subdirectory.
    pub(crate) script_tag: PathBuf,
}

/// Builds the site into the directory `out`. The directory itself gets the files of `www`. The subdirectory `pipit`
/// gets the files for the script tag, with a list of them in `files.json`; `desk` gets the agent's page, and `npm` the
/// code of the npm package. Earlier files in `pipit` and `npm` are removed; all other files in the directory stay.
pub(crate) fn build(out: &Path, policy: &FramePolicy) -> Outcome<Site> {
    let npm = tools::npm_packages()?;
    // `bind` makes the files for the browser from the compiled WASM, with the programs in these two directories.
    let bindgen = wasm::compile()?;
    disk::copy_directory(&workspace::root().join("www"), out)?;
    DESK.bind(&bindgen, &npm)?.copy(&out.join("desk"))?;
    let sources = Sources::new(WIDGET.bind(&bindgen, &npm)?, npm)?;
    let files = sources.write_script_tag_files(&out.join("pipit"), policy)?;
    let list = files.iter().map(File::to_json).collect::<Value>();
    disk::write(&out.join("pipit/files.json"), list.to_string())?;
    sources.write_npm_package(&out.join("npm"))?;
    Ok(Site {
        sources,
        files,
        script_tag: out.join("pipit"),
    })
}
