//! Tests of the program `pipit-session`: its command line, what it says about mistakes, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

const PASSWORD: &str = "a password that nobody may see";

/// The program, with an environment of its own.
fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pipit-session"));
    program.env_clear().env("B2C_PASSWORD", PASSWORD);
    program
}

/// The program with complete settings. Nothing listens at the service site's address.
fn configured() -> Command {
    let mut program = program();
    program.envs([
        ("B2C_SITE", "http://127.0.0.1:1"),
        ("B2C_USER", "user"),
        ("ALLOWED_ORIGINS", "https://shop.example"),
        ("PORT", "0"),
    ]);
    program
}

/// The exit code, and everything that the program has printed.
fn outcome(program: &mut Command) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = program.output().unwrap();
    let printed = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert!(!printed.contains(PASSWORD), "{printed}");
    (status.code(), printed)
}

#[test]
fn help_version_and_a_check_end_at_once() {
    for (arguments, expected) in [
        (&["--help"][..], "Usage: pipit-session"),
        (&["--version"], env!("CARGO_PKG_VERSION")),
        (&["--check"], "no mistakes"),
    ] {
        let (code, printed) = outcome(configured().args(arguments));
        assert_eq!(code, Some(0), "{printed}");
        assert!(printed.contains(expected), "{printed}");
    }
}

#[test]
fn mistakes_are_listed_and_nothing_is_started() {
    for arguments in [&[][..], &["--check"], &["--try"]] {
        let (code, printed) = outcome(program().args(arguments));
        assert_eq!(code, Some(1), "{printed}");
        assert!(printed.contains("have 3 mistakes"), "{printed}");
        for key in ["b2c_site", "b2c_user", "allowed_origins"] {
            assert!(
                printed.contains(&format!("- {key} is missing")),
                "{printed}"
            );
        }
    }
    let (code, printed) = outcome(configured().args(["--config", "/absent.toml"]));
    assert_eq!(code, Some(1));
    assert!(printed.contains("/absent.toml cannot be read"), "{printed}");
    let (code, printed) = outcome(configured().arg("--chek"));
    assert_eq!(code, Some(1));
    assert!(printed.contains("--chek"), "{printed}");
}

#[test]
fn a_try_says_why_the_service_site_gives_no_session() {
    let (code, printed) = outcome(configured().arg("--try"));
    assert_eq!(code, Some(1));
    assert!(
        printed.contains("establishSessions: no connection"),
        "{printed}"
    );
}

#[cfg(unix)]
#[test]
fn sigterm_ends_the_program_without_an_error() {
    let mut server = configured().stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(first.contains("listens on http://127.0.0.1:"), "{first}");
    let kill = Command::new("kill").arg(server.id().to_string()).status();
    assert!(kill.unwrap().success());
    assert_eq!(server.wait().unwrap().code(), Some(0));
}
