//! Parses the command line of the program `pipit-sandbox`. The program runs two servers: the *API* is the
//! chat server, and the *site* is a website that is served from a directory.

use std::path::Path;

use pipit_switchboard::Strictness;

use crate::config_file::read_config;
use crate::options::Options;

/// The text of `--help`.
pub const HELP: &str = "\
pipit-sandbox: a chat server on this machine that speaks the chat REST API

Usage: pipit-sandbox [OPTIONS]

  --config FILE        read the options from a TOML file; the options here override it
  --port N             the site's port (default 8460; 0 takes a free one)
  --api-port N         the API's port (default: the site's port + 1)
  --site DIR           serve this directory as the site; without it only the API runs
  --policy TEXT        the Content-Security-Policy that the site's files come with
  --allow-origin URL   let pages of this origin read the API's answers; repeatable.
                       Pages of 127.0.0.1 and localhost always may
  --seed N             compute session ids from this number, so that they repeat
  --speed N            run the clock N times faster, from 1 to 1000 (default 1)
  --strict             refuse what the API's reference does not allow (default)
  --lenient            accept what clients are known to send all the same
  --version            print the version
  --help               this text

While it runs, the page /sandbox/ of the API's port shows what happens.
docs/sandbox.md describes the config file, the switches and every setting.";

/// The text of `--help` of `npx pipit-sandbox`, which serves no site.
pub const HELP_WITHOUT_SITE: &str = "\
pipit-sandbox: a chat server on this machine that speaks the chat REST API

Usage: npx pipit-sandbox [OPTIONS]

  --config FILE        read the options from a TOML file; the options here override it
  --port N             the API listens on the next port (default 8460; 0 takes a free one)
  --api-port N         the API's port (default: --port + 1)
  --allow-origin URL   let pages of this origin read the API's answers; repeatable.
                       Pages of 127.0.0.1 and localhost always may
  --seed N             compute session ids from this number, so that they repeat
  --speed N            run the clock N times faster, from 1 to 1000 (default 1)
  --strict             refuse what the API's reference does not allow (default)
  --lenient            accept what clients are known to send all the same
  --version            print the version
  --help               this text

While it runs, the page /sandbox/ of the API's port shows what happens.
docs/sandbox.md describes the config file, the switches and every setting.";

/// The action that the command line asks for.
#[derive(Debug)]
pub enum Command {
    /// Print the help.
    Help,
    /// Print the version.
    Version,
    /// Run the sandbox.
    Serve(Box<Options>),
}

/// Parses the command line, without the program's name. `read_file` reads the config file.
///
/// # Errors
/// A text without a full stop that says what is wrong.
pub fn parse(
    arguments: impl IntoIterator<Item = String>,
    read_file: impl Fn(&str) -> std::io::Result<String>,
) -> Result<Command, String> {
    let words: Vec<String> = arguments.into_iter().collect();
    let mut options = Options {
        site_port: Options::DEFAULT_PORT,
        api_port: Options::port_after(Options::DEFAULT_PORT)?,
        ..Options::default()
    };
    // The file is read first, wherever the option is, because the other options override it.
    if let Some(path) = value_after(&words, "--config")? {
        let text = read_file(path).map_err(|error| format!("cannot read {path}: {error}"))?;
        // The path of a script is relative to the config file.
        let directory = Path::new(path).parent().unwrap_or(Path::new(""));
        let read_script = |script: &str| read_file(&directory.join(script).to_string_lossy());
        options = read_config(&text, read_script).map_err(|error| format!("{path}: {error}"))?;
    }
    let mut words = words.into_iter();
    let mut api_port = None;
    while let Some(name) = words.next() {
        let mut value = || {
            let value = words.next();
            value.ok_or_else(|| format!("{name} needs a value; see --help"))
        };
        match name.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--version" | "-V" => return Ok(Command::Version),
            "--config" => drop(value()?),
            "--port" => {
                options.site_port = parse_port(&value()?)?;
                options.api_port = Options::port_after(options.site_port)?;
            }
            "--api-port" => api_port = Some(parse_port(&value()?)?),
            "--site" => options.site_dir = Some(value()?.into()),
            "--policy" => options.policy = Some(value()?),
            "--allow-origin" => options.allowed_origins.push(value()?),
            "--seed" => options.seed = Some(parse_number(&name, &value()?)?),
            "--speed" => options.speed = parse_number(&name, &value()?)?,
            "--strict" => options.strictness = Strictness::Strict,
            "--lenient" => options.strictness = Strictness::Lenient,
            other => return Err(format!("there is no option {other}; see --help")),
        }
    }
    options.api_port = api_port.unwrap_or(options.api_port);
    options
        .check()
        .map_err(|sentence| format!("--{}", sentence.trim_end_matches('.')))?;
    Ok(Command::Serve(Box::new(options)))
}

/// The word after an option; `None` if the option is not there.
fn value_after<'a>(words: &'a [String], name: &str) -> Result<Option<&'a str>, String> {
    let Some(index) = words.iter().position(|word| word == name) else {
        return Ok(None);
    };
    let value = words.get(index + 1);
    let value = value.ok_or_else(|| format!("{name} needs a value; see --help"))?;
    Ok(Some(value))
}

fn parse_port(text: &str) -> Result<u16, String> {
    let port = text.parse();
    port.map_err(|_| format!("{text:?} is not a port: a number from 0 to 65535"))
}

fn parse_number<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, String> {
    let number = text.parse();
    number.map_err(|_| format!("{option} needs a whole number, and {text:?} is none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "port = 9000\nspeed = 5\nstrict = false";

    fn options(line: &str) -> Result<Options, String> {
        let words = line.split_whitespace().map(str::to_owned);
        let read_file = |path: &str| match path {
            "sandbox.toml" => Ok(FILE.to_owned()),
            "wrong.toml" => Ok("\nprot = 1".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        match parse(words, read_file)? {
            Command::Serve(options) => Ok(*options),
            Command::Help => Err("help".to_owned()),
            Command::Version => Err("version".to_owned()),
        }
    }

    #[test]
    fn by_default_the_api_has_the_port_after_the_sites_port() {
        let ports = |line| options(line).map(|it| (it.site_port, it.api_port));
        assert_eq!(ports(""), Ok((8460, 8461)));
        assert_eq!(ports("--port 9000"), Ok((9000, 9001)));
        assert_eq!(ports("--port 0"), Ok((0, 0)));
        assert_eq!(ports("--port 9000 --api-port 70"), Ok((9000, 70)));
        assert_eq!(ports("--api-port 70 --port 9000"), Ok((9000, 70)));
    }

    #[test]
    fn the_command_line_overrides_the_file() {
        let read = |line| options(line).map(|it| (it.site_port, it.speed, it.strictness));
        let lenient = Strictness::Lenient;
        assert_eq!(read("--config sandbox.toml"), Ok((9000, 5, lenient)));
        let line = "--speed 20 --config sandbox.toml --port 70 --strict";
        assert_eq!(read(line), Ok((70, 20, Strictness::Strict)));
    }

    #[test]
    fn each_error_names_the_cause() {
        for (line, cause) in [
            ("--port many", "\"many\""),
            // The API would get port 65536, which does not exist.
            ("--port 65535", "65535"),
            ("--port", "--port needs a value"),
            ("--prot 1", "--prot"),
            ("--speed fast", "\"fast\""),
            ("--speed 0", "--speed must be from 1 to 1000"),
            ("--seed -1", "--seed"),
            ("--config", "--config needs a value"),
            ("--config absent.toml", "absent.toml"),
            ("--config wrong.toml", "line 2"),
        ] {
            let error = options(line).unwrap_err();
            assert!(error.contains(cause), "{line}: {error}");
            assert!(!error.ends_with('.'), "{line}: {error}");
        }
    }

    #[test]
    fn allow_origin_can_be_repeated() {
        let options = options("--allow-origin https://a.example --allow-origin https://b.example");
        assert_eq!(options.unwrap().allowed_origins.len(), 2);
    }

    #[test]
    fn help_and_version_are_no_sandbox() {
        assert_eq!(options("--port 1 --help").unwrap_err(), "help");
        assert_eq!(options("--version").unwrap_err(), "version");
    }
}
