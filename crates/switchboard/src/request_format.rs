//! Checks the JSON of a request against the types and values that Oracle's API reference documents. The types of
//! `pipit-wire` read tolerantly: a member of a wrong type counts as absent there. A chat server must not do that, because a
//! client would never learn that the server has ignored a part of its request.
//!
//! A member that is `null` counts as absent. Members that the reference does not document are ignored. The checks of the
//! switchboard's operations (for example, whether an engagement exists) come later.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.

mod value_format;

use pipit_wire::agent::{
    self, AssignmentAction, AssignmentActionType, AssignmentType, AvailabilityStatus,
    DestinationType, MessageType, PropertyName, PropertyType, Visibility,
};
use pipit_wire::consumer::{self, ConsumerMode, ProactiveAvailableType};
use pipit_wire::vocabulary::{ActivityMode, SneakPreviewState};
use pipit_wire::{ExceptionCode, Refusal};
use serde_json::{Map, Value};

use value_format::{Format, one_of};

/// How exactly a request must follow the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strictness {
    /// A request that the reference does not allow is refused.
    #[default]
    Strict,
    /// As `Strict`, except for what clients are known to send: `clientRequestTime` as a number, the types of custom fields
    /// in lower case, and requests without `forceLogoff` and `subTypeId`. (FOUND)
    Lenient,
}

/// A documented member of a request.
struct Member {
    name: &'static str,
    format: Format,
    is_required: bool,
}

fn required(name: &'static str, format: Format) -> Member {
    Member {
        name,
        format,
        is_required: true,
    }
}

fn optional(name: &'static str, format: Format) -> Member {
    Member {
        name,
        format,
        is_required: false,
    }
}

/// Checks the body of a consumer's request or, for the two GET operations, the JSON in its address.
///
/// # Errors
/// 400 BAD_REQUEST with a sentence that names the member and what is allowed.
pub fn check_consumer_request(
    operation: consumer::Operation,
    members: &Map<String, Value>,
    strictness: Strictness,
) -> Result<(), Refusal> {
    let format = consumer_request(operation, strictness);
    check(&format, members, &ExceptionCode::BadRequest)
}

/// Checks the body of an agent's request or, for the one GET operation, the JSON in its address.
///
/// # Errors
/// As [`check_consumer_request`]. `postMessage` (PAGE 003), `rerouteEngagement` and `retrieveAgentsAndQueues` (FOUND) have
/// the code INVALID_FIELD instead.
pub fn check_agent_request(
    operation: agent::Operation,
    members: &Map<String, Value>,
    strictness: Strictness,
) -> Result<(), Refusal> {
    let code = match operation {
        agent::Operation::PostMessage
        | agent::Operation::RerouteEngagement
        | agent::Operation::RetrieveAgentsAndQueues => ExceptionCode::InvalidField,
        _ => ExceptionCode::BadRequest,
    };
    check(&agent_request(operation, strictness), members, &code)
}

/// Checks what the caller of `establishSessions` says about the visitor. (FOUND)
///
/// # Errors
/// As [`check_consumer_request`].
pub fn check_session_information(members: &Map<String, Value>) -> Result<(), Refusal> {
    let format = [
        optional("firstName", Format::Text),
        optional("lastName", Format::Text),
        optional("emailAddress", Format::Text),
        optional("queueId", Format::Int64),
        optional("contactId", Format::Int64),
        optional("organizationId", Format::Int64),
        optional("productId", Format::Int64),
        optional("categoryId", Format::Int64),
        optional("incidentId", Format::Int64),
        optional("question", Format::Text),
        optional("resumeType", Format::Text),
        optional("auxillaryData", Format::Object),
        optional("auxiliaryData", Format::Object),
        // Oracle's own sample sends the types in lower case. (FOUND)
        optional("customFields", Format::CustomFields { any_case: true }),
    ];
    check(&format, members, &ExceptionCode::BadRequest)
}

fn check(
    format: &[Member],
    members: &Map<String, Value>,
    code: &ExceptionCode,
) -> Result<(), Refusal> {
    let refusal = |text: String| Refusal::new(400, code, text);
    for member in format {
        let name = member.name;
        let allowed = member.format.description();
        match members.get(name).filter(|value| !value.is_null()) {
            Some(value) if member.format.allows(value) => {}
            Some(value) => {
                let found = shortened(value);
                return Err(refusal(format!(
                    "The member {name:?} must be {allowed}, but is {found}."
                )));
            }
            None if member.is_required => {
                return Err(refusal(format!(
                    "The member {name:?} is missing: it is required, and must be {allowed}."
                )));
            }
            None => {}
        }
    }
    Ok(())
}

/// The JSON of a value; of a long value, the beginning.
fn shortened(value: &Value) -> String {
    let json = value.to_string();
    match json.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", json.get(..end).unwrap_or_default()),
        None => json,
    }
}

fn consumer_request(operation: consumer::Operation, strictness: Strictness) -> Vec<Member> {
    use consumer::Operation;
    // The members that every POST of a consumer can have (PAGE 001 and FOUND).
    let request_time = match strictness {
        Strictness::Strict => Format::Text,
        Strictness::Lenient => Format::Any,
    };
    let common = [
        optional("clientRequestTime", request_time),
        optional("clientTransactionId", Format::Int64),
    ];
    match operation {
        Operation::RequestEngagement | Operation::GetMessages | Operation::ConcludeEngagement => {
            common.into()
        }
        Operation::PostMessage => with_common(
            common,
            [
                required("body", Format::Text),
                optional("messageId", Format::Text),
                optional("offTheRecord", Format::Flag),
                optional("richText", Format::Flag),
                optional("messageDataMap", Format::TextMap),
            ],
        ),
        Operation::Activity => with_common(
            common,
            [
                required("mode", one_of(ConsumerMode::ALL, ConsumerMode::as_str)),
                optional("sneakPreviewText", Format::Text),
                optional("sneakPreviewFocus", Format::Flag),
            ],
        ),
        Operation::GetQueueStats => vec![
            required("queueId", Format::Int64),
            required(
                "chatProactiveAvailableType",
                one_of(ProactiveAvailableType::ALL, ProactiveAvailableType::as_str),
            ),
        ],
        Operation::GetEngagementQueue => vec![
            optional("interfaceId", Format::Int32),
            optional("interfaceName", Format::Text),
            optional("productId", Format::Int64),
            optional("categoryId", Format::Int64),
            optional("organizationId", Format::Int64),
            optional(
                "customFields",
                Format::CustomFields {
                    any_case: strictness == Strictness::Lenient,
                },
            ),
        ],
    }
}

fn agent_request(operation: agent::Operation, strictness: Strictness) -> Vec<Member> {
    use agent::Operation;
    // The members that every request of an agent can have (PAGE 000, 002, 003, 004).
    let common = [
        optional("timeCreated", Format::Int64),
        optional("sequenceNumber", Format::Int64),
    ];
    // What is required and known to be left out.
    let required_if_strict = match strictness {
        Strictness::Strict => required,
        Strictness::Lenient => optional,
    };
    let visibility = one_of(Visibility::ALL, Visibility::as_str);
    match operation {
        Operation::GetMessages => common.into(),
        Operation::CreateAutomatedAgentSession => with_common(
            common,
            [
                optional("logonOverride", Format::Flag),
                optional("messageDataMap", Format::TextMap),
            ],
        ),
        Operation::SetActivityStatus => with_common(
            common,
            [
                required(
                    "status",
                    one_of(AvailabilityStatus::ALL, AvailabilityStatus::as_str),
                ),
                required_if_strict("subTypeId", Format::Int32),
            ],
        ),
        Operation::RequestAssignment => with_common(
            common,
            [
                required("assignmentRequested", Format::Flag),
                required("idleSessionCount", Format::Int32),
                required("maxSessionCount", Format::Int32),
            ],
        ),
        Operation::AssignmentAcknowledgement => with_common(
            common,
            [
                required(
                    "action",
                    one_of(AssignmentAction::ALL, AssignmentAction::as_str),
                ),
                required(
                    "actionType",
                    one_of(AssignmentActionType::ALL, AssignmentActionType::as_str),
                ),
                required(
                    "assignmentType",
                    one_of(AssignmentType::ALL, AssignmentType::as_str),
                ),
                required("engagementId", Format::Int64),
            ],
        ),
        Operation::PostMessage => with_common(
            common,
            [
                required("body", Format::Text),
                required("destinationId", Format::Int64),
                required(
                    "destinationType",
                    one_of(DestinationType::ALL, DestinationType::as_str),
                ),
                required("messageType", one_of(MessageType::ALL, MessageType::as_str)),
                optional("visibility", visibility),
                optional("messageId", Format::Text),
                optional("richText", Format::Flag),
                optional("messageDataMap", Format::TextMap),
            ],
        ),
        Operation::SetInteractionStatus => with_common(
            common,
            [
                required("clientId", Format::Int64),
                required("engagementId", Format::Int64),
                required("mode", one_of(ActivityMode::ALL, ActivityMode::as_str)),
                optional("sneakPreview", Format::Text),
                optional("sneakPreviewFocus", Format::Flag),
                optional("sneakPreviewInterval", Format::Int32),
                optional(
                    "sneakPreviewState",
                    one_of(SneakPreviewState::ALL, SneakPreviewState::as_str),
                ),
                optional("visibility", visibility),
            ],
        ),
        Operation::ConcludeChat | Operation::ReleaseChat | Operation::RerouteEngagement => {
            with_common(common, [required("engagementId", Format::Int64)])
        }
        Operation::SetEngagementProperty
        | Operation::ModifyProperties
        | Operation::RetrieveAgentsAndQueues
        | Operation::RerouteAvailability => property_or_directory_request(operation, common),
        Operation::Logoff => with_common(common, [required_if_strict("forceLogoff", Format::Flag)]),
    }
}

/// The members of the operations about properties, and of those that look beyond one engagement. (FOUND)
fn property_or_directory_request(operation: agent::Operation, common: [Member; 2]) -> Vec<Member> {
    use agent::Operation;
    match operation {
        Operation::SetEngagementProperty => with_common(
            common,
            [
                required("engagementId", Format::Int64),
                required("type", one_of(PropertyType::ALL, PropertyType::as_str)),
                required("name", one_of(PropertyName::ALL, PropertyName::as_str)),
                required("value", Format::Text),
            ],
        ),
        Operation::ModifyProperties => with_common(
            common,
            [
                required("engagementId", Format::Int64),
                optional("type", one_of(PropertyType::ALL, PropertyType::as_str)),
                optional("propertiesMap", Format::TextMap),
                optional("customFields", Format::CustomFields { any_case: true }),
            ],
        ),
        Operation::RetrieveAgentsAndQueues => with_common(
            common,
            [
                required("id", Format::Int64),
                required("includeAgentInformation", Format::Flag),
                required("includeQueueInformation", Format::Flag),
                required("includeQueueStatistics", Format::Flag),
                optional("type", Format::Text),
            ],
        ),
        // The only GET. Its request has no time and no number. (FOUND)
        Operation::RerouteAvailability => vec![required("engagementId", Format::Int64)],
        _ => common.into(),
    }
}

/// The members of one operation, before those that every operation has.
fn with_common<const N: usize>(common: [Member; 2], own: [Member; N]) -> Vec<Member> {
    own.into_iter().chain(common).collect()
}
