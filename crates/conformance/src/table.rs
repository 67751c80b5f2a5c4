//! Writes a report as a table: for a terminal, and as Markdown for `docs/conformance.md`.

use std::fmt::Write as _;

use crate::check::statements;
use crate::statement::{Outcome, Report};

/// The report as lines for a terminal. The first column says what became of the statement.
pub fn text_table(report: &Report) -> String {
    let mut table = String::new();
    for statement in statements() {
        let outcome = report.outcome(statement.id);
        let mark = match outcome {
            Outcome::Passed(_) => "ok  ",
            Outcome::Failed(_) => "FAIL",
            Outcome::NotTried(_) => "--  ",
        };
        let _ = writeln!(
            table,
            "{mark} {:6} {}\n            expected {}\n            seen     {}",
            statement.id,
            statement.text,
            statement.expected,
            outcome.seen()
        );
    }
    table
}

/// One line that counts the outcomes.
pub fn summary(report: &Report) -> String {
    let outcomes: Vec<Outcome> = statements()
        .iter()
        .map(|statement| report.outcome(statement.id))
        .collect();
    let count =
        |is_counted: fn(&Outcome) -> bool| outcomes.iter().filter(|it| is_counted(it)).count();
    format!(
        "{} statements: {} passed, {} failed, {} not tried",
        outcomes.len(),
        count(|it| matches!(it, Outcome::Passed(_))),
        count(|it| matches!(it, Outcome::Failed(_))),
        count(|it| matches!(it, Outcome::NotTried(_)))
    )
}

/// The statements as a table in Markdown, without what was seen, which depends on the server.
pub fn markdown() -> String {
    let mut table = String::from("| Statement | The reference says | Expected |\n|---|---|---|\n");
    for statement in statements() {
        let _ = writeln!(
            table,
            "| {} | {} | {} |",
            statement.id, statement.text, statement.expected
        );
    }
    table
}
