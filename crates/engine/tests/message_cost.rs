//! What one message costs in allocations and in bytes written to the storage, with 10 and with 10,000 messages above
//! it. The test counts and measures no times, so that a busy machine cannot make it fail.
//!
//! The limits are what the engine needs today, with a few per cent for small changes of messages and records. If a
//! change lowers a count, lower its limit. The goal is that both columns of limits are equal: a message must cost the
//! same, however many messages are above it.

mod chat;

use chat::Chat;

/// A count, its name, and its limits with 10 and with 10,000 messages above.
struct Limit {
    count: &'static str,
    with_10: u64,
    with_10_000: u64,
}

const LIMITS: [Limit; 4] = [
    // The messages of the answer are read member by member, and the members of the record are written in the same way:
    // that costs 300 allocations with or without messages above.
    Limit {
        count: "allocations",
        with_10: 310,
        with_10_000: 320,
    },
    // Grows by 750 bytes with each of the newest 500 messages, because their text is copied from the snapshot into the
    // record and into the effect. The list of entries adds one pointer for each 1,024 messages.
    Limit {
        count: "allocated bytes",
        with_10: 42_000,
        with_10_000: 410_000,
    },
    // One answer is stored once.
    Limit {
        count: "writes",
        with_10: 1,
        with_10_000: 1,
    },
    // Each write contains the newest 500 messages, however many of them are stored already.
    Limit {
        count: "stored bytes",
        with_10: 2_600,
        with_10_000: 85_000,
    },
];

#[test]
fn a_message_costs_no_more_than_it_did() {
    let few = costs_of_next_message(10);
    let many = costs_of_next_message(10_000);
    for (index, limit) in LIMITS.iter().enumerate() {
        for (above, costs, limit_above) in [
            ("10", few, limit.with_10),
            ("10,000", many, limit.with_10_000),
        ] {
            let cost = costs.get(index).copied().unwrap_or(u64::MAX);
            assert!(
                cost <= limit_above,
                "a message with {above} above costs {cost} {}, more than {limit_above}",
                limit.count
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
