//! Starts 10,000 sessions on the program `pipit-session` in front of a sandbox, and prints how long it took. Fails if one
//! of them fails. `docs/session-server.md` has the figures: `cargo bench -p pipit-session`.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use pipit_sandbox::{BASIC_PASSWORD, BASIC_USER, Options};
use reqwest::Client;
use tokio::task::JoinSet;

const SESSIONS: usize = 10_000;
/// How many requests wait for their answers at the same time.
const AT_ONCE: usize = 200;

/// The server, which ends with the benchmark.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = pipit_sandbox::start(Options::default()).await?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let server = Command::new(env!("CARGO_BIN_EXE_pipit-session"))
        .env("B2C_SITE", sandbox.api_url())
        .env("B2C_USER", BASIC_USER)
        .env("B2C_PASSWORD", BASIC_PASSWORD)
        .env("ALLOWED_ORIGINS", "https://shop.example")
        .env("CHATS_PER_MINUTE", "1000000")
        .env("CHATS_PER_MINUTE_IN_ALL", "1000000")
        .env("PORT", port.to_string())
        .stderr(Stdio::inherit())
        .spawn()?;
    let server = Server(server);
    let client = Arc::new(Client::new());
    let address = format!("http://127.0.0.1:{port}");
    while client
        .get(format!("{address}/health"))
        .send()
        .await
        .is_err()
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, address) = (client.clone(), format!("{address}/chat-session"));
        clients.spawn(async move {
            let mut durations = Vec::new();
            for _ in 0..SESSIONS / AT_ONCE {
                durations.push(start_session(&client, &address).await);
            }
            durations
        });
    }
    let answers: Vec<_> = clients.join_all().await.into_iter().flatten().collect();
    let seconds = start.elapsed().as_secs_f64();
    let mut durations: Vec<_> = answers.iter().flatten().copied().collect();
    durations.sort();
    let failures = answers.len() - durations.len();
    let ms_at = |share: usize| {
        let at = durations.get(durations.len().saturating_sub(1) * share / 100);
        at.copied().unwrap_or_default().as_millis()
    };
    println!(
        "{} sessions, {AT_ONCE} at once: {seconds:.1} s",
        answers.len()
    );
    println!(
        "half within {} ms, 99 of 100 within {} ms",
        ms_at(50),
        ms_at(99)
    );
    println!("errors: {failures}");
    println!("memory of the server: {}", peak_memory(server.0.id()));
    drop(server);
    if failures > 0 {
        return Err(format!("{failures} sessions failed").into());
    }
    Ok(())
}

/// Starts one session. Returns how long it took, or `None` if it failed.
async fn start_session(client: &Client, address: &str) -> Option<Duration> {
    let start = Instant::now();
    let request = client
        .post(address)
        .header("content-type", "application/json")
        .header("origin", "https://shop.example")
        .body(r#"{"firstName":"Mia","question":"Where is my order?"}"#);
    let response = request.send().await.ok()?;
    let is_ok = response.status().is_success();
    let text = response.text().await.ok()?;
    (is_ok && text.contains("channelToken")).then(|| start.elapsed())
}

/// The most memory that a process has had, where the system tells it.
fn peak_memory(process: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |line| line.trim().to_owned())
}
