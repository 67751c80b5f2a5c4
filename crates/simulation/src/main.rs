//! The program that `cargo xtask sim` runs.
//!
//! - `pipit-simulation --seeds N` runs N worlds (simulated runs), and prints in how many worlds each fault and each
//!   state of the chat occurred.
//! - `pipit-simulation --seed N` runs the world of seed N, and prints its log.
//!
//! If an invariant (a statement that must hold in every world) did not hold, both print it and exit with a failure.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::process::ExitCode;
use std::time::Instant;

use pipit_simulation::{Report, Tally, explore, replay};

/// `--seeds` prints this many lines from the end of the log of a failed world. `--seed` prints all lines.
const SHOWN_LINES: usize = 40;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--seeds", number] => number.parse().map_or_else(|_| usage(), run_many),
        ["--seed", number] => number.parse().map_or_else(|_| usage(), run_one),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("pipit-simulation --seeds N | --seed N");
    ExitCode::FAILURE
}

/// Runs many worlds, and prints the counts of faults and states. For each invariant that did not hold, prints the end
/// of one world's log.
fn run_many(seeds: u64) -> ExitCode {
    let start = Instant::now();
    let Report { tally, violations } = explore(seeds, None);
    let seconds = start.elapsed().as_secs_f64();
    print_tally(&tally);
    #[allow(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
    let rate = tally.worlds as f64 / seconds;
    println!(
        "\n{} seeds in {seconds:.1} s: {rate:.0} seeds/s",
        tally.worlds
    );
    if violations.is_empty() {
        return ExitCode::SUCCESS;
    }
    for violation in violations.values() {
        let (lines, _) = replay(violation.seed, None);
        let tail = lines.iter().skip(lines.len().saturating_sub(SHOWN_LINES));
        println!("\n{}", tail.cloned().collect::<Vec<_>>().join("\n"));
        println!(
            "\n{violation}\nReplay it: cargo xtask sim --seed {}",
            violation.seed
        );
    }
    ExitCode::FAILURE
}

/// Runs one world, and prints its log and the result.
fn run_one(seed: u64) -> ExitCode {
    let (lines, violation) = replay(seed, None);
    println!("{}", lines.join("\n"));
    match violation {
        None => {
            println!("\nseed {seed}: all held");
            ExitCode::SUCCESS
        }
        Some(violation) => {
            println!("\n{violation}");
            ExitCode::FAILURE
        }
    }
}

fn print_tally(tally: &Tally) {
    println!("worlds in which a fault has struck:");
    print_counts(&tally.faults);
    println!("worlds in which a page has shown:");
    print_counts(&tally.states);
}

fn print_counts<K: Debug>(counts: &BTreeMap<K, u64>) {
    for (name, count) in counts {
        // The name of a state is a text, whose debug form has quotation marks.
        println!("{count:9}  {}", format!("{name:?}").trim_matches('"'));
    }
}
