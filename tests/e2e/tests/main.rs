//! All of them are one program: it is linked once, and a test that waits for a deadline leaves the processors to others.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on says so by a panic"
)]

mod apps;
mod away;
mod blocked;
mod conversation;
mod crash;
mod docs;
mod doors;
mod files;
mod frame;
mod guest;
mod hostile;
mod keyboard;
mod leaks;
mod locale;
mod look;
mod network;
mod news;
mod policy;
mod refusals;
mod reload;
mod screens;
mod starting;
mod tabs;
mod transcript;
mod transcript_file;
mod turns;
mod weight;
