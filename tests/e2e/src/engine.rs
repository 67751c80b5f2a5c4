//! The browser engines of the tests, and the capabilities that some of them lack. A test that needs a capability which
//! the engine lacks is not run in it.

use std::io::Write as _;

/// A browser engine, with the browser in which it is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by ChromeDriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, by WebKitWebDriver.
    WebKit,
}

/// Something that some tests need and that not every engine or its driver can do. The variants say what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Freezes a page, as a sleeping machine does.
    FreezingPages,
    /// Takes a page off the network.
    Offline,
    /// Changes what the visitor's system prefers while a page is open.
    ChangingPreferences,
    /// Reports how an element is zoomed by its ancestors.
    ReportingZoom,
    /// Names the whole address of a script in the stack of an error.
    QueryInStack,
    /// Shows a page as it is printed.
    PrintMedia,
    /// Lays a page out for a window that is wider than the screen, as phones do.
    Phones,
    /// Counts the resources that a page uses: nodes, listeners, memory.
    CountingResources,
    /// Turns the wheel of the mouse.
    Wheel,
    /// Types into the fields of a form in a frame.
    FormsInFrames,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The engine in which the tests run, from the environment variable `PIPIT_ENGINE`.
    #[must_use]
    pub fn of_this_run() -> Self {
        let name = std::env::var("PIPIT_ENGINE")
            .expect("PIPIT_ENGINE is not set; run `cargo xtask test e2e`");
        let engine = Self::ALL.into_iter().find(|engine| engine.name() == name);
        engine.unwrap_or_else(|| panic!("there is no engine {name:?}"))
    }

    /// The engine's name on the command line and in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The reason why the engine lacks a capability; `None` if it has the capability.
    #[must_use]
    pub const fn lacks(self, capability: Capability) -> Option<&'static str> {
        use Capability::{
            ChangingPreferences, CountingResources, FormsInFrames, FreezingPages, Offline, Phones,
            PrintMedia, QueryInStack, ReportingZoom, Wheel,
        };
        match (self, capability) {
            (Self::Chromium, _)
            | (
                Self::Firefox,
                Offline | ChangingPreferences | QueryInStack | ReportingZoom | PrintMedia | Wheel
                | FormsInFrames,
            ) => None,
            (Self::Firefox | Self::WebKit, FreezingPages) => {
                Some("it has no `freeze` event, and its driver cannot put a page to sleep")
            }
            (Self::Firefox | Self::WebKit, CountingResources) => {
                Some("its driver does not tell how much a page holds")
            }
            (Self::Firefox | Self::WebKit, Phones) => {
                Some("its driver cannot lay a page out wider than the screen, as phones do")
            }
            (Self::WebKit, PrintMedia) => Some("its driver cannot show a page as it is printed"),
            (Self::WebKit, Offline) => Some("its driver cannot take a page off the network"),
            (Self::WebKit, QueryInStack) => {
                Some("its error stacks leave the query of an address out")
            }
            (Self::WebKit, Wheel) => Some("its driver has no wheel"),
            (Self::WebKit, FormsInFrames) => {
                Some("its driver calls the fields of a form in a frame not focusable")
            }
            (Self::WebKit, ReportingZoom) => {
                Some("it has no `currentCSSZoom`, so a zoom of the page's is not undone")
            }
            (Self::WebKit, ChangingPreferences) => {
                Some("its driver sets what the system prefers only when the browser starts")
            }
        }
    }
}

/// Whether the engine of this run lacks a capability. If so, this prints a line which says that the test is not run,
/// and why. `cargo xtask test` counts these lines. docs/browsers.md lists all reasons.
#[must_use]
pub fn is_unsupported(capability: Capability) -> bool {
    let engine = Engine::of_this_run();
    let Some(reason) = engine.lacks(capability) else {
        return false;
    };
    let thread = std::thread::current();
    let (_, test) = thread
        .name()
        .and_then(|name| name.rsplit_once("::"))
        .unwrap_or_default();
    // The test harness hides the output of `println` unless the test fails.
    let line = format!("\nNOT RUN on {}: {test}: {reason}\n", engine.name());
    let written = std::io::stdout().write_all(line.as_bytes());
    written.expect("the output can be written");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_contains_every_reason_for_a_missing_capability() {
        let document = include_str!("../../../docs/browsers.md");
        let capabilities = [
            Capability::FreezingPages,
            Capability::Offline,
            Capability::ChangingPreferences,
            Capability::CountingResources,
            Capability::QueryInStack,
            Capability::ReportingZoom,
            Capability::PrintMedia,
            Capability::Phones,
            Capability::Wheel,
        ];
        for capability in capabilities {
            let reasons = Engine::ALL.map(|engine| engine.lacks(capability));
            for reason in reasons.into_iter().flatten() {
                assert!(document.contains(reason), "{capability:?}: {reason}");
            }
        }
    }
}
