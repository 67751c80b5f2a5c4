//! The names of the operations to which a fault of a script can apply.

use pipit_wire::consumer::Operation;

/// The consumer's operations that a visitor's client calls.
const CONSUMER: [Operation; 5] = [
    Operation::RequestEngagement,
    Operation::GetMessages,
    Operation::PostMessage,
    Operation::Activity,
    Operation::ConcludeEngagement,
];

/// Checks the name of an operation: `consumer/` and an operation of the visitor's client.
///
/// # Errors
/// A sentence without a full stop that says what is allowed.
pub(crate) fn check_operation(name: &str) -> Result<(), String> {
    if CONSUMER
        .iter()
        .any(|operation| name.strip_prefix("consumer/") == Some(operation.name()))
    {
        return Ok(());
    }
    let allowed: Vec<String> = CONSUMER
        .iter()
        .map(|operation| format!("`consumer/{}`", operation.name()))
        .collect();
    Err(format!(
        "unknown operation `{name}`, expected one of {}",
        allowed.join(", ")
    ))
}
