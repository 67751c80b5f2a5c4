//! Builds the example apps of `npm/apps`, with which the end-to-end tests check the npm package. The package is packed,
//! installed and bundled as in a customer's app.

use crate::{bundle, disk, failure::Outcome, process, site::Site, tools, workspace};
use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The apps that Vite must build. The app `plain` needs no build, because browsers load its files and the package's as
/// they are.
const VITE_APPS: [&str; 2] = ["react", "vue"];

/// The arguments of the compiler for each test of the package's types: the entries as two kinds of programs import them, and the
/// element `<pipit-chat>` in the JSX and the templates of each framework.
const TYPE_TESTS: [&str; 7] = [
    "--module nodenext types.ts",
    "--module esnext --moduleResolution bundler types.ts",
    "--module esnext --moduleResolution bundler elements-templates.ts",
    "--module esnext --moduleResolution bundler --jsx react-jsx elements-react.tsx",
    "--project tsconfig.react-18.json",
    "--module esnext --moduleResolution bundler --jsx react-jsx --jsxImportSource preact elements-preact.tsx",
    "--module esnext --moduleResolution bundler --jsx preserve --jsxImportSource solid-js elements-solid.tsx",
];

/// Builds the apps from the npm package of a built site, into the subdirectory `apps` of `out`. Fails if `types.ts` of
/// `npm/apps` does not compile with the package's type declarations, or if `server.mjs` fails in Node.js.
/// Returns the packed package.
pub(crate) fn build(site: &Site, out: &Path) -> Outcome<PathBuf> {
    let root = workspace::root();
    let apps = workspace::target()?.join("apps");
    disk::copy_directory(&root.join("npm/apps"), &apps)?;
    tools::npm_ci(&apps)?;
    let tarball = bundle::package(site, &apps)?;
    check_package(&tarball)?;
    let installed = apps.join("node_modules/pipit-chat");
    // Removes the package that an earlier run has installed, so that only the new one is tested.
    disk::remove(&installed)?;
    let mut install = npm(&apps, "install --no-save --no-package-lock");
    process::run(install.arg(&tarball).stdout(Stdio::null()))?;
    for arguments in TYPE_TESTS {
        let mut tsc = Command::new(root.join("npm/node_modules/.bin/tsc"));
        tsc.args(arguments.split(' '));
        if !arguments.starts_with("--project") {
            tsc.args(["--noEmit", "--strict", "--exactOptionalPropertyTypes"]);
            tsc.args(["--target", "es2022"]);
        }
        process::run(tsc.current_dir(&apps))?;
    }
    process::run(Command::new("node").arg("server.mjs").current_dir(&apps))?;
    for app in VITE_APPS {
        let mut vite = Command::new(apps.join("node_modules/.bin/vite"));
        vite.args(["build", app, "--config", "vite.config.js", "--emptyOutDir"])
            .args(["--logLevel", "warn", "--base", "./", "--outDir"])
            .arg(out.join("apps").join(app));
        process::run(vite.current_dir(&apps))?;
    }
    build_one_file(&apps, &out.join("apps/one-file"))?;
    let plain = out.join("apps/plain");
    disk::remove(&plain)?;
    disk::copy_directory(&apps.join("plain"), &plain)?;
    disk::copy_directory(&installed, &plain.join("pipit-chat"))?;
    Ok(tarball)
}

/// Checks the packed package with the tools that other developers use: `publint` reads its manifest, and `attw` (Are the
/// types wrong?) resolves its types as each kind of compiler does. The package has only ES modules, so `attw` may not complain that a
/// CommonJS module has to import it dynamically.
fn check_package(tarball: &Path) -> Outcome {
    let tools = workspace::root().join("npm/node_modules/.bin");
    let mut publint = Command::new(tools.join("publint"));
    process::run(publint.arg("run").arg(tarball).arg("--strict"))?;
    let mut attw = Command::new(tools.join("attw"));
    process::run(attw.arg(tarball).args([
        "--ignore-rules",
        "cjs-resolves-to-esm",
        "--format",
        "ascii",
    ]))
}

/// Builds the app `one-file`: esbuild puts all its code into one classic script, and the package's own command copies
/// the other files.
fn build_one_file(apps: &Path, out: &Path) -> Outcome {
    disk::remove(out)?;
    disk::create_directory(out)?;
    for page in ["index.html", "no-wasm.html"] {
        disk::copy(&apps.join("one-file").join(page), &out.join(page))?;
    }
    let npm = workspace::root().join("npm/node_modules/.bin/esbuild");
    let mut esbuild = Command::new(npm);
    esbuild
        .args(["one-file/main.js", "--bundle", "--format=iife"])
        // esbuild warns that this format has no `import.meta`. The app handles that, see its `main.js`.
        .args([
            "--log-level=warning",
            "--log-override:empty-import-meta=silent",
        ])
        .arg(format!("--outfile={}", out.join("main.js").display()));
    process::run(esbuild.current_dir(apps))?;
    let mut copy = Command::new(apps.join("node_modules/.bin/pipit-chat"));
    process::run(
        copy.arg("copy-assets")
            .arg(out.join("pipit"))
            .stdout(Stdio::null()),
    )
}

/// An `npm` command that runs in the directory of the apps, and does not run scripts of packages.
pub(crate) fn npm(apps: &Path, arguments: &str) -> Command {
    let mut npm = Command::new("npm");
    npm.args(arguments.split(' '))
        .args(["--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(apps);
    npm
}
