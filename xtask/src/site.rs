//! `cargo xtask site`: the shop page with the widget, and the agent desk, as static files.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process, tools,
    wasm::{self, Bound},
    workspace,
};
use serde_json::{Map, Value};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

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
    let npm = tools::npm_packages()?;
    let bindgen = wasm::compile()?;
    copy_directory(&workspace::root().join("www"), out)?;
    wasm::DESK
        .bind(&bindgen, &npm)?
        .copy_all(&out.join("desk"))?;
    widget(
        &wasm::WIDGET.bind(&bindgen, &npm)?,
        &npm,
        &out.join("pipit"),
    )
}

/// The widget's files: the loader, and what it loads when the panel is wanted.
fn widget(bound: &Bound, npm: &Path, out: &Path) -> Outcome {
    bound.copy_modules(out)?;
    let panel = style(npm, "pipit.css")?;
    write(&out.join("pipit.css"), &panel)?;
    let words = words(&workspace::root().join("src/locale"), &out.join("locales"))?;
    let launcher = [
        format!("--define:LAUNCHER_WORDS={}", text(&words.launcher)),
        format!(
            "--define:LAUNCHER_CSS={}",
            Value::from(launcher_style(npm)?)
        ),
    ];
    process::run(
        bundle(npm, "panel.ts")
            // What it imports when that is used are files of their own.
            .args(["--format=esm", "--splitting", "--chunk-names=[name]"])
            .arg(format!("--outdir={}", out.display()))
            .arg(format!("--alias:glue={}", bound.script().display()))
            .args(&launcher),
    )?;
    process::run(
        bundle_into(npm, "away.ts", &out.join("away.js"))
            .arg("--format=esm")
            .arg(format!("--define:AWAY_WORDS={}", text(&words.away)))
            .args(&launcher),
    )?;
    process::run(
        bundle_into(npm, "doctor.ts", &out.join("doctor.js"))
            .arg("--format=esm")
            .args(&launcher),
    )?;
    process::run(
        bundle_into(npm, "loader.ts", &out.join("pipit.js"))
            .arg("--format=iife")
            .args(&launcher),
    )?;
    process::run(
        bundle_into(npm, "index.ts", &out.join("index.js"))
            .args([
                "--format=esm",
                "--external:./panel.js",
                "--external:./away.js",
                "--external:./doctor.js",
            ])
            .args(&launcher),
    )
}

/// JSON as a text of a script: as an object esbuild would give it a file of its own.
fn text(json: &Value) -> Value {
    Value::from(json.to_string())
}

/// What is said before the panel is there, by language, as JSON.
struct Words {
    launcher: Value,
    away: Value,
}

/// Copies the words of each language but English, which is compiled in.
fn words(from: &Path, to: &Path) -> Outcome<Words> {
    let (mut launcher, mut away) = (Map::new(), Map::new());
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
        let said = |word: &str| texts.get(word).cloned().unwrap_or_default();
        launcher.insert(name.to_owned(), said("openChat"));
        let both = ["closed", "noAgents"].map(|word| (word.to_owned(), said(word)));
        away.insert(name.to_owned(), Value::from(Map::from_iter(both)));
        if name != "en" {
            copy(&path, &to.join(&file))?;
        }
    }
    Ok(Words {
        launcher: Value::from(launcher),
        away: Value::from(away),
    })
}

/// A style sheet of `src/view/style` with its parts, made smaller.
fn style(npm: &Path, name: &str) -> Outcome<String> {
    let out = workspace::target()?.join("style").join(name);
    process::run(&mut bundle_into(
        npm,
        &format!("../src/view/style/{name}"),
        &out,
    ))?;
    fs::read_to_string(&out).map_err(|error| Failure::file("read", &out, &error))
}

/// The loader's own style sheet. esbuild leaves custom properties as they are written.
fn launcher_style(npm: &Path) -> Outcome<String> {
    let css = style(npm, "launcher.css")?;
    Ok(css.trim().replace(": ", ":").replace(", ", ","))
}

/// esbuild, with all that a file of `npm/` names in one smaller file.
fn bundle(npm: &Path, file: &str) -> Command {
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
        .current_dir(workspace::root().join("npm"));
    esbuild
}

fn bundle_into(npm: &Path, file: &str, out: &Path) -> Command {
    let mut esbuild = bundle(npm, file);
    esbuild.arg(format!("--outfile={}", out.display()));
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
