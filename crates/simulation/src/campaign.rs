//! Runs the worlds of many seeds, on all cores, and collects what they met and which invariants failed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::invariant::{Breach, Invariant};
use crate::log::Log;
use crate::mutation::Mutation;
use crate::tally::Tally;
use crate::world::World;

/// The result of many worlds.
#[derive(Debug, Default)]
pub struct Report {
    /// Which faults and states the worlds met.
    pub tally: Tally,
    /// For each invariant that failed, the violation with the smallest seed.
    pub violations: BTreeMap<Invariant, Violation>,
}

impl Report {
    fn add(&mut self, violation: Violation) {
        let entry = self.violations.entry(violation.invariant);
        let smallest = entry.or_insert_with(|| violation.clone());
        if violation.seed < smallest.seed {
            *smallest = violation;
        }
    }
}

/// An invariant that did not hold in one world.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The seed of the world.
    pub seed: u64,
    /// The invariant that did not hold.
    pub invariant: Invariant,
    /// What was observed, for a person.
    pub what: String,
    /// When it was observed, in ms of virtual time.
    pub at: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            invariant,
            what,
            at,
        } = self;
        write!(
            f,
            "seed {seed}: {invariant:?} does not hold at {at} ms: {what}"
        )
    }
}

/// Runs the worlds of the seeds from 0 up to `seeds`, which is not included.
pub fn explore(seeds: u64, mutation: Option<Mutation>) -> Report {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicU64::new(0);
    let parts: Vec<Report> = std::thread::scope(|scope| {
        let start = |_| scope.spawn(|| run_worlds(&next, seeds, mutation));
        let workers: Vec<_> = (0..cores).map(start).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .map(|part| part.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut report = Report::default();
    for part in parts {
        report.tally.merge(&part.tally);
        part.violations.into_values().for_each(|it| report.add(it));
    }
    report
}

/// Runs the worlds of the seeds that `next` gives out, until it reaches `seeds`.
fn run_worlds(next: &AtomicU64, seeds: u64, mutation: Option<Mutation>) -> Report {
    let mut report = Report::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds {
            return report;
        }
        let mut world = World::new(seed, mutation, Log::default());
        let result = world.run();
        report.tally.add_world(&world.tally);
        if let Err(breach) = result {
            report.add(violation(seed, &world, breach));
        }
    }
}

/// Runs the world of one seed again. Returns the lines of its log, and the violation, if there is one.
pub fn replay(seed: u64, mutation: Option<Mutation>) -> (Vec<String>, Option<Violation>) {
    let mut world = World::new(seed, mutation, Log::kept());
    let result = world.run();
    let violation = result.err().map(|breach| violation(seed, &world, breach));
    (world.log.into_lines(), violation)
}

fn violation(seed: u64, world: &World, breach: Breach) -> Violation {
    Violation {
        seed,
        invariant: breach.invariant,
        what: breach.what,
        at: world.now,
    }
}
