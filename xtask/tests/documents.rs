//! Tests of the Markdown documents: the files that they name exist, and the glossary stays short.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use repository::{read, root};
use std::{fs, path::PathBuf};

/// The maximum number of rows of the glossary. A reader should be able to learn all of it.
const MAX_GLOSSARY_ROWS: usize = 40;

/// The directories of the repository. A text between backticks counts as a path if it begins with one of them. Any
/// other text between backticks may be an address, an option or code.
const ROOTS: [&str; 10] = [
    "src/",
    "crates/",
    "npm/",
    "xtask/",
    "tests/",
    "docs/",
    "benches/",
    "examples/",
    "fuzz/",
    "www/",
];

#[test]
fn each_link_and_each_path_in_a_document_names_an_existing_file() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = read(&document);
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
fn the_call_of_establish_sessions_in_embed_md_is_the_one_of_the_tested_example() {
    let example = read("examples/session-endpoint/node/server.mjs");
    let function = example
        .split_once("/** Asks the service site")
        .and_then(|(_, rest)| rest.split_once("function isText"))
        .map(|(function, _)| function.trim())
        .expect("the example has the function");
    assert!(
        read("docs/embed.md").contains(function),
        "docs/embed.md and the example differ"
    );
}

#[test]
fn the_glossary_has_at_most_forty_rows() {
    let text = read("docs/glossary.md");
    let is_row = |line: &&str| line.starts_with("| ") && !line.starts_with("| Term |");
    let rows = text.lines().filter(is_row).count();
    assert!(
        rows <= MAX_GLOSSARY_ROWS,
        "the glossary has {rows} rows, and {MAX_GLOSSARY_ROWS} are the limit"
    );
}

#[test]
fn links_and_paths_are_found_in_a_text() {
    let text = "[a](docs/a.md#part), [b](https://b.example), `src/b.rs`, `npm/{c,d}.ts`, `src/*/e.rs`, `f.rs`, \
        ```\n`src/not-read.rs`\n```";
    assert_eq!(linked_files(text), ["docs/a.md"]);
    assert_eq!(quoted_paths(text), ["src/b.rs", "npm/c.ts", "npm/d.ts"]);
}

/// All documents except the changelog, which may name files that no longer exist.
fn documents() -> Vec<PathBuf> {
    let mut documents = Vec::new();
    let examples = fs::read_dir(root().join("examples/session-endpoint")).expect("it is there");
    let examples = examples.map(|entry| entry.expect("it can be read").path());
    let others = [
        "",
        "docs",
        "docs/decisions",
        "npm",
        "examples/session-endpoint",
    ];
    let directories = others.map(|directory| root().join(directory)).into_iter();
    for directory in directories.chain(examples.filter(|path| path.is_dir())) {
        let entries = fs::read_dir(directory).expect("the directory is there");
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

/// The files to which links lead, without fragments (`#part`). Links to other sites are left out.
fn linked_files(text: &str) -> Vec<String> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let files = targets.filter_map(|(target, _)| target.split('#').next());
    let local = files.filter(|file| !file.is_empty() && !file.contains(':'));
    local.map(str::to_owned).collect()
}

/// The paths between backticks that begin with a directory of the repository. `npm/{a,b}.ts` counts as two paths. A
/// path with a wildcard or a placeholder (`NAME`) does not count, and neither does code between triple backticks.
fn quoted_paths(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2);
    let quoted = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let paths = quoted.filter(|path| ROOTS.iter().any(|start| path.starts_with(start)));
    let plain = paths.filter(|path| !path.contains([' ', '*', '(']) && !path.contains("NAME"));
    plain.flat_map(expand).collect()
}

/// The paths that a path with braces stands for. A path without braces stands for itself.
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
