//! Runs the worlds (simulated runs) of many seeds on all cores, and collects which faults and states of the chat
//! occurred, and which invariants did not hold. Can also replay the world of one seed to get its log, because the same
//! seed always gives the same world.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::invariant::{Breach, Invariant};
use crate::log::Log;
use crate::mutation::Mutation;
use crate::tally::Tally;
use crate::world::World;

/// The combined result of many worlds.
#[derive(Debug, Default)]
pub struct Report {
    /// The number of worlds in which each fault struck, and in which a page showed each state of the chat.
    pub tally: Tally,
    /// For each invariant that did not hold in some world, the violation with the smallest seed.
    pub violations: BTreeMap<Invariant, Violation>,
}

impl Report {
    fn add_violation(&mut self, violation: Violation) {
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
    /// A description of what was observed, for a person.
    pub observation: String,
    /// The virtual time of the observation, in ms since the start of the world.
    pub at_ms: u64,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            seed,
            invariant,
            observation,
            at_ms,
        } = self;
        write!(
            f,
            "seed {seed}: {invariant:?} does not hold at {at_ms} ms: {observation}"
        )
    }
}

/// Runs the worlds of the seeds from 0 to `seed_count - 1`, with a mutation (an imitated defect of the client) if one
/// is given.
pub fn explore(seed_count: u64, mutation: Option<Mutation>) -> Report {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next_seed = AtomicU64::new(0);
    let reports: Vec<Report> = std::thread::scope(|scope| {
        let start_worker = |_| scope.spawn(|| run_worlds(&next_seed, seed_count, mutation));
        let workers: Vec<_> = (0..cores).map(start_worker).collect();
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .map(|report| report.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut report = Report::default();
    for partial in reports {
        report.tally.merge(&partial.tally);
        partial
            .violations
            .into_values()
            .for_each(|it| report.add_violation(it));
    }
    report
}

/// Takes seeds from `next_seed`, which all threads share, and runs the world of each. Returns the result when
/// `next_seed` has reached `seed_count`.
fn run_worlds(next_seed: &AtomicU64, seed_count: u64, mutation: Option<Mutation>) -> Report {
    let mut report = Report::default();
    loop {
        let seed = next_seed.fetch_add(1, Ordering::Relaxed);
        if seed >= seed_count {
            return report;
        }
        // The default log keeps no lines, which saves time.
        let mut world = World::new(seed, mutation, Log::default());
        let result = world.run();
        report.tally.add_world(&world.tally);
        if let Err(breach) = result {
            report.add_violation(violation(seed, &world, breach));
        }
    }
}

/// Runs the world of one seed again. Returns the lines of its log, and the violation; `None` if all invariants held.
pub fn replay(seed: u64, mutation: Option<Mutation>) -> (Vec<String>, Option<Violation>) {
    let mut world = World::new(seed, mutation, Log::kept());
    let result = world.run();
    let violation = result.err().map(|breach| violation(seed, &world, breach));
    (world.log.into_lines(), violation)
}

/// Adds the seed and the time to a breach (an invariant that did not hold).
fn violation(seed: u64, world: &World, breach: Breach) -> Violation {
    Violation {
        seed,
        invariant: breach.invariant,
        observation: breach.observation,
        at_ms: world.now,
    }
}
