//! The browser of the tests: Chromium, driven by ChromeDriver.

use crate::{
    failure::{Failure, Outcome},
    process::{self, Process},
    tools::find_program,
};
use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Stdio},
};

/// ChromeDriver: the one that `CHROMEDRIVER` names, or the one on the PATH, or from apt on Debian
/// when we are root.
pub(crate) fn driver() -> Outcome<PathBuf> {
    let named = env::var_os("CHROMEDRIVER").map(PathBuf::from);
    if let Some(driver) = named.or_else(|| find_program("chromedriver")) {
        return Ok(driver);
    }
    if !is_debian() || process::read(Command::new("id").arg("-u"))? != "0" {
        return Err(Failure::new(
            "the browser tests need Chromium and its driver, and chromedriver is not on the PATH. \
             Install both (Debian: `apt-get install chromium chromium-driver`; macOS: `brew install \
             --cask chromium chromedriver`), or set CHROMEDRIVER to the driver's path.",
        ));
    }
    apt_get(&["update"])?;
    apt_get(&[
        "install",
        "--yes",
        "--no-install-recommends",
        "chromium",
        "chromium-driver",
    ])?;
    find_program("chromedriver").ok_or_else(|| {
        Failure::new("apt installed chromium-driver, but there is no chromedriver on the PATH.")
    })
}

/// Starts ChromeDriver on a free port. Returns it with its address.
pub(crate) fn start_driver() -> Outcome<(Process, String)> {
    let mut command = Command::new(driver()?);
    let mut driver = Process::start(command.arg("--port=0").stdout(Stdio::piped()))?;
    let port = driver.wait_for_line(|line| port_in(line).map(str::to_owned))?;
    Ok((driver, format!("http://127.0.0.1:{port}")))
}

fn port_in(line: &str) -> Option<&str> {
    let (_, port) = line.split_once("was started successfully on port ")?;
    Some(port.trim_end_matches('.'))
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
    // Line by line: on a terminal apt would set the terminal's modes, which a background process
    // group may not.
    let status = process::stream(&mut command, |line| println!("{line}"))?;
    process::succeeded(&command, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_tells_its_port() {
        assert_eq!(
            port_in("ChromeDriver was started successfully on port 35239."),
            Some("35239")
        );
        assert_eq!(port_in("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
