//! Lists every line of the widget that listens to messages from other windows and tabs, and every line that sends one.
//! The tests fail on a line that is not listed. Before you add a listener to the list, make sure that it checks
//! `origin` and `source` of a message, or give the reason why the browser checks them already.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use repository::{read, root};
use std::{ffi::OsStr, fs};

/// A line that listens to messages or sends one.
struct Place {
    file: &'static str,
    /// A part of the line, by which the tests find it.
    line: &'static str,
    /// The code that makes this line safe: for a listener, the check before it uses a message; for a sender, the check
    /// before it sends, or the code that limits the receivers. The first text is the file, the second the code.
    check: (&'static str, &'static str),
    /// The reason why that is enough.
    #[allow(dead_code, reason = "only readers of this file need it")]
    reason: &'static str,
}

/// All lines that listen to messages.
const LISTENERS: [Place; 6] = [
    Place {
        file: "npm/frame-client.ts",
        line: "addEventListener(\"message\", onMessage);",
        check: (
            "npm/frame-client.ts",
            "if (source !== parent || data?.pipit !== nonce || !port) { return; } \
             removeEventListener(\"message\", onMessage); if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "accepts one message: from the parent window, with the nonce, from an origin that the deployment lists",
    },
    Place {
        file: "npm/frame-host.ts",
        line: "addEventListener(\"message\", onMessage, { signal });",
        check: (
            "npm/frame-host.ts",
            "if (source === iframe.contentWindow && origin === address.origin && data?.pipit === nonce)",
        ),
        reason: "accepts messages from the frame's window only, with the nonce, from the origin of the widget's files",
    },
    Place {
        file: "npm/rpc.ts",
        line: "port.onmessage = ",
        check: (
            "npm/frame-client.ts",
            "if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "messages of a port have no origin; both ends of the port are passed on only after the checks above",
    },
    Place {
        file: "src/runtime/tab_lock.rs",
        line: "EventListener::new(&channel, \"message\"",
        check: (
            "src/runtime/tab_lock.rs",
            ".filter(|message| Some(message.origin()) == own_origin)",
        ),
        reason: "messages of a BroadcastChannel have no source; the browser delivers only those of the same origin",
    },
    Place {
        file: "npm/frame-host.ts",
        line: "for (const type of [\"storage\",",
        check: (
            "npm/frame-host.ts",
            "if (await forgetInFrame(await frame)) {",
        ),
        reason: "nothing of the event is used; the marker is read from the storage of the own origin",
    },
    Place {
        file: "src/runtime/page_lifecycle.rs",
        line: "EventListener::new(&window, \"storage\", move |_| on_change())",
        check: (
            "src/runtime/mod.rs",
            "let on_storage = with_this(|this| { this.check_marker(); this.notify_watchers(InputOrigin::Browser); });",
        ),
        reason: "nothing of the event is used; the marker is read from the storage of the own origin",
    },
];

/// All lines that send messages.
const SENDERS: [Place; 6] = [
    Place {
        file: "npm/frame-client.ts",
        line: "parent.postMessage({ pipit: nonce, runs: canRunWasm() }",
        check: (
            "npm/frame-client.ts",
            "const problem = ancestorProblem(ancestors); if (problem) { refuse(problem); return; }",
        ),
        reason: "contains only data from the parent; goes to the parent's origin if the browser reveals that origin",
    },
    Place {
        file: "npm/frame-client.ts",
        line: "parent.postMessage({ pipit: nonce, refused: problem }",
        check: (
            "npm/frame-client.ts",
            "function refuse(problem: string): void",
        ),
        reason: "contains only the refusal and the parent's own origin",
    },
    Place {
        file: "npm/frame-host.ts",
        line: "iframe.contentWindow!.postMessage({ pipit: nonce }, address.origin, [port2]);",
        check: (
            "npm/frame-host.ts",
            "const { runs, refused } = await offer;",
        ),
        reason: "the port goes only to a window with the origin of the widget's files",
    },
    Place {
        file: "npm/rpc.ts",
        line: "port.postMessage(",
        check: (
            "npm/frame-client.ts",
            "if (mayEmbed(policy, origin)) { serve(port, origin);",
        ),
        reason: "the other end of the port was passed on only after the checks above",
    },
    Place {
        file: "src/runtime/tab_lock.rs",
        line: "self.channel.post_message(",
        check: ("src/runtime/tab_lock.rs", "BroadcastChannel::new(name)"),
        reason: "the channel's name contains the chat service and, in a frame, the embedding page's origin",
    },
    Place {
        file: "src/runtime/tab_lock.rs",
        line: "sender.post_message(",
        check: (
            "src/runtime/tab_lock.rs",
            "let own_text = clock::seed().to_string();",
        ),
        reason: "sends only a random number, by which this tab finds out that all earlier messages have arrived",
    },
];

/// Lines that contain one of [`WORDS`] and neither listen nor send: the file, and a part of the line.
const OTHER_LINES: [(&str, &str); 8] = [
    ("npm/frame-client.ts", "removeEventListener(\"message\""),
    ("npm/frame-host.ts", "new MessageChannel()"),
    ("src/page_error.rs", ".with(\"message\""),
    (
        "src/view/during/row.rs",
        "message_class(\"message\", position)",
    ),
    ("src/runtime/tab_lock.rs", "use web_sys::{"),
    ("src/runtime/tab_lock.rs", "channel: BroadcastChannel"),
    (
        "src/runtime/tab_lock.rs",
        "BroadcastChannel::new(&self.name)",
    ),
    ("src/runtime/tab_lock.rs", "BroadcastChannel::new(name)"),
];

/// A line that listens to messages between windows or tabs, or sends one, contains one of these words. Events of the
/// type `storage` are such messages, too.
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

/// The paths of the scripts of `npm/`, without subdirectories, and of all Rust files of the widget.
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

/// The lines that contain one of [`WORDS`], each with its file. Comments are left out.
fn lines_with_words() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in sources() {
        let text = read(&file);
        let lines = text.lines().map(str::trim);
        let code = lines.filter(|line| !line.starts_with("//") && !line.starts_with('*'));
        let relevant = code.filter(|line| WORDS.iter().any(|word| line.contains(word)));
        found.extend(relevant.map(|line| (file.clone(), line.to_owned())));
    }
    found
}

/// Replaces each run of blanks and line ends by one blank, so that the formatting of a check does not matter.
fn with_single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_listener_and_sender_is_listed() {
    let places = LISTENERS.iter().chain(&SENDERS);
    let listed: Vec<_> = places
        .map(|place| (place.file, place.line))
        .chain(OTHER_LINES)
        .collect();
    let unlisted: Vec<_> = lines_with_words()
        .into_iter()
        .filter(|(file, line)| {
            !listed
                .iter()
                .any(|(listed_file, part)| listed_file == file && line.contains(part))
        })
        .collect();
    assert!(
        unlisted.is_empty(),
        "these lines are not listed, so it is not known why they are safe: {unlisted:#?}"
    );
}

#[test]
fn every_listed_line_and_its_check_exist() {
    let lines = lines_with_words();
    for place in LISTENERS.iter().chain(&SENDERS) {
        let exists = lines
            .iter()
            .any(|(file, line)| file == place.file && line.contains(place.line));
        assert!(exists, "{} has no line {:?}", place.file, place.line);
        let (file, check) = place.check;
        assert!(
            with_single_blanks(&read(file)).contains(&with_single_blanks(check)),
            "{}: the check of {:?} is missing in {file}: {check}",
            place.file,
            place.line
        );
    }
}
