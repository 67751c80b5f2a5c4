//! The sandbox's switches: what tests and people set in motion and look at. Not part of the API.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use pipit_switchboard::{Config, PoolAddress, Switchboard};
use pipit_wire::consumer::FileAttachment;
use pipit_wire::{AccountId, EngagementId, Refusal};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::answer::{Outcome, bad_request, json, not_found, respond};
use crate::asked::Asked;
use crate::fault::FaultRequest;
use crate::hall::Hall;
use crate::network::NetworkRequest;

/// The body of `POST /sandbox/migrate`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MigrateRequest {
    pool: String,
    domain: Option<String>,
    port: Option<u16>,
}

/// The body of `POST /sandbox/conference`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ConferenceRequest {
    engagement_id: Id,
    account_id: Id,
}

/// The body of `POST /sandbox/file`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileRequest {
    engagement_id: Id,
    name: String,
    content_type: String,
    size: i64,
}

/// The body of `POST /sandbox/transfer`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TransferRequest {
    engagement_id: Id,
}

/// An id as a number or as a text: JavaScript has only the text exactly.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Id {
    Number(i64),
    Text(String),
}

impl Id {
    fn number(&self) -> Result<i64, Refusal> {
        match self {
            Self::Number(number) => Ok(*number),
            Self::Text(text) => text
                .parse()
                .map_err(|_| bad_request(format!("{text:?} is not an id."))),
        }
    }
}

pub(crate) async fn serve(
    State(hall): State<Arc<Hall>>,
    Path(switch): Path<String>,
    request: Request,
) -> Response {
    respond(answer(&hall, &switch, request).await)
}

async fn answer(hall: &Hall, switch: &str, request: Request) -> Outcome {
    let asked = Asked::read(request).await?;
    let method = if switch == "state" {
        Method::GET
    } else {
        Method::POST
    };
    asked.require(&method)?;
    match switch {
        "state" => {
            let state = hall.call(|board, now| {
                board.tick(now);
                serde_json::to_string(&board.state())
            });
            return state
                .map(|text| json(StatusCode::OK, text))
                .map_err(|error| bad_request(format!("The state cannot be written: {error}.")));
        }
        "fault" => hall.faults().set(&body::<FaultRequest>(&asked)?)?,
        "network" => hall.network().set(&body::<NetworkRequest>(&asked)?)?,
        "config" => configure(hall, body(&asked)?)?,
        "migrate" => {
            let to: MigrateRequest = body(&asked)?;
            let address = PoolAddress {
                pool: to.pool,
                domain: to.domain,
                port: to.port,
            };
            hall.call(|board, now| board.migrate(address, now));
        }
        "conference" => {
            let request: ConferenceRequest = body(&asked)?;
            let engagement = EngagementId(request.engagement_id.number()?);
            let account = AccountId(request.account_id.number()?);
            hall.call(|board, now| board.invite(engagement, account, now))?;
        }
        "transfer" => {
            let request: TransferRequest = body(&asked)?;
            let engagement = EngagementId(request.engagement_id.number()?);
            hall.call(|board, now| board.transfer(engagement, now))?;
        }
        "file" => {
            let file: FileRequest = body(&asked)?;
            let engagement = EngagementId(file.engagement_id.number()?);
            let file = FileAttachment {
                user_file_name: Some(file.name),
                local_file_name: Some("sandbox".to_owned()),
                content_type: Some(file.content_type),
                file_size: Some(file.size),
                ..FileAttachment::default()
            };
            hall.call(|board, now| board.send_file(engagement, file, now))?;
        }
        "reset" => hall.reset(),
        other => return Err(not_found(&format!("There is no switch {other:?}."))),
    }
    Ok(json(StatusCode::OK, "{}".to_owned()))
}

/// Changes the settings that the patch names. `token_seconds` is the shell's own: how long tokens
/// made from now on are good.
fn configure(hall: &Hall, mut patch: Map<String, Value>) -> Result<(), Refusal> {
    let token_seconds = match patch.remove("token_seconds") {
        None => None,
        Some(value) => Some(
            value
                .as_i64()
                .ok_or_else(|| bad_request("token_seconds must be a whole number."))?,
        ),
    };
    hall.call(|board, _| {
        let config = patched(board, patch)?;
        config.check().map_err(bad_request)?;
        board.configure(config);
        Ok::<_, Refusal>(())
    })?;
    if token_seconds.is_some() {
        hall.tokens.set_lifetime(token_seconds);
    }
    Ok(())
}

fn patched(board: &Switchboard, patch: Map<String, Value>) -> Result<Config, Refusal> {
    let unreadable = |error: serde_json::Error| bad_request(format!("The settings: {error}."));
    let mut settings = serde_json::to_value(board.config()).map_err(unreadable)?;
    merge(&mut settings, Value::Object(patch));
    serde_json::from_value(settings).map_err(unreadable)
}

/// Objects are merged member by member, everything else is replaced.
fn merge(into: &mut Value, patch: Value) {
    match (into, patch) {
        (Value::Object(into), Value::Object(patch)) => {
            for (name, value) in patch {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, patch) => *into = patch,
    }
}

fn body<T: DeserializeOwned>(asked: &Asked) -> Result<T, Refusal> {
    serde_json::from_str(&asked.body)
        .map_err(|error| bad_request(format!("The body cannot be read: {error}.")))
}
