//! Finds the browsers in which the tests run, and the WebDrivers that control the browsers. A missing program is
//! installed as `debian.rs` describes. The exception is Firefox's WebDriver (geckodriver), which cargo installs on every
//! system.

use crate::{debian::DebianProgram, failure::Outcome, process::Process, tools};
use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

/// A browser engine in which tests run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    #[value(name = "webkit")]
    WebKit,
}

impl Engine {
    /// The engine's name on the command line and in the environment of the end-to-end tests.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Sets the environment of the end-to-end tests or the gallery: their engine, its driver, and Chromium's driver,
    /// because the desk (the agent's page) always runs in Chromium. Returns the screen that WebKit draws on, which must be
    /// kept until the tests have ended; `None` for other engines.
    pub(crate) fn prepare(self, tests: &mut Command) -> Outcome<Option<Process>> {
        tests.env("PIPIT_ENGINE", self.name());
        for engine in [Self::Chromium, self] {
            let name = format!("PIPIT_WEBDRIVER_{}", engine.name().to_uppercase());
            tests.env(name, engine.driver()?);
        }
        if self != Self::WebKit {
            return Ok(None);
        }
        let (screen, display) = start_screen()?;
        tests.env("DISPLAY", display);
        Ok(Some(screen))
    }

    /// Returns the path of the engine's WebDriver. Installs what is missing for the tests in this engine, and fails if
    /// that is impossible. Chromium is installed together with its driver, so it is not looked for by itself. The
    /// environment variable `CHROMEDRIVER` names another driver for Chromium, which is not checked.
    pub(crate) fn driver(self) -> Outcome<PathBuf> {
        match self {
            Self::Chromium => {
                let configured = env::var_os("CHROMEDRIVER").map(PathBuf::from);
                configured.map_or_else(|| CHROMEDRIVER.find_or_install(), Ok)
            }
            Self::Firefox => {
                // Any Firefox works, not only Debian's package.
                if tools::find_program("firefox").is_none() {
                    FIREFOX.find_or_install()?;
                }
                tools::geckodriver()
            }
            Self::WebKit => {
                XVFB.find_or_install()?;
                WEBKIT.find_or_install()
            }
        }
    }
}

const CHROMEDRIVER: DebianProgram = DebianProgram {
    program: "chromedriver",
    packages: &["chromium", "chromium-driver"],
    missing_error: "the browser tests need Chromium and its driver, and chromedriver is not on the PATH. \
        Install both (Debian: `apt-get install chromium chromium-driver`; macOS: `brew install \
        --cask chromium chromedriver`), or set CHROMEDRIVER to the driver's path.",
};

const FIREFOX: DebianProgram = DebianProgram {
    program: "firefox-esr",
    packages: &["firefox-esr"],
    missing_error: "the end-to-end tests need Firefox, and neither firefox nor firefox-esr is on the PATH. \
        Install it (Debian: `apt-get install firefox-esr`; macOS: `brew install --cask firefox`), or \
        leave it out: `cargo xtask test e2e --engine chromium`.",
};

const WEBKIT: DebianProgram = DebianProgram {
    program: "WebKitWebDriver",
    packages: &["webkit2gtk-driver"],
    missing_error: "the end-to-end tests need WebKitGTK's driver, and WebKitWebDriver is not on the PATH. \
        Install it (Debian: `apt-get install webkit2gtk-driver`; macOS has no WebKitGTK), or leave it \
        out: `cargo xtask test e2e --engine chromium`.",
};

/// The program that provides an invisible screen for WebKit's browser.
const XVFB: DebianProgram = DebianProgram {
    program: "Xvfb",
    packages: &["xvfb"],
    missing_error: "WebKitGTK's browser needs a screen, and Xvfb, which provides an invisible one, is not \
        on the PATH. Install it (Debian: `apt-get install xvfb`), or leave WebKit out: `cargo xtask \
        test e2e --engine chromium`.",
};

/// Starts an invisible X screen. Returns its process, and the value of `DISPLAY` with which programs draw on it.
fn start_screen() -> Outcome<(Process, String)> {
    let mut command = Command::new(XVFB.find_or_install()?);
    // Xvfb chooses a free display, and writes its number to file descriptor 1, the standard output. The screen has 1600 ×
    // 1400 pixels of 24 bits.
    command.args([
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        "1600x1400x24",
    ]);
    let mut screen = Process::start(command.stdout(Stdio::piped()))?;
    let display = screen.wait_for_line(|line| line.trim().parse::<u32>().ok())?;
    Ok((screen, format!(":{display}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum as _;

    #[test]
    fn the_command_line_and_the_environment_have_the_same_names() {
        for engine in Engine::value_variants() {
            let value = engine.to_possible_value().unwrap();
            assert_eq!(value.get_name(), engine.name());
        }
    }
}
