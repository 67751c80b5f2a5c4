//! Tests of the sandbox over real HTTP. The client is written from the API's reference alone and shares no code with the
//! server, so that it behaves like a client of another project.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at what it did not expect"
)]

mod test_client;

mod conversation;
mod cors;
mod document;
mod network;
mod polls;
mod refusals;
mod site;
mod switches;
