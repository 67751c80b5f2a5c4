//! `cargo xtask sim`: simulates whole conversations under faults, on virtual time.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    process,
    workspace::cargo,
};
use std::process::ExitCode;

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let seeds: Option<u64> = args.value("--seeds")?;
    let seed: Option<u64> = args.value("--seed")?;
    args.finish()?;
    let what = match (seeds, seed) {
        (Some(seeds), None) => format!("--seeds {seeds}"),
        (None, Some(seed)) => format!("--seed {seed}"),
        _ => {
            return Err(Failure::new(
                "say how many conversations to simulate (--seeds N), or which one to replay (--seed N).",
            ));
        }
    };
    let simulation =
        format!("run --quiet --profile simulation --package pipit-simulation -- {what}");
    process::run(&mut cargo(&simulation))?;
    Ok(ExitCode::SUCCESS)
}
