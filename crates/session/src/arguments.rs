//! Parses the command line of the program `pipit-session`.

/// The text of `--help`.
pub(crate) const HELP: &str = "\
pipit-session: gives the chat widget its sessions, without a line of code of yours

Usage: pipit-session [--config FILE] [--check | --try]

  --config FILE  read the settings from a TOML file
  --check        check the settings, say what is wrong with them, and end
  --try          check the settings, ask the service site for one session, and end
  --version      print the version
  --help         this text

Each key of the file is also a variable, in capitals, which overrides the file:

  b2c_site                 the service site, such as https://example.custhelp.com
  b2c_user                 the service user
  allowed_origins          the origins of the pages with the widget
  custom_fields            the custom fields that a visitor may fill in (none)
  queues                   the queues that a visitor may choose (any)
  chats_per_minute         requests of one client (10)
  chats_per_minute_in_all  sessions of all clients (600)
  timeout_seconds          how long the service site may take (10)
  proxies                  how many of your proxies set X-Forwarded-For (0)
  listen_address, port     where the server listens (127.0.0.1, 8080)
  metrics_address, metrics_port
                           where it shows /metrics (127.0.0.1; without a port nowhere)

Secrets are variables only: B2C_PASSWORD, and LOGIN_KEY for the table [login.token].
B2C_PASSWORD_FILE and LOGIN_KEY_FILE name files that contain them.

The server answers /chat-session and /health. SIGTERM or Ctrl-C stops it when all
requests have their answers. docs/session-server.md describes everything.";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Read the settings, and do something with them.
    Use {
        /// The path of the TOML file.
        config: Option<String>,
        action: Action,
    },
}

/// What happens with the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Run the server.
    Serve,
    /// Only check the settings.
    Check,
    /// Also ask the service site for a session.
    Try,
}

/// Parses the command line, without the program's name.
///
/// # Errors
/// A text without a full stop that says what is wrong.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Command, String> {
    let mut words = arguments.into_iter();
    let mut config = None;
    let mut action = Action::Serve;
    while let Some(name) = words.next() {
        match name.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            "--config" => {
                let path = words.next();
                config = Some(path.ok_or("--config needs the path of a file; see --help")?);
            }
            "--check" => action = Action::Check,
            "--try" => action = Action::Try,
            other => return Err(format!("there is no option {other}; see --help")),
        }
    }
    Ok(Command::Use { config, action })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn options_are_read_in_any_order() {
        let config = Some("a.toml".to_owned());
        let expected = Command::Use {
            config,
            action: Action::Check,
        };
        for line in ["--config a.toml --check", "--check --config a.toml"] {
            assert_eq!(parse_line(line).as_ref(), Ok(&expected), "{line}");
        }
        assert_eq!(parse_line("--check --help"), Ok(Command::Help));
        assert_eq!(parse_line("-V"), Ok(Command::Version));
    }

    #[test]
    fn each_error_names_the_word() {
        for (line, word) in [
            ("--confg a", "--confg"),
            ("--config", "--config"),
            ("a.toml", "a.toml"),
        ] {
            let error = parse_line(line).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }
}
