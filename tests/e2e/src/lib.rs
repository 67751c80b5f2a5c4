//! The toolkit of the end-to-end tests. A [`TestServer`] is a sandbox (the chat server of this
//! repository) that also serves the built site. A [`Visitor`] operates the
//! shop page and an [`AgentAtDesk`] the desk, each in a browser of its own.
//!
//! Functions named `wait_for_…` and `wait_until_…` poll until a condition is true, and fail the test after 40 s. All other
//! functions act at once; those that need an element wait until it is visible.
//!
//! `cargo xtask test e2e` runs the tests. They need the built site (`PIPIT_SITE_DIR`), the name of an
//! engine (`PIPIT_ENGINE`), the WebDriver of that engine, and Chromium's for the desk
//! (`PIPIT_WEBDRIVER_FIREFOX` and so on).

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot go on says so by a panic"
)]

mod axe;
mod browser;
mod chrome_window;
mod desk;
mod devtools;
mod driver;
mod engine;
mod machine;
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
pub use test_server::TestServer;
pub use tour::tour;
pub use visitor::Visitor;
