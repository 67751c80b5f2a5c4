//! Many worlds, on all cores.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::invariant::{Breach, Invariant};
use crate::log::Log;
use crate::mutation::Mutation;
use crate::tally::Tally;
use crate::world::World;

/// What came of many worlds.
#[derive(Debug, Default)]
pub struct Report {
    /// What they have seen.
    pub tally: Tally,
    /// The first one in which each invariant did not hold.
    pub violations: BTreeMap<Invariant, Violation>,
}

impl Report {
    fn add(&mut self, violation: Violation) {
        let first = self.violations.entry(violation.invariant);
        let first = first.or_insert_with(|| violation.clone());
        if violation.seed < first.seed {
            *first = violation;
        }
    }
}

/// Something was wrong.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The world's seed.
    pub seed: u64,
    /// What did not hold.
    pub invariant: Invariant,
    /// How that shows.
    pub what: String,
    /// When, in ms.
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

/// Runs the worlds of the seeds from 0 to `seeds`, on all cores.
pub fn explore(seeds: u64, mutation: Option<Mutation>) -> Report {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicU64::new(0);
    let parts: Vec<Report> = std::thread::scope(|scope| {
        let start = |_| scope.spawn(|| work(&next, seeds, mutation));
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

fn work(next: &AtomicU64, seeds: u64, mutation: Option<Mutation>) -> Report {
    let mut report = Report::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= seeds {
            return report;
        }
        let mut world = World::new(seed, mutation, Log::default());
        let result = world.run();
        report.tally.add(&world.tally);
        if let Err(breach) = result {
            report.add(violation(seed, &world, breach));
        }
    }
}

/// Runs the world of one seed again; what happened, in lines, and what was wrong, if anything was.
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
