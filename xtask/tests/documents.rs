//! The documents name files that exist, and the glossary stays short.

#![allow(
    clippy::expect_used,
    reason = "a test that cannot go on says so by a panic"
)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The most rows that the glossary may have: a reader should be able to learn it in one sitting.
const GLOSSARY_ROWS: usize = 40;

/// The directories and files at the root whose paths count in a text between backticks. Any other text between backticks
/// may be an address, an option or code.
const ROOTS: [&str; 9] = [
    "src/", "crates/", "npm/", "xtask/", "tests/", "docs/", "benches/", "fuzz/", "www/",
];

#[test]
fn each_link_and_each_path_leads_to_a_file() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).expect("the document can be read");
        let directory = document.parent().expect("a document is in a directory");
        let links = linked_files(&text)
            .into_iter()
            .map(|link| (directory.join(&link), link));
        let paths = quoted_paths(&text)
            .into_iter()
            .map(|path| (root().join(&path), path));
        for (file, name) in links.chain(paths) {
            if !file.exists() {
                missing.push(format!("{}: {name}", document.display()));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "these files do not exist:\n{}",
        missing.join("\n")
    );
}

#[test]
fn the_glossary_is_short() {
    let text = fs::read_to_string(root().join("docs/glossary.md")).expect("there is a glossary");
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| Term |");
    let rows = text.lines().filter(is_row).count();
    assert!(
        rows <= GLOSSARY_ROWS,
        "the glossary has {rows} rows, and {GLOSSARY_ROWS} are the limit"
    );
}

#[test]
fn links_and_paths_are_found_in_a_text() {
    let text = "[a](docs/a.md#part), [b](https://b.example), `src/b.rs`, `npm/{c,d}.ts`, `src/*/e.rs`, `f.rs`, \
        ```\n`src/not-read.rs`\n```";
    assert_eq!(linked_files(text), ["docs/a.md"]);
    assert_eq!(quoted_paths(text), ["src/b.rs", "npm/c.ts", "npm/d.ts"]);
}

/// All documents but the changelog, which speaks of files that are gone.
fn documents() -> Vec<PathBuf> {
    let mut documents = Vec::new();
    for directory in ["", "docs", "docs/decisions", "npm"] {
        let entries = fs::read_dir(root().join(directory)).expect("the directory is there");
        for entry in entries {
            let path = entry.expect("it can be read").path();
            let is_document = path.extension().is_some_and(|end| end == "md");
            if is_document && !path.ends_with("CHANGELOG.md") {
                documents.push(path);
            }
        }
    }
    documents
}

/// The targets of links, without those to other sites and without the part of a page.
fn linked_files(text: &str) -> Vec<String> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let files = targets.filter_map(|(target, _)| target.split('#').next());
    let local = files.filter(|file| !file.is_empty() && !file.contains(':'));
    local.map(str::to_owned).collect()
}

/// The paths between backticks that begin in a directory of the repository. `npm/{a,b}.ts` counts as two paths; a path
/// with a wildcard or a placeholder (`NAME`) does not count.
fn quoted_paths(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2);
    let quoted = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let paths = quoted.filter(|path| ROOTS.iter().any(|start| path.starts_with(start)));
    let plain = paths.filter(|path| !path.contains([' ', '*', '(']) && !path.contains("NAME"));
    plain.flat_map(expand).collect()
}

fn expand(path: &str) -> Vec<String> {
    let parts = path.split_once('{').and_then(|(before, rest)| {
        let (names, after) = rest.split_once('}')?;
        Some((before, names, after))
    });
    match parts {
        None => vec![path.to_owned()],
        Some((before, names, after)) => {
            let names = names.split(',');
            names
                .map(|name| format!("{before}{}{after}", name.trim()))
                .collect()
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
