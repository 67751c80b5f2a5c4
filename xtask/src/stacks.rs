//! `cargo xtask stacks`: builds the small example of each framework and bundler (`examples/*/stack.json`) with the packed npm
//! package, starts a chat on each page in Chromium, and writes the table of docs/stacks.md.

use crate::{
    apps,
    browser::Engine,
    bundle, disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process, site, size, turn,
    workspace::{self, cargo},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The lines of docs/stacks.md between which the table is.
const MARKS: (&str, &str) = (
    "<!-- begin of the table -->\n",
    "<!-- end of the table -->\n",
);

/// What the end-to-end tests see on the page of an example that works, after the name of the view.
const EXPECTED: &str = ", WASM, German, queued";

/// The example that the end-to-end tests build with each commit, in turns. Each takes less than 40 s.
const IN_TURNS: [&str; 6] = ["vite", "webpack", "rollup", "esbuild", "parcel", "headless"];

/// Build the example of each framework, start a chat on it, and write the table of docs/stacks.md
///
/// Takes about 15 minutes for all, and needs the npm registry. With `--only`, the other rows of the table stay.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask stacks
  cargo xtask stacks --only next14 --only nuxt")]
pub(crate) struct Arguments {
    /// Only the example in this directory of `examples/`; repeatable
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// One build of an example.
struct Stack {
    /// The name of the example's directory.
    example: String,
    /// The name in the table, such as `Next.js 14, webpack`.
    title: String,
    /// A short name, unique among all builds.
    name: String,
    /// The main tool with its version, such as `next@14.2.33`.
    version: String,
    /// A command for a shell in the app's directory. It builds the app, or serves it during the development.
    command: String,
    result: CommandResult,
    /// What the host has to add to its build or its configuration; `nothing` if it is nothing.
    needs: String,
    /// The file that puts the chat on the page, and the text in its place for a build without a chat.
    chat: (String, String),
}

/// What the command of a [`Stack`] does.
enum CommandResult {
    /// It writes the app into this directory, and ends.
    Files(String),
    /// It serves the app at the port that the variable `PORT` of its environment names, and answers `/session` with what the address in
    /// the variable `SESSION_SERVER` answers, until it is ended.
    Server,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let out = workspace::target()?.join("site");
    let site = site::build(&out, &FramePolicy::default())?;
    let work = workspace::target()?.join("stacks");
    let tarball = bundle::package(&site, &work)?;
    let pages = out.join("stacks");
    let stacks = read_all(&arguments.only)?;
    if stacks.is_empty() {
        return Err(Failure::new(
            "no directory of `examples/` with a `stack.json` has this name.".to_owned(),
        ));
    }
    let mut rows = read_table()?;
    let mut failed = 0;
    for example in stacks.chunk_by(|one, other| one.example == other.example) {
        disk::remove(&pages)?;
        let Some(name) = example.first().map(|stack| &*stack.example) else {
            continue;
        };
        let app = work.join(name);
        let built: Vec<_> = match install(name, &app, &tarball) {
            Ok(()) => example
                .iter()
                .map(|stack| build_with_and_without(stack, &app, &pages))
                .collect(),
            Err(failure) => example
                .iter()
                .map(|_| Err(Failure::new(failure.to_string())))
                .collect(),
        };
        let seen = drive(example, &app, &out, &work.join("report.json"))?;
        for (stack, built) in example.iter().zip(built) {
            let seen = seen.get(&stack.name).unwrap_or(&Value::Null);
            let added = added_bytes(seen, &out)?;
            let result = match built {
                Err(failure) => format!("does not build: {failure}"),
                Ok(()) if seen.is_null() => "the page could not be driven".to_owned(),
                Ok(()) => text(seen, "seen"),
            };
            failed += u32::from(!result.ends_with(EXPECTED));
            let added = added.map_or_else(|| "–".to_owned(), |bytes| bytes.to_string());
            let row = format!(
                "| {} | {} | `{}` | {result} | {added} | {} |",
                stack.title, stack.version, stack.command, stack.needs
            );
            println!("{row}");
            rows.insert(stack.title.clone(), row);
        }
        // The table is written after each example, so that a run that is interrupted has written the rows before.
        write_table(&rows)?;
        // The packages of one app need up to 1 GB.
        disk::remove(&app)?;
    }
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Starts a chat on the page of each build of an example, by the end-to-end tests. Returns what they have written into the file `report`:
/// what was seen on each page, and the files that it fetched. A page that cannot be driven is missing.
fn drive(example: &[Stack], app: &Path, site: &Path, report: &Path) -> Outcome<Value> {
    disk::write(report, "{}")?;
    let mut tests = cargo("test --workspace --test conversations");
    let _screen = Engine::Chromium.prepare(&mut tests)?;
    let served = example
        .iter()
        .filter(|stack| matches!(stack.result, CommandResult::Server));
    let served = served.map(|stack| (stack.name.clone(), json!(stack.command)));
    tests
        .env("PIPIT_SITE_DIR", site)
        .env("PIPIT_STACKS_REPORT", report)
        .env("PIPIT_STACKS_APP", app)
        .env("PIPIT_STACKS_SERVED", served.collect::<Value>().to_string());
    set_environment_of_tools(&mut tests, app);
    drop(process::run(tests.args(["--", "stacks::"])));
    let seen = disk::read_text(report).unwrap_or_default();
    Ok(serde_json::from_str(&seen).unwrap_or_default())
}

/// How much more the page with a chat has fetched before the visitor did anything than the page without one, in bytes after compression
/// with brotli. `None` if there is no page without a chat.
fn added_bytes(seen: &Value, site: &Path) -> Outcome<Option<i64>> {
    let bytes_of = |member: &str| -> Outcome<Option<i64>> {
        let Some(paths) = seen.get(member).and_then(Value::as_array) else {
            return Ok(None);
        };
        let paths = paths.iter().filter_map(Value::as_str);
        let files = paths.map(|path| site.join(path.trim_start_matches('/')));
        let files: Vec<_> = files.filter(|file| file.is_file()).collect();
        Ok(Some(i64::from(size::brotli_of(&files)?)))
    };
    let with = bytes_of("with")?;
    Ok(with
        .zip(bytes_of("without")?)
        // A build without a chat can have some bytes more, because its files have other names.
        .map(|(with, without)| (with - without).max(0)))
}

/// Builds one of the examples `IN_TURNS` into the subdirectory `stacks` of a site, for the end-to-end tests. The number of commits
/// decides which one.
pub(crate) fn build_in_turn(tarball: &Path, site: &Path) -> Outcome {
    let turn = turn::number()?;
    let Some(name) = IN_TURNS.iter().cycle().nth(turn % IN_TURNS.len()) else {
        return Ok(());
    };
    let stacks = read_all(&[(*name).to_owned()])?;
    let pages = site.join("stacks");
    disk::remove(&pages)?;
    let app = workspace::target()?.join("stacks").join(name);
    install(name, &app, tarball)?;
    for stack in &stacks {
        if let CommandResult::Files(built) = &stack.result {
            build(stack, &app, built, &pages.join(&stack.name))?;
        }
    }
    disk::remove(&app)
}

/// Reads the file `stack.json` of each example, or only of those with these names.
fn read_all(only: &[String]) -> Outcome<Vec<Stack>> {
    let examples = workspace::root().join("examples");
    let mut stacks = Vec::new();
    for example in disk::names(&examples)? {
        let file = examples.join(&example).join("stack.json");
        if !(only.is_empty() || only.contains(&example)) || !file.is_file() {
            continue;
        }
        let json: Value = serde_json::from_str(&disk::read_text(&file)?)
            .map_err(|error| Failure::new(format!("{} is no JSON: {error}", file.display())))?;
        let package = disk::read_text(&examples.join(&example).join("package.json"))?;
        let package: Value = serde_json::from_str(&package)
            .map_err(|error| Failure::new(format!("{example}/package.json is no JSON: {error}")))?;
        let builds = json.get("builds").and_then(Value::as_array);
        for build in builds.into_iter().flatten() {
            let tool = text(&json, "tool");
            let version = package.get("dependencies").map(|all| text(all, &tool));
            stacks.push(Stack {
                title: text(build, "title"),
                name: text(build, "name"),
                version: format!("{tool}@{}", version.unwrap_or_default()),
                command: text(build, "command"),
                result: match text(build, "out") {
                    out if out.is_empty() => CommandResult::Server,
                    out => CommandResult::Files(out),
                },
                needs: text(build, "needs"),
                chat: (text(&json, "chat"), text(&json, "withoutChat")),
                example: example.clone(),
            });
        }
    }
    Ok(stacks)
}

/// The text of a member of an object; empty if there is none.
fn text(object: &Value, member: &str) -> String {
    let text = object.get(member).and_then(Value::as_str);
    text.unwrap_or_default().to_owned()
}

/// Copies an example, and installs its packages and the package of the widget.
fn install(example: &str, app: &Path, tarball: &Path) -> Outcome {
    disk::remove(app)?;
    disk::copy_directory(&workspace::root().join("examples").join(example), app)?;
    process::run_step(
        &format!("Installing the packages of examples/{example}"),
        apps::npm(app, "install --no-save --no-package-lock").arg(tarball),
    )
}

/// Builds an app with the chat and once more without it, into two directories of `pages`. Does nothing for a command that serves the app.
fn build_with_and_without(stack: &Stack, app: &Path, pages: &Path) -> Outcome {
    let CommandResult::Files(built) = &stack.result else {
        return Ok(());
    };
    build(stack, app, built, &pages.join(&stack.name))?;
    let (file, without) = &stack.chat;
    let file = app.join(file);
    let with = disk::read_text(&file)?;
    disk::write(&file, without)?;
    let pages = pages.join(format!("{}--without", stack.name));
    build(stack, app, built, &pages)?;
    disk::write(&file, with)
}

/// Builds an app into the directory `built` of the app, and copies what was built to a directory of the site.
fn build(stack: &Stack, app: &Path, built: &str, to: &Path) -> Outcome {
    let built = app.join(built);
    disk::remove(&built)?;
    let mut shell = Command::new("sh");
    shell.args(["-ec", &stack.command]).current_dir(app);
    // The address at which the tests serve the app.
    shell.env(
        "BASE",
        format!("/stacks/{}", to.file_name().unwrap_or_default().display()),
    );
    set_environment_of_tools(&mut shell, app);
    process::run_step(&format!("Building {}", stack.title), &mut shell)?;
    disk::copy_directory(&built, to)
}

/// Sets the environment of a command that runs the programs of an app's packages: they are on the search path, and report nothing to
/// their makers.
fn set_environment_of_tools(command: &mut Command, app: &Path) {
    command
        .env("PATH", path_with_programs_of(app))
        .env("CI", "1")
        .env("NG_CLI_ANALYTICS", "false");
    for telemetry in [
        "NEXT_TELEMETRY_DISABLED",
        "NUXT_TELEMETRY_DISABLED",
        "ASTRO_TELEMETRY_DISABLED",
        "PARCEL_WORKERS",
    ] {
        command.env(telemetry, "1");
    }
}

/// The search path for programs, with those of the app's packages first.
fn path_with_programs_of(app: &Path) -> std::ffi::OsString {
    let own = std::iter::once(app.join("node_modules/.bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all: Vec<PathBuf> = own.chain(std::env::split_paths(&path)).collect();
    std::env::join_paths(all).unwrap_or(path)
}

fn page() -> PathBuf {
    workspace::root().join("docs/stacks.md")
}

/// The rows of the table, by the first cell.
fn read_table() -> Outcome<BTreeMap<String, String>> {
    let text = disk::read_text(&page())?;
    let rows = text
        .split_once(MARKS.0)
        .and_then(|(_, rest)| rest.split_once(MARKS.1));
    let rows = rows.map_or("", |(rows, _)| rows).lines().skip(2);
    Ok(rows
        .filter_map(|row| Some((row.split('|').nth(1)?.trim().to_owned(), row.to_owned())))
        .collect())
}

/// Writes the rows into the page.
fn write_table(rows: &BTreeMap<String, String>) -> Outcome {
    let text = disk::read_text(&page())?;
    let no_mark = || Failure::new("docs/stacks.md has no place for the table.".to_owned());
    let (before, rest) = text.split_once(MARKS.0).ok_or_else(no_mark)?;
    let (_, after) = rest.split_once(MARKS.1).ok_or_else(no_mark)?;
    let rows = rows
        .values()
        .fold(String::new(), |all, row| all + row + "\n");
    let head = "| stack | version | build | what was seen | bytes added | what the host adds |\n|---|---|---|---|---|---|\n";
    disk::write(
        &page(),
        format!("{before}{}{head}{rows}{}{after}", MARKS.0, MARKS.1),
    )
}
