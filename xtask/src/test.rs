//! `cargo xtask test`: the layers from the fastest to the slowest, and the sum over all of them.

use crate::{
    apps,
    args::Args,
    browser::Engine,
    failure::{Failure, Outcome},
    process, sandbox, site, size,
    tally::Tally,
    tools::{self, WASM},
    workspace::{self, cargo},
};
use std::{
    net::TcpListener,
    num::NonZero,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
    thread,
    time::Instant,
};

/// One layer of tests.
struct Layer {
    name: &'static str,
    /// Where the same tests run in several engines: which one this is.
    engine: Option<Engine>,
    about: &'static str,
    run: fn() -> Outcome<Results>,
}

/// What of the end-to-end tests meets what engines differ in, the layer `engines`: each way onto a page and what may meet it
/// there, a whole conversation, the keyboard, a trap. All of them run by `--engine`.
const BY_ENGINE: [&str; 9] = [
    "blocked::",
    "conversation::",
    "crash::",
    "doors::",
    "guest::",
    "hostile::",
    "keyboard::",
    "policy::",
    "weight::",
];

static LAYERS: [Layer; 8] = [
    Layer {
        name: "native",
        engine: None,
        about: "the crates, without a browser",
        run: native,
    },
    Layer {
        name: "browser",
        engine: None,
        about: "components in headless Chromium, against a sandbox",
        run: in_browser,
    },
    Layer {
        name: "size",
        engine: None,
        about: "what the built widget weighs, against what was reached",
        run: weighed,
    },
    Layer {
        name: "e2e",
        engine: Some(Engine::Chromium),
        about: "whole conversations on the built site, in Chromium",
        run: || end_to_end(Engine::Chromium, &[]),
    },
    Layer {
        name: "engines",
        engine: Some(Engine::Firefox),
        about: "those of e2e that meet what engines differ in, in Firefox",
        run: || end_to_end(Engine::Firefox, &BY_ENGINE),
    },
    Layer {
        name: "engines",
        engine: Some(Engine::WebKit),
        about: "the same in WebKitGTK",
        run: || end_to_end(Engine::WebKit, &BY_ENGINE),
    },
    Layer {
        name: "e2e",
        engine: Some(Engine::Firefox),
        about: "all of e2e in Firefox",
        run: || end_to_end(Engine::Firefox, &[]),
    },
    Layer {
        name: "e2e",
        engine: Some(Engine::WebKit),
        about: "all of e2e in WebKitGTK",
        run: || end_to_end(Engine::WebKit, &[]),
    },
];

/// What came of a layer.
#[derive(Default)]
struct Results {
    tally: Tally,
    /// The tests that an engine has nothing for, each with the reason, as they said it themselves.
    not_run: Vec<String>,
}

impl Layer {
    fn title(&self) -> String {
        let engine = self.engine.map(|engine| format!(" on {}", engine.name()));
        format!("{}{}", self.name, engine.unwrap_or_default())
    }
}

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let engine = args.value("--engine")?;
    let layers = chosen(args.positional().as_deref(), engine)?;
    args.finish()?;
    let mut sum = Tally::default();
    let mut report = Vec::new();
    for layer in layers {
        println!("\n== {}: {}", layer.title(), layer.about);
        let start = Instant::now();
        let results = (layer.run)().unwrap_or_else(|failure| {
            println!(
                "\nThe layer {} could not run, which counts as one failure: {failure}",
                layer.title()
            );
            let tally = Tally {
                passed: 0,
                failed: 1,
            };
            Results {
                tally,
                not_run: Vec::new(),
            }
        });
        sum += results.tally;
        report.push(format!(
            "== {}: {}, {} not run, {:.1} s",
            layer.title(),
            results.tally,
            results.not_run.len(),
            start.elapsed().as_secs_f32()
        ));
        report.extend(results.not_run);
    }
    println!("\n{}\n{sum}", report.join("\n"));
    Ok(if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The layers of this name, where it is given, and those that run in this engine. Without one, all of e2e runs in Chromium
/// only: the other two take their time.
fn chosen(name: Option<&str>, engine: Option<Engine>) -> Outcome<Vec<&'static Layer>> {
    let is_wanted = |layer: &&Layer| match engine {
        Some(_) => layer.engine == engine && (name.is_some() || layer.name == "e2e"),
        None => layer.name != "e2e" || layer.engine == Some(Engine::Chromium),
    };
    let layers: Vec<_> = LAYERS
        .iter()
        .filter(|layer| name.is_none_or(|name| layer.name == name))
        .filter(is_wanted)
        .collect();
    if layers.is_empty() {
        let titles = LAYERS.each_ref().map(Layer::title).join(", ");
        return Err(Failure::new(format!(
            "there is no such layer of tests. There are {titles}; without a name and an engine, all but the last two run."
        )));
    }
    Ok(layers)
}

fn native() -> Outcome<Results> {
    tools::npm_packages()?;
    process::run(
        Command::new("npm")
            .args(["run", "--silent", "check"])
            .current_dir(workspace::root().join("npm")),
    )?;
    count(&mut cargo("test --workspace --no-fail-fast"))
}

fn in_browser() -> Outcome<Results> {
    tools::wasm_target()?;
    let runner = tools::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let driver = Engine::Chromium.driver()?;
    let api_port = api_port()?.to_string();
    let _sandbox = sandbox::start(|command| {
        command.args(["--api-port", &api_port]);
    })?;
    // --tests: the examples in the docs have run natively.
    let mut tests = cargo("test --package pipit --package pipit-agent --tests --no-fail-fast");
    tests
        .args(["--target", WASM])
        // Which no browser reads from a module, and wasm-bindgen works through for each of the programs.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("PIPIT_SANDBOX", format!("http://127.0.0.1:{api_port}"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            workspace::root().join("webdriver.json"),
        )
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    count(&mut tests)
}

/// Counts as one test.
fn weighed() -> Outcome<Results> {
    let out = workspace::target()?.join("site");
    let site = site::build(&out)?;
    let exceeded = size::exceeded(&site, &out.join("pipit"))?;
    for line in &exceeded {
        println!(
            "Too heavy: {line}. What has grown must shrink, or xtask/src/size.rs must say why not."
        );
    }
    let is_light = u32::from(exceeded.is_empty());
    Ok(Results {
        tally: Tally {
            passed: is_light,
            failed: 1 - is_light,
        },
        not_run: Vec::new(),
    })
}

/// Runs the tests whose names begin so, or all of them.
fn end_to_end(engine: Engine, names: &[&str]) -> Outcome<Results> {
    // Of the whole workspace: for one package alone, half of what it depends on would be compiled anew with fewer features.
    let mut tests = cargo("test --workspace --test conversations --no-fail-fast");
    let _screen = engine.prepare(&mut tests)?;
    // They wait for each other's browsers, and for deadlines: the processors have room for one more.
    let processors = thread::available_parallelism().map_or(2, NonZero::get);
    tests
        .env("RUST_TEST_THREADS", (processors + 1).to_string())
        .env("PIPIT_SITE_DIR", site_with_apps()?);
    if !names.is_empty() {
        tests.arg("--").args(names);
    }
    count(&mut tests)
}

/// Built once, for all engines.
fn site_with_apps() -> Outcome<&'static Path> {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    if let Some(site) = SITE.get() {
        return Ok(site);
    }
    let site = workspace::target()?.join("site");
    apps::build(&site::build(&site)?, &site)?;
    Ok(SITE.get_or_init(|| site))
}

/// Runs a test command and adds up its results. One that fails without a failed test, because it
/// does not compile or was killed, counts as one failure.
fn count(command: &mut Command) -> Outcome<Results> {
    let mut results = Results::default();
    let sum = &mut results.tally;
    let status = process::stream(command, |line| {
        println!("{line}");
        *sum += Tally::from_line(&line).unwrap_or_default();
        if line.starts_with("NOT RUN on ") {
            results.not_run.push(line);
        }
    })?;
    // To libtest a test that has found nothing to do has passed.
    let not_run = u32::try_from(results.not_run.len()).unwrap_or(u32::MAX);
    sum.passed = sum.passed.saturating_sub(not_run);
    if sum.failed == 0 && !status.success() {
        println!(
            "\nThe command failed outside of any test ({status}), which counts as one failure."
        );
        sum.failed = 1;
    }
    Ok(results)
}

/// A free port for the sandbox's API: the same one where it can be, because the tests, which have
/// it compiled in, are compiled anew when it changes.
fn api_port() -> Outcome<u16> {
    let none = |error| Failure::new(format!("there is no free port on 127.0.0.1: {error}"));
    let listener =
        TcpListener::bind(("127.0.0.1", 8471)).or_else(|_| TcpListener::bind("127.0.0.1:0"));
    Ok(listener.map_err(none)?.local_addr().map_err(none)?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(name: Option<&str>, engine: Option<Engine>) -> Vec<String> {
        let layers = chosen(name, engine).unwrap();
        layers.into_iter().map(Layer::title).collect()
    }

    #[test]
    fn a_layer_is_chosen_by_its_name_and_by_its_engine() {
        let usual = [
            "native",
            "browser",
            "size",
            "e2e on chromium",
            "engines on firefox",
            "engines on webkit",
        ];
        assert_eq!(titles(None, None), usual);
        assert_eq!(titles(Some("native"), None), ["native"]);
        assert_eq!(titles(Some("e2e"), None), ["e2e on chromium"]);
        assert_eq!(titles(None, Some(Engine::WebKit)), ["e2e on webkit"]);
        let firefox = Some(Engine::Firefox);
        assert_eq!(titles(Some("engines"), firefox), ["engines on firefox"]);
        assert!(chosen(Some("native"), Some(Engine::WebKit)).is_err());
        assert!(chosen(Some("unknown"), None).is_err());
    }

    #[test]
    fn what_is_not_run_is_listed_and_does_not_count_as_passed() {
        let line = "NOT RUN on webkit: a test: a reason";
        let mut tests = Command::new("printf");
        let results = count(tests.arg(format!("\n{line}\ntest result: ok. 3 passed; 0 failed;\n")));
        let results = results.unwrap();
        assert_eq!(results.not_run, [line]);
        assert_eq!(
            results.tally,
            Tally {
                passed: 2,
                failed: 0
            }
        );
    }
}
