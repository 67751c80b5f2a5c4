//! Compares the promises of the documents with docs/promises.md, which names a test for each of them, and the figures of the
//! documents with the constants in the code.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod named_tests;
mod repository;

use named_tests::{has_test, links};
use repository::{read, root};
use std::fs;

/// The documents in which each sentence with a word of [`ABSOLUTE_WORDS`] needs a row.
const DOCUMENTS: [&str; 8] = [
    "README.md",
    "SECURITY.md",
    "docs/embed.md",
    "docs/faults.md",
    "docs/field.md",
    "docs/get-started.md",
    "docs/logout.md",
    "npm/README.md",
];

/// The words of a promise without exceptions, in small letters.
const ABSOLUTE_WORDS: [&str; 4] = ["never", "always", "no request", "certainly"];

/// A row of a table: the cells, without the blanks around them.
type Row = Vec<String>;

#[test]
fn each_promise_names_tests_that_exist() {
    let rows = rows("## Promises");
    assert!(rows.len() >= 25, "the table is found");
    let mut problems = Vec::new();
    for row in &rows {
        let [page, words, tests] = row.as_slice() else {
            problems.push(format!("not three cells: {row:?}"));
            continue;
        };
        if !prose(page).contains(words) {
            problems.push(format!("{page} does not say: {words}"));
        }
        let tests = links(tests);
        if tests.is_empty() {
            problems.push(format!("no test: {words}"));
        }
        for (name, file) in tests {
            if !has_test(&read(file.trim_start_matches("../")), name) {
                problems.push(format!("{file} has no test {name}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn each_sentence_without_exceptions_has_a_row() {
    let rows = rows("## Promises");
    let mut missing = Vec::new();
    for page in DOCUMENTS {
        let promises: Vec<_> = rows.iter().filter(|row| row[0] == page).collect();
        for sentence in sentences(&prose(page)) {
            let has_row = promises
                .iter()
                .any(|row| row[1].contains(sentence) || sentence.contains(&row[1]));
            if is_absolute(sentence) && !has_row {
                missing.push(format!("{page}: {sentence}"));
            }
        }
    }
    let security = read("SECURITY.md");
    let promised = security
        .split("## What Pipit promises\n")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .expect("SECURITY.md has promises");
    for promise in promised.split("\n- **").skip(1) {
        let name = promise.split("**").next().unwrap_or_default();
        if !rows.iter().any(|row| row[1] == name) {
            missing.push(format!("SECURITY.md: {name}"));
        }
    }
    assert!(
        missing.is_empty(),
        "docs/promises.md has no row for:\n{}",
        missing.join("\n")
    );
}

#[test]
fn each_figure_is_the_one_of_the_code() {
    let rows = rows("## Figures");
    assert!(rows.len() >= 20, "the table is found");
    let mut problems = Vec::new();
    for row in &rows {
        let [page, words, file, code] = row.as_slice() else {
            problems.push(format!("not four cells: {row:?}"));
            continue;
        };
        if !prose(page).contains(words) {
            problems.push(format!("{page} does not say: {words}"));
        }
        let (file, code) = (file.trim_matches('`'), code.trim_matches('`'));
        if !read(file).contains(code) {
            problems.push(format!("{file} does not contain: {code}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_number_of_languages_is_the_one_of_the_files() {
    let files = fs::read_dir(root().join("src/locale")).expect("the directory is there");
    let paths = files.filter_map(|file| Some(file.ok()?.path()));
    let count = paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .count();
    assert_eq!(count, 18, "write the new number into the documents below");
    for (document, words) in [
        ("ARCHITECTURE.md", "eighteen languages"),
        ("docs/add-a-language.md", "eighteen languages"),
        ("docs/compare.md", "| Languages | 18 |"),
    ] {
        assert!(read(document).contains(words), "{document}");
    }
}

#[test]
fn sentences_and_their_words_are_found() {
    let text = "It never ends. | Whenever it runs, it_never_works | always open";
    let absolute: Vec<_> = sentences(text).filter(|it| is_absolute(it)).collect();
    assert_eq!(absolute, ["It never ends.", "always open"]);
}

/// The rows of the table below a heading of docs/promises.md, without its first two lines.
fn rows(heading: &str) -> Vec<Row> {
    let text = read("docs/promises.md");
    let (_, rest) = text.split_once(heading).expect("the heading is there");
    let section = rest.split("\n## ").next().unwrap_or_default();
    let lines = section.lines().filter(|line| line.starts_with("| "));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    lines.skip(1).map(cells).collect()
}

/// The text of a document on one line, without code blocks and bold type.
fn prose(document: &str) -> String {
    let text = read(document);
    let prose: String = text.split("```").step_by(2).collect();
    let prose = prose.replace("**", "");
    prose.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sentences of a text. The cells of a table count as sentences.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let cells = text.split(" | ");
    cells
        .flat_map(|cell| cell.split_inclusive(". "))
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty())
}

/// Whether a sentence has one of the words without exceptions.
fn is_absolute(sentence: &str) -> bool {
    let words: String = sentence
        .to_lowercase()
        .chars()
        .map(|letter| {
            // An underscore belongs to the name of a test, which is no promise.
            if letter.is_alphanumeric() || letter == '_' {
                letter
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<_> = words.split_whitespace().collect();
    let words = format!(" {} ", words.join(" "));
    ABSOLUTE_WORDS
        .iter()
        .any(|word| words.contains(&format!(" {word} ")))
}
