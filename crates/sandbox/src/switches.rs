//! The sandbox's *switches*: requests to `/sandbox/…` with which tests and people plan faults, change settings and read the
//! state. They are not part of the chat REST API. An invalid request is refused with a sentence that says what is wrong.

use std::ops::RangeInclusive;
use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use pipit_switchboard::PoolAddress;
use pipit_wire::consumer::FileAttachment;
use pipit_wire::{AccountId, EngagementId, Refusal};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::answer_faults::FaultRequest;
use crate::api_request::ApiRequest;
use crate::app_state::AppState;
use crate::network_faults::NetworkRequest;
use crate::response::{
    ApiResult, bad_request, into_response, json_text, not_found, unreadable_address,
};

/// The body of `POST /sandbox/migrate`, which moves the site (the customer's account at the chat service) to another
/// pool (group of chat servers).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MigrateRequest {
    /// The id of the new pool.
    pool: String,
    /// The domain of the new pool; `None` means 127.0.0.1.
    domain: Option<String>,
    /// The port of the new pool; `None` means the port of the sandbox's API.
    port: Option<u16>,
}

/// The body of `POST /sandbox/conference`, which invites a second agent to an engagement (chat).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ConferenceRequest {
    engagement_id: NumberOrText,
    /// The account of the second agent.
    account_id: NumberOrText,
}

/// The body of `POST /sandbox/file`, which sends the visitor a file in the agent's name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileRequest {
    engagement_id: NumberOrText,
    name: String,
    content_type: String,
    /// The size in bytes.
    size: i64,
}

/// The body of `POST /sandbox/transfer`, which puts an engagement back into the queue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TransferRequest {
    engagement_id: NumberOrText,
}

/// An id, as a number or as a text. JavaScript cannot represent all ids above 2^53 as numbers, so it has to send them
/// as texts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(i64),
    Text(String),
}

impl NumberOrText {
    fn number(&self) -> Result<i64, Refusal> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => text
                .parse()
                .map_err(|_| bad_request(format!("{text:?} is not an id."))),
        }
    }
}

/// Handles a request to `/sandbox/{switch}`.
pub(crate) async fn serve(
    State(app): State<Arc<AppState>>,
    switch: Result<Path<String>, PathRejection>,
    http_request: Request,
) -> Response {
    let Ok(Path(switch)) = switch else {
        return unreadable_address();
    };
    into_response(operate(&app, &switch, http_request).await)
}

/// Performs the request of a switch.
async fn operate(app: &AppState, switch: &str, http_request: Request) -> ApiResult {
    let request = ApiRequest::read(http_request).await?;
    // Only the switch `state` is for reading; every other switch changes something.
    let method = if switch == "state" {
        Method::GET
    } else {
        Method::POST
    };
    request.require_method(&method)?;
    match switch {
        "state" => {
            let state = app.mutate(|switchboard, now| {
                // Runs the time-outs that are due, so that the state is up to date.
                switchboard.tick(now);
                serde_json::to_string(&switchboard.state())
            });
            let text = state
                .map_err(|error| bad_request(format!("The state cannot be written: {error}.")))?;
            return Ok(json_text(StatusCode::OK, text));
        }
        "fault" => app.answer_faults().set(&body::<FaultRequest>(&request)?)?,
        "network" => app
            .network_faults()
            .set(&body::<NetworkRequest>(&request)?)?,
        "config" => configure(app, body(&request)?)?,
        "migrate" => {
            let to: MigrateRequest = body(&request)?;
            let address = PoolAddress {
                pool: to.pool,
                domain: to.domain,
                port: to.port,
            };
            app.mutate(|switchboard, now| switchboard.migrate(address, now));
        }
        "conference" => {
            let conference: ConferenceRequest = body(&request)?;
            let engagement = EngagementId(conference.engagement_id.number()?);
            let account = AccountId(conference.account_id.number()?);
            app.mutate(|switchboard, now| switchboard.invite(engagement, account, now))?;
        }
        "transfer" => {
            let transfer: TransferRequest = body(&request)?;
            let engagement = EngagementId(transfer.engagement_id.number()?);
            app.mutate(|switchboard, now| switchboard.transfer(engagement, now))?;
        }
        "file" => {
            let file: FileRequest = body(&request)?;
            let engagement = EngagementId(file.engagement_id.number()?);
            let attachment = made_up_file(file.name, file.content_type, file.size);
            app.mutate(|switchboard, now| switchboard.send_file(engagement, attachment, now))?;
        }
        // Removes all engagements, agents and planned faults, and restores the settings.
        "reset" => app.reset(),
        other => return Err(not_found(&format!("There is no switch {other:?}.")).into()),
    }
    Ok(json_text(StatusCode::OK, "{}".to_owned()))
}

/// A file of an agent, with a size in bytes.
pub(crate) fn made_up_file(name: String, content_type: String, size: i64) -> FileAttachment {
    FileAttachment {
        user_file_name: Some(name),
        // The sandbox has no file with this name: it delivers `size` made-up bytes under any name.
        local_file_name: Some("sandbox".to_owned()),
        content_type: Some(content_type),
        file_size: Some(size),
        ..FileAttachment::default()
    }
}

/// Changes the settings that the patch (the body of `POST /sandbox/config`) names. `token_seconds` is not a setting of
/// the switchboard (the server's rules): it is the lifetime of the tokens that are signed from now on, in s.
fn configure(app: &AppState, mut patch: Map<String, Value>) -> Result<(), Refusal> {
    let token_seconds = match patch.remove("token_seconds") {
        None => None,
        Some(value) => Some(
            value
                .as_i64()
                .filter(|it| TOKEN_SECONDS.contains(it))
                .ok_or_else(|| {
                    bad_request(format!(
                        "token_seconds must be a whole number from {} to {}.",
                        TOKEN_SECONDS.start(),
                        TOKEN_SECONDS.end()
                    ))
                })?,
        ),
    };
    app.mutate(|switchboard, _| {
        let config = switchboard.config().with_changes(patch);
        switchboard.configure(config.map_err(bad_request)?);
        Ok::<_, Refusal>(())
    })?;
    if token_seconds.is_some() {
        app.tokens.set_lifetime(token_seconds);
    }
    Ok(())
}

/// The lifetimes that tokens can have, in s: up to about ten years. A negative one makes tokens that have expired.
const TOKEN_SECONDS: RangeInclusive<i64> = -315_360_000..=315_360_000;

/// Parses the body of a switch's request.
fn body<T: DeserializeOwned>(request: &ApiRequest) -> Result<T, Refusal> {
    serde_json::from_str(&request.body)
        .map_err(|error| bad_request(format!("The body cannot be read: {error}.")))
}
