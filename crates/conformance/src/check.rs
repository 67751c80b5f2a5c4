//! [`check`]: all checks, in an order in which each finds what it needs.

use crate::pages::{
    family_agent, family_consumer, page_000, page_001, page_002, page_003, page_004,
};
use crate::run::Run;
use crate::server::{Server, Target};
use crate::statement::{Report, Statement};

/// All statements, in the order of the table.
pub fn statements() -> Vec<Statement> {
    [
        page_000::STATEMENTS,
        page_001::STATEMENTS,
        page_002::STATEMENTS,
        page_003::STATEMENTS,
        page_004::STATEMENTS,
        family_consumer::STATEMENTS,
        family_agent::STATEMENTS,
    ]
    .concat()
}

/// Checks a server against every statement. A step that fails does not end the run, except that without a visitor or an
/// agent nothing more can be tried.
///
/// # Errors
/// A sentence, if the HTTP client cannot be made.
pub async fn check(target: Target) -> Result<Report, String> {
    let mut run = Run::new(Server::new(target)?);
    check_pages(&mut run).await;
    run.end_everything().await;
    Ok(run.report)
}

async fn check_pages(run: &mut Run) {
    family_consumer::check_before(run).await;
    page_001::check(run).await;
    if run.visitors.is_empty() || !family_agent::log_on(run).await {
        return;
    }
    page_000::check(run).await;
    page_004::check_assignment(run).await;
    family_agent::accept(run).await;
    page_004::check_conversation(run).await;
    family_consumer::check_conversation(run).await;
    page_003::check(run).await;
    family_agent::check_conversation(run).await;
    page_004::check_hold(run).await;
    page_002::check(run).await;
    page_004::check_second_visitor(run).await;
    page_004::check_migration(run).await;
    family_agent::log_off(run).await;
}
