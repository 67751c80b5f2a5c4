//! Parses the command line of the program `pipit-sandbox`. The program runs two servers: the *API* is the
//! chat server, and the *site* is a website that is served from a directory.

use pipit_sandbox::Options;

/// The text of `--help`.
pub(crate) const HELP: &str = "\
pipit-sandbox: a chat server on this machine that speaks the chat REST API

  --port N             the site's port (default 8460; 0 takes a free one)
  --api-port N         the API's port (default: the site's port + 1)
  --site DIR           serve this directory as the site; without it only the API runs
  --policy TEXT        the Content-Security-Policy that the site's files come with
  --allow-origin URL   let pages of this origin read the API's answers; repeatable.
                       Pages of 127.0.0.1 and localhost always may
  --help               this text";

/// The site's port without `--port`.
const DEFAULT_PORT: u16 = 8460;

/// The action that the command line asks for.
#[derive(Debug)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Run the sandbox.
    Serve(Box<Options>),
}

/// Parses the command line, without the program's name.
///
/// # Errors
/// A text without a full stop that says what is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut words = arguments.into_iter();
    let mut site_port = DEFAULT_PORT;
    let mut api_port = None;
    let mut options = Options::default();
    while let Some(name) = words.next() {
        let mut value = || {
            let value = words.next();
            value.ok_or_else(|| format!("{name} needs a value; see --help"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--port" => site_port = parse_port(&value()?)?,
            "--api-port" => api_port = Some(parse_port(&value()?)?),
            "--site" => options.site_dir = Some(value()?.into()),
            "--policy" => options.policy = Some(value()?),
            "--allow-origin" => options.allowed_origins.push(value()?),
            other => return Err(format!("there is no option {other}; see --help")),
        }
    }
    options.site_port = site_port;
    options.api_port = match (api_port, site_port) {
        (Some(port), _) => port,
        (None, 0) => 0,
        (None, site_port) => site_port
            .checked_add(1)
            .ok_or("there is no port after 65535")?,
    };
    Ok(Command::Serve(Box::new(options)))
}

fn parse_port(text: &str) -> Result<u16, String> {
    let port = text.parse();
    port.map_err(|_| format!("{text:?} is not a port: a number from 0 to 65535"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(line: &str) -> Result<Options, String> {
        match parse(line.split_whitespace().map(str::to_owned))? {
            Command::Serve(options) => Ok(*options),
            Command::Help => Err("help".to_owned()),
        }
    }

    #[test]
    fn by_default_the_api_has_the_port_after_the_sites_port() {
        let ports = |line| options(line).map(|it| (it.site_port, it.api_port));
        assert_eq!(ports(""), Ok((8460, 8461)));
        assert_eq!(ports("--port 9000"), Ok((9000, 9001)));
        assert_eq!(ports("--port 0"), Ok((0, 0)));
        assert_eq!(ports("--port 9000 --api-port 70"), Ok((9000, 70)));
    }

    #[test]
    fn each_error_names_the_cause() {
        for (line, cause) in [
            ("--port many", "\"many\""),
            // The API would get port 65536, which does not exist.
            ("--port 65535", "65535"),
            ("--port", "--port needs a value"),
            ("--prot 1", "--prot"),
        ] {
            let error = options(line).unwrap_err();
            assert!(error.contains(cause), "{line}: {error}");
        }
    }

    #[test]
    fn allow_origin_can_be_repeated() {
        let options = options("--allow-origin https://a.example --allow-origin https://b.example");
        assert_eq!(options.unwrap().allowed_origins.len(), 2);
    }
}
