//! The program that `cargo xtask COMMAND` runs. Its commands build, test and measure the project. Each command has a file
//! of its own; the other files have what the commands use. `cargo xtask help` lists the commands.

#[cfg(not(unix))]
compile_error!("cargo xtask runs on Linux and macOS. On Windows, use it inside WSL.");

mod apps;
mod args;
mod bench;
mod browser;
mod bundle;
mod contract;
mod debian;
mod demo;
mod dependencies;
mod disk;
mod endpoints;
mod failure;
mod frame_policy;
mod fuzz;
mod gallery;
mod manifest;
mod names;
mod process;
mod python;
mod sandbox;
mod setup;
mod sim;
mod site;
mod size;
mod tally;
mod test;
mod tools;
mod wasm;
mod widget;
mod workspace;

use args::Args;
use failure::{Failure, Outcome};
use std::process::ExitCode;

/// A command of `cargo xtask`.
struct Command {
    name: &'static str,
    /// The command's arguments, as the help shows them.
    options: &'static str,
    /// One line that says what the command does, for the help.
    about: &'static str,
    run: fn(Args) -> Outcome<ExitCode>,
}

/// All commands, in the order of the help.
const COMMANDS: [Command; 12] = [
    Command {
        name: "demo",
        options: "[--port N]",
        about: "start chat server, shop and agent desk on ports N and N+1 (8460, 8461)",
        run: demo::run,
    },
    Command {
        name: "test",
        options: "[native|browser|size|quick-endpoints|e2e|adversary|endpoints] [--engine NAME]",
        about: "run all tests, one layer, or one engine (chromium, firefox, webkit); the last line is the sum",
        run: test::run,
    },
    Command {
        name: "sim",
        options: "--seeds N | --seed N",
        about: "simulate N conversations under faults, or replay one of them",
        run: sim::run,
    },
    Command {
        name: "fuzz",
        options: "[keep] [--target NAME] [--minutes N]",
        about: "fuzz the readers and the engine, or keep the inputs it found",
        run: fuzz::run,
    },
    Command {
        name: "site",
        options: "--out DIR [--frame-origins A,B] [--chat-servers A,B]",
        about: "build the shop page, the widget and the desk as static files",
        run: site::run,
    },
    Command {
        name: "bundle",
        options: "[--frame-origins A,B] [--chat-servers A,B]",
        about: "write the files of the script tag and the npm package to dist, and print their sizes",
        run: bundle::run,
    },
    Command {
        name: "size",
        options: "",
        about: "weigh the widget: every file, the sum until the visitor can write, the largest functions",
        run: size::run,
    },
    Command {
        name: "dependencies",
        options: "",
        about: "check the licences and the sources of all crates, npm and Python packages",
        run: dependencies::run,
    },
    Command {
        name: "manifest",
        options: "",
        about: "update npm/custom-elements.json after a change of npm/contract.ts",
        run: manifest::run,
    },
    Command {
        name: "gallery",
        options: "[SCREEN]",
        about: "take a picture of every state on every screen, into target/gallery",
        run: gallery::run,
    },
    Command {
        name: "bench",
        options: "load|stream|type|native [--quick]",
        about: "measure speed and memory beside other chats (or the engine alone); docs/speed.md gets the tables",
        run: bench::run,
    },
    Command {
        name: "setup",
        options: "",
        about: "install what the other commands need (they also do it themselves)",
        run: setup::run,
    },
];

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\nxtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the command that the command line names.
fn dispatch() -> Outcome<ExitCode> {
    // Ctrl-C must also end the programs that a command has started.
    process::end_all_on_interrupt()?;
    let mut args = Args::from_command_line();
    let name = args.positional().unwrap_or_else(|| "help".to_owned());
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", help());
        return Ok(ExitCode::SUCCESS);
    }
    match COMMANDS.iter().find(|command| command.name == name) {
        Some(command) => (command.run)(args),
        None => Err(Failure::new(format!(
            "there is no command '{name}'.\n\n{}",
            help()
        ))),
    }
}

/// The text that lists all commands.
fn help() -> String {
    let rows = COMMANDS.iter().map(
        |Command {
             name,
             options,
             about,
             ..
         }| {
            // A longer call moves its description to the right.
            let call = format!("{name} {options}");
            format!("  {call:<43}{about}\n")
        },
    );
    format!("cargo xtask COMMAND\n\n{}", rows.collect::<String>())
}
