//! Who may embed `frame.html`, and which chat servers those pages may name: what `--frame-origins` and `--chat-servers`
//! give, written into the file itself. `npm/frame-policy.ts` reads it there.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
};

/// Both lists; the frame's own origin is allowed without them.
#[derive(Debug, Default)]
pub(crate) struct FramePolicy {
    origins: Vec<String>,
    chat_servers: Vec<String>,
}

impl FramePolicy {
    /// Takes the two flags of the command line.
    pub(crate) fn take(args: &mut Args) -> Outcome<Self> {
        let mut list = |flag: &str| -> Outcome<Vec<String>> {
            let text: String = args.value(flag)?.unwrap_or_default();
            let items = text.split(',').map(str::trim);
            items
                .filter(|item| !item.is_empty())
                .map(|item| origin(flag, item))
                .collect()
        };
        Ok(Self {
            origins: list("--frame-origins")?,
            chat_servers: list("--chat-servers")?,
        })
    }

    /// The text of `frame.html` with both lists in it.
    pub(crate) fn write_into(&self, html: &str) -> Outcome<String> {
        let lists = [
            ("pipit-frame-origins", &self.origins),
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

/// An origin as browsers write it: `https://shop.example`, with a port where it is not the usual one.
fn origin(flag: &str, text: &str) -> Outcome<String> {
    let text = text.to_ascii_lowercase();
    let wrong = || {
        Failure::new(format!(
            "{flag} lists '{text}', which is no origin. An origin is scheme, host and perhaps port, as \
             https://shop.example or http://localhost:8080, without a path and without *."
        ))
    };
    let (scheme, authority) = text.split_once("://").ok_or_else(wrong)?;
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let usual_port = match scheme {
        "http" => "80",
        "https" => "443",
        _ => return Err(wrong()),
    };
    let in_host = |letter: char| letter.is_ascii_alphanumeric() || "-._[]:".contains(letter);
    let is_number = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    if host.is_empty() || !host.chars().all(in_host) || !port.is_none_or(is_number) {
        return Err(wrong());
    }
    Ok(match port.filter(|port| *port != usual_port) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &str) -> Outcome<FramePolicy> {
        let words = words.split_whitespace().map(ToOwned::to_owned);
        FramePolicy::take(&mut Args::of(words.collect()))
    }

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        let policy = list(
            "--frame-origins https://Shop.example:443,http://[::1]:8080 --chat-servers=https://chat.example",
        )
        .unwrap();
        assert_eq!(
            policy.origins,
            ["https://shop.example", "http://[::1]:8080"]
        );
        assert_eq!(policy.chat_servers, ["https://chat.example"]);
    }

    #[test]
    fn what_is_no_origin_is_an_error() {
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
            assert!(list(&format!("--frame-origins {text}")).is_err(), "{text}");
        }
    }

    #[test]
    fn the_frame_has_the_lists_that_were_given() {
        let html = include_str!("../../npm/frame.html");
        let policy = list("--frame-origins https://a.example,https://b.example").unwrap();
        let written = policy.write_into(html).unwrap();
        assert!(written.contains(
            r#"<meta name="pipit-frame-origins" content="https://a.example https://b.example">"#
        ));
        assert_eq!(FramePolicy::default().write_into(html).unwrap(), html);
        assert!(policy.write_into("<html>").is_err());
    }
}
