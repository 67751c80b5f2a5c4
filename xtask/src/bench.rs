//! `cargo xtask bench NAME`: measures Pipit, and writes the tables of docs/speed.md. `load`, `stream` and `type` build the
//! site and compare the widget in a browser with other chats; `benches/bench.js` measures them. `native` measures the
//! engine without a browser; `crates/engine/benches/messages.rs` measures it.

use crate::{
    browser::Engine,
    disk,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    process, site, tools,
    workspace::{self, cargo},
};
use std::process::{Command, ExitCode};

/// Measure speed and memory beside other chats, or the engine alone
///
/// docs/speed.md gets the tables, unless --quick or --chats is given. A whole bench takes 5 to 40 minutes.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask bench native
  cargo xtask bench load --quick
  cargo xtask bench stream --chats Pipit,Preact --limit 60")]
pub(crate) struct Arguments {
    /// What is measured
    #[arg(value_name = "load|stream|type|native")]
    bench: Bench,
    /// Try the bench with small counts and short limits. docs/speed.md stays as it is
    #[arg(long)]
    quick: bool,
    /// How often each chat is measured
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..))]
    rounds: Option<u32>,
    /// The names of the chats to measure, separated by commas. docs/speed.md stays as it is
    #[arg(long, value_name = "NAMES")]
    chats: Option<String>,
    /// After how many seconds a measurement of a chat is cut off
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Bench {
    /// From the page's load to the first message, in a browser
    Load,
    /// Many messages, one by one and at once, in a browser
    Stream,
    /// From a key press to its letter on the screen, in a browser
    Type,
    /// The engine without a browser
    Native,
}

impl Bench {
    /// The name by which `bench.js` knows the bench.
    const fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Stream => "stream",
            Self::Type => "type",
            Self::Native => "native",
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    tools::check_programs()?;
    let mut node = Command::new("node");
    node.args(["bench.js", arguments.bench.name()]);
    match arguments.bench {
        Bench::Native => {
            let output = workspace::target()?.join("bench-native.txt");
            disk::write(&output, measure_engine(arguments.quick)?)?;
            node.arg("--output").arg(output);
        }
        Bench::Load | Bench::Stream | Bench::Type => {
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
    }
    if arguments.quick {
        node.arg("--quick");
    }
    if let Some(rounds) = arguments.rounds {
        node.args(["--rounds", &rounds.to_string()]);
    }
    if let Some(chats) = &arguments.chats {
        node.args(["--chats", chats]);
    }
    if let Some(limit) = arguments.limit {
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
