//! The end-to-end tests. They are one program, so that it is linked only once, and so that other tests run while one waits
//! for a deadline.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

#[path = "../../adversary/mod.rs"]
mod adversary;
mod appearance;
mod apps;
mod availability;
mod blocked;
mod conversation;
mod crash;
mod docs;
mod doctor;
mod embedding;
mod field;
mod files;
mod frame;
mod host_page;
mod hostile;
mod keyboard;
mod leaks;
mod locale;
mod network;
mod notifications;
mod policy;
mod privacy;
mod refusals;
mod reload;
mod screens;
mod stacks;
mod starting;
mod tabs;
mod transcript;
mod transcript_file;
mod transfers_and_filter;
mod weight;
