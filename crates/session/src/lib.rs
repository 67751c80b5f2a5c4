//! A *session endpoint*: the address of a customer's server at which the chat widget gets its sessions. The service site
//! (the customer's site at Oracle B2C Service) makes a session by its operation `establishSessions`, which demands a
//! password that must never reach a browser. This crate checks what a browser sends, adds who is signed in, calls that
//! operation, and answers with the session. `docs/session-server.md` describes the program `pipit-session`.
//!
//! No state is shared between programs and none outlives one: any number of them can run behind any balancer.

#![cfg_attr(test, allow(clippy::panic_in_result_fn))]

mod answers;
mod client_address;
mod endpoint;
mod limiter;
mod login;
mod metrics;
mod refusal;
mod server;
mod service_site;
mod settings;

pub use login::Visitor;
pub use server::{Server, StartError, start};
pub use service_site::{ServiceFailure, ServiceSite, Session};
pub use settings::{
    HeaderLoginSettings, LoginSettings, MemberNames, Problems, ServiceSiteSettings, Settings,
    TokenLoginSettings, read_settings,
};
