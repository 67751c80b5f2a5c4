//! Parses the command line of the program `pipit-conformance`.

use pipit_conformance::{BasicUser, Target};

/// The text of `--help`.
pub(crate) const HELP: &str = "\
pipit-conformance: checks a chat server against every statement of the chat REST API

Usage: pipit-conformance --base-url URL [OPTIONS]

  --base-url URL      the chat server, such as https://chat.example.com
  --service-url URL   the service site, which makes the tokens (default: the base URL)
  --site NAME         the site's name in the API's addresses (fqSiteName)
  --pool ID           the pool, such as 297:1; without it, requests name no pool
  --account N         the number of the agent's account
  --sandbox           the server is pipit-sandbox: site pipit_demo, pool 297:1, account 12,
                      user demo, password demo; and its switch moves it to another pool
  --markdown          print the statements as Markdown and check nothing
  --yes               do not ask before the agent is logged on
  --help              this text

The agent is the user PIPIT_USER with the password PIPIT_PASSWORD, both from the environment.
That user must also be allowed to make visitors' sessions (establishSessions).

The check logs the agent on and holds two short conversations with itself. Everybody who sees
the agents or the queues of the site sees them. At the end it ends them and logs the agent off.
If the account is logged on already, the log-on is refused, and nothing else is tried.
Tokens and session ids are never printed.

The exit code is 0 if no statement failed, 1 if one did, and 2 if nothing could be checked.";

/// What the command line asks for.
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Print the statements.
    Markdown,
    /// Check a server. The flag says whether the user has agreed already.
    Check(Box<Target>, bool),
}

/// Parses the command line, without the program's name. `variable` reads a variable of the environment.
///
/// # Errors
/// A text without a full stop that says what is wrong.
pub(crate) fn parse(
    arguments: impl IntoIterator<Item = String>,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Command, String> {
    let mut words = arguments.into_iter();
    let (mut base_url, mut service_url, mut is_agreed, mut is_sandbox) = (None, None, false, false);
    let (mut site, mut pool, mut account) = (None, None, None);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        match word.as_str() {
            "--help" => return Ok(Command::Help),
            "--markdown" => return Ok(Command::Markdown),
            "--base-url" => base_url = Some(address(&value()?)?),
            "--service-url" => service_url = Some(address(&value()?)?),
            "--site" => site = Some(value()?),
            "--pool" => pool = Some(value()?),
            "--account" => {
                let text = value()?;
                let number = text.parse::<i64>();
                account = Some(number.map_err(|_| format!("--account {text} is not a number"))?);
            }
            "--sandbox" => is_sandbox = true,
            "--yes" => is_agreed = true,
            other => return Err(format!("{other} is not an option; --help lists them")),
        }
    }
    let base_url = base_url.ok_or("--base-url is missing; --help explains it")?;
    let of_sandbox = |value: &str| is_sandbox.then(|| value.to_owned());
    let missing = |option: &str| format!("{option} is missing; --help explains it");
    let user = BasicUser {
        name: variable("PIPIT_USER")
            .or_else(|| of_sandbox("demo"))
            .ok_or_else(|| missing("the variable PIPIT_USER"))?,
        password: variable("PIPIT_PASSWORD")
            .or_else(|| of_sandbox("demo"))
            .ok_or_else(|| missing("the variable PIPIT_PASSWORD"))?,
    };
    let target = Target {
        service_url: service_url.unwrap_or_else(|| base_url.clone()),
        base_url,
        site: site
            .or_else(|| of_sandbox("pipit_demo"))
            .ok_or_else(|| missing("--site"))?,
        pool: pool.or_else(|| of_sandbox("297:1")).unwrap_or_default(),
        user,
        account: account
            .or(is_sandbox.then_some(12))
            .ok_or_else(|| missing("--account"))?,
        is_sandbox,
    };
    Ok(Command::Check(Box::new(target), is_agreed))
}

/// An address without a slash at the end. Only this machine may be reached without TLS, because the password is sent.
fn address(text: &str) -> Result<String, String> {
    let address = text.trim_end_matches('/').to_owned();
    let is_local = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .any(|local| {
            let rest = address.strip_prefix(local);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
        });
    if is_local || address.starts_with("https://") {
        Ok(address)
    } else {
        Err(format!(
            "{text} must begin with https://, because the password is sent to it"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str, environment: &[(&str, &str)]) -> Result<Command, String> {
        let words = line.split_whitespace().map(str::to_owned);
        parse(words, |name| {
            let found = environment.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_sandbox_needs_nothing_but_its_address() {
        let Ok(Command::Check(target, is_agreed)) =
            parsed("--sandbox --base-url http://127.0.0.1:8461/", &[])
        else {
            panic!("not parsed");
        };
        assert_eq!(target.base_url, "http://127.0.0.1:8461");
        assert_eq!((target.account, is_agreed), (12, false));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        let user = [("PIPIT_USER", "u"), ("PIPIT_PASSWORD", "p")];
        for (line, environment, text) in [
            ("", &[][..], "--base-url is missing"),
            (
                "--base-url https://a.example --site s --account 1",
                &[],
                "PIPIT_USER is missing",
            ),
            (
                "--base-url https://a.example --account 1",
                &user,
                "--site is missing",
            ),
            (
                "--base-url https://a.example --site s",
                &user,
                "--account is missing",
            ),
            (
                "--base-url https://a.example --account x",
                &user,
                "is not a number",
            ),
            (
                "--base-url http://a.example",
                &user,
                "must begin with https://",
            ),
            (
                "--base-url http://127.0.0.1.evil.example",
                &user,
                "must begin with https://",
            ),
            ("--base-url", &user, "--base-url needs a value"),
            ("--verbose", &user, "--verbose is not an option"),
        ] {
            let error = parsed(line, environment).err().unwrap();
            assert!(error.contains(text), "{line}: {error}");
        }
    }
}
