//! The sandbox as a process of its own, so that its memory and its time on the processors can be told from those of the
//! visitors and agents.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pipit_sandbox::{Options, start};

/// The clock ticks of `/proc` in a second. Linux has this value on every platform.
const TICKS_PER_SECOND: u64 = 100;

/// The running server. It ends when it is dropped.
pub(crate) struct ServerProcess {
    child: Child,
    url: String,
}

/// Runs a sandbox until the process is ended, and prints its address.
pub(crate) async fn serve() -> Result<(), String> {
    let mut options = Options::default();
    // The texts are alike and many, which the filter would take for spam.
    options.config.spam.enabled = false;
    let sandbox = start(options).await.map_err(|error| error.to_string())?;
    println!("{}", sandbox.api_url());
    std::future::pending().await
}

impl ServerProcess {
    pub(crate) fn start() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("the server does not start ({error})");
        let program = std::env::current_exe().map_err(failed)?;
        let mut child = Command::new(program)
            .arg("serve")
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut url).map_err(failed)?;
        }
        let url = url.trim().to_owned();
        if url.is_empty() {
            return Err("the server does not start".to_owned());
        }
        Ok(Self { child, url })
    }

    /// The address of its API.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The memory that the process has in use, in bytes; 0 if the system does not say.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let status = self.read("status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes =
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1_024
    }

    /// The time that the process has spent on the processors.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = self.read("stat").unwrap_or_default();
        // The name of the program, in brackets, may contain blanks. The fields 14 and 15 of the line are 11 and 12 after it.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: u64 = ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
    }

    fn read(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).ok()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // An error means that the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
