//! Tests of a conversation that the server moves to another pool (a group of chat servers) or host. A [`Bench`] runs an
//! engine, and lets the test play the server, the web page and the clock. The *page* is the web page that embeds the
//! chat.

use pipit_wire::consumer::Operation::{
    Activity, ConcludeEngagement, GetMessages, PostMessage, RequestEngagement,
};
use serde_json::{Value, json};

use super::Bench;
use super::body::ANA;
use crate::{Command, Options, Warning};

/// A chat that has received the message `RNEngagementConfigurationChangedMessage` with these members, on a
/// page that allows these hosts. Before this message the host is `chat.example` and the pool is `297:1`.
fn moved(allowed_hosts: &[&str], members: &Value) -> Bench {
    let mut bench = Bench::with(Options {
        allowed_hosts: allowed_hosts.iter().map(|it| (*it).to_owned()).collect(),
        ..Options::default()
    });
    bench.start();
    let mut message = members.clone();
    message["messageName"] = "RNEngagementConfigurationChangedMessage".into();
    bench.receive(&[ANA, &message.to_string()]);
    bench
}

/// The origin to which the most recent poll was sent.
fn origin(bench: &Bench) -> &str {
    bench
        .last_url(GetMessages)
        .split("/engagement/")
        .next()
        .unwrap()
}

#[test]
fn every_later_request_uses_the_new_pool() {
    // The message contains the new pool in a member of its own, or as the name and the value of a setting.
    for members in [
        json!({"pool": "298:1"}),
        json!({"name": "CHAT_CLUSTER_POOL_ID", "value": "298:1"}),
        json!({"name": "", "value": "", "domain": "", "port": "", "pool": "298:1"}),
        json!({"pool": "298:1", "port": "0", "domain": null}),
    ] {
        let mut bench = moved(&[], &members);
        bench.send("hello");
        bench.command(Command::Typed("h".to_owned()));
        assert!(bench.warnings.is_empty());
        bench.command(Command::End);
        // The engagement was requested before the move.
        assert!(bench.last_url(RequestEngagement).ends_with("?pool=297:1"));
        for operation in [GetMessages, PostMessage, Activity, ConcludeEngagement] {
            assert!(
                bench.last_url(operation).ends_with("?pool=298:1"),
                "{operation:?} {members}"
            );
        }
    }
}

#[test]
fn a_message_without_a_new_pool_changes_no_pool() {
    for members in [
        json!({"name": "OTHER", "value": "9:9"}),
        json!({"pool": ""}),
        json!({}),
    ] {
        let bench = moved(&[], &members);
        assert!(
            bench.last_url(GetMessages).ends_with("?pool=297:1"),
            "{members}"
        );
    }
}

#[test]
fn requests_go_to_a_new_host_that_is_allowed() {
    for (allowed, members, expected) in [
        (
            "b.example",
            json!({"domain": "b.example"}),
            "https://b.example",
        ),
        (
            "B.Example",
            json!({"domain": "b.EXAMPLE"}),
            "https://b.example",
        ),
        (
            "b.example:443",
            json!({"domain": "b.example"}),
            "https://b.example",
        ),
        (
            "b.example",
            json!({"domain": "b.example:443"}),
            "https://b.example",
        ),
        (
            "b.example:8443",
            json!({"domain": "b.example", "port": "8443"}),
            "https://b.example:8443",
        ),
        (
            "b.example:8443",
            json!({"domain": "b.example:8443"}),
            "https://b.example:8443",
        ),
        // A space around an allowed host is ignored, and the member `port` replaces a port in `domain`.
        (
            " b.example:8443",
            json!({"domain": "b.example:1", "port": 8443}),
            "https://b.example:8443",
        ),
        (
            "chat.example:8443",
            json!({"port": 8443}),
            "https://chat.example:8443",
        ),
        // Addresses of this machine are used with http.
        (
            "localhost:8461",
            json!({"domain": "localhost", "port": 8461}),
            "http://localhost:8461",
        ),
        (
            "[::1]:8461",
            json!({"domain": "[::1]", "port": 8461}),
            "http://[::1]:8461",
        ),
    ] {
        let bench = moved(&["x.example", allowed], &members);
        assert_eq!(origin(&bench), expected, "{members}");
        assert!(bench.warnings.is_empty(), "{members}");
    }
}

#[test]
fn a_host_that_is_not_allowed_gives_a_warning_and_gets_no_request() {
    // The empty entry must allow no host.
    let allowed = ["b.example", "c.example:8443", ""];
    for (members, host) in [
        (json!({"domain": "evil.com"}), "evil.com"),
        (json!({"domain": "evil.com", "port": 8443}), "evil.com:8443"),
        (
            json!({"domain": "b.example", "port": 8443}),
            "b.example:8443",
        ),
        (json!({"domain": "c.example"}), "c.example"),
        (
            json!({"domain": "c.example", "port": 8444}),
            "c.example:8444",
        ),
        (json!({"port": 8443}), "chat.example:8443"),
        (
            json!({"domain": "b.example.evil.com"}),
            "b.example.evil.com",
        ),
        (json!({"domain": "a.b.example"}), "a.b.example"),
        (json!({"domain": "b.example."}), "b.example."),
        (
            json!({"domain": "b.example@evil.com"}),
            "b.example@evil.com",
        ),
        (
            json!({"domain": "b.example/@evil.com"}),
            "b.example/@evil.com",
        ),
        (
            json!({"domain": "evil.com#b.example"}),
            "evil.com#b.example",
        ),
        (json!({"domain": "https://b.example"}), "https://b.example"),
        (json!({"domain": "b.example:"}), "b.example:"),
        (json!({"domain": "localhost"}), "localhost"),
    ] {
        let bench = moved(&allowed, &members);
        assert_eq!(origin(&bench), "https://chat.example", "{members}");
        let host = host.to_owned();
        assert_eq!(
            bench.warnings,
            [Warning::HostNotAllowed { host }],
            "{members}"
        );
    }
}

#[test]
fn the_new_pool_is_used_even_if_the_new_host_is_not_allowed() {
    let bench = moved(&[], &json!({"domain": "evil.com", "pool": "298:1"}));
    let url = bench.last_url(GetMessages);
    assert!(url.starts_with("https://chat.example/") && url.ends_with("?pool=298:1"));
}

#[test]
fn the_current_host_need_not_be_allowed() {
    for members in [
        json!({"domain": "chat.example"}),
        json!({"domain": "CHAT.example", "port": "443"}),
        // An empty host and the ports 0, 70,000 and -1 count as absent.
        json!({"domain": ":443"}),
        json!({"port": 0}),
        json!({"port": 70_000}),
        json!({"port": -1}),
    ] {
        // The empty entry allows no host.
        let bench = moved(&[""], &members);
        assert_eq!(origin(&bench), "https://chat.example", "{members}");
        assert!(bench.warnings.is_empty(), "{members}");
    }
}

#[test]
fn the_name_of_a_pool_is_encoded_in_the_address() {
    let bench = moved(&[], &json!({"pool": "1&x=/../#é"}));
    assert!(
        bench
            .last_url(GetMessages)
            .ends_with("?pool=1%26x%3D%2F..%2F%23%C3%A9")
    );
}

#[test]
fn the_next_conversation_starts_at_the_address_of_its_session() {
    let mut bench = moved(&[], &json!({"pool": "298:1"}));
    bench.command(Command::End);
    bench.start();
    assert!(bench.last_url(RequestEngagement).ends_with("?pool=297:1"));
}
