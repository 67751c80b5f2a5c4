//! What the end-to-end tests are made of: a [`World`] with its own chat server, and in it the shop
//! page as a [`Visitor`] sees it and the desk as an [`AgentAtDesk`] sees it, each in a browser of
//! its own.
//!
//! `cargo xtask test e2e` runs them: they need the built site (`PIPIT_SITE_DIR`), the name of an
//! engine (`PIPIT_ENGINE`), and the programs of its WebDriver and of Chromium's, in which the desk is
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
mod tour;
mod visitor;
mod world;

pub use browser::{Browser, SIZES, until};
pub use desk::AgentAtDesk;
pub use devtools::Holding;
pub use engine::{Capability, Engine, is_not_for};
pub use machine::Machine;
pub use recorder::{RecordedRequest, Recorder};
pub use tour::tour;
pub use visitor::Visitor;
pub use world::World;
