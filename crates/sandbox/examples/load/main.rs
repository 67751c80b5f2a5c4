//! Measures how much load one sandbox process holds: thousands of visitors who each hold a poll (`getMessages`), hundreds
//! of agents, and messages between them at rising rates. It prints a table: how long a message takes from the post to its
//! arrival in the answer of the other side's poll, and what the server uses. `docs/sandbox.md` shows a result.
//!
//! ```text
//! cargo run --release -p pipit-sandbox --example load
//! ```
//!
//! The server is a process of its own: this program again, with the argument `serve`.

mod chat;
mod client;
mod limits;
mod measurement;
mod server_process;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chat::{Crowd, Plan};
use server_process::ServerProcess;

/// The text of `--help`.
const HELP: &str = "\
load: measures how much load one sandbox process holds

Usage: cargo run --release -p pipit-sandbox --example load -- [OPTIONS]

  --visitors N     visitors who each hold a poll (default 10000)
  --agents N       agents (default 200)
  --chats N        conversations of each agent (default 5)
  --rates N,N,...  messages in a second, one measurement after the other
                   (default 50,100,200,400,800)
  --seconds N      how long each rate lasts (default 10)
  --help           this text

docs/sandbox.md shows a result.";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let result = match words.first().map(String::as_str) {
        Some("serve") => server_process::serve().await,
        _ if words.iter().any(|word| word == "--help" || word == "-h") => {
            println!("{HELP}");
            Ok(())
        }
        _ => match Plan::parse(&words) {
            Ok(plan) => measure(plan).await,
            Err(error) => Err(error),
        },
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("load: {error}.");
            ExitCode::FAILURE
        }
    }
}

/// Starts the server and the crowd, and measures at each rate.
async fn measure(plan: Plan) -> Result<(), String> {
    // Each held poll is an open file, here and in the server. The server inherits the limit.
    let needed = u64::try_from(plan.visitors + plan.agents + 500).unwrap_or(u64::MAX);
    limits::raise_file_limit(needed)?;
    let server = ServerProcess::start()?;
    let crowd = Arc::new(Crowd::new(server.url()));
    crowd.start_agents(&plan).await?;
    let before = server.memory_bytes();
    crowd.start_visitors(&plan).await?;
    crowd.wait_until_all_poll(&plan).await;
    let grown = server.memory_bytes().saturating_sub(before);
    let visitors = u64::try_from(plan.visitors).unwrap_or(u64::MAX);
    println!(
        "{} visitors hold a poll, {} agents have {} conversations, {:.1} kB of memory for each visitor with a poll",
        plan.visitors,
        plan.agents,
        crowd.conversation_count(),
        to_f64(grown) / 1_000.0 / to_f64(visitors.max(1)),
    );
    println!("| messages/s | delivered | p50 | p99 | longest | errors | server's processors |");
    println!("|---|---|---|---|---|---|---|");
    for rate in &plan.rates {
        let used_before = server.processor_time();
        let began = std::time::Instant::now();
        let figures = crowd.exchange(*rate, plan.duration).await;
        let used = server.processor_time().saturating_sub(used_before);
        let share = used.as_secs_f64() / began.elapsed().as_secs_f64();
        println!("| {rate} | {figures} | {share:.2} |");
        // What a rate beyond the knee has left behind must not count for the next one.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// A count as a number with a fraction, for a figure that a person reads.
#[allow(clippy::cast_precision_loss, reason = "a figure for a person")]
fn to_f64(count: u64) -> f64 {
    count as f64
}
