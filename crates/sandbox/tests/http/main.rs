//! The sandbox over real HTTP, as a stranger's client would use it: by the reference alone, with
//! nothing of ours but the address.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

mod stranger;

mod conversation;
mod cors;
mod document;
mod network;
mod polls;
mod refusals;
mod site;
mod switches;
