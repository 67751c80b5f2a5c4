//! How long one message takes, and how many bytes it allocates, from the text of the server's answer to what the widget
//! draws. It is measured with 10 and with 100,000 messages above. Beside it: the same of `serde_json`, which only reads
//! the text. `cargo xtask bench native` runs this bench.

#[path = "../tests/chat/mod.rs"]
mod chat;

use std::hint::black_box;
use std::time::{Duration, Instant};

use allocation_counter::{AllocationInfo, measure};
use chat::Chat;
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::Value;

/// The numbers of messages above the measured message.
const ABOVE: [usize; 2] = [10, 100_000];

fn measure_time(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("message");
    for above in ABOVE {
        let mut filled = FilledChat::new(above);
        group.bench_function(above.to_string(), |bencher| {
            bencher.iter_custom(|iterations| filled.time_messages(iterations));
        });
    }
    let answer = Chat::with_messages(0).answer_text(1);
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(&answer)));
    });
    group.finish();
}

/// A chat with about the same number of messages at any time. Filling it takes longer than what is measured, so all samples
/// share it.
struct FilledChat {
    chat: Chat,
    above: usize,
    /// The number of messages that were measured since the chat was filled.
    added: usize,
}

impl FilledChat {
    fn new(above: usize) -> Self {
        Self {
            chat: Chat::with_messages(above),
            above,
            added: 0,
        }
    }

    /// The time that this number of messages takes. Each message is one more above the next, so the chat is filled again
    /// before the number has grown by a tenth.
    fn time_messages(&mut self, iterations: u64) -> Duration {
        let mut total = Duration::ZERO;
        for _ in 0..iterations {
            if self.added * 10 >= self.above {
                *self = Self::new(self.above);
            }
            let answer = self.chat.answer_text(1);
            let start = Instant::now();
            self.chat.take(answer);
            total += start.elapsed();
            self.added += 1;
        }
        total
    }
}

/// Prints the allocations of one message, in the form that `benches/native.js` reads.
fn print_allocations(_: &mut Criterion) {
    for above in ABOVE {
        let mut chat = Chat::with_messages(above);
        let answer = chat.answer_text(1);
        print_line(&above.to_string(), &measure(|| chat.take(answer)));
    }
    let answer = Chat::with_messages(0).answer_text(1);
    let read = || drop(black_box(serde_json::from_str::<Value>(&answer)));
    print_line("serde_json", &measure(read));
}

fn print_line(name: &str, allocated: &AllocationInfo) {
    println!(
        "allocations {name} {} {}",
        allocated.count_total, allocated.bytes_total
    );
}

criterion_group!(messages, print_allocations, measure_time);
criterion_main!(messages);
