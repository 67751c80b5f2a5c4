//! Where ids come from: counters, and a seeded generator for the opaque ones.

use pipit_wire::{ClientId, EngagementId, Secret};

use crate::Config;

/// The client of the server itself, which signs its notices.
pub(crate) const SYSTEM_CLIENT: ClientId = ClientId(1);

#[derive(Debug)]
pub(crate) struct Ids {
    next_engagement: i64,
    next_client: i64,
    next_poll: u64,
    random: SplitMix64,
}

impl Ids {
    pub(crate) fn new(config: &Config, seed: u64) -> Self {
        Self {
            next_engagement: config.first_engagement_id,
            next_client: config.first_client_id,
            next_poll: 1,
            random: SplitMix64(seed),
        }
    }

    pub(crate) fn engagement(&mut self) -> EngagementId {
        EngagementId(take_next(&mut self.next_engagement))
    }

    pub(crate) fn client(&mut self) -> ClientId {
        ClientId(take_next(&mut self.next_client))
    }

    pub(crate) fn poll(&mut self) -> u64 {
        let poll = self.next_poll;
        self.next_poll += 1;
        poll
    }

    /// An opaque session id, in the look of the pages' samples (`node01h8m13...`).
    pub(crate) fn session(&mut self) -> Secret {
        let (high, low) = (self.random.next(), self.random.next());
        Secret::new(format!("node0{high:016x}{low:016x}"))
    }
}

fn take_next(counter: &mut i64) -> i64 {
    let id = *counter;
    *counter = id.saturating_add(1);
    id
}

/// Sebastiano Vigna's SplitMix64.
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
