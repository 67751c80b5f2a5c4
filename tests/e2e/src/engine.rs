//! The browser engines of the tests, and what one of them cannot be made to do.

use std::io::Write as _;

/// An engine, with the browser that is driven for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by ChromeDriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, by WebKitWebDriver.
    WebKit,
}

/// What a test asks of the browser beyond what every one of them can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Freezes a page, as a sleeping machine does.
    Freezing,
    /// Takes a page off the network.
    Offline,
    /// Changes what the visitor's system prefers while a page is open.
    ChangingPreferences,
    /// Tells how an element is zoomed by what is around it.
    TellingZoom,
    /// Counts what a page holds: nodes, listeners, memory.
    Counting,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// The one that this run is about (`PIPIT_ENGINE`).
    #[must_use]
    pub fn of_this_run() -> Self {
        let name = std::env::var("PIPIT_ENGINE")
            .expect("PIPIT_ENGINE is not set; run `cargo xtask test e2e`");
        let engine = Self::ALL.into_iter().find(|engine| engine.name() == name);
        engine.unwrap_or_else(|| panic!("there is no engine {name:?}"))
    }

    /// What the command line and the reports call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// Why this engine cannot be made to do that; nothing when it can.
    #[must_use]
    pub const fn lacks(self, capability: Capability) -> Option<&'static str> {
        use Capability::{ChangingPreferences, Counting, Freezing, Offline, TellingZoom};
        match (self, capability) {
            (Self::Chromium, _) | (Self::Firefox, Offline | ChangingPreferences | TellingZoom) => {
                None
            }
            (Self::Firefox | Self::WebKit, Freezing) => {
                Some("it has no `freeze` event, and its driver cannot put a page to sleep")
            }
            (Self::Firefox | Self::WebKit, Counting) => {
                Some("its driver does not tell how much a page holds")
            }
            (Self::WebKit, Offline) => Some("its driver cannot take a page off the network"),
            (Self::WebKit, TellingZoom) => {
                Some("it has no `currentCSSZoom`, so a zoom of the page's is not undone")
            }
            (Self::WebKit, ChangingPreferences) => {
                Some("its driver sets what the system prefers only when the browser starts")
            }
        }
    }
}

/// Whether the engine of this run lacks what a test is about. Then the run's output says so, and why,
/// and `cargo xtask test` counts the test as not run; docs/browsers.md has the list.
#[must_use]
pub fn is_not_for(capability: Capability) -> bool {
    let engine = Engine::of_this_run();
    let Some(reason) = engine.lacks(capability) else {
        return false;
    };
    let thread = std::thread::current();
    let (_, test) = thread
        .name()
        .and_then(|name| name.rsplit_once("::"))
        .unwrap_or_default();
    // Not `println`, which is shown only of tests that fail.
    let line = format!("\nNOT RUN on {}: {test}: {reason}\n", engine.name());
    let told = std::io::stdout().write_all(line.as_bytes());
    told.expect("the output can be written");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_what_each_engine_lacks() {
        let document = include_str!("../../../docs/browsers.md");
        let capabilities = [
            Capability::Freezing,
            Capability::Offline,
            Capability::ChangingPreferences,
            Capability::Counting,
            Capability::TellingZoom,
        ];
        for capability in capabilities {
            let reasons = Engine::ALL.map(|engine| engine.lacks(capability));
            for reason in reasons.into_iter().flatten() {
                assert!(document.contains(reason), "{capability:?}: {reason}");
            }
        }
    }
}
