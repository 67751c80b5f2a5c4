//! `cargo xtask sim`: runs the program of `crates/simulation`, which simulates whole conversations with random faults,
//! such as lost requests. The program also simulates the time, so no conversation has to wait for real clocks.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process,
    workspace::cargo,
};
use std::process::ExitCode;

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let conversation_count: Option<u64> = args.value("--seeds")?;
    let seed: Option<u64> = args.value("--seed")?;
    args.finish()?;
    let arguments = match (conversation_count, seed) {
        (Some(count), None) => format!("--seeds {count}"),
        (None, Some(seed)) => format!("--seed {seed}"),
        _ => {
            return Err(Failure::new(
                "give the number of conversations to simulate (--seeds N), or the seed of the one to replay (--seed N).",
            ));
        }
    };
    // The profile is optimised, and keeps the debug assertions and the checks for overflow.
    let simulation =
        format!("run --quiet --profile simulation --package pipit-simulation -- {arguments}");
    process::run(&mut cargo(&simulation))?;
    Ok(ExitCode::SUCCESS)
}
