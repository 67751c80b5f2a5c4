//! Tests of the sandbox over real HTTP. The client (`test_client.rs`) is written from Oracle's API reference and shares
//! no code with the server, so that it behaves like a client of another project.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic"
)]

mod test_client;

mod conversation;
mod cors;
mod document;
mod exactness;
mod live_page;
mod network;
mod polls;
mod refusals;
mod request_format;
mod shim;
mod site;
mod strangers;
mod switches;
mod transport;
