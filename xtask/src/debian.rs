//! Finds programs that the tests need. If a program is missing and the user is root on Debian, installs it with apt.

use crate::{
    failure::{Failure, Outcome},
    process, tools,
};
use std::{fs, path::PathBuf, process::Command};

/// A program that Debian's packages provide.
pub(crate) struct DebianProgram {
    /// The program's name, or the absolute path of a file that is not on the PATH.
    pub(crate) program: &'static str,
    /// The Debian packages that provide the program and what it needs.
    pub(crate) packages: &'static [&'static str],
    /// The error if the program is missing and cannot be installed: what the program is for, and how to get it.
    pub(crate) missing_error: &'static str,
}

impl DebianProgram {
    /// Finds the program. If it is missing, installs it.
    pub(crate) fn find_or_install(&self) -> Outcome<PathBuf> {
        if let Some(program) = tools::find_program(self.program) {
            return Ok(program);
        }
        self.install()
    }

    /// Installs the packages with apt, and returns the program. Fails if the user is not root on Debian.
    pub(crate) fn install(&self) -> Outcome<PathBuf> {
        if !is_debian() || process::read(Command::new("id").arg("-u"))? != "0" {
            return Err(Failure::new(self.missing_error));
        }
        apt_get(&["update"])?;
        let install = ["install", "--yes", "--no-install-recommends"];
        apt_get(&[&install, self.packages].concat())?;
        tools::find_program(self.program).ok_or_else(|| {
            Failure::new(format!(
                "apt installed {}, but there is no {}.",
                self.packages.join(" and "),
                self.program
            ))
        })
    }
}

fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

fn apt_get(arguments: &[&str]) -> Outcome {
    let mut command = Command::new("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    // apt gets a pipe for its output instead of the terminal. Otherwise, apt would change the settings of the terminal,
    // which the system does not allow in a background process group.
    let status = process::stream(&mut command, |line| println!("{line}"))?;
    process::check_status(&command, status)
}
