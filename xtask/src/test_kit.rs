//! Builds the test kit of the npm package: the scripts of `npm/testing`, with the WASM of `crates/test-kit` in them. The
//! widget's build has other compiler flags, so the kit is compiled by itself, and nothing of it is in the visitor's files.

use crate::{
    disk,
    failure::Outcome,
    process,
    tools::{self, WASM_TARGET},
    workspace::{self, cargo, is_fresh},
};
use std::{path::Path, process::Command};

/// The name of the package, and of the binary in it.
const PACKAGE: &str = "pipit-test-kit";

/// The cargo profile of everything that is compiled to WASM.
const PROFILE: &str = "wasm";

/// The arguments of wasm-opt: the WASM features that Rust's WASM target uses. Names are left out.
const WASM_OPT: [&str; 10] = [
    "-Os",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
];

/// Writes the scripts of the test kit into the directory `testing` of the npm package in `package`, and beside them the
/// conversations that can be played.
pub(crate) fn write(package: &Path) -> Outcome {
    let npm = tools::npm_packages()?;
    let bindgen = tools::wasm_bindgen()?;
    let target = workspace::target()?.join("test-kit");
    let mut build = cargo("build");
    build
        .args(["--package", PACKAGE, "--bin", PACKAGE])
        .args(["--target", WASM_TARGET, "--profile", PROFILE])
        .arg("--target-dir")
        .arg(&target);
    process::run_step("Compiling the test kit to WASM", &mut build)?;
    let compiled = target
        .join(WASM_TARGET)
        .join(PROFILE)
        .join(PACKAGE)
        .with_extension("wasm");
    let bound = target.join("bound");
    let glue = bound.join("kit.js");
    let compressed = bound.join("kit.wasm.gz");
    if !is_fresh(&compressed, &[&compiled]) {
        disk::remove(&bound)?;
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        // Without a default path, the script names no other file, for which bundlers would look.
        bind.args(["--target", "web", "--no-typescript"])
            .args(["--omit-default-module-path", "--out-name", "kit"])
            .arg("--out-dir")
            .arg(&bound);
        process::run(bind.arg(&compiled))?;
        let module = bound.join("kit.wasm");
        let mut shrink = Command::new(npm.join("wasm-opt"));
        process::run(
            shrink
                .args(WASM_OPT)
                .arg(bound.join("kit_bg.wasm"))
                .arg("-o")
                .arg(&module),
        )?;
        let mut compress = Command::new("gzip");
        process::run(compress.args(["-9", "--no-name", "--force"]).arg(&module))?;
    }
    disk::copy_directory(
        &workspace::root().join("crates/script/conversations"),
        &package.join("testing/conversations"),
    )?;
    process::run(
        Command::new(npm.join("esbuild"))
            .args(["testing/index.ts", "testing/pipit-sandbox.mjs"])
            .args(["--bundle", "--splitting", "--format=esm", "--target=es2022"])
            .args(["--external:node:*", "--charset=utf8", "--log-level=warning"])
            .args(["--loader:.gz=binary", "--chunk-names=kit-[hash]"])
            .arg(format!("--alias:kit-glue={}", glue.display()))
            .arg(format!("--alias:kit-wasm={}", compressed.display()))
            .arg(format!("--outdir={}", package.join("testing").display()))
            .current_dir(workspace::root().join("npm")),
    )
}
