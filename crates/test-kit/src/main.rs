//! The WebAssembly of `pipit-chat/testing`: the sandbox (a chat server) without a network, the client of an agent, and the
//! command line of `npx pipit-sandbox`. The TypeScript in `npm/testing/` gives it requests and the time. Plain objects cross the boundary by
//! serde-wasm-bindgen; times are in ms since 1970.

mod agent_client;
mod command_line;
mod message_object;
mod sandbox_server;
mod script_play;

fn main() {}
