//! The command `pipit-sandbox`: starts a sandbox, prints its addresses and runs until Ctrl-C.

use std::process::ExitCode;

use pipit_sandbox::command_line::{self, Command, HELP};
use pipit_sandbox::{BASIC_PASSWORD, BASIC_USER, Sandbox, start};

#[tokio::main]
async fn main() -> ExitCode {
    let read_file = |path: &str| std::fs::read_to_string(path);
    match command_line::parse(std::env::args().skip(1), read_file) {
        Ok(Command::Help) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Command::Version) => {
            println!("pipit-sandbox {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(options)) => {
            let names = (options.site_name.clone(), options.config.pool.clone());
            match start(*options).await {
                Ok(sandbox) => print_and_wait(sandbox, names).await,
                Err(error) => failure(&error.to_string()),
            }
        }
        Err(error) => failure(&error),
    }
}

/// Prints the sandbox's addresses and what a client needs to use them, waits for Ctrl-C, and stops the sandbox. In the
/// output, `site` is the address of the served website, `name` is the name of the customer's account in the API's
/// addresses, and `pool` is the id of the pool (group of chat servers), which clients name in the addresses of their
/// requests. `names` are the last two.
async fn print_and_wait(sandbox: Sandbox, names: (String, String)) -> ExitCode {
    println!("api    {}", sandbox.api_url());
    println!("watch  {}/sandbox/", sandbox.api_url());
    if let Some(site) = sandbox.site_url() {
        println!("site   {site}");
    }
    println!("name   {}", names.0);
    println!("pool   {}", names.1);
    println!("basic  {BASIC_USER} / {BASIC_PASSWORD}  (establishSessions, agentTokens)");
    println!("ready");
    let outcome = wait_for_end().await;
    // Held polls are answered, so that the clients learn at once that the server ends.
    sandbox.stop().await;
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&format!("cannot wait for Ctrl-C: {error}")),
    }
}

/// Waits for Ctrl-C or, where the system has it, for the signal SIGTERM, with which other programs end this one.
async fn wait_for_end() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            outcome = tokio::signal::ctrl_c() => outcome,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Prints an error, which is a text without a full stop, and returns the exit code of a failure.
fn failure(error: &str) -> ExitCode {
    eprintln!("pipit-sandbox: {}.", error.trim_end_matches('.'));
    ExitCode::FAILURE
}
