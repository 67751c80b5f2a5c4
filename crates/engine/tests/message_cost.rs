//! What one message costs in allocations and in bytes written to the storage, with 10 and with 10,000 messages above
//! it. The test counts and measures no times, so that a busy machine cannot make it fail.
//!
//! A message must cost the same, however many messages are above it. The limits are what the engine needs today, with a few
//! per cent for small changes of messages and records. If a change lowers a count, lower its limit.

mod chat;

use chat::Chat;

/// The last chunk of the transcript (up to 32 entries, which are stored together) has as many entries with this many
/// messages as with 10.
const MANY: usize = 10 + 32 * 312;

/// As [`MANY`], but so few that a cost which grows with each message differs. The record has all that it can have: 16 names
/// of pieces, and the 64 newest numbers of messages.
const SOME: usize = 10 + 32 * 19;

/// A count, its name, its limit with 10 messages above, and by how much it may be more with [`SOME`] and with [`MANY`].
struct Limit {
    count: &'static str,
    with_10: u64,
    more_with_some: u64,
    more_with_many: u64,
}

const LIMITS: [Limit; 4] = [
    // The messages of the answer are read member by member, and the members of the record are written in the same way:
    // that costs 300 allocations with or without messages above. Each of the 16 pieces of the newest 500 messages is named
    // in the record.
    Limit {
        count: "allocations",
        with_10: 325,
        more_with_some: 30,
        more_with_many: 30,
    },
    // The 64 newest numbers of messages are written with the record. The list of entries has one pointer for each block of
    // 1,024 messages.
    Limit {
        count: "allocated bytes",
        with_10: 39_000,
        more_with_some: 19_000,
        more_with_many: 19_500,
    },
    // One piece of the transcript, and the head that names the pieces.
    Limit {
        count: "writes",
        with_10: 2,
        more_with_some: 0,
        more_with_many: 0,
    },
    // The head has 64 numbers instead of 11, and 16 names of pieces instead of one. Higher numbers have more digits.
    Limit {
        count: "stored bytes",
        with_10: 2_650,
        more_with_some: 800,
        more_with_many: 900,
    },
];

#[test]
fn a_message_costs_no_more_than_it_did() {
    let few = costs_of_next_message(10);
    let some = costs_of_next_message(SOME);
    let many = costs_of_next_message(MANY);
    for (index, limit) in LIMITS.iter().enumerate() {
        let cost = |costs: &[u64; 4]| costs.get(index).copied().unwrap_or(u64::MAX);
        let few = cost(&few);
        for (above, cost, max) in [
            (10, few, limit.with_10),
            (SOME, cost(&some), few + limit.more_with_some),
            (MANY, cost(&many), few + limit.more_with_many),
        ] {
            let count = limit.count;
            assert!(
                cost <= max,
                "a message with {above} above costs {cost} {count}, more than {max}"
            );
        }
    }
}

/// What the next message costs after this many messages, in the order of [`LIMITS`].
fn costs_of_next_message(count: usize) -> [u64; 4] {
    let mut chat = Chat::with_messages(count);
    let answer = chat.answer_text(1);
    let allocated = allocation_counter::measure(|| chat.take(answer));
    let costs = [
        allocated.count_total,
        allocated.bytes_total,
        chat.stored.writes,
        chat.stored.bytes,
    ];
    println!("a message with {count} above: {costs:?}");
    costs
}
