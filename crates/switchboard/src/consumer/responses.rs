//! The responses and refusals of the consumer's operations, and two kinds of messages to the consumer: the visitor's
//! own message, and a text that the server writes. The *consumer* is the visitor's client. An *engagement* is one chat
//! at the server.
//!
//! INFERRED: our assumption.

use pipit_wire::consumer::{
    ClientRequest, DelayedSurvey, Echo, MessagePosted, PostMessageRequest,
    RequestEngagementResponse, ResultType, Stamp,
};
use pipit_wire::{
    ClientId, EngagementId, ExceptionCode, Fields, Refusal, Secret, ServiceTime, SurveyId,
};

use crate::Config;
use crate::id_generator::SYSTEM_CLIENT;

/// The response of `requestEngagement` when the server has created the engagement. It already names the surveys that the
/// consumer may offer to the visitor after the end.
pub(super) fn engagement_started(
    config: &Config,
    id: EngagementId,
    session: Secret,
    echo: Echo,
) -> RequestEngagementResponse {
    let delayed = config.delayed_survey.as_ref();
    RequestEngagementResponse {
        result_type: ResultType::Success,
        engagement_id: Some(id),
        session_id: Some(session),
        sneak_preview_state: Some(config.sneak_preview_state.clone()),
        sneak_preview_interval: Some(config.sneak_preview_interval_ms),
        cancelled_survey_id: SurveyId(config.cancelled_survey.id),
        cancelled_survey_auth: config.cancelled_survey.auth.clone(),
        completed_survey_id: SurveyId(config.completed_survey.id),
        completed_survey_auth: config.completed_survey.auth.clone(),
        delayed_survey: DelayedSurvey {
            id: delayed.map(|survey| SurveyId(survey.id)),
            auth: delayed.map(|survey| survey.auth.clone()),
            delay_seconds: delayed.map(|survey| survey.delay_seconds),
            ..DelayedSurvey::default()
        },
        echo,
        unknown: Fields::default(),
    }
}

/// The response of `requestEngagement` when no engagement has begun. It names no session and no client. (INFERRED)
pub(super) fn not_started(
    result_type: ResultType,
    request: &ClientRequest,
    now: i64,
) -> RequestEngagementResponse {
    let echo = Echo {
        client_id: None,
        ..echo(ClientId(0), request, now)
    };
    RequestEngagementResponse::not_started(result_type, echo)
}

/// The refusal of an engagement in a queue that the site does not have.
pub(super) fn unknown_queue() -> Refusal {
    Refusal::new(
        409,
        &ExceptionCode::Conflict,
        "The routing rules have taken the engagement out of the queue: the settings list the queues, \
         and this one is not among them.",
    )
}

/// The *echo*, which every response of this file contains: the consumer's client id, the times of processing, and
/// members that are repeated from the request.
pub(super) fn echo(client: ClientId, request: &ClientRequest, now: i64) -> Echo {
    Echo {
        client_id: Some(client),
        client_request_time: request.client_request_time.clone(),
        client_transaction_id: request.client_transaction_id.unwrap_or(0),
        service_start_time: Some(ServiceTime::Iso(now)),
        service_finish_time: Some(ServiceTime::Iso(now)),
        ..Echo::default()
    }
}

/// The visitor's message as the server sends it back to the visitor's own client. (INFERRED)
pub(super) fn own_message(request: &PostMessageRequest, client: ClientId) -> MessagePosted {
    MessagePosted {
        client_id: Some(client),
        rich_text: Some(request.rich_text.unwrap_or(false)),
        off_the_record: Some(request.off_the_record.unwrap_or(false)),
        message_id: request.message_id.clone(),
        message_data_map: request.message_data_map.clone(),
        ..message_with_body(&request.body)
    }
}

/// A message that the server itself writes. Its sender is a client id that belongs to no participant. (INFERRED)
pub(super) fn server_message(body: &str) -> MessagePosted {
    MessagePosted {
        client_id: Some(SYSTEM_CLIENT),
        rich_text: Some(false),
        ..message_with_body(body)
    }
}

/// A message with this text and without any optional member.
fn message_with_body(body: &str) -> MessagePosted {
    MessagePosted {
        body: body.to_owned(),
        client_id: None,
        rich_text: None,
        off_the_record: None,
        va_response: None,
        message_id: None,
        message_data_map: None,
        stamp: Stamp::default(),
        unknown: Fields::default(),
    }
}

/// The refusal of a session id that identifies no session.
pub(super) fn unknown_session() -> Refusal {
    Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        "This SessionId is unknown: it never was one, or its engagement is over. Request a new \
         engagement with a new token.",
    )
}

/// The refusal of a message to an engagement that is over. Its text says that the lead (the agent who led the engagement)
/// has left. The text is the same if the engagement ended for another reason.
pub(super) fn lead_has_left() -> Refusal {
    Refusal::new(
        409,
        &ExceptionCode::Conflict,
        "The lead agent has left the engagement: nobody can read this message.",
    )
}

/// The refusal of the message because of which the spam rule has ended the engagement.
pub(super) fn ejected() -> Refusal {
    Refusal::new(
        409,
        &ExceptionCode::Conflict,
        "The conversation was ended because messages were repeatedly taken for spam.",
    )
}

/// The refusal of an `activity` request whose mode is not documented.
pub(super) fn unknown_mode(mode: &str) -> Refusal {
    Refusal::new(
        400,
        &ExceptionCode::BadRequest,
        format!("The member \"mode\" must be LISTENING or RESPONDING, but is {mode:?}."),
    )
}
