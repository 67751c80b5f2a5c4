//! Generates ids: counters for engagements, clients and polls, and a seeded random generator for session ids.

use pipit_wire::{ClientId, EngagementId, Secret};

use crate::Config;

/// The client id of the server itself. The server's own messages name it as their sender.
pub(crate) const SYSTEM_CLIENT: ClientId = ClientId(1);

/// The source of all ids of one switchboard (the rules of a chat server, and their state).
#[derive(Debug)]
pub(crate) struct IdGenerator {
    next_engagement: i64,
    next_client: i64,
    next_poll: u64,
    random: SplitMix64,
}

impl IdGenerator {
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        Self {
            next_engagement: config.first_engagement_id,
            next_client: config.first_client_id,
            next_poll: 1,
            random: SplitMix64(seed),
        }
    }

    /// An id for a new engagement (a chat at the server).
    pub(crate) fn engagement(&mut self) -> EngagementId {
        EngagementId(take_and_increment(&mut self.next_engagement))
    }

    /// A client id for a visitor or an agent.
    pub(crate) fn client(&mut self) -> ClientId {
        ClientId(take_and_increment(&mut self.next_client))
    }

    /// A number that no other poll of this switchboard has.
    pub(crate) fn poll_number(&mut self) -> u64 {
        let number = self.next_poll;
        self.next_poll += 1;
        number
    }

    /// An opaque session id that looks like the samples in Oracle's API reference (`node01h8m13...`).
    pub(crate) fn session(&mut self) -> Secret {
        let (high, low) = (self.random.next(), self.random.next());
        Secret::new(format!("node0{high:016x}{low:016x}"))
    }
}

/// Returns the counter's value and increments the counter. A counter that has reached the highest `i64` stays there,
/// because the settings may choose that value as the first id, and the server must not panic.
fn take_and_increment(counter: &mut i64) -> i64 {
    let id = *counter;
    *counter = id.saturating_add(1);
    id
}

/// The random generator SplitMix64 by Sebastiano Vigna. It is not secure, but the same seed gives the same ids, which tests
/// need.
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
