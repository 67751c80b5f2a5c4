//! `pipit-simulation --seeds N`: runs many worlds, and tells what they have seen.
//! `pipit-simulation --seed N`: runs one, and tells what happened in it.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::process::ExitCode;
use std::time::Instant;

use pipit_simulation::{Report, Tally, explore, replay};

/// So many lines of a failed world are shown; `--seed` shows all.
const TAIL: usize = 40;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["--seeds", number] => number.parse().map_or_else(|_| usage(), many),
        ["--seed", number] => number.parse().map_or_else(|_| usage(), one),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprintln!("pipit-simulation --seeds N | --seed N");
    ExitCode::FAILURE
}

fn many(seeds: u64) -> ExitCode {
    let began = Instant::now();
    let Report { tally, violations } = explore(seeds, None);
    let seconds = began.elapsed().as_secs_f64();
    show(&tally);
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
        let tail = lines.iter().skip(lines.len().saturating_sub(TAIL));
        println!("\n{}", tail.cloned().collect::<Vec<_>>().join("\n"));
        println!(
            "\n{violation}\nReplay it: cargo xtask sim --seed {}",
            violation.seed
        );
    }
    ExitCode::FAILURE
}

fn one(seed: u64) -> ExitCode {
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

fn show(tally: &Tally) {
    println!("worlds in which a fault has struck:");
    show_counts(&tally.faults);
    println!("worlds in which the page has shown:");
    show_counts(&tally.sights);
}

fn show_counts<K: Debug>(counts: &BTreeMap<K, u64>) {
    for (name, count) in counts {
        println!("{count:9}  {}", format!("{name:?}").trim_matches('"'));
    }
}
