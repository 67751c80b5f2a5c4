//! Builds the example apps of `npm/apps`, with which the end-to-end tests check the npm package. The package is packed,
//! installed and bundled as in a customer's app.

use crate::{bundle, disk, failure::Outcome, process, site::Site, tools, workspace};
use std::{
    path::Path,
    process::{Command, Stdio},
};

/// The apps that Vite must build. The app `plain` needs no build, because browsers load its files and the package's as
/// they are.
const VITE_APPS: [&str; 2] = ["react", "vue"];

/// Builds the apps from the npm package of a built site, into the subdirectory `apps` of `out`. Fails if `types.ts` of
/// `npm/apps` does not compile with the package's type declarations.
pub(crate) fn build(site: &Site, out: &Path) -> Outcome {
    let root = workspace::root();
    let apps = workspace::target()?.join("apps");
    disk::copy_directory(&root.join("npm/apps"), &apps)?;
    tools::npm_ci(&apps)?;
    let tarball = bundle::package(site, &apps)?;
    let installed = apps.join("node_modules/pipit-chat");
    // Removes the package that an earlier run has installed, so that only the new one is tested.
    disk::remove(&installed)?;
    let mut install = npm(&apps, "install --no-save --no-package-lock");
    process::run(install.arg(&tarball).stdout(Stdio::null()))?;
    process::run(
        Command::new(root.join("npm/node_modules/.bin/tsc"))
            .args(["--noEmit", "--strict", "--module", "nodenext"])
            .args(["--target", "es2022", "types.ts"])
            .current_dir(&apps),
    )?;
    for app in VITE_APPS {
        let mut vite = Command::new(apps.join("node_modules/.bin/vite"));
        vite.args(["build", app, "--config", "vite.config.js", "--emptyOutDir"])
            .args(["--logLevel", "warn", "--base", "./", "--outDir"])
            .arg(out.join("apps").join(app));
        process::run(vite.current_dir(&apps))?;
    }
    let plain = out.join("apps/plain");
    disk::remove(&plain)?;
    disk::copy_directory(&apps.join("plain"), &plain)?;
    disk::copy_directory(&installed, &plain.join("pipit-chat"))
}

/// An `npm` command that runs in the directory of the apps, and does not run scripts of packages.
fn npm(apps: &Path, arguments: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments.split(' '))
        .args(["--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(apps);
    npm
}
