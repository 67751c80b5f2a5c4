//! `cargo xtask site`: the shop page with the widget, and the agent desk, as static files.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process,
    tools::{self, WASM},
    workspace::{self, cargo, is_fresh},
};
use std::{
    env, fs, panic,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    thread,
};

/// The cargo profile of everything that is compiled to WASM.
const PROFILE: &str = "wasm";

/// What Rust's WASM target uses, named one by one: with `--all-features`, wasm-opt writes modules
/// that no browser reads.
const WASM_OPT: [&str; 11] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--strip-debug",
    "--strip-producers",
];

/// A program of the site that is compiled to WASM.
struct App {
    /// The package, and the binary in it.
    package: &'static str,
    /// Its directory on the site.
    directory: &'static str,
    /// What its files are called there.
    name: &'static str,
}

const APPS: [App; 2] = [
    App {
        package: "pipit",
        directory: "pipit",
        name: "widget",
    },
    App {
        package: "pipit-desk",
        directory: "desk",
        name: "pipit-desk",
    },
];

/// What the loader loads only for who uses it, by the names of the files in `npm/`.
const PARTS: [&str; 4] = ["attach", "availability", "sound", "title"];

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let Some(out) = args.value::<PathBuf>("--out")? else {
        return Err(Failure::new(
            "say where the site goes: `cargo xtask site --out DIR`.",
        ));
    };
    args.finish()?;
    let here = env::current_dir()
        .map_err(|error| Failure::new(format!("there is no current directory: {error}")))?;
    build(&here.join(out))?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the site into a directory. What else is in there stays.
pub(crate) fn build(out: &Path) -> Outcome {
    tools::wasm_target()?;
    let npm = tools::npm_packages()?;
    let bindgen = compile()?;
    for app in &APPS {
        bind(app, &bindgen, &npm, &out.join(app.directory))?;
    }
    let root = workspace::root();
    copy_directory(&root.join("www"), out)?;
    style(&npm, &out.join("pipit/pipit.css"))?;
    let languages = languages(&root.join("src/locale"), &out.join("pipit/locales"))?;
    for part in PARTS {
        let file = format!("{part}.js");
        part_of_loader(&npm, part, &out.join("pipit").join(file))?;
    }
    loader(&npm, &languages, &out.join("pipit/pipit.js"))
}

/// Copies the words of each language but English, which is compiled in. Returns the names of all languages.
fn languages(from: &Path, to: &Path) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    let entries = fs::read_dir(from).map_err(|error| Failure::file("read", from, &error))?;
    for entry in entries {
        let file = entry.map_err(|error| Failure::file("read", from, &error))?;
        let file = file.file_name();
        let Some(name) = file.to_str().and_then(|file| file.strip_suffix(".json")) else {
            continue;
        };
        if name != "en" {
            copy(&from.join(&file), &to.join(&file))?;
        }
        names.push(name.to_owned());
    }
    names.sort();
    Ok(names)
}

/// Compiles the apps. Returns the directory of wasm-bindgen's programs: when they are missing, they
/// are installed meanwhile.
fn compile() -> Outcome<PathBuf> {
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let mut build = cargo("build");
        build.args(["--target", WASM, "--profile", PROFILE]);
        for app in &APPS {
            build.args(["--package", app.package, "--bin", app.package]);
        }
        let built = process::run(&mut build);
        let bindgen = bindgen
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        built.and(bindgen)
    })
}

/// Makes what the browser loads: the module, made smaller, and its JavaScript side.
fn bind(app: &App, bindgen: &Path, npm: &Path, out: &Path) -> Outcome {
    let target = workspace::target()?;
    let compiled = target
        .join(WASM)
        .join(PROFILE)
        .join(app.package)
        .with_extension("wasm");
    let bound = target.join("bindgen").join(app.package);
    let module = bound.join(format!("{}_bg.wasm", app.name));
    let small = bound.join("small.wasm");
    let this_program = env::current_exe().unwrap_or_default();
    if !is_fresh(
        &small,
        &[
            &compiled,
            &workspace::root().join("npm/package-lock.json"),
            &this_program,
        ],
    ) {
        let mut bind = Command::new(bindgen.join("wasm-bindgen"));
        bind.args(["--target", "web", "--no-typescript", "--out-name", app.name]);
        process::run(bind.arg("--out-dir").arg(&bound).arg(&compiled))?;
        let mut shrink = Command::new(npm.join("wasm-opt"));
        process::run(shrink.args(WASM_OPT).arg(&module).arg("-o").arg(&small))?;
    }
    copy(&small, &out.join(format!("{}_bg.wasm", app.name)))?;
    let glue = format!("{}.js", app.name);
    copy(&bound.join(&glue), &out.join(&glue))
}

/// Bundles the parts of the widget's style sheet.
fn style(npm: &Path, out: &Path) -> Outcome {
    process::run(
        bundle(npm, "../src/view/style/pipit.css", out)
            .arg("--target=chrome123,firefox128,safari17.5"),
    )
}

/// Bundles the loader, the one script that a page embeds.
fn loader(npm: &Path, languages: &[String], out: &Path) -> Outcome {
    process::run(
        bundle(npm, "loader.ts", out)
            .args(["--format=iife", "--target=es2020"])
            .arg(format!("--define:LANGUAGES={languages:?}")),
    )
}

/// Bundles a part that the loader imports when it is used.
fn part_of_loader(npm: &Path, part: &str, out: &Path) -> Outcome {
    let file = format!("{part}.ts");
    process::run(bundle(npm, &file, out).args(["--format=esm", "--target=es2020"]))
}

/// esbuild, with all that a file of `npm/` names in one smaller file.
fn bundle(npm: &Path, file: &str, out: &Path) -> Command {
    let mut esbuild = Command::new(npm.join("esbuild"));
    esbuild
        .args([file, "--bundle", "--minify", "--log-level=warning"])
        .arg(format!("--outfile={}", out.display()))
        .current_dir(workspace::root().join("npm"));
    esbuild
}

fn copy_directory(from: &Path, to: &Path) -> Outcome {
    let entries = fs::read_dir(from).map_err(|error| Failure::file("read", from, &error))?;
    for entry in entries {
        let source = entry
            .map_err(|error| Failure::file("read", from, &error))?
            .path();
        let target = to.join(source.file_name().unwrap_or_default());
        if source.is_dir() {
            copy_directory(&source, &target)?;
        } else {
            copy(&source, &target)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if let Some(directory) = to.parent() {
        fs::create_dir_all(directory).map_err(|error| Failure::file("make", directory, &error))?;
    }
    fs::copy(from, to).map_err(|error| Failure::file("copy", from, &error))?;
    Ok(())
}
