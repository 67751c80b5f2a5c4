//! `cargo xtask test`: the layers from the fastest to the slowest, and the sum over all of them.

use crate::{
    args::Args,
    browser,
    failure::{Failure, Outcome},
    process, sandbox, site,
    tally::Tally,
    tools::{self, WASM},
    workspace::{self, cargo},
};
use std::{
    net::TcpListener,
    process::{Command, ExitCode},
    slice,
    time::Instant,
};

/// One layer of tests.
struct Layer {
    name: &'static str,
    about: &'static str,
    run: fn() -> Outcome<Tally>,
}

static LAYERS: [Layer; 3] = [
    Layer {
        name: "native",
        about: "the crates, without a browser",
        run: native,
    },
    Layer {
        name: "browser",
        about: "components in headless Chromium, against a sandbox",
        run: in_browser,
    },
    Layer {
        name: "e2e",
        about: "whole conversations on the built site",
        run: end_to_end,
    },
];

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let layers = chosen(args.positional().as_deref())?;
    args.finish()?;
    let mut sum = Tally::default();
    let mut report = Vec::new();
    for layer in layers {
        println!("\n== {}: {}", layer.name, layer.about);
        let start = Instant::now();
        let tally = (layer.run)().unwrap_or_else(|failure| {
            println!(
                "\nThe layer {} could not run, which counts as one failure: {failure}",
                layer.name
            );
            Tally {
                passed: 0,
                failed: 1,
            }
        });
        sum += tally;
        report.push(format!(
            "== {}: {tally}, {:.1} s",
            layer.name,
            start.elapsed().as_secs_f32()
        ));
    }
    println!("\n{}\n{sum}", report.join("\n"));
    Ok(if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn chosen(name: Option<&str>) -> Outcome<&'static [Layer]> {
    let Some(name) = name else {
        return Ok(&LAYERS);
    };
    let found = LAYERS.iter().find(|layer| layer.name == name);
    found.map(slice::from_ref).ok_or_else(|| {
        let names = LAYERS.each_ref().map(|layer| layer.name).join(", ");
        Failure::new(format!(
            "there is no test layer '{name}'. There are {names}; without a name, all of them run."
        ))
    })
}

fn native() -> Outcome<Tally> {
    tools::npm_packages()?;
    process::run(
        Command::new("npm")
            .args(["run", "--silent", "check"])
            .current_dir(workspace::root().join("npm")),
    )?;
    count(&mut cargo(
        "test --workspace --exclude pipit-e2e --no-fail-fast",
    ))
}

fn in_browser() -> Outcome<Tally> {
    tools::wasm_target()?;
    let runner = tools::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let driver = browser::driver()?;
    let api_port = api_port()?.to_string();
    let _sandbox = sandbox::start(|command| {
        command.args(["--api-port", &api_port]);
    })?;
    // --tests: the examples in the docs have run natively.
    let mut tests = cargo("test --package pipit --package pipit-agent --tests --no-fail-fast");
    tests
        .args(["--target", WASM])
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

fn end_to_end() -> Outcome<Tally> {
    let site = workspace::target()?.join("site");
    site::build(&site)?;
    let (_driver, address) = browser::start_driver()?;
    let mut tests = cargo("test --package pipit-e2e --no-fail-fast");
    count(
        tests
            .env("PIPIT_SITE_DIR", site)
            .env("PIPIT_WEBDRIVER", address),
    )
}

/// Runs a test command and adds up its results. One that fails without a failed test, because it
/// does not compile or was killed, counts as one failure.
fn count(command: &mut Command) -> Outcome<Tally> {
    let mut sum = Tally::default();
    let status = process::stream(command, |line| {
        println!("{line}");
        sum += Tally::from_line(&line).unwrap_or_default();
    })?;
    if sum.failed == 0 && !status.success() {
        println!(
            "\nThe command failed outside of any test ({status}), which counts as one failure."
        );
        sum.failed = 1;
    }
    Ok(sum)
}

/// A free port for the sandbox's API: the same one where it can be, because the tests, which have
/// it compiled in, are compiled anew when it changes.
fn api_port() -> Outcome<u16> {
    let none = |error| Failure::new(format!("there is no free port on 127.0.0.1: {error}"));
    let listener =
        TcpListener::bind(("127.0.0.1", 8471)).or_else(|_| TcpListener::bind("127.0.0.1:0"));
    Ok(listener.map_err(none)?.local_addr().map_err(none)?.port())
}
