//! Checks the conformance report in `docs/accessibility.md`: it has every criterion of WCAG 2.2 at the levels A and AA, and
//! each claim names a test that exists or a manual check with its date.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod named_tests;
mod repository;

use named_tests::{has_test, links};
use repository::read;

/// The criteria of WCAG 2.2 at level A. Criterion 4.1.1 is obsolete.
const LEVEL_A: [&str; 31] = [
    "1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", "1.3.3", "1.4.1", "1.4.2", "2.1.1",
    "2.1.2", "2.1.4", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.5.1",
    "2.5.2", "2.5.3", "2.5.4", "3.1.1", "3.2.1", "3.2.2", "3.2.6", "3.3.1", "3.3.2", "3.3.7",
    "4.1.2",
];

/// The criteria of WCAG 2.2 at level AA.
const LEVEL_AA: [&str; 24] = [
    "1.2.4", "1.2.5", "1.3.4", "1.3.5", "1.4.3", "1.4.4", "1.4.5", "1.4.10", "1.4.11", "1.4.12",
    "1.4.13", "2.4.5", "2.4.6", "2.4.7", "2.4.11", "2.5.7", "2.5.8", "3.1.2", "3.2.3", "3.2.4",
    "3.3.3", "3.3.4", "3.3.8", "4.1.3",
];

/// The words of the report for how far a criterion is met.
const LEVELS_OF_CONFORMANCE: [&str; 4] = [
    "Supports",
    "Partially supports",
    "Does not support",
    "Not applicable",
];

/// A criterion of the report.
struct Row<'text> {
    number: &'text str,
    conformance: &'text str,
    remark: &'text str,
}

/// The rows of the table below a heading.
fn rows<'text>(report: &'text str, heading: &str) -> Vec<Row<'text>> {
    let (_, table) = report
        .split_once(heading)
        .expect("the report has the table");
    let table = table.split("\n## ").next().unwrap_or_default();
    let lines = table.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = lines.filter_map(|line| {
        let mut cells = line.trim_end_matches(" |").split(" | ");
        let (number, _name) = cells.next()?.split_once(' ')?;
        let (conformance, remark) = (cells.next()?, cells.next()?);
        let is_number = number.starts_with(|first: char| first.is_ascii_digit());
        is_number.then_some(Row {
            number,
            conformance,
            remark,
        })
    });
    rows.collect()
}

#[test]
fn the_report_has_every_criterion_and_each_claim_has_a_test_or_a_dated_check() {
    let report = read("docs/accessibility.md");
    let mut problems = Vec::new();
    for (heading, expected) in [("level A\n", &LEVEL_A[..]), ("level AA\n", &LEVEL_AA[..])] {
        let rows = rows(&report, heading);
        let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, expected, "{heading}");
        for Row {
            number,
            conformance,
            remark,
        } in rows
        {
            if !LEVELS_OF_CONFORMANCE.contains(&conformance) {
                problems.push(format!("{number}: {conformance} is no level"));
            }
            let is_claim = matches!(conformance, "Supports" | "Partially supports");
            let has_check = remark.to_lowercase().contains("checked by hand on 2");
            if is_claim && links(remark).is_empty() && !has_check {
                problems.push(format!("{number}: no test and no check"));
            }
            for (name, file) in links(remark) {
                let path = file.strip_prefix("../").unwrap_or(file);
                if !has_test(&read(path), name) {
                    problems.push(format!("{number}: {path} has no test {name}"));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
