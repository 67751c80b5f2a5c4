//! The policy of `frame.html`, the page of an iframe. If a web page does not allow WebAssembly, the chat runs in this
//! iframe. The option `--frame-origins` lists the origins of the web pages that may embed the iframe. The option
//! `--chat-servers` lists the origins of the chat servers that these pages may name. The build writes both lists into
//! `frame.html`, where `npm/frame-policy.ts` reads them.

use crate::failure::{Failure, Outcome};

/// The two options, as they are on the command line.
#[derive(clap::Args, Debug)]
pub(crate) struct FrameArguments {
    /// The origins of the web pages that may embed the widget's iframe, such as https://shop.example
    #[arg(long, value_name = "ORIGINS", value_delimiter = ',')]
    frame_origins: Vec<String>,
    /// The origins of the chat servers that these pages may name
    #[arg(long, value_name = "ORIGINS", value_delimiter = ',')]
    chat_servers: Vec<String>,
}

/// The lists of both options. A web page of the same origin as `frame.html` needs no entry, and may name any chat
/// server, because browsers give both pages the same rights. If there are embedding origins, there are chat servers, too.
#[derive(Debug, Default)]
pub(crate) struct FramePolicy {
    embedding_origins: Vec<String>,
    chat_servers: Vec<String>,
}

impl FramePolicy {
    /// Checks the two options. A missing option means an empty list.
    pub(crate) fn new(arguments: &FrameArguments) -> Outcome<Self> {
        let list = |flag: &str, origins: &[String]| -> Outcome<Vec<String>> {
            let items = origins.iter().map(|item| item.trim());
            items
                .filter(|item| !item.is_empty())
                .map(|item| origin(flag, item))
                .collect()
        };
        let policy = Self {
            embedding_origins: list("--frame-origins", &arguments.frame_origins)?,
            chat_servers: list("--chat-servers", &arguments.chat_servers)?,
        };
        if !policy.embedding_origins.is_empty() && policy.chat_servers.is_empty() {
            return Err(Failure::new(
                "--frame-origins needs --chat-servers: for pages of other origins, the frame sends only to the chat \
                 servers that you list, so without one no chat could start there.",
            ));
        }
        Ok(policy)
    }

    /// Writes both lists into the text of `frame.html`. Fails if the text has no place for one of the lists.
    pub(crate) fn write_into(&self, html: &str) -> Outcome<String> {
        let lists = [
            ("pipit-frame-origins", &self.embedding_origins),
            ("pipit-chat-servers", &self.chat_servers),
        ];
        lists
            .iter()
            .try_fold(html.to_owned(), |html, (name, list)| {
                let empty = format!("<meta name=\"{name}\" content=\"\">");
                let full = format!("<meta name=\"{name}\" content=\"{}\">", list.join(" "));
                if html.contains(&empty) {
                    Ok(html.replacen(&empty, &full, 1))
                } else {
                    Err(Failure::new(format!("npm/frame.html has no {empty}")))
                }
            })
    }
}

/// Parses one item of the list of the option `flag`. Returns the origin as browsers write it: in lower case, and
/// without the default port of the scheme (`https://shop.example`).
fn origin(flag: &str, text: &str) -> Outcome<String> {
    let text = text.to_ascii_lowercase();
    let invalid = || {
        Failure::new(format!(
            "{flag} lists '{text}', which is no origin. An origin is scheme, host and perhaps port, as \
             https://shop.example or http://localhost:8080, without a path and without *."
        ))
    };
    let (scheme, authority) = text.split_once("://").ok_or_else(invalid)?;
    // The last colon of an IPv6 address, such as `[::1]`, is part of the host.
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let default_port = match scheme {
        "http" => "80",
        "https" => "443",
        _ => return Err(invalid()),
    };
    let is_in_host = |letter: char| letter.is_ascii_alphanumeric() || "-._[]:".contains(letter);
    let is_number = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    if host.is_empty() || !host.chars().all(is_in_host) || !port.is_none_or(is_number) {
        return Err(invalid());
    }
    Ok(match port.filter(|port| *port != default_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Args as _, FromArgMatches as _};

    fn parse_policy(words: &str) -> Outcome<FramePolicy> {
        let command =
            FrameArguments::augment_args(clap::Command::new("bundle").no_binary_name(true));
        let matches = command
            .try_get_matches_from(words.split_whitespace())
            .unwrap();
        FramePolicy::new(&FrameArguments::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn origins_are_converted_to_the_form_in_which_browsers_write_them() {
        let policy = parse_policy(
            "--frame-origins https://Shop.example:443,http://[::1]:8080 --chat-servers=https://chat.example",
        )
        .unwrap();
        assert_eq!(
            policy.embedding_origins,
            ["https://shop.example", "http://[::1]:8080"]
        );
        assert_eq!(policy.chat_servers, ["https://chat.example"]);
    }

    #[test]
    fn a_text_that_is_no_origin_is_an_error() {
        for text in [
            "null",
            "*",
            "shop.example",
            "https://*.shop.example",
            "https://shop.example/",
            "https://shop.example/chat",
            "https://a\"b.example",
            "https://",
            "https://shop.example:port",
            "data://shop.example",
        ] {
            assert!(
                parse_policy(&format!(
                    "--frame-origins {text} --chat-servers https://c.example"
                ))
                .is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn pages_of_other_origins_need_a_listed_chat_server() {
        assert!(parse_policy("").is_ok());
        assert!(parse_policy("--chat-servers https://chat.example").is_ok());
        for without_servers in ["", " --chat-servers=", " --chat-servers=,"] {
            let words = format!("--frame-origins https://shop.example{without_servers}");
            let failure = parse_policy(&words).unwrap_err().to_string();
            assert!(failure.contains("--chat-servers"), "{failure}");
        }
    }

    #[test]
    fn a_list_is_written_into_the_frame_and_a_missing_place_is_an_error() {
        let html = include_str!("../../npm/frame.html");
        let policy = parse_policy(
            "--frame-origins https://a.example,https://b.example --chat-servers https://c.example",
        )
        .unwrap();
        let written = policy.write_into(html).unwrap();
        assert!(written.contains(
            r#"<meta name="pipit-frame-origins" content="https://a.example https://b.example">"#
        ));
        // Empty lists do not change the frame.
        assert_eq!(FramePolicy::default().write_into(html).unwrap(), html);
        assert!(policy.write_into("<html>").is_err());
    }
}
