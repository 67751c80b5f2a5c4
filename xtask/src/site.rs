//! `cargo xtask site`: the shop page with the widget, and the agent desk, as static files.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process,
    tools::{self, WASM},
    workspace::{self, cargo, is_fresh},
};
use serde_json::{Map, Value};
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

/// The programs of the site that are compiled to WASM: packages, each with a binary of its name.
const WIDGET: &str = "pipit";
const DESK: &str = "pipit-desk";

/// The browsers that know `light-dark()` in CSS, for which all else is built too.
const BROWSERS: &str = "--target=chrome123,firefox128,safari17.5";

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
    let root = workspace::root();
    copy_directory(&root.join("www"), out)?;
    let desk = bind(DESK, &bindgen, &npm)?;
    let files = out.join("desk");
    copy(&desk.module, &files.join("pipit-desk_bg.wasm"))?;
    copy(&desk.glue, &files.join("pipit-desk.js"))?;
    widget(&bind(WIDGET, &bindgen, &npm)?, &npm, &out.join("pipit"))
}

/// The widget's files: the loader, and what it loads when the panel is wanted.
fn widget(bound: &Bound, npm: &Path, out: &Path) -> Outcome {
    copy(&bound.module, &out.join("widget_bg.wasm"))?;
    let panel = style(npm, "pipit.css")?;
    write(&out.join("pipit.css"), &panel)?;
    let words = words(&workspace::root().join("src/locale"), &out.join("locales"))?;
    let launcher = [
        format!("--define:LAUNCHER_WORDS={words}"),
        format!(
            "--define:LAUNCHER_CSS={}",
            Value::from(launcher_style(npm)?)
        ),
    ];
    process::run(
        bundle(npm, "panel.ts", &out.join("panel.js"))
            .arg("--format=esm")
            .arg(format!("--alias:glue={}", bound.glue.display()))
            .args(&launcher),
    )?;
    process::run(
        bundle(npm, "loader.ts", &out.join("pipit.js"))
            .arg("--format=iife")
            .args(&launcher),
    )?;
    process::run(
        bundle(npm, "index.ts", &out.join("index.js"))
            .args(["--format=esm", "--external:./panel.js"])
            .args(&launcher),
    )
}

/// Copies the words of each language but English, which is compiled in. Returns what the launcher says
/// in each, as JSON.
fn words(from: &Path, to: &Path) -> Outcome<Value> {
    let mut open_chat = Map::new();
    let entries = fs::read_dir(from).map_err(|error| Failure::file("read", from, &error))?;
    for entry in entries {
        let file = entry.map_err(|error| Failure::file("read", from, &error))?;
        let file = file.file_name();
        let Some(name) = file.to_str().and_then(|file| file.strip_suffix(".json")) else {
            continue;
        };
        let path = from.join(&file);
        let text =
            fs::read_to_string(&path).map_err(|error| Failure::file("read", &path, &error))?;
        let texts: Map<String, Value> = serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("{} is no JSON: {error}", path.display())))?;
        let said = texts.get("openChat").cloned().unwrap_or_default();
        open_chat.insert(name.to_owned(), said);
        if name != "en" {
            copy(&path, &to.join(&file))?;
        }
    }
    Ok(Value::from(open_chat))
}

/// Compiles the apps. Returns the directory of wasm-bindgen's programs: when they are missing, they
/// are installed meanwhile.
fn compile() -> Outcome<PathBuf> {
    thread::scope(|scope| {
        let bindgen = scope.spawn(tools::wasm_bindgen);
        let mut build = cargo("build");
        build.args(["--target", WASM, "--profile", PROFILE]);
        for app in [WIDGET, DESK] {
            build.args(["--package", app, "--bin", app]);
        }
        let built = process::run(&mut build);
        let bindgen = bindgen
            .join()
            .unwrap_or_else(|panicked| panic::resume_unwind(panicked));
        built.and(bindgen)
    })
}

/// What the browser loads of a program.
struct Bound {
    /// The module, made smaller.
    module: PathBuf,
    /// Its JavaScript side.
    glue: PathBuf,
}

fn bind(app: &str, bindgen: &Path, npm: &Path) -> Outcome<Bound> {
    let target = workspace::target()?;
    let compiled = target.join(WASM).join(PROFILE).join(app);
    let compiled = compiled.with_extension("wasm");
    let bound = target.join("bindgen").join(app);
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
        bind.args(["--target", "web", "--no-typescript", "--out-name", app]);
        process::run(bind.arg("--out-dir").arg(&bound).arg(&compiled))?;
        let mut shrink = Command::new(npm.join("wasm-opt"));
        let module = bound.join(format!("{app}_bg.wasm"));
        process::run(shrink.args(WASM_OPT).arg(&module).arg("-o").arg(&small))?;
    }
    Ok(Bound {
        module: small,
        glue: bound.join(app).with_extension("js"),
    })
}

/// A style sheet of `src/view/style` with its parts, made smaller.
fn style(npm: &Path, name: &str) -> Outcome<String> {
    let out = workspace::target()?.join("style").join(name);
    process::run(&mut bundle(npm, &format!("../src/view/style/{name}"), &out))?;
    fs::read_to_string(&out).map_err(|error| Failure::file("read", &out, &error))
}

/// The loader's own style sheet. esbuild leaves custom properties as they are written.
fn launcher_style(npm: &Path) -> Outcome<String> {
    let css = style(npm, "launcher.css")?;
    Ok(css.trim().replace(": ", ":").replace(", ", ","))
}

/// esbuild, with all that a file of `npm/` names in one smaller file.
fn bundle(npm: &Path, file: &str, out: &Path) -> Command {
    let mut esbuild = Command::new(npm.join("esbuild"));
    esbuild
        .args([
            file,
            "--bundle",
            "--minify",
            "--log-level=warning",
            BROWSERS,
        ])
        // Words of other scripts as they are: escaped, they would be twice as long.
        .args(["--charset=utf8"])
        .arg(format!("--outfile={}", out.display()))
        .current_dir(workspace::root().join("npm"));
    esbuild
}

fn write(file: &Path, text: &str) -> Outcome {
    if let Some(directory) = file.parent() {
        fs::create_dir_all(directory).map_err(|error| Failure::file("make", directory, &error))?;
    }
    fs::write(file, text).map_err(|error| Failure::file("write", file, &error))
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
