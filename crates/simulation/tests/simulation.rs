//! The proof: thousands of worlds in which everything goes wrong that can, and all holds.

use pipit_simulation::{Fault, Mutation, SIGHTS, explore, replay};

/// So many worlds; in the test command they take less than a minute.
const WORLDS: u64 = 20_000;

/// Each mutation is caught within so many worlds.
const MUTATED_WORLDS: u64 = 500;

#[test]
fn in_twenty_thousand_worlds_all_holds_and_everything_is_met() {
    let report = explore(WORLDS, None);
    for violation in report.violations.values() {
        let (lines, _) = replay(violation.seed, None);
        let tail = lines.len().saturating_sub(40);
        println!("{}\n", lines[tail..].join("\n"));
        println!("{violation}\ncargo xtask sim --seed {}\n", violation.seed);
    }
    assert!(report.violations.is_empty(), "see above");

    let tally = &report.tally;
    let unmet = Fault::ALL
        .iter()
        .filter(|it| !tally.faults.contains_key(it));
    assert_eq!(unmet.collect::<Vec<_>>(), [&Fault::ALL[0]; 0]);
    let unseen = SIGHTS.iter().filter(|it| !tally.sights.contains_key(*it));
    assert_eq!(unseen.collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn each_mutation_is_caught_by_the_invariants_that_it_breaks() {
    for mutation in Mutation::ALL {
        let report = explore(MUTATED_WORLDS, Some(mutation));
        for invariant in mutation.breaks() {
            let found = report.violations.get(invariant);
            assert!(found.is_some(), "{mutation:?} does not break {invariant:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_world() {
    for seed in 0..20 {
        let (lines, _) = replay(seed, None);
        assert!(lines.len() > 10, "{lines:?}");
        assert_eq!(replay(seed, None).0, lines);
    }
}
