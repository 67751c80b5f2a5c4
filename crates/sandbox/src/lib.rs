//! A chat server on this machine that speaks the chat REST API, for consumers and for agents: the rules of
//! `pipit-switchboard` behind HTTP. Demos, tests and clients of other projects use it; see `docs/sandbox.md`.
//!
//! [`start`] opens two servers on 127.0.0.1. They have different origins, so that CORS is exercised:
//! - the **API**: the chat server, the service site's session endpoints, and the sandbox's own switches;
//! - the **site**: a customer's website and its backend. It runs only if there is a directory to serve.

mod agent;
mod answer_faults;
mod api_request;
mod app_state;
mod clock;
mod consumer;
mod cors;
mod fault_plan;
mod files;
mod held_poll;
mod network;
mod network_faults;
mod operations;
mod options;
mod policy;
mod response;
mod server;
mod services;
mod site;
mod survey;
mod switches;
mod token;
mod upload_store;

pub use options::{BASIC_PASSWORD, BASIC_USER, Options, SITE_NAME};
pub use server::{Sandbox, StartError, start};
