//! Builds `pipit-chat/headless`, the entry of the npm package with a conversation without a view: its script, and its WASM. Nothing of them is
//! in the visitor's files, and they share no script with the other entries, so the widget loads the same bytes without them.

use crate::{
    disk,
    failure::{Failure, Outcome},
    tools, wasm, widget, workspace,
};
use std::path::{Path, PathBuf};

/// The files that a page with the entry loads at once.
const FILES: [&str; 2] = ["headless.js", "headless_bg.wasm"];

/// Writes the entry into the npm package in `package`. Returns the paths of the [`FILES`].
pub(crate) fn write(package: &Path) -> Outcome<Vec<PathBuf>> {
    let npm = tools::npm_packages()?;
    let built = wasm::build_headless()?;
    let modules = built.modules()?;
    if modules != ["headless_bg.wasm"] {
        return Err(Failure::new(format!(
            "the conversation without a view has the modules {modules:?}, and not one."
        )));
    }
    for name in modules {
        disk::write(&package.join(&name), built.module(&name)?)?;
    }
    let list = workspace::target()?.join("headless-files.js");
    let urls = "export const FILES = { \"headless_bg.wasm\": () => new URL(\"./headless_bg.wasm\", import.meta.url) };\n";
    disk::write(&list, urls)?;
    widget::bundle(
        widget::esbuild(&npm, "headless.ts")
            .args([
                "--format=esm",
                "--splitting",
                "--chunk-names=headless-[hash]",
            ])
            .arg(format!(
                "--alias:headless-glue={}",
                built.script().display()
            ))
            .arg(format!("--alias:package-files={}", list.display()))
            .arg(format!("--outdir={}", package.display())),
    )?;
    Ok(FILES.iter().map(|name| package.join(name)).collect())
}
