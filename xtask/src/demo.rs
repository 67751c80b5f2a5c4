//! `cargo xtask demo`: builds the site, and starts the sandbox (this repository's test chat server), which serves the
//! chat API and the site until Ctrl-C.

use crate::{
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    sandbox, site, tools, workspace,
};
use std::{net::TcpListener, process::ExitCode};

/// The Content-Security-Policy of the two pages: the shop with the chat, and the desk of the agent. It is the strictest
/// policy with which docs/embed.md promises that the chat works. The API's origin is appended to the last directive,
/// `connect-src`.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    require-trusted-types-for 'script'; trusted-types pipit; connect-src 'self'";

/// The default port of the site. The API gets the next port.
const DEFAULT_PORT: u16 = 8460;

/// Start a shop, an agent's desk and a chat server on this machine
///
/// Takes about a minute; the first time 3 to 6 minutes, because everything is compiled. Ctrl+C stops it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo xtask demo
  cargo xtask demo --port 9000    # shop and desk on 9000, chat server on 9001")]
pub(crate) struct Arguments {
    /// The port of shop and desk. The chat server gets the next port
    #[arg(long, value_name = "PORT", default_value_t = DEFAULT_PORT, value_parser = clap::value_parser!(u16).range(1..=65_534))]
    port: u16,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome<ExitCode> {
    let port = arguments.port;
    let api_port = port.saturating_add(1);
    tools::check_programs()?;
    for port in [port, api_port] {
        check_port(port)?;
    }
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
    println!(
        "
shop  http://127.0.0.1:{port}/
desk  http://127.0.0.1:{port}/desk/
api   http://127.0.0.1:{api_port}/

Open shop and desk side by side, and start a chat in the shop. Ctrl+C stops all three."
    );
    // The sandbox runs until Ctrl-C, which also ends this program. So an earlier end is an error.
    let status = sandbox.wait()?;
    Err(Failure::new(format!(
        "the sandbox has stopped ({status}). What it printed above says why."
    )))
}

/// Fails if a port cannot be used. Otherwise this would be found only after the build.
fn check_port(port: u16) -> Outcome {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(format!(
            "port {port} cannot be used ({error}). Another demo may be running: stop it, or choose other ports, such as \
             `cargo xtask demo --port 9000`."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_an_error_that_names_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let failure = check_port(port).unwrap_err().to_string();
        assert!(failure.contains(&port.to_string()), "{failure}");
        drop(listener);
        assert!(check_port(port).is_ok());
    }
}
