//! Reads the config file of the sandbox: TOML, described in `docs/sandbox.md`. Every error names the line and what is
//! allowed there.

use std::path::PathBuf;
use std::time::Duration;

use pipit_script::{AgentStep, agent_part, read};
use pipit_switchboard::{Config, Strictness};
use serde::Deserialize;

use crate::agent_account::{AgentAccount, Behaviour};
use crate::options::Options;

/// The content of a config file.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ConfigFile {
    port: u16,
    /// By default the port after `port`.
    api_port: Option<u16>,
    /// The directory that the site serves.
    site_dir: Option<PathBuf>,
    policy: Option<String>,
    site_name: Option<String>,
    allowed_origins: Vec<String>,
    seed: Option<u64>,
    speed: u32,
    strict: bool,
    header_timeout_ms: u64,
    oddities: OdditiesTable,
    /// By default the two agents of [`AgentAccount::defaults`].
    agents: Option<Vec<AgentTable>>,
    settings: Config,
}

impl Default for ConfigFile {
    fn default() -> Self {
        Self {
            port: Options::DEFAULT_PORT,
            api_port: None,
            site_dir: None,
            policy: None,
            site_name: None,
            allowed_origins: Vec::new(),
            seed: None,
            speed: 1,
            strict: true,
            header_timeout_ms: 30_000,
            oddities: OdditiesTable::default(),
            agents: None,
            settings: Config::default(),
        }
    }
}

/// The table `[oddities]`: what is irregular in Oracle's answers and can be turned off.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OdditiesTable {
    /// Whether ids are above 2^53, so that a client that rounds them fails.
    large_ids: bool,
}

impl Default for OdditiesTable {
    fn default() -> Self {
        Self { large_ids: true }
    }
}

/// A table `[[agents]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AgentTable {
    account: i64,
    user: Option<String>,
    name: String,
    /// What the agent says when joining a conversation.
    greeting: Option<String>,
    #[serde(default)]
    kind: Kind,
    /// The texts of a scripted agent, one for each message of the visitor.
    #[serde(default)]
    replies: Vec<String>,
    /// What a scripted agent does in place of `replies`: in a config file, the path of a script, beside the config file; in an
    /// object of JSON, the text of a script.
    script: Option<String>,
}

/// Who answers as an agent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A person, or a client, logs on.
    #[default]
    Human,
    /// The sandbox repeats what the visitor says.
    Echo,
    /// The sandbox says the texts of `replies` and ends the conversation after the last, or plays the agent of `script`.
    Scripted,
}

/// Reads the text of a config file. `read_script` reads the text of a script whose path the config file names.
///
/// # Errors
/// A text without a full stop that names the line, if it is known, and what is allowed.
pub fn read_config(
    text: &str,
    read_script: impl Fn(&str) -> std::io::Result<String>,
) -> Result<Options, String> {
    let mut file: ConfigFile =
        toml::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    for script in file
        .agents
        .iter_mut()
        .flatten()
        .filter_map(|it| it.script.as_mut())
    {
        let read = read_script(script);
        *script = read.map_err(|error| format!("script: cannot read {script}: {error}"))?;
    }
    file.into_options()
        .map_err(|Invalid { key, sentence }| match line_of(text, &key) {
            Some(line) => format!("line {line}: {sentence}"),
            None => sentence,
        })
}

/// Reads the content of a config file that is an object of JSON.
///
/// # Errors
/// A text without a full stop that names the key, if it is known, and what is allowed.
pub fn read_config_value(value: serde_json::Value) -> Result<Options, String> {
    let file: ConfigFile = serde_json::from_value(value).map_err(|error| error.to_string())?;
    file.into_options()
        .map_err(|Invalid { sentence, .. }| sentence)
}

/// A value that the file's format allows, and the sandbox does not.
struct Invalid {
    key: String,
    /// Says what is allowed, without a full stop.
    sentence: String,
}

fn invalid(key: &str, sentence: impl Into<String>) -> Invalid {
    Invalid {
        key: key.to_owned(),
        sentence: sentence.into(),
    }
}

/// The number of the line that sets a key, counted from 1. `key` may have the name of a table before its last dot.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let name = key.rsplit('.').next().unwrap_or(key);
    let sets_name = |line: &str| {
        let rest = line.trim_start().strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    Some(text.lines().position(sets_name)? + 1)
}

impl ConfigFile {
    fn into_options(self) -> Result<Options, Invalid> {
        let mut config = self.settings;
        if !self.oddities.large_ids {
            config.use_small_ids();
        }
        let mut agents = Vec::new();
        for table in self.agents.iter().flatten() {
            if let Some(greeting) = &table.greeting {
                config.greetings.insert(table.account, greeting.clone());
            }
            agents.push(table.account(&agents)?);
        }
        config.check().map_err(|sentence| {
            let key = sentence.split(' ').next().unwrap_or_default();
            invalid(key, sentence.trim_end_matches('.'))
        })?;
        for origin in &self.allowed_origins {
            check_origin(origin)?;
        }
        let defaults = Options::default();
        let options = Options {
            site_port: self.port,
            api_port: match self.api_port {
                Some(port) => port,
                None => Options::port_after(self.port).map_err(|text| invalid("port", text))?,
            },
            site_dir: self.site_dir,
            policy: self.policy,
            site_name: self.site_name.unwrap_or(defaults.site_name),
            allowed_origins: self.allowed_origins,
            config,
            seed: self.seed,
            speed: self.speed,
            agents: match self.agents {
                Some(_) => agents,
                None => defaults.agents,
            },
            strictness: if self.strict {
                Strictness::Strict
            } else {
                Strictness::Lenient
            },
            header_timeout: Duration::from_millis(self.header_timeout_ms),
        };
        options.check().map_err(|sentence| {
            let key = sentence.split(' ').next().unwrap_or_default();
            invalid(key, sentence.trim_end_matches('.'))
        })?;
        Ok(options)
    }
}

impl AgentTable {
    /// The agent of this table. `others` are the agents before it.
    fn account(&self, others: &[AgentAccount]) -> Result<AgentAccount, Invalid> {
        let user = self
            .user
            .clone()
            .unwrap_or_else(|| self.account.to_string());
        if self.account < 1 {
            let sentence = format!("account must be at least 1, but is {}", self.account);
            return Err(invalid("account", sentence));
        }
        if others
            .iter()
            .any(|it| it.account == self.account || it.user == user)
        {
            let sentence = format!(
                "two agents have the account {} or the user {user:?}",
                self.account
            );
            return Err(invalid("agents", sentence));
        }
        let behaviour = match self.kind {
            Kind::Human => Behaviour::Human,
            Kind::Echo => Behaviour::Echo,
            Kind::Scripted => match &self.script {
                Some(script) => Behaviour::Scripted(self.part_of(script)?),
                None => Behaviour::of_replies(self.replies.clone()),
            },
        };
        let has_replies = !self.replies.is_empty();
        let has_text = has_replies != self.script.is_some();
        if (self.kind == Kind::Scripted) != has_text || (has_replies && self.script.is_some()) {
            let sentence = format!(
                "the agent {:?} needs kind = \"scripted\" with either replies or a script, or none of the three",
                self.name
            );
            return Err(invalid("replies", sentence));
        }
        Ok(AgentAccount {
            account: self.account,
            user,
            name: self.name.clone(),
            behaviour,
        })
    }

    /// The steps of this agent in a script.
    fn part_of(&self, script: &str) -> Result<Vec<AgentStep>, Invalid> {
        let script = read(script).map_err(|error| {
            let sentence = format!("the script of {:?} cannot be read: {error}", self.name);
            invalid("script", sentence)
        })?;
        Ok(agent_part(&script))
    }
}

/// Checks that a text is an origin, as browsers write it in the header `Origin`.
fn check_origin(origin: &str) -> Result<(), Invalid> {
    let host = origin
        .strip_prefix("https://")
        .or_else(|| origin.strip_prefix("http://"));
    if host.is_some_and(|host| !host.is_empty() && !host.contains(['/', ' '])) {
        return Ok(());
    }
    let sentence = format!(
        "allowed_origins must be origins such as \"https://shop.example\", without a path, but one is \
         {origin:?}"
    );
    Err(invalid("allowed_origins", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For config files that name no script.
    fn no_script(_: &str) -> std::io::Result<String> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    #[test]
    fn each_error_names_the_line_and_what_is_allowed() {
        for (text, parts) in [
            ("prot = 1", vec!["line 1", "prot", "port"]),
            ("\nport = \"many\"", vec!["line 2", "port"]),
            ("port = 70000", vec!["line 1"]),
            ("port = 65535", vec!["line 1", "65535"]),
            ("speed = 0", vec!["line 1", "speed", "1"]),
            (
                "[settings]\nhold_ms = 0",
                vec!["line 2", "hold_ms", "from 1 to"],
            ),
            ("[settings]\nhold_ms = \"long\"", vec!["line 2", "hold_ms"]),
            (
                "[settings]\nsneak_preview_state = \"BOGUS\"",
                vec!["line 2", "BOGUS", "ENABLED"],
            ),
            ("[settings]\nno_such = 1", vec!["line 2", "no_such"]),
            ("[settings.spam]\neject_at = 0", vec!["line 2", "eject_at"]),
            ("[oddities]\nlarge_ids = 1", vec!["line 2"]),
            (
                "allowed_origins = [\"shop.example\"]",
                vec!["line 1", "https://"],
            ),
            (
                "[[agents]]\naccount = 0\nname = \"A\"",
                vec!["line 2", "account"],
            ),
            ("[[agents]]\naccount = 1", vec!["name"]),
            (
                "[[agents]]\naccount = 1\nname = \"A\"\nkind = \"robot\"",
                vec!["line 4", "robot", "echo"],
            ),
            (
                "[[agents]]\naccount = 1\nname = \"A\"\nkind = \"scripted\"",
                vec!["replies"],
            ),
            (
                "[[agents]]\naccount = 1\nname = \"A\"\nkind = \"scripted\"\nscript = \"a.toml\"",
                vec!["script", "cannot read a.toml"],
            ),
            (
                "[[agents]]\naccount = 1\nname = \"A\"\n[[agents]]\naccount = 1\nname = \"B\"",
                vec!["two agents"],
            ),
            ("[[queues]]", vec!["line 1", "queues"]),
        ] {
            let error = read_config(text, no_script).unwrap_err();
            for part in parts {
                assert!(
                    error.contains(part),
                    "{text:?} has the error {error:?} without {part:?}"
                );
            }
            assert!(!error.ends_with('.'), "{error}");
        }
    }

    #[test]
    fn an_object_of_json_has_the_text_of_a_script() {
        let config = |script: &str| {
            let agent = serde_json::json!({ "account": 1, "name": "A", "kind": "scripted", "script": script });
            read_config_value(serde_json::json!({ "agents": [agent] }))
        };
        let options = config("title = \"\"\nsteps = [{ agent = \"say\", text = \"a\" }]").unwrap();
        let say = pipit_script::AgentDeed::Say {
            text: "a".to_owned(),
        };
        assert_eq!(
            options.agents[0].behaviour,
            Behaviour::Scripted(vec![AgentStep::Do(say)])
        );
        let error = config("title = \"\"\nsteps = [{ agent = \"shout\" }]").unwrap_err();
        assert!(
            error.contains("the script of \"A\" cannot be read: line 2: unknown word `shout`"),
            "{error}"
        );
    }

    #[test]
    fn a_file_sets_every_option() {
        let text = r#"
            port = 9000
            site_name = "acme"
            speed = 20
            strict = false
            seed = 7
            allowed_origins = ["https://shop.example"]
            [oddities]
            large_ids = false
            [settings]
            hold_ms = 5000
            [settings.spam]
            eject_at = 1
            [[agents]]
            account = 5
            user = "eve"
            name = "Eve"
            greeting = "Good day"
            kind = "echo"
        "#;
        let options = read_config(text, no_script).unwrap();
        assert_eq!(
            (options.site_port, options.api_port, options.speed),
            (9000, 9001, 20)
        );
        assert_eq!(options.site_name, "acme");
        assert_eq!(options.strictness, Strictness::Lenient);
        assert_eq!(
            (options.config.hold_ms, options.config.spam.eject_at),
            (5000, 1)
        );
        assert_eq!(
            options.config.spam.max_urls,
            Config::default().spam.max_urls
        );
        assert!(options.config.first_client_id < 1 << 53);
        assert_eq!(options.agents[0].behaviour, Behaviour::Echo);
        assert_eq!(options.config.greetings[&5], "Good day");
    }
}
