//! The toolkit of the end-to-end tests. A [`TestServer`] is a sandbox (the chat server of this repository) that also
//! serves the built site. A [`Visitor`] uses the shop page, which embeds the widget. An [`AgentAtDesk`] uses the desk,
//! the agent's page of the demo. Each has a browser of its own.
//!
//! Functions named `wait_for_…` and `wait_until_…` poll until a condition is true, and fail the test after 40 s. All other
//! functions act at once; those that need an element wait until it is visible.
//!
//! `cargo xtask test e2e` runs the tests. It sets the environment variables that they need: the directory of the built site
//! (`PIPIT_SITE_DIR`), the name of the engine (`PIPIT_ENGINE`), and the paths of that engine's WebDriver and of Chromium's,
//! which the desk uses (for example `PIPIT_WEBDRIVER_FIREFOX`).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test fails by a panic"
)]

mod axe;
mod browser;
mod chrome_window;
mod desk;
mod devtools;
mod driver;
mod engine;
mod machine;
mod pseudo_text;
mod recorder;
mod test_server;
mod tour;
mod visitor;

pub use browser::{Browser, SIZES, wait_for};
pub use desk::AgentAtDesk;
pub use devtools::PageResources;
pub use engine::{Capability, Engine, is_unsupported};
pub use machine::Machine;
pub use recorder::{RecordedRequest, Recorder};
pub use test_server::{PSEUDO_LOCALE, TestServer};
pub use tour::tour;
pub use visitor::Visitor;
