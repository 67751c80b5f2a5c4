//! Runs thousands of worlds (simulated runs with random faults). Demands that all invariants hold, that every fault and
//! state occurs, and that the invariants detect each mutation (a defect that the simulation imitates).

use pipit_simulation::{Fault, Mutation, STATES, explore, replay};

/// The number of worlds without a mutation. `cargo xtask test` runs them in less than a minute.
const WORLDS: u64 = 20_000;

/// The number of worlds within which the invariants must detect each mutation.
const MUTATED_WORLDS: u64 = 500;

#[test]
fn all_invariants_hold_in_twenty_thousand_worlds_in_which_every_fault_and_state_occurs() {
    let report = explore(WORLDS, None);
    for violation in report.violations.values() {
        let (lines, _) = replay(violation.seed, None);
        let tail = lines.len().saturating_sub(40);
        println!("{}\n", lines[tail..].join("\n"));
        println!("{violation}\ncargo xtask sim --seed {}\n", violation.seed);
    }
    assert!(report.violations.is_empty(), "see above");

    let tally = &report.tally;
    let unmet_faults = Fault::ALL
        .iter()
        .filter(|it| !tally.faults.contains_key(it));
    assert_eq!(unmet_faults.collect::<Vec<_>>(), [&Fault::ALL[0]; 0]);
    let unmet_states = STATES.iter().filter(|it| !tally.states.contains_key(*it));
    assert_eq!(unmet_states.collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn each_mutation_violates_the_invariants_that_it_breaks() {
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
