//! The sandbox: a chat server on this machine that offers the chat REST API to consumers (visitors' clients) and to
//! agents. It offers the rules of the crate `pipit-switchboard` over HTTP. Demos, tests and other projects use it; see
//! `docs/sandbox.md`.
//!
//! [`start`] opens up to two servers on 127.0.0.1. They have different origins, so that the browser applies CORS as in
//! production:
//! - the **API**: the chat server, Oracle's endpoints that create sessions, Oracle's pages (a survey, and the files that
//!   agents send), and the *switches*: requests to `/sandbox/…` that plan faults and change settings;
//! - the **site**: a customer's website and its backend. It runs only if there is a directory to serve. [`SITE_NAME`] is
//!   not its name, but the name of the customer's account in the API's addresses.
//!
//! [`LocalServer`] is the API without a network and with a clock that its owner sets. It also runs as WebAssembly, where
//! `start` does not exist.

mod agent;
mod agent_account;
mod answer_faults;
mod api;
mod api_request;
mod app_state;
mod automated_agent;
mod backend;
mod basic_user;
mod clock;
pub mod command_line;
mod config_file;
mod consumer;
mod cors;
mod exchange_log;
mod fault_plan;
mod files;
mod held_poll;
#[cfg(not(target_arch = "wasm32"))]
mod http_server;
mod live_page;
mod local_server;
mod manual_clock;
mod network;
mod network_faults;
mod operations;
mod options;
mod play;
#[cfg(not(target_arch = "wasm32"))]
mod policy;
mod response;
#[cfg(not(target_arch = "wasm32"))]
mod server;
mod server_address;
mod services;
#[cfg(not(target_arch = "wasm32"))]
mod site;
mod survey;
mod switches;
#[cfg(not(target_arch = "wasm32"))]
mod system_clock;
mod token;
mod upload_store;

pub use agent_account::{AgentAccount, Behaviour};
pub use config_file::{read_config, read_config_value};
pub use local_server::{LocalAnswer, LocalRequest, LocalServer};
pub use options::{BASIC_PASSWORD, BASIC_USER, Options, SITE_NAME};
pub use pipit_switchboard::Strictness;
pub use play::{Performance, Turn, play};
#[cfg(not(target_arch = "wasm32"))]
pub use server::{Sandbox, StartError, start};
