//! `cargo xtask demo`: builds the site, and starts the sandbox (this repository's test chat server), which serves the
//! chat API and the site until Ctrl-C.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    sandbox, site, workspace,
};
use std::process::ExitCode;

/// The Content-Security-Policy of the two pages: the shop with the chat, and the desk of the agent. It is the strictest
/// policy with which docs/embed.md promises that the chat works. The API's origin is appended to the last directive,
/// `connect-src`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    require-trusted-types-for 'script'; trusted-types pipit; connect-src 'self'";

/// The default port of the site. The API gets the next port.
const DEFAULT_PORT: u16 = 8460;

pub(crate) fn run(mut args: Args) -> Outcome<ExitCode> {
    let port = args.value("--port")?.unwrap_or(DEFAULT_PORT);
    args.finish()?;
    let Some(api_port) = port.checked_add(1) else {
        return Err(Failure::new(
            "the API uses the port after --port, so --port must be at most 65534.",
        ));
    };
    let site = workspace::target()?.join("site");
    site::build(&site, &FramePolicy::default())?;
    let sandbox = sandbox::start(|command| {
        command.args([
            "--port",
            &port.to_string(),
            "--api-port",
            &api_port.to_string(),
        ]);
        command.arg("--site").arg(&site);
        command.arg("--policy");
        command.arg(format!("{POLICY} http://127.0.0.1:{api_port}"));
    })?;
    println!("shop  http://127.0.0.1:{port}/");
    println!("desk  http://127.0.0.1:{port}/desk/");
    println!("api   http://127.0.0.1:{api_port}/");
    // The sandbox runs until Ctrl-C, which also ends this program. So an earlier end is an error.
    let status = sandbox.wait()?;
    Err(Failure::new(format!(
        "the sandbox has stopped ({status}). What it printed above says why."
    )))
}
