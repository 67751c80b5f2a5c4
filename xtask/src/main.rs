//! The program that `cargo xtask COMMAND` runs. Its commands build, test and measure the project. Each command has a file
//! of its own; the other files have what the commands use. `cargo xtask help` lists the commands.

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS. On Windows, use it inside WSL.");

mod apps;
mod bench;
mod browser;
mod bundle;
mod contract;
mod debian;
mod demo;
mod dependencies;
mod disk;
mod editor_data;
mod endpoints;
mod failure;
mod frame_policy;
mod fuzz;
mod gallery;
mod headless;
mod manifest;
mod names;
mod process;
mod python;
mod reference;
mod sandbox;
mod setup;
mod sim;
mod site;
mod size;
mod stacks;
mod tally;
mod test;
mod test_kit;
mod testing;
mod tools;
mod turn;
mod wasm;
mod widget;
mod workspace;

use clap::{Parser, Subcommand};
use failure::Outcome;
use std::process::ExitCode;

/// Build, test and measure Pipit
///
/// Each command installs what it needs, if that can be had without asking.
#[derive(Parser)]
#[command(
    bin_name = "cargo xtask",
    version,
    max_term_width = 100,
    after_help = "`cargo xtask COMMAND --help` shows examples, and how long the command takes."
)]
struct CommandLine {
    /// Show all that other programs print, such as npm and cargo
    #[arg(long, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

/// The commands, in the order of the help. Where a command has options, its file describes it.
#[derive(Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Test(test::Arguments),
    Sim(sim::Arguments),
    Fuzz(fuzz::Arguments),
    Site(site::Arguments),
    Bundle(bundle::Arguments),
    /// Weigh the widget: every file, the sum until the visitor can write, the largest functions
    ///
    /// Takes about a minute; the first time 3 to 6 minutes, because everything is compiled.
    Size,
    /// Check the licences and the sources of all crates, npm and Python packages
    ///
    /// Takes some seconds; the first time about 2 minutes, to compile cargo-deny.
    Dependencies,
    /// Update docs/reference.md and what code editors read about the element, after a change of npm/contract.ts
    Manifest,
    Gallery(gallery::Arguments),
    Bench(bench::Arguments),
    Stacks(stacks::Arguments),
    /// Install what the other commands need (they also do it themselves)
    ///
    /// Takes up to 10 minutes.
    Setup,
}

fn main() -> ExitCode {
    match run(CommandLine::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that the command line names.
fn run(command_line: CommandLine) -> Outcome<ExitCode> {
    // Ctrl-C must also end the programs that a command has started.
    process::end_all_on_interrupt()?;
    if command_line.verbose {
        process::show_all_output();
    }
    match command_line.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Sim(arguments) => sim::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(arguments),
        Command::Site(arguments) => site::run(&arguments),
        Command::Bundle(arguments) => bundle::run(&arguments),
        Command::Size => size::run(),
        Command::Dependencies => dependencies::run(),
        Command::Manifest => manifest::run(),
        Command::Gallery(arguments) => gallery::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Stacks(arguments) => stacks::run(&arguments),
        Command::Setup => setup::run(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    /// What `cargo xtask WORDS` prints if the words are wrong, or if they ask for help.
    fn answer(words: &str) -> String {
        let words = words.split_whitespace();
        match CommandLine::try_parse_from(["cargo xtask"].into_iter().chain(words)) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_definition_of_the_commands_is_sound() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn each_command_has_a_help() {
        for command in CommandLine::command().get_subcommands() {
            let help = answer(&format!("{} --help", command.get_name()));
            assert!(help.contains("Usage: cargo xtask"), "{help}");
            assert!(command.get_about().is_some(), "{}", command.get_name());
        }
    }

    #[test]
    fn a_wrong_word_is_answered_by_what_is_allowed() {
        for (words, expected) in [
            ("demmo", "demo"),
            ("demo --port abc", "--port"),
            ("demo --port 65535", "65534"),
            ("test nope", "quick-endpoints"),
            ("test --engine safari", "chromium, firefox, webkit"),
            ("bench", "load"),
            ("bench load --rounds 0", "--rounds"),
            ("sim", "--seeds"),
            ("sim --seed 1 --seeds 2", "cannot be used with"),
            ("site", "--out"),
            ("fuzz kep", "keep"),
        ] {
            let answer = answer(words);
            assert!(answer.contains(expected), "{words}: {answer}");
        }
    }
}
