//! Says which requests are sent again by themselves if their answer is lost, and after which pauses.

use pipit_wire::agent::Operation;

/// The pauses before the second and the third attempt, in ms.
pub(crate) const PAUSES_MS: [u32; 2] = [300, 1_500];

/// Whether the client sends a request of this operation again after a transient failure, although the server may have
/// processed it already. That is safe if processing it twice has the same effect as processing it once.
///
/// A poll is not repeated here: its loop repeats it, and tells its caller about each failure.
pub(crate) fn is_repeatable(operation: Operation) -> bool {
    match operation {
        // These set a value, or only ask.
        Operation::SetActivityStatus
        | Operation::RequestAssignment
        | Operation::SetInteractionStatus
        | Operation::SetEngagementProperty
        | Operation::ModifyProperties
        | Operation::RetrieveAgentsAndQueues
        | Operation::RerouteAvailability => true,
        // A second message would arrive twice. The others are refused the second time, and the refusal would hide that the
        // first attempt has succeeded.
        Operation::PostMessage
        | Operation::CreateAutomatedAgentSession
        | Operation::AssignmentAcknowledgement
        | Operation::ConcludeChat
        | Operation::ReleaseChat
        | Operation::RerouteEngagement
        | Operation::Logoff
        | Operation::GetMessages => false,
    }
}
