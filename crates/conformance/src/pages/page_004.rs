//! PAGE 004: the agent's operation `getMessages`, and the formats of its messages. A *poll* is one call of it.

mod envelope;
mod message_format;

use serde_json::json;

use crate::answer::{Form, all, member_of};
use crate::run::{Run, arrived};
use crate::server::UNKNOWN_SESSION;
use crate::statement::{Statement, statement};
use envelope::{check_batch, check_envelope};
use message_format::{Format, INITIATION_TYPES, MODES, REASONS, REQUEST_SOURCES, ROLES, TAIL};

pub(crate) const STATEMENTS: &[Statement] = &[
    statement(
        "004.1",
        "The request completes successfully with a list of messages",
        "200, getResponseTypes is a list",
    ),
    statement(
        "004.2",
        "The answer is JSON in UTF-8",
        "application/json;charset=utf-8",
    ),
    statement(
        "004.3",
        "The client id is sent twice",
        "clientId and clientIdString agree",
    ),
    statement(
        "004.4",
        "The sequence number is echoed twice",
        "sequenceNumber and sequenceNumberString are that of the request",
    ),
    statement(
        "004.5",
        "The answer has a session id",
        "sessionId is a text",
    ),
    statement(
        "004.6",
        "The answer has the client's time, or the text null",
        "clientSendTime is there",
    ),
    statement(
        "004.7",
        "The time of the answer is sent twice",
        "responseSentMilliseconds and its text agree",
    ),
    statement(
        "004.8",
        "The two service times are texts of ISO 8601",
        "serviceStartTime and serviceFinishTime",
    ),
    statement(
        "004.9",
        "The answer says whether a disconnection is in it",
        "containsDisconnect is a flag, and right",
    ),
    statement(
        "004.10",
        "Each message is an object with one member, its type",
        "one member",
    ),
    statement(
        "004.11",
        "The agent session identifier is unknown",
        "403 ACCESS_DENIED",
    ),
    statement("004.12", "The header X-AID is required", "403"),
    statement(
        "004.13",
        "The resource was not found",
        "404 for a site that does not exist",
    ),
    statement(
        "004.14",
        "The validation of the request object failed",
        "400 for a sequence number or a time of a wrong type",
    ),
    statement(
        "004.15",
        "Without messages the server waits for at most 30 seconds",
        "at least 0.4 s and at most 32 s",
    ),
    statement(
        "004.16",
        "Without messages the list has one ChatGetTimeout, an empty object",
        "[{\"ChatGetTimeout\":{}}]",
    ),
    statement(
        "004.17",
        "Messages that become available while the server waits are sent back",
        "the poll ends with the message",
    ),
    statement(
        "004.18",
        "ChatEngagementAssignment informs the agent of an engagement",
        "it arrives",
    ),
    statement(
        "004.19",
        "The format of ChatEngagementAssignment",
        "all its members, with their types",
    ),
    statement(
        "004.20",
        "The format of its contactInfo",
        "all its members, with their types",
    ),
    statement(
        "004.21",
        "The format of its agentInfo",
        "all its members, with their types",
    ),
    statement(
        "004.22",
        "The request source is one of 20, the initiation type one of 3",
        "requestSource and initiationType",
    ),
    statement(
        "004.23",
        "ChatEngagementParticipantAdded informs the agent of a participant",
        "it arrives with the role END_USER",
    ),
    statement(
        "004.24",
        "The format of ChatEngagementParticipantAdded",
        "all its members, with their types",
    ),
    statement(
        "004.25",
        "ChatPostMessage informs the agent of the end user's message",
        "it arrives with the text",
    ),
    statement(
        "004.26",
        "The format of ChatPostMessage",
        "all its members, with their types",
    ),
    statement(
        "004.27",
        "ChatActivitySignal informs the agent of the end user's activity",
        "it arrives with the mode RESPONDING",
    ),
    statement(
        "004.28",
        "The format of ChatActivitySignal, with a mode that is one of 3",
        "all its members, with their types",
    ),
    statement(
        "004.29",
        "ChatDisconnectNotification informs the agent that a participant has disconnected",
        "it arrives after the visitor has ended the engagement",
    ),
    statement(
        "004.30",
        "The format of ChatDisconnectNotification, with a reason that is one of 9 and a role that is one of 6",
        "all its members, with their types",
    ),
    statement(
        "004.31",
        "ChatConfigChangeNotification informs the agent of a new pool",
        "it arrives with the pool, in its format",
    ),
];

/// Checks the first polls: the offer of the engagement.
pub(crate) async fn check_assignment(run: &mut Run) {
    let session = run.agent.session.clone();
    let body = run.numbered(json!({}));
    let answer = run
        .server
        .agent("getMessages", UNKNOWN_SESSION, &body)
        .await;
    run.see("004.11", answer.refuses(403, "ACCESS_DENIED"));
    let answer = run
        .server
        .agent_with("getMessages", &session, "", &body)
        .await;
    run.see("004.12", answer.has_status(403));
    let answer = run
        .server
        .unknown_site("agent", "getMessages", &session)
        .await;
    run.see("004.13", answer.has_status(404));
    for wrong in [
        json!({"sequenceNumber": "seven"}),
        json!({"timeCreated": 1.5}),
    ] {
        let answer = run.server.agent("getMessages", &session, &wrong).await;
        run.see("004.14", answer.has_status(400));
    }

    let answer = run.poll_agent().await;
    check_envelope(run, &answer);
    let first = run.engagement(0);
    let offer = run
        .agent_message("ChatEngagementAssignment", |offer| {
            offer["engagementId"] == first
        })
        .await;
    run.see("004.18", arrived(offer.as_ref()));
    let offer = offer.unwrap_or_default();
    let own = Format {
        twins: &[
            "engagementId",
            "engagementCreateTime",
            "engagementFirstEngagedTime",
            "secondsEngaged",
            "queueId",
            "incidentId",
        ],
        texts: &[
            "type",
            "requestSource",
            "initiationType",
            "asyncRequestId",
            "consumerId",
        ],
        ..Format::default()
    };
    run.see("004.19", all([own.check(&offer), TAIL.check(&offer)]));
    let contact = Format {
        twins: &["contactId", "orgId", "productId", "categoryId", "queueId"],
        numbers: &["interfaceId", "coBrowsePremiumSupported"],
        texts: &[
            "firstName",
            "lastName",
            "emailAddress",
            "interfaceLanguageCode",
            "sessionId",
            "question",
            "browser",
            "userAgent",
            "ipAddress",
            "operatingSystem",
            "visitorId",
            "engagementEngineId",
            "referrerUrl",
            "engagementEngineSessionId",
            "estaraFsguid",
        ],
        flags: &["coBrowseEnabled"],
        lists: &["customFields", "mediaList"],
    };
    run.see("004.20", contact.check(&offer["contactInfo"]));
    let agent = Format {
        twins: &["clientId", "accountId", "profileId"],
        numbers: &["groupId", "subTypeId"],
        texts: &["name", "status"],
        lists: &["mediaList"],
        ..Format::default()
    };
    run.see("004.21", agent.check(&offer["agentInfo"]));
    let source = member_of(&offer, "requestSource", REQUEST_SOURCES);
    let initiation = member_of(&offer, "initiationType", INITIATION_TYPES);
    run.see("004.22", all([source, initiation]));
}

/// Checks the messages of an engagement that the agent has accepted.
pub(crate) async fn check_conversation(run: &mut Run) {
    let id = run.engagement(0);
    let added = run
        .agent_message("ChatEngagementParticipantAdded", |added| {
            added["engagementId"] == id && added["role"] == "END_USER"
        })
        .await;
    run.see("004.23", arrived(added.as_ref()));
    let own = Format {
        twins: &["engagementId", "clientId", "accountId"],
        texts: &["name", "greeting"],
        flags: &["virtualAgent"],
        ..Format::default()
    };
    let added = added.unwrap_or_default();
    let data = member_of(&added, "messageDataMap", Form::Anything);
    let role = member_of(&added, "role", ROLES);
    run.see(
        "004.24",
        all([own.check(&added), TAIL.check(&added), role, data]),
    );

    let session = run.visitors.first().map(|visitor| visitor.session.clone());
    let session = session.unwrap_or_default();
    let text = json!({"body": "Where is my kettle?"}).to_string();
    let answer = run.server.consumer("postMessage", &session, &text).await;
    run.see("F.6", answer.succeeds());
    let posted = run
        .agent_message("ChatPostMessage", |posted| {
            posted["body"] == "Where is my kettle?"
        })
        .await;
    run.see("004.25", arrived(posted.as_ref()));
    let own = Format {
        texts: &["body", "vaResponse", "messageId"],
        flags: &["offTheRecord", "richText"],
        ..Format::default()
    };
    let posted = posted.unwrap_or_default();
    let data = member_of(&posted, "messageDataMap", Form::Anything);
    run.see(
        "004.26",
        all([own.check(&posted), TAIL.check(&posted), data]),
    );

    let typing = json!({"mode": "RESPONDING"}).to_string();
    let answer = run.server.consumer("activity", &session, &typing).await;
    run.see("F.8", answer.succeeds());
    let signal = run
        .agent_message("ChatActivitySignal", |signal| {
            signal["mode"] == "RESPONDING"
        })
        .await;
    run.see("004.27", arrived(signal.as_ref()));
    let own = Format {
        twins: &["engagementId", "clientId"],
        numbers: &["sneakPreviewInterval"],
        texts: &["sneakPreviewState", "sneakPreview"],
        flags: &["sneakPreviewFocus"],
        ..Format::default()
    };
    let signal = signal.unwrap_or_default();
    let mode = member_of(&signal, "mode", MODES);
    run.see(
        "004.28",
        all([own.check(&signal), TAIL.check(&signal), mode]),
    );
}

/// Checks polls that begin without a message.
pub(crate) async fn check_hold(run: &mut Run) {
    // Fetches what is left, until a poll has nothing.
    let mut empty = None;
    for _ in 0..6 {
        let answer = run.poll_agent().await;
        check_batch(run, &answer);
        if answer.json["getResponseTypes"] == json!([{"ChatGetTimeout": {}}]) {
            empty = Some(answer);
            break;
        }
    }
    let Some(answer) = empty else {
        run.see("004.16", Err("no poll ended with it".to_owned()));
        return;
    };
    run.see("004.16", Ok(answer.json["getResponseTypes"].to_string()));
    let held_ms = answer.elapsed_ms;
    let seen = format!("{held_ms} ms");
    let is_right = (400..=32_000).contains(&held_ms);
    run.see("004.15", if is_right { Ok(seen) } else { Err(seen) });

    let body = run.numbered(json!({}));
    let session = run.agent.session.clone();
    let visitor = run.visitors.first().map(|visitor| visitor.session.clone());
    let visitor = visitor.unwrap_or_default();
    let text = json!({"body": "Are you still there?"}).to_string();
    let poll = run.server.agent("getMessages", &session, &body);
    let post = async {
        // The poll is at the server by now, or it comes a little later and finds the message.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        run.server.consumer("postMessage", &visitor, &text).await
    };
    let (answer, _) = tokio::join!(poll, post);
    let list = answer.json["getResponseTypes"].as_array();
    let has_text = list
        .into_iter()
        .flatten()
        .any(|message| message["ChatPostMessage"]["body"] == "Are you still there?");
    let seen = format!("after {} ms", answer.elapsed_ms);
    run.see("004.17", if has_text { Ok(seen) } else { Err(seen) });
}

/// Lets the second visitor end an engagement with the agent.
pub(crate) async fn check_second_visitor(run: &mut Run) {
    let id = run.engagement(1);
    let accept = json!({
        "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD", "engagementId": id,
    });
    let offer = run
        .agent_message("ChatEngagementAssignment", |offer| {
            offer["engagementId"] == id
        })
        .await;
    if offer.is_none() || run.agent("assignmentAcknowledgement", accept).await.status != 200 {
        run.report
            .skip("004.29", "the second engagement was not accepted");
        run.report
            .skip("004.30", "the second engagement was not accepted");
        return;
    }
    let session = run.visitors.get(1).map(|visitor| visitor.session.clone());
    let session = session.unwrap_or_default();
    let body = json!({"clientTransactionId": 78}).to_string();
    let concluded = run
        .server
        .consumer("concludeEngagement", &session, &body)
        .await;
    run.see("F.11", concluded.succeeds());
    run.see(
        "F.12",
        all([
            concluded.twin("clientId"),
            concluded.twin_is("clientTransactionId", 78),
        ]),
    );
    if let Some(visitor) = run.visitors.get_mut(1) {
        visitor.is_open = concluded.status != 200;
    }
    run.agent.to_release.push(1);
    let left = run
        .agent_message("ChatDisconnectNotification", |left| {
            left["engagementId"] == id
        })
        .await;
    run.see("004.29", arrived(left.as_ref()));
    let own = Format {
        twins: &["engagementId", "clientId"],
        ..Format::default()
    };
    let left = left.unwrap_or_default();
    let reason = member_of(&left, "reason", REASONS);
    let role = member_of(&left, "role", ROLES);
    run.see(
        "004.30",
        all([own.check(&left), TAIL.check(&left), reason, role]),
    );
}

/// Moves the sandbox to another pool. No client can cause this at a real site.
pub(crate) async fn check_migration(run: &mut Run) {
    if !run.server.target.is_sandbox {
        let reason = "no client can cause the move to another pool; --sandbox uses its switch";
        run.report.skip("004.31", reason);
        return;
    }
    run.server
        .switch("migrate", &json!({"pool": "298:1"}))
        .await;
    let change = run
        .agent_message("ChatConfigChangeNotification", |change| {
            change["pool"] == "298:1"
        })
        .await;
    let content = change.clone().unwrap_or_default();
    let own = Format {
        texts: &[
            "name",
            "value",
            "domain",
            "port",
            "pool",
            "destinationType",
            "senderType",
            "messageType",
            "visibility",
        ],
        twins: &["senderId", "createdTime", "sequenceNumber"],
        ..Format::default()
    };
    run.see(
        "004.31",
        all([arrived(change.as_ref()), own.check(&content)]),
    );
    if change.is_some() {
        "298:1".clone_into(&mut run.server.target.pool);
    }
}
