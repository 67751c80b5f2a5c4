//! The command `pipit-sandbox`: starts a sandbox, prints its addresses and runs until Ctrl-C.

mod arguments;

use std::process::ExitCode;

use arguments::{Command, HELP};
use pipit_sandbox::{BASIC_PASSWORD, BASIC_USER, SITE_NAME, Sandbox, start};

#[tokio::main]
async fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Command::Serve(options)) => match start(*options).await {
            Ok(sandbox) => print_and_wait(&sandbox).await,
            Err(error) => failure(&error.to_string()),
        },
        Err(error) => failure(&error),
    }
}

/// Prints the sandbox's addresses and what a client needs to use them, and waits for Ctrl-C. In the output, `site` is the
/// address of the served website, `name` is the name of the customer's account in the API's addresses, and `pool` is the
/// id of the pool (group of chat servers), which clients name in the addresses of their requests.
async fn print_and_wait(sandbox: &Sandbox) -> ExitCode {
    // No option of the command changes the pool.
    let pool = pipit_switchboard::Config::default().pool;
    println!("api    {}", sandbox.api_url());
    if let Some(site) = sandbox.site_url() {
        println!("site   {site}");
    }
    println!("name   {SITE_NAME}");
    println!("pool   {pool}");
    println!("basic  {BASIC_USER} / {BASIC_PASSWORD}  (establishSessions, agentTokens)");
    println!("ready");
    match tokio::signal::ctrl_c().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure(&format!("cannot wait for Ctrl-C: {error}")),
    }
}

/// Prints an error, which is a text without a full stop, and returns the exit code of a failure.
fn failure(error: &str) -> ExitCode {
    eprintln!("pipit-sandbox: {error}.");
    ExitCode::FAILURE
}
