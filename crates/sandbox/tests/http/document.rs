//! Checks `docs/sandbox.md`: runs its commands with a small imitation of a shell, `curl` and `jq`, and checks that it
//! describes every setting.

use std::collections::BTreeMap;

use pipit_switchboard::Config;
use reqwest::Method;
use serde_json::Value;

use crate::test_client::TestClient;

const DOCUMENT: &str = include_str!("../../../../docs/sandbox.md");

/// The API's address in the document. The test replaces it by the address of its own sandbox.
const DOCUMENTED_API: &str = "http://127.0.0.1:8461";

#[tokio::test]
async fn every_command_of_the_document_succeeds() {
    let client = TestClient::new().await;
    let mut shell = Shell {
        client: &client,
        variables: BTreeMap::new(),
    };
    let mut command_count = 0;
    for line in commands_of(DOCUMENT) {
        shell.run(line).await;
        command_count += 1;
    }
    assert!(
        command_count > 25,
        "only {command_count} commands were found"
    );
}

#[test]
fn the_document_describes_every_setting() {
    let settings = serde_json::to_value(Config::default()).unwrap();
    let spam = settings["spam"].as_object().unwrap();
    for name in settings.as_object().unwrap().keys().chain(spam.keys()) {
        assert!(
            DOCUMENT.contains(&format!("`{name}`")),
            "{name} is not described"
        );
    }
}

/// The lines of all code blocks in the language `sh`.
fn commands_of(document: &'static str) -> impl Iterator<Item = &'static str> {
    let blocks = document.split("```sh\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines)
}

/// A shell with its variables.
struct Shell<'a> {
    client: &'a TestClient,
    variables: BTreeMap<&'static str, String>,
}

impl Shell<'_> {
    /// Runs a line: `NAME=text`, `NAME=$(command)`, or a command.
    async fn run(&mut self, line: &'static str) {
        let assignment = line.split_once('=').filter(|(name, _)| is_name(name));
        let Some((name, value)) = assignment else {
            self.pipe(line).await;
            return;
        };
        let command = value
            .strip_prefix("$(")
            .and_then(|rest| rest.strip_suffix(')'));
        let value = match command {
            Some(command) => self.pipe(command).await,
            None => self.words(value).concat(),
        };
        assert!(
            !value.is_empty() && value != "null",
            "{name} is empty after: {line}"
        );
        self.variables.insert(name, value);
    }

    /// Runs a command and returns its output, or the member that `| jq -r .member` selects.
    async fn pipe(&self, command: &str) -> String {
        let (command, member) = match command.split_once(" | jq -r .") {
            Some((command, member)) => (command, Some(member)),
            None => (command, None),
        };
        let words = self.words(command);
        let output = match words[0].as_str() {
            "curl" => self.curl(&words[1..]).await,
            "echo" => words[1].clone(),
            other => panic!("there is no command {other}"),
        };
        let Some(member) = member else {
            return output;
        };
        let json: Value = serde_json::from_str(&output).unwrap();
        json[member].as_str().unwrap_or_default().to_owned()
    }

    /// Sends the request that these arguments of `curl` describe, and returns the body of the answer.
    async fn curl(&self, words: &[String]) -> String {
        let url = words.iter().find(|word| word.starts_with("http")).unwrap();
        let value_of = |option: &str| {
            let index = words.iter().position(|word| word == option)?;
            words.get(index + 1)
        };
        let method = value_of("-X").map_or(Method::GET, |name| name.parse().unwrap());
        let mut request = self.client.http.request(method, url);
        if let Some((user, password)) = value_of("-u").and_then(|it| it.split_once(':')) {
            request = request.basic_auth(user, Some(password));
        }
        for pair in words.windows(2).filter(|pair| pair[0] == "-H") {
            let (name, value) = pair[1].split_once(": ").unwrap();
            request = request.header(name, value);
        }
        let body = value_of("-d").cloned().unwrap_or_default();
        let response = request.body(body).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert_eq!(status, 200, "{words:?} was answered {text}");
        text
    }

    /// Splits a command into words, which may be in single or double quotes. Replaces variables, except in single quotes.
    fn words(&self, command: &str) -> Vec<String> {
        let mut words = vec![String::new()];
        let mut quote = None;
        let mut characters = command.chars().peekable();
        while let Some(character) = characters.next() {
            let word = words.last_mut().unwrap();
            match (quote, character) {
                (None, ' ') => words.push(String::new()),
                (None, '\'' | '"') => quote = Some(character),
                (Some(open), close) if open == close => quote = None,
                (Some('"'), '\\') => word.extend(characters.next()),
                (None | Some('"'), '$') => {
                    let mut name = String::new();
                    while let Some(letter) = characters.next_if(char::is_ascii_uppercase) {
                        name.push(letter);
                    }
                    word.push_str(&self.variables[name.as_str()]);
                }
                (_, other) => word.push(other),
            }
        }
        let words = words.into_iter();
        let api = self.client.sandbox.api_url();
        words
            .map(|word| word.replace(DOCUMENTED_API, &api))
            .collect()
    }
}

/// Whether the text can be the name of a variable.
fn is_name(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_uppercase())
}
