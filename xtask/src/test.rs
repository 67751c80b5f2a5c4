//! `cargo xtask test`: runs layers of tests one after another, and prints how many tests have passed and failed in all.
//! The arguments select the layers.

use crate::{
    apps,
    browser::Engine,
    endpoints::{self, Kind},
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process, sandbox, site, size, stacks,
    tally::Tally,
    testing,
    tools::{self, WASM_TARGET},
    turn,
    workspace::{self, cargo},
};
use clap::builder::PossibleValuesParser;
use std::{
    net::TcpListener,
    num::NonZero,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    sync::OnceLock,
    thread,
    time::Instant,
};

/// One layer of tests. CONTRIBUTING.md says which tests belong to which layer.
struct Layer {
    name: &'static str,
    /// The browser engine of a layer that exists for several engines. `None` for any other layer.
    engine: Option<Engine>,
    /// What the layer tests, for the heading above its output.
    about: &'static str,
    run: fn() -> Outcome<Results>,
}

/// The modules of the end-to-end tests whose results can depend on the browser engine. The layer `engines` runs only
/// these modules, in Firefox and in WebKit. They test every way to embed the chat, web pages that interfere with the
/// chat, a whole conversation, the keyboard, a crash of the WASM, and the files that the widget fetches. With each commit,
/// the layer `half-engines` runs half of their tests in Firefox, and about the other half in WebKit. The layer
/// `e2e` runs all modules: in Chromium, or with `--engine NAME` in that engine.
const MODULES_WHERE_ENGINES_DIFFER: [&str; 11] = [
    "blocked::",
    "conversation::",
    "crash::",
    "embedding::",
    "field::",
    "frame::",
    "host_page::",
    "hostile::",
    "keyboard::",
    "policy::",
    "weight::",
];

/// The field modules, and single tests of other field modules, that pass in WebKit. The other field modules have tests
/// that fail there for reasons not yet found (`docs/browsers.md` lists them), so the layer `engines` leaves them out.
const FIELD_MODULES_IN_WEBKIT: [&str; 8] = [
    "field::events::a_page_that_traps_the_focus",
    "field::events::events_of_the_widget_stay_in_it",
    "field::language::",
    "field::layer::",
    "field::options::",
    "field::phones::enter_does_what_the_key_says",
    "field::tabs::",
    "field::wrapped_fetch::",
];

/// All layers, in the order in which they run.
static LAYERS: [Layer; 16] = [
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
        about: "the weight of the built widget, against its budgets",
        run: check_size,
    },
    Layer {
        name: "quick-endpoints",
        engine: None,
        about: "pipit-session and the example session endpoints in Node.js and Python, against a sandbox",
        run: || run_and_count(&mut endpoints::contract(&[Kind::Scripts])?),
    },
    Layer {
        name: "testing",
        engine: None,
        about: "the test kit of the npm package, and its examples",
        run: test_kit,
    },
    Layer {
        name: "e2e",
        engine: Some(Engine::Chromium),
        about: "whole conversations on the built site, in Chromium",
        run: || end_to_end(Engine::Chromium, &[]),
    },
    Layer {
        name: "half-engines",
        engine: Some(Engine::Firefox),
        about: "one half of the end-to-end tests in which engines differ, in Firefox",
        run: || half_end_to_end(Engine::Firefox, 0),
    },
    Layer {
        name: "half-engines",
        engine: Some(Engine::WebKit),
        about: "the other half, in WebKitGTK",
        run: || half_end_to_end(Engine::WebKit, 1),
    },
    Layer {
        name: ENGINES,
        engine: Some(Engine::Firefox),
        about: "the end-to-end tests in which engines differ, in Firefox",
        run: || {
            end_to_end(
                Engine::Firefox,
                &modules_where_engines_differ(Engine::Firefox),
            )
        },
    },
    Layer {
        name: ENGINES,
        engine: Some(Engine::WebKit),
        about: "the same in WebKitGTK",
        run: || {
            end_to_end(
                Engine::WebKit,
                &modules_where_engines_differ(Engine::WebKit),
            )
        },
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
    Layer {
        name: ADVERSARY,
        engine: Some(Engine::Chromium),
        about: "the part of e2e with broken answers and broken pages, in Chromium",
        run: || end_to_end(Engine::Chromium, &["adversary::"]),
    },
    Layer {
        name: ADVERSARY,
        engine: Some(Engine::Firefox),
        about: "the same in Firefox",
        run: || end_to_end(Engine::Firefox, &["adversary::"]),
    },
    Layer {
        name: ADVERSARY,
        engine: Some(Engine::WebKit),
        about: "the same in WebKitGTK",
        run: || end_to_end(Engine::WebKit, &["adversary::"]),
    },
    Layer {
        name: ENDPOINTS,
        engine: None,
        about: "all example session endpoints, also those in PHP and Java",
        run: || run_and_count(&mut endpoints::contract(&[Kind::Scripts, Kind::Debian])?),
    },
];

/// The name of the layers that run only if they are named, because they take too long. `half-engines` runs half of them.
const ENGINES: &str = "engines";

/// The name of the layers that run only if they are named, because `e2e` contains their tests.
const ADVERSARY: &str = "adversary";

/// The name of the layer that runs only if it is named, because it installs PHP and Java.
const ENDPOINTS: &str = "endpoints";

/// The results of one layer, or of one command of a layer.
#[derive(Default)]
struct Results {
    tally: Tally,
    /// One line for each test that the browser engine cannot run, with the reason. The test itself prints the line.
    not_run: Vec<String>,
}

impl Layer {
    /// The name of the layer and of its engine, such as `e2e on firefox`.
    fn title(&self) -> String {
        let engine = self.engine.map(|engine| format!(" on {}", engine.name()));
        format!("{}{}", self.name, engine.unwrap_or_default())
    }
}

/// Run all tests, one layer of them, or those in one browser engine
///
/// The last line is the sum. All tests take about 30 minutes, and up to 20 more the first time, when everything is
/// installed and compiled.
#[derive(clap::Args)]
#[command(
    after_help = "Layers: native 4 minutes, browser 3, size 1, quick-endpoints 1, e2e 9, half-engines 6, engines 12, \
adversary 5, endpoints 2.

Examples:
  cargo xtask test
  cargo xtask test native
  cargo xtask test e2e --engine firefox
  cargo xtask test --engine webkit    # all of e2e in WebKit"
)]
pub(crate) struct Arguments {
    /// Only this layer
    #[arg(value_parser = PossibleValuesParser::new(layer_names()))]
    layer: Option<String>,
    /// Only in this browser engine
    #[arg(long)]
    engine: Option<Engine>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let layers = select_layers(arguments.layer.as_deref(), arguments.engine)?;
    tools::check_programs()?;
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

/// The name of each layer, once.
fn layer_names() -> Vec<&'static str> {
    let mut names: Vec<_> = LAYERS.iter().map(|layer| layer.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Selects layers by name and engine. If neither is given, selects all layers except `engines`, `adversary` and `endpoints`, and except
/// `e2e` in Firefox and WebKit, where `e2e` takes several times as long as in Chromium. If only the name is given, selects the layers
/// with that name; of `e2e` and `adversary` only the one in Chromium. If only the engine is given, selects `e2e` in that engine. If both are given, selects the layers
/// that have both. Fails if there is none.
fn select_layers(name: Option<&str>, engine: Option<Engine>) -> Outcome<Vec<&'static Layer>> {
    let is_wanted = |layer: &&Layer| match engine {
        Some(_) => layer.engine == engine && (name.is_some() || layer.name == "e2e"),
        None if matches!(layer.name, ENGINES | ADVERSARY | ENDPOINTS) && name.is_none() => false,
        None => !matches!(layer.name, "e2e" | ADVERSARY) || layer.engine == Some(Engine::Chromium),
    };
    let layers: Vec<_> = LAYERS
        .iter()
        .filter(|layer| name.is_none_or(|name| layer.name == name))
        .filter(is_wanted)
        .collect();
    if layers.is_empty() {
        let name = name.unwrap_or_default();
        let engines = LAYERS.iter().filter(|layer| layer.name == name);
        let engines: Vec<_> = engines
            .filter_map(|layer| layer.engine.map(Engine::name))
            .collect();
        return Err(Failure::new(if engines.is_empty() {
            format!("the layer {name} needs no browser engine, so leave `--engine` out.")
        } else {
            format!("the layer {name} exists for {}.", engines.join(" and "))
        }));
    }
    Ok(layers)
}

/// Checks the scripts of `npm/`, and runs the tests of all crates.
fn native() -> Outcome<Results> {
    tools::npm_packages()?;
    process::run(
        Command::new("npm")
            .args(["run", "--silent", "check"])
            .current_dir(workspace::root().join("npm")),
    )?;
    let prose = workspace::root().join("docs/prose");
    tools::npm_ci(&prose)?;
    process::run(Command::new("node").arg(prose.join("check.mjs")))?;
    run_and_count(&mut cargo("test --workspace --no-fail-fast"))
}

/// Runs the tests of the widget's components and of the client for agents in headless Chromium. The tests use a sandbox
/// (our test chat server).
fn in_browser() -> Outcome<Results> {
    tools::wasm_target()?;
    let runner = tools::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let driver = Engine::Chromium.driver()?;
    let api_port = api_port()?.to_string();
    let _sandbox = sandbox::start(|command| {
        command.args(["--api-port", &api_port]);
    })?;
    // `--tests` leaves out the doc examples, which the native layer has run.
    let mut tests = cargo("test --package pipit --package pipit-agent --tests --no-fail-fast");
    tests
        .args(["--target", WASM_TARGET])
        // No browser reads debug information from a module, and wasm-bindgen would process it for each test program.
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("PIPIT_SANDBOX", format!("http://127.0.0.1:{api_port}"))
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("CHROMEDRIVER", driver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            workspace::root().join("webdriver.json"),
        )
        // In seconds.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    run_and_count(&mut tests)
}

/// Compares the sizes of the built widget's files with their budgets. The comparison counts as one test.
fn check_size() -> Outcome<Results> {
    let out = workspace::target()?.join("site");
    let site = site::build(&out, &FramePolicy::default())?;
    let exceeded = size::exceeded_budgets(&site, &out.join("pipit"))?;
    for line in &exceeded {
        println!(
            "Too heavy: {line}. Shrink the file, or raise its budget in xtask/src/size.rs and say why."
        );
    }
    let passed = u32::from(exceeded.is_empty());
    Ok(Results {
        tally: Tally {
            passed,
            failed: 1 - passed,
        },
        not_run: Vec::new(),
    })
}

/// The modules, and single tests, that the layers `engines` and `half-engines` run in this engine.
fn modules_where_engines_differ(engine: Engine) -> Vec<&'static str> {
    if engine != Engine::WebKit {
        return MODULES_WHERE_ENGINES_DIFFER.to_vec();
    }
    let others = MODULES_WHERE_ENGINES_DIFFER
        .into_iter()
        .filter(|module| *module != "field::");
    others.chain(FIELD_MODULES_IN_WEBKIT).collect()
}

/// Runs half of the end-to-end tests in which engines differ. With the next commit, the same `offset` means the other half.
fn half_end_to_end(engine: Engine, offset: usize) -> Outcome<Results> {
    let mut list = end_to_end_command();
    list.args(["--", "--list", "--format", "terse"])
        .args(modules_where_engines_differ(engine));
    let listed = process::read(&mut list)?;
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    let half = turn::half(names, turn::number()? + offset);
    end_to_end(engine, &[&["--exact"], &half[..]].concat())
}

/// The command of the end-to-end tests.
fn end_to_end_command() -> Command {
    // `--workspace` selects the same features of the dependencies as the native layer. For one package alone, cargo
    // would compile half of the dependencies again with fewer features.
    cargo("test --workspace --test conversations --no-fail-fast")
}

/// Runs the end-to-end tests whose names contain one of `filters` in a browser engine. Runs all of them if `filters` is
/// empty. After the filter `--exact`, the others are whole names.
fn end_to_end(engine: Engine, filters: &[&str]) -> Outcome<Results> {
    let mut tests = end_to_end_command();
    // Sets the environment of the tests. WebKit draws on a screen that exists until this value is dropped.
    let _webkit_screen = engine.prepare(&mut tests)?;
    // The tests spend most of their time waiting for browsers and deadlines. The number of tests that run at the same
    // time is therefore one higher than the number of processors.
    let processors = thread::available_parallelism().map_or(2, NonZero::get);
    tests
        .env("RUST_TEST_THREADS", (processors + 1).to_string())
        .env("PIPIT_SITE_DIR", site_with_apps()?);
    if !filters.is_empty() {
        tests.arg("--").args(filters);
    }
    run_and_count(&mut tests)
}

/// Tests the test kit of the packed npm package. Each example counts as one test.
fn test_kit() -> Outcome<Results> {
    site_with_apps()?;
    let apps = workspace::target()?.join("apps");
    let mut results = run_and_count(&mut testing::in_node(&apps))?;
    results.tally += run_and_count(&mut testing::over_http(&apps))?.tally;
    for (name, mut example) in testing::examples(&apps)? {
        println!("\nThe example for {name}:");
        let status = process::stream(&mut example, |line| println!("{line}"))?;
        results.tally += Tally {
            passed: u32::from(status.success()),
            failed: u32::from(!status.success()),
        };
    }
    Ok(results)
}

/// Builds the site and the example apps. Later calls return the same build, so all engines share it.
fn site_with_apps() -> Outcome<&'static Path> {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    if let Some(site) = SITE.get() {
        return Ok(site);
    }
    let site = workspace::target()?.join("site");
    let tarball = apps::build(&site::build(&site, &FramePolicy::default())?, &site)?;
    stacks::build_in_turn(&tarball, &site)?;
    Ok(SITE.get_or_init(|| site))
}

/// Runs a test command and adds up its results. If the command fails although no test has failed, for example because a
/// test program does not compile, this counts as one failure.
fn run_and_count(command: &mut Command) -> Outcome<Results> {
    let mut results = Results::default();
    let sum = &mut results.tally;
    let status = process::stream(command, |line| {
        println!("{line}");
        *sum += Tally::from_line(&line).unwrap_or_default();
        if line.starts_with("NOT RUN on ") {
            results.not_run.push(line);
        }
    })?;
    // libtest counts a test as passed even if it was not run.
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

/// Finds a free port for the sandbox's API. The port is compiled into the tests, so port 8471 is preferred: with
/// another port, the tests must be compiled again.
fn api_port() -> Outcome<u16> {
    let no_port = |error| Failure::new(format!("there is no free port on 127.0.0.1: {error}"));
    let listener =
        TcpListener::bind(("127.0.0.1", 8471)).or_else(|_| TcpListener::bind("127.0.0.1:0"));
    Ok(listener
        .map_err(no_port)?
        .local_addr()
        .map_err(no_port)?
        .port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(name: Option<&str>, engine: Option<Engine>) -> Vec<String> {
        let layers = select_layers(name, engine).unwrap();
        layers.into_iter().map(Layer::title).collect()
    }

    #[test]
    fn layers_are_selected_by_name_and_by_engine() {
        let without_arguments = [
            "native",
            "browser",
            "size",
            "quick-endpoints",
            "testing",
            "e2e on chromium",
            "half-engines on firefox",
            "half-engines on webkit",
        ];
        assert_eq!(titles(None, None), without_arguments);
        assert_eq!(titles(Some("native"), None), ["native"]);
        assert_eq!(titles(Some("e2e"), None), ["e2e on chromium"]);
        assert_eq!(titles(Some("endpoints"), None), ["endpoints"]);
        let engines = ["engines on firefox", "engines on webkit"];
        assert_eq!(titles(Some("engines"), None), engines);
        assert_eq!(titles(Some("adversary"), None), ["adversary on chromium"]);
        assert_eq!(titles(None, Some(Engine::WebKit)), ["e2e on webkit"]);
        let firefox = Some(Engine::Firefox);
        assert_eq!(titles(Some("engines"), firefox), ["engines on firefox"]);
        assert_eq!(titles(Some("adversary"), firefox), ["adversary on firefox"]);
        assert!(select_layers(Some("native"), Some(Engine::WebKit)).is_err());
        assert!(select_layers(Some("unknown"), None).is_err());
    }

    #[test]
    fn a_test_that_is_not_run_is_listed_and_does_not_count_as_passed() {
        let line = "NOT RUN on webkit: a test: a reason";
        // `printf` prints what a test program would print.
        let mut tests = Command::new("printf");
        let results =
            run_and_count(tests.arg(format!("\n{line}\ntest result: ok. 3 passed; 0 failed;\n")));
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
