//! Compares the table *What is kept where* in SECURITY.md with the code: each key of the table exists in the code, and no
//! other file of the widget uses a storage of the browser, a channel or a lock.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use std::collections::BTreeSet;
use std::fs;

use repository::{read, root};

/// A place that the table names: the storage and the key in the table, and the file and the code that have the key.
type Place = (&'static str, &'static str, &'static str, &'static str);

const STORAGE: &str = "src/runtime/storage.rs";

/// Every place in which the widget keeps something outside its own memory.
const PLACES: [Place; 11] = [
    (
        "sessionStorage",
        "pipit.1.<service>",
        STORAGE,
        "const NAMESPACE: &str = \"pipit.1.\";",
    ),
    (
        "sessionStorage",
        "pipit.1.<service>.piece <number>",
        STORAGE,
        "const PIECE: &str = \".piece \";",
    ),
    (
        "sessionStorage",
        "pipit.1.<service>.draft",
        STORAGE,
        "\".draft\"]",
    ),
    (
        "sessionStorage",
        "pipit.1.framed",
        "npm/frame-host.ts",
        "`${STORAGE_PREFIX}framed`",
    ),
    (
        "sessionStorage",
        "pipit.rated",
        STORAGE,
        "const RATED: &str = \"pipit.rated\";",
    ),
    (
        "sessionStorage",
        "pipit.doctor",
        "npm/doctor-page.ts",
        "sessionStorage.removeItem(\"pipit.doctor\")",
    ),
    (
        "localStorage",
        "pipit.1.<service>.visitor",
        STORAGE,
        "const VISITOR: &str = \".visitor\";",
    ),
    (
        "localStorage",
        "pipit.1.forgotten",
        STORAGE,
        "const MARKER: &str = \"forgotten\";",
    ),
    (
        "localStorage",
        "pipit.muted",
        "npm/notifications.ts",
        "`${namespace}muted`",
    ),
    (
        "BroadcastChannel",
        "pipit.1.<service>",
        "src/runtime/mod.rs",
        "TabLock::join(&self.storage.key()",
    ),
    (
        "Web Locks",
        "pipit.1.<service>",
        "src/runtime/mod.rs",
        "TabLock::join(&self.storage.key()",
    ),
];

/// The code by which a file uses something that outlives it or that other tabs can see.
const WORDS: [&str; 8] = [
    "sessionStorage.",
    "localStorage.",
    "sessionStorage,",
    "session_storage()",
    "local_storage()",
    "BroadcastChannel::new",
    "new BroadcastChannel",
    "indexedDB",
];

/// The files that may contain one of [`WORDS`].
const FILES: [&str; 6] = [
    "npm/doctor-page.ts",
    "npm/frame-host.ts",
    "npm/notifications.ts",
    "npm/stored-conversation.ts",
    STORAGE,
    "src/runtime/tab_lock.rs",
];

#[test]
fn the_table_lists_exactly_the_keys_of_the_code() {
    let security = read("SECURITY.md");
    let (_, text) = security
        .split_once("## What is kept where")
        .expect("the section is there");
    let (text, _) = text.split_once("\n## ").expect("a section follows");
    let rows = text.lines().filter(|line| line.starts_with("| "));
    let in_table: BTreeSet<(String, String)> = rows
        .filter_map(|row| {
            let mut cells = row
                .trim_matches('|')
                .split(" | ")
                .map(|cell| cell.trim().replace('`', ""));
            Some((cells.next()?, cells.next()?))
        })
        // The memory of the page has no keys.
        .filter(|(_, key)| key.starts_with("pipit."))
        .collect();
    let in_code = PLACES.map(|(place, key, ..)| (place.to_owned(), key.to_owned()));
    assert_eq!(in_table, BTreeSet::from(in_code));
    for (_, key, file, code) in PLACES {
        assert!(read(file).contains(code), "{key}: {file} has no {code}");
    }
    let prefix = "export const STORAGE_PREFIX = \"pipit.1.\";";
    assert!(read("npm/contract.ts").contains(prefix));
    assert!(read("npm/stored-conversation.ts").contains("const MARKER = \"forgotten\";"));
}

#[test]
fn no_other_file_keeps_anything() {
    let mut files = Vec::new();
    let mut directories = vec!["npm".to_owned(), "src".to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(root().join(&directory)).expect("the directory is there") {
            let entry = entry.expect("the directory can be read");
            let path = format!("{directory}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                // The directories of `npm/` contain tests and other people's packages.
                if directory != "npm" {
                    directories.push(path);
                }
            } else if [".ts", ".rs"].iter().any(|end| path.ends_with(end)) {
                files.push(path);
            }
        }
    }
    let uses_storage = |file: &String| {
        let text = read(file);
        let code = text.lines().filter(|line| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.starts_with('*')
        });
        code.into_iter()
            .any(|line| WORDS.iter().any(|word| line.contains(word)))
    };
    let mut found: Vec<String> = files.into_iter().filter(uses_storage).collect();
    found.sort();
    assert_eq!(
        found, FILES,
        "SECURITY.md has to say what such a file keeps"
    );
}
