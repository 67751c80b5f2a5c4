//! `cargo xtask bench NAME`: measures Pipit, and writes the tables of docs/speed.md. `load`, `stream` and `type` build the
//! site and compare the widget in a browser with other chats; `benches/bench.js` measures them. `native` measures the
//! engine without a browser; `crates/engine/benches/messages.rs` measures it.

use crate::{
    args::Args,
    browser::Engine,
    disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process, site, tools,
    workspace::{self, cargo},
};
use std::process::{Command, ExitCode};

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let bench_name = args.positional().unwrap_or_default();
    // Small counts and short limits, to try a bench. docs/speed.md stays as it is.
    let is_quick = args.flag("--quick");
    // How often each chat is measured. Without the option, `bench.js` uses its default.
    let rounds = args.value::<u32>("--rounds")?;
    // The names of the chats to measure, separated by commas. Without the option, all are measured.
    let chats = args.value::<String>("--chats")?;
    // The time in s after which a measurement of a chat is cut off. Without the option, `bench.js` uses its default.
    let limit = args.value::<u32>("--limit")?;
    args.finish()?;
    let mut node = Command::new("node");
    node.args(["bench.js", &bench_name]);
    match bench_name.as_str() {
        "native" => {
            let output = workspace::target()?.join("bench-native.txt");
            disk::write(&output, measure_engine(is_quick)?)?;
            node.arg("--output").arg(output);
        }
        "load" | "stream" | "type" => {
            // Installs Chromium and its driver if the driver is missing. Only the browser is used here.
            Engine::Chromium.driver()?;
            let browser = tools::find_program("chromium").ok_or_else(|| {
                Failure::new(
                    "the bench needs Chromium, and there is no program `chromium` on the PATH.",
                )
            })?;
            let site = workspace::target()?.join("site");
            site::build(&site, &FramePolicy::default())?;
            node.arg("--site").arg(site).arg("--browser").arg(browser);
        }
        _ => {
            return Err(Failure::new(
                "there are four benches: `cargo xtask bench load`, `stream`, `type` and `native`.",
            ));
        }
    }
    if is_quick {
        node.arg("--quick");
    }
    if let Some(rounds) = rounds {
        node.args(["--rounds", &rounds.to_string()]);
    }
    if let Some(chats) = chats {
        node.args(["--chats", &chats]);
    }
    if let Some(limit) = limit {
        node.args(["--limit", &limit.to_string()]);
    }
    let benches = workspace::root().join("benches");
    tools::npm_ci(&benches)?;
    process::run(node.current_dir(benches))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the engine's benches, and returns what they have printed. They leave the times in `target/criterion`.
fn measure_engine(is_quick: bool) -> Outcome<String> {
    let mut command = cargo("bench --package pipit-engine --bench messages -- --noplot");
    if is_quick {
        command.arg("--quick");
    }
    let mut output = String::new();
    let status = process::stream(&mut command, |line| {
        println!("{line}");
        output += &line;
        output.push('\n');
    })?;
    process::check_status(&command, status)?;
    Ok(output)
}
