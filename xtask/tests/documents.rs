//! Tests of the Markdown documents: the files and headings that they name exist, the visitor's texts that they quote are
//! those of the widget, and the glossary stays short.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use repository::{read, root};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

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

/// The words in italics that stand in documents with quotations and are none.
const NO_QUOTATIONS: [&str; 3] = ["gap", "italics", "Live"];

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
fn each_link_to_a_heading_names_an_existing_heading() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = read(&document);
        let directory = document.parent().expect("a document is in a directory");
        for (file, heading) in linked_headings(&text) {
            let target = if file.is_empty() {
                document.clone()
            } else {
                directory.join(&file)
            };
            if !heading_names(&read(target)).contains(&heading) {
                missing.push(format!("{}: {file}#{heading}", document.display()));
            }
        }
    }
    assert!(
        missing.is_empty(),
        "these headings do not exist:\n{}",
        missing.join("\n")
    );
}

#[test]
fn each_quoted_text_of_the_visitor_is_one_of_the_widget() {
    let card: Value = serde_json::from_str(&read("npm/fallback-card.json")).expect("it is JSON");
    let english: Value = serde_json::from_str(&read("src/locale/en.json")).expect("it is JSON");
    let mut texts = Vec::new();
    for list in [&english, &card["en"]] {
        let list = list.as_object().expect("it is a list of texts");
        texts.extend(list.values().filter_map(Value::as_str).map(plain_words));
    }
    let mut unknown = Vec::new();
    for document in ["docs/faults.md", "docs/troubleshooting.md"] {
        for quoted in in_italics(&read(document)) {
            let words = plain_words(&quoted);
            let is_known = texts.iter().any(|text| text.contains(&words));
            if !is_known && !NO_QUOTATIONS.contains(&&*quoted) {
                unknown.push(format!("{document}: {quoted}"));
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "the widget has no such texts:\n{}",
        unknown.join("\n")
    );
}

#[test]
fn each_test_that_a_document_names_exists() {
    let mut sources = String::new();
    for directory in ["crates", "src", "tests", "xtask"] {
        add_rust_sources(&root().join(directory), &mut sources);
    }
    let mut unknown = Vec::new();
    for document in documents() {
        let text = read(&document);
        let prose: Vec<_> = text.split("```").step_by(2).collect();
        let prose = prose.concat();
        for name in prose.split('`').skip(1).step_by(2) {
            // A long name can also be that of a setting, which is not a function.
            if is_name_of_a_test(name) && !sources.contains(name) {
                unknown.push(format!("{}: {name}", document.display()));
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "these tests do not exist:\n{}",
        unknown.join("\n")
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
fn the_endpoint_in_readme_and_get_started_is_the_one_of_the_example() {
    let example = read("examples/get-started/endpoint.mjs");
    let (_, code) = example
        .split_once("\n\n")
        .expect("the code follows a comment");
    for document in ["README.md", "docs/get-started.md"] {
        assert!(read(document).contains(code.trim()), "{document}");
    }
    let page = read("examples/get-started/index.html");
    let guide = read("docs/get-started.md");
    let tag = page.lines().find(|line| line.contains("<script"));
    assert!(guide.contains(tag.expect("the page has the tag").trim()));
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
fn headings_and_quotations_are_found_in_a_text() {
    let text = "## How it works, on *your* page\n[a](#b-c), [d](docs/e.md#f), **bold** and *two words*, `x*y*z`";
    assert_eq!(heading_names(text), ["how-it-works-on-your-page"]);
    let expected = [("", "b-c"), ("docs/e.md", "f")];
    assert_eq!(
        linked_headings(text),
        expected.map(|(file, heading)| (file.to_owned(), heading.to_owned()))
    );
    assert_eq!(in_italics(text), ["your", "two words"]);
    assert_eq!(plain_words("Can't {n} reach, it!"), "cant reach it");
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

/// The headings to which links lead, each with its file. The file is empty for a heading of the same document. Links to
/// other sites are left out.
fn linked_headings(text: &str) -> Vec<(String, String)> {
    let targets = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    let headings = targets.filter_map(|(target, _)| target.split_once('#'));
    let local = headings.filter(|(file, _)| !file.contains(':'));
    local
        .filter(|(file, _)| {
            file.is_empty() || Path::new(file).extension().is_some_and(|it| it == "md")
        })
        .map(|(file, heading)| (file.to_owned(), heading.to_owned()))
        .collect()
}

/// The names by which links lead to the headings of a document, as GitHub and GitLab make them.
fn heading_names(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let name = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase();
        let is_kept = |letter: &char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_');
        let kept: String = heading.chars().filter(is_kept).collect();
        kept.replace(' ', "-")
    };
    headings.map(name).collect()
}

/// The texts in italics, outside of code. Bold texts are left out.
fn in_italics(text: &str) -> Vec<String> {
    let prose: String = text.split('`').step_by(2).collect();
    let prose = prose.replace("**", "");
    let lines = prose.lines().flat_map(|line| {
        let pieces: Vec<_> = line.split('*').collect();
        // A line with a single asterisk has no text in italics.
        let count = pieces.len() / 2 * usize::from(pieces.len() % 2 == 1);
        pieces
            .into_iter()
            .skip(1)
            .step_by(2)
            .take(count)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    lines.filter(|text| !text.trim().is_empty()).collect()
}

/// Whether a text between backticks is long enough to be the name of a test: five words or more.
fn is_name_of_a_test(text: &str) -> bool {
    let is_in_name =
        |letter: char| letter == '_' || letter.is_ascii_lowercase() || letter.is_ascii_digit();
    text.matches('_').count() >= 4 && text.chars().all(is_in_name)
}

/// Adds the text of all Rust files in a directory and its subdirectories.
fn add_rust_sources(directory: &Path, sources: &mut String) {
    for entry in fs::read_dir(directory).expect("the directory is there") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            add_rust_sources(&path, sources);
        } else if path.extension().is_some_and(|end| end == "rs") {
            sources.push_str(&read(path));
        }
    }
}

/// The words of a text in small letters, without punctuation and without what is in braces.
fn plain_words(text: &str) -> String {
    let mut plain = String::new();
    let mut is_in_braces = false;
    for letter in text.to_lowercase().chars() {
        match letter {
            '{' | '}' => is_in_braces = letter == '{',
            '\'' | '’' => {}
            _ if is_in_braces => {}
            _ if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    let words: Vec<_> = plain.split_whitespace().collect();
    words.join(" ")
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
