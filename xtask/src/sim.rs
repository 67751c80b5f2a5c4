//! `cargo xtask sim`: runs the program of `crates/simulation`, which simulates whole conversations with random faults,
//! such as lost requests. The program also simulates the time, so no conversation has to wait for real clocks.

use crate::{failure::Outcome, process, workspace::cargo};
use std::process::ExitCode;

/// Simulate conversations under faults, or replay one of them
///
/// Two processors simulate about 1,000 conversations in a second.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
#[command(after_help = "Examples:
  cargo xtask sim --seeds 200000    # about 4 minutes
  cargo xtask sim --seed 145652     # prints all that happens in this conversation")]
pub(crate) struct Arguments {
    /// Simulate this number of conversations
    #[arg(long, value_name = "COUNT")]
    seeds: Option<u64>,
    /// Replay the conversation with this seed
    #[arg(long)]
    seed: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let arguments = match (arguments.seeds, arguments.seed) {
        (_, Some(seed)) => format!("--seed {seed}"),
        (seeds, None) => format!("--seeds {}", seeds.unwrap_or_default()),
    };
    // The profile is optimised, and keeps the debug assertions and the checks for overflow.
    let simulation =
        format!("run --quiet --profile simulation --package pipit-simulation -- {arguments}");
    process::run(&mut cargo(&simulation))?;
    Ok(ExitCode::SUCCESS)
}
