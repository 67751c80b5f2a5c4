//! Compares the threat model in `SECURITY.md` with the tests. Each row of its tables names at least one test as a link:
//! the text is the name of the test, and the target is its file.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod named_tests;
mod repository;

use named_tests::{has_test, links};
use repository::read;

/// A row of a table: the cells, without the blanks around them.
type Row<'text> = Vec<&'text str>;

#[test]
fn each_row_of_the_threat_model_names_tests_that_exist() {
    let text = read("SECURITY.md");
    let rows = threat_rows(&text);
    assert!(rows.len() >= 15, "the tables are found");
    let mut problems = Vec::new();
    for row in &rows {
        let tests = links(row.last().expect("a row has cells"));
        if tests.is_empty() {
            problems.push(format!("no test: {row:?}"));
        }
    }
    let prose = threat_model(&text);
    for (name, file) in links(prose) {
        if !has_test(&read(file), name) {
            problems.push(format!("{file} has no test {name}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn rows_links_and_tests_are_found() {
    let text = "## Threat model\n| a | b |\n|---|---|\n| x | [it_works](src/a.rs), [so](src/b.rs) |\n## Next\n| y | z |";
    let rows = threat_rows(text);
    assert_eq!(rows, [["x", "[it_works](src/a.rs), [so](src/b.rs)"]]);
    let tests = links(rows[0][1]);
    assert_eq!(tests, [("it_works", "src/a.rs"), ("so", "src/b.rs")]);
    let file =
        "#[test]\nfn it_works() {}\n#[wasm_bindgen_test]\nasync fn so() {}\nfn not_this() {}";
    assert!(has_test(file, "it_works") && has_test(file, "so"));
    assert!(!has_test(file, "it") && !has_test(file, "not_this"));
    let property = "proptest! {\n    #[test]\n    fn holds(\n        x in 0..1,\n    ) {}\n}";
    assert!(has_test(property, "holds"));
}

/// The part of the document below the heading *Threat model*.
fn threat_model(text: &str) -> &str {
    let (_, model) = text
        .split_once("## Threat model\n")
        .expect("there is a threat model");
    model.split("\n## ").next().unwrap_or_default()
}

/// The rows of all tables of the threat model, without headings.
fn threat_rows(text: &str) -> Vec<Row<'_>> {
    let lines: Vec<_> = threat_model(text).lines().collect();
    let is_rule = |line: &str| line.starts_with("|--");
    let rows = lines.iter().enumerate().filter(|(number, line)| {
        let is_heading = lines.get(number + 1).is_some_and(|next| is_rule(next));
        line.starts_with("| ") && !is_heading
    });
    rows.map(|(_, line)| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}
