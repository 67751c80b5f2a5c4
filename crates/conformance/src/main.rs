//! The program `pipit-conformance`: checks a chat server, and prints a table.

mod arguments;

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use arguments::{Command, HELP};
use pipit_conformance::{Target, check, markdown, summary, text_table};

#[tokio::main]
async fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    match arguments::parse(std::env::args().skip(1), variable) {
        Ok(Command::Help) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Ok(Command::Markdown) => {
            print!("{}", markdown());
            ExitCode::SUCCESS
        }
        Ok(Command::Check(target, is_agreed)) => check_and_print(*target, is_agreed).await,
        Err(error) => failure(&error),
    }
}

async fn check_and_print(target: Target, is_agreed: bool) -> ExitCode {
    if !is_agreed && !is_confirmed(&target) {
        return failure("nothing was sent, because you did not agree. --yes agrees");
    }
    let report = match check(target).await {
        Ok(report) => report,
        Err(error) => return failure(&error),
    };
    print!("{}", text_table(&report));
    println!("\n{}", summary(&report));
    for left in &report.left_behind {
        println!("left behind: {left}. End it in the agent's console.");
    }
    if report.failed().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Asks whether the agent may be logged on. Without a terminal, nobody can agree.
fn is_confirmed(target: &Target) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    print!(
        "This logs account {} on at {} and holds two conversations with itself.\nEverybody who \
         sees the agents or the queues of {} sees them. Continue? [y/N] ",
        target.account, target.base_url, target.site
    );
    let mut line = String::new();
    std::io::stdout().flush().is_ok()
        && std::io::stdin().read_line(&mut line).is_ok()
        && matches!(line.trim(), "y" | "Y" | "yes")
}

fn failure(error: &str) -> ExitCode {
    eprintln!("pipit-conformance: {error}.");
    ExitCode::from(2)
}
