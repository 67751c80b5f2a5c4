//! `cargo xtask sim`: runs the program of `crates/simulation`, which simulates whole conversations with random faults,
//! such as lost requests. The program does not wait in real time.

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
    let arguments = match (seeds, seed) {
        (Some(seeds), None) => format!("--seeds {seeds}"),
        (None, Some(seed)) => format!("--seed {seed}"),
        _ => {
            return Err(Failure::new(
                "give the number of conversations to simulate (--seeds N), or the seed of the one to replay (--seed N).",
            ));
        }
    };
    let simulation =
        format!("run --quiet --profile simulation --package pipit-simulation -- {arguments}");
    process::run(&mut cargo(&simulation))?;
    Ok(ExitCode::SUCCESS)
}
