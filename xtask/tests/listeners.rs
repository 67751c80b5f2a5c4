//! Every listener to messages of other windows and tabs, and every place that sends one, is listed here with what makes it
//! trustworthy. One that is not listed fails the test: before it is added to the list, it must check `origin` and `source`,
//! or say why the browser does that already.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

/// A line that listens or sends.
struct Place {
    file: &'static str,
    /// A part of the line.
    line: &'static str,
    /// The check, in a file of the sources, that comes before the message is believed or after which it is sent.
    check: (&'static str, &'static str),
    /// What that means.
    #[allow(dead_code, reason = "for whoever reads the list")]
    reason: &'static str,
}

const LISTENERS: [Place; 4] = [
    Place {
        file: "npm/frame-client.ts",
        line: "addEventListener(\"message\", onMessage);",
        check: (
            "npm/frame-client.ts",
            "if (source !== parent || data?.pipit !== nonce || !port) { return; } \
             removeEventListener(\"message\", onMessage); if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "the parent window alone, once, with the nonce, and from an origin that the deployment lists",
    },
    Place {
        file: "npm/frame-host.ts",
        line: "addEventListener(\"message\", onMessage, { signal });",
        check: (
            "npm/frame-host.ts",
            "if (source === iframe.contentWindow && origin === address.origin && data?.pipit === nonce)",
        ),
        reason: "the frame's window alone, from the origin of the widget's files, with the nonce",
    },
    Place {
        file: "npm/rpc.ts",
        line: "port.onmessage = ",
        check: (
            "npm/frame-client.ts",
            "if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "messages of a port have no origin; both ends are handed over after the checks above",
    },
    Place {
        file: "src/runtime/tab_lock.rs",
        line: "EventListener::new(&channel, \"message\"",
        check: (
            "src/runtime/tab_lock.rs",
            ".filter(|message| Some(message.origin()) == own_origin)",
        ),
        reason: "a BroadcastChannel has no source; the browser delivers messages of this origin alone",
    },
];

const SENDERS: [Place; 5] = [
    Place {
        file: "npm/frame-client.ts",
        line: "parent.postMessage({ pipit: nonce, runs: canRunWasm() }",
        check: (
            "npm/frame-client.ts",
            "const problem = ancestorProblem(ancestors); if (problem) { refuse(problem); return; }",
        ),
        reason: "holds nothing but what the parent has given; goes to the parent's origin where the browser names it",
    },
    Place {
        file: "npm/frame-client.ts",
        line: "parent.postMessage({ pipit: nonce, refused: problem }",
        check: (
            "npm/frame-client.ts",
            "function refuse(problem: string): void",
        ),
        reason: "tells the parent that it is refused, and its own origin",
    },
    Place {
        file: "npm/frame-host.ts",
        line: "iframe.contentWindow!.postMessage({ pipit: nonce }, address.origin, [port2]);",
        check: (
            "npm/frame-host.ts",
            "const { runs, refused } = await offer;",
        ),
        reason: "the port goes to the origin of the widget's files alone",
    },
    Place {
        file: "npm/rpc.ts",
        line: "port.postMessage(",
        check: (
            "npm/frame-client.ts",
            "if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "the other end was handed over after the checks above",
    },
    Place {
        file: "src/runtime/tab_lock.rs",
        line: "self.channel.post_message(",
        check: ("src/runtime/tab_lock.rs", "BroadcastChannel::new(name)"),
        reason: "the name holds the chat service and, in a frame, the embedding page's origin",
    },
];

/// What else has one of the words.
const OTHERS: [(&str, &str); 7] = [
    ("npm/frame-client.ts", "removeEventListener(\"message\""),
    ("npm/frame-host.ts", "new MessageChannel()"),
    ("src/page_error.rs", ".with(\"message\""),
    ("src/runtime/tab_lock.rs", "use web_sys::{BroadcastChannel"),
    ("src/runtime/tab_lock.rs", "channel: BroadcastChannel"),
    ("src/runtime/tab_lock.rs", "let has_channel ="),
    ("src/runtime/tab_lock.rs", "BroadcastChannel::new(name)"),
];

/// What a line has that listens to, or sends, a message between windows or tabs; `storage` events are of that kind, too.
const WORDS: [&str; 11] = [
    "\"message\"",
    "\"messageerror\"",
    "\"storage\"",
    "onmessage",
    "onstorage",
    "set_onmessage",
    "BroadcastChannel",
    "MessageChannel",
    "SharedWorker",
    "postMessage(",
    "post_message(",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect("the file can be read")
}

/// The scripts of `npm/` and all of the widget's Rust.
fn sources() -> Vec<String> {
    let mut files = Vec::new();
    let mut directories = vec!["npm".to_owned(), "src".to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(root().join(&directory)).expect("the directory is there") {
            let entry = entry.expect("the directory can be read");
            let name = entry.file_name().into_string().expect("a name is a text");
            let path = format!("{directory}/{name}");
            if entry.path().is_dir() {
                if directory != "npm" {
                    directories.push(path);
                }
            } else if matches!(
                entry.path().extension().and_then(OsStr::to_str),
                Some("ts" | "rs")
            ) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The lines with one of the words, without comments: the file, and the line.
fn found() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in sources() {
        let text = read(&file);
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.starts_with("//") && !line.starts_with('*'));
        let lines = lines.filter(|line| WORDS.iter().any(|word| line.contains(word)));
        found.extend(lines.map(|line| (file.clone(), line.to_owned())));
    }
    found
}

/// With one blank wherever there is any.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_listener_and_sender_is_listed() {
    let places = LISTENERS.iter().chain(&SENDERS);
    let listed: Vec<_> = places
        .map(|place| (place.file, place.line))
        .chain(OTHERS)
        .collect();
    let unlisted: Vec<_> = found()
        .into_iter()
        .filter(|(file, line)| {
            !listed
                .iter()
                .any(|(its_file, its_line)| its_file == file && line.contains(its_line))
        })
        .collect();
    assert!(
        unlisted.is_empty(),
        "listed nowhere, so nobody has said why it may be believed: {unlisted:#?}"
    );
}

#[test]
fn every_listed_place_is_there_and_makes_its_check() {
    let found = found();
    for place in LISTENERS.iter().chain(&SENDERS) {
        let is_there = found
            .iter()
            .any(|(file, line)| file == place.file && line.contains(place.line));
        assert!(is_there, "{} has no line {:?}", place.file, place.line);
        let (file, check) = place.check;
        assert!(
            flat(&read(file)).contains(&flat(check)),
            "{}: the check of {:?} is not in {file}: {check}",
            place.file,
            place.line
        );
    }
}
