//! Whole conversations by the agent's client (`pipit-agent`) at a sandbox, over HTTP and without a browser.

use std::rc::Rc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use pipit_agent::{Agent, HttpRequest, HttpResponse, Method as ApiMethod, NoAnswer, Transport};
use pipit_wire::AccountId;
use pipit_wire::agent::{
    AgentRequest, AssignmentAction, AssignmentType, AvailabilityStatus, ModifyPropertiesRequest,
    PropertyName, PropertyType, RetrieveAgentsAndQueuesRequest, SetInteractionStatusRequest,
    Visibility,
};
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason, Role};
use pipit_wire::{Fields, TextMap};
use reqwest::Method;
use serde_json::json;

use crate::test_client::{TestClient, send};

/// A transport over a native HTTP client.
struct NativeTransport(reqwest::Client);

impl Transport for NativeTransport {
    fn send(
        &self,
        request: HttpRequest,
    ) -> LocalBoxFuture<'static, Result<HttpResponse, NoAnswer>> {
        let method = match request.method {
            ApiMethod::Get => Method::GET,
            ApiMethod::Post => Method::POST,
        };
        let mut call = self.0.request(method, request.url).body(request.body);
        for (name, value) in request.headers {
            call = call.header(name, value);
        }
        async move {
            let lost = |error: reqwest::Error| NoAnswer::Lost(error.to_string());
            let answer = call.send().await.map_err(lost)?;
            Ok(HttpResponse {
                status: answer.status().as_u16(),
                retry_after_ms: None,
                body: answer.text().await.map_err(lost)?,
            })
        }
        .boxed_local()
    }

    fn sleep(&self, duration_ms: u32) -> LocalBoxFuture<'static, ()> {
        tokio::time::sleep(Duration::from_millis(duration_ms.into())).boxed_local()
    }

    fn now_ms(&self) -> i64 {
        1_621_872_165_581
    }
}

async fn sign_in(client: &TestClient, account: i64) -> Agent {
    let transport = Rc::new(NativeTransport(client.http.clone()));
    let api = client.sandbox.api_url();
    Agent::sign_in_at_sandbox(transport, &api, AccountId(account))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_agent_holds_a_conversation_with_every_operation() {
    let client = TestClient::new().await;
    let ana = sign_in(&client, 12).await;
    let visitor = client.visitor().await;
    let id = ana.accept().await.unwrap();
    assert_eq!(visitor.started["engagementIdString"], id.to_string());

    ana.set_typing(true).await.unwrap();
    ana.say_html("<b>Hi</b>").await.unwrap();
    let message = client
        .wait_for_message(&visitor, "RNEngagementMessagePostedMessage")
        .await;
    assert_eq!(
        (&message["body"], &message["richText"]),
        (&json!("<b>Hi</b>"), &json!(true))
    );

    let typed = json!({"mode": "RESPONDING", "sneakPreviewText": "How", "sneakPreviewFocus": true});
    send(
        client
            .as_visitor(&visitor, "activity")
            .body(typed.to_string()),
    )
    .await;
    ana.wait_for_preview("How").await.unwrap();

    let session = ana.session();
    let question = (PropertyType::User, PropertyName::Question);
    session
        .set_engagement_property(id, question.0, question.1, "A refund")
        .await
        .unwrap();
    let modified = session
        .modify_properties(ModifyPropertiesRequest {
            engagement_id: id,
            kind: Some(PropertyType::User),
            properties_map: Some(TextMap::from_iter([(
                "FIRST_NAME".to_owned(),
                "Ann".to_owned(),
            )])),
            custom_fields: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        })
        .await
        .unwrap();
    assert_eq!(
        modified.properties_result_map.unwrap().0["FIRST_NAME"],
        true
    );
    let listed = session
        .retrieve_agents_and_queues(RetrieveAgentsAndQueuesRequest {
            id: id.0,
            include_agent_information: true,
            include_queue_information: true,
            include_queue_statistics: true,
            kind: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        })
        .await
        .unwrap();
    assert_eq!(listed.agents.unwrap().len(), 1);
    assert_eq!(listed.queues.unwrap().0["1"]["engagementsInQueue"], 0);
    assert!(session.can_reroute(id).await.unwrap());
    let status = session
        .set_activity_status(AvailabilityStatus::Unavailable, 3)
        .await
        .unwrap();
    let result = status.chat_activity_status_change_result.unwrap();
    assert_eq!(result.status, Some(AvailabilityStatus::Unavailable));

    ana.conclude().await.unwrap();
    ana.release().await.unwrap();
    ana.sign_out().await.unwrap();
}

#[tokio::test]
async fn a_report_for_agents_only_does_not_reach_the_visitor() {
    let client = TestClient::new().await;
    let ana = sign_in(&client, 12).await;
    let visitor = client.visitor().await;
    let id = ana.accept().await.unwrap();
    let report = |mode, visibility| SetInteractionStatusRequest {
        client_id: ana.session().client_id().0,
        engagement_id: id,
        mode,
        sneak_preview: None,
        sneak_preview_focus: Some(true),
        sneak_preview_interval: None,
        sneak_preview_state: None,
        visibility: Some(visibility),
        agent: AgentRequest::default(),
        unknown: Fields::default(),
    };
    let hidden = report(ActivityMode::Away, Visibility::NotEnduser);
    ana.session()
        .set_interaction_status_with(hidden)
        .await
        .unwrap();
    let shown = report(ActivityMode::Researching, Visibility::All);
    ana.session()
        .set_interaction_status_with(shown)
        .await
        .unwrap();
    let mut modes = Vec::new();
    while modes.last() != Some(&json!("RESEARCHING")) {
        let batch = client.messages(&visitor).await;
        let reports = batch.iter().filter(|it| !it["mode"].is_null());
        modes.extend(reports.map(|it| it["mode"].clone()));
    }
    assert!(!modes.contains(&json!("AWAY")), "{modes:?}");
}

#[tokio::test]
async fn a_conversation_is_transferred_and_joined() {
    let client = TestClient::new().await;
    let ana = sign_in(&client, 12).await;
    let visitor = client.visitor().await;
    ana.accept().await.unwrap();
    let ben = sign_in(&client, 13).await;
    ana.transfer_to_queue().await.unwrap();
    let left = ana.wait_for_end().await.unwrap();
    assert_eq!(left.reason, Some(DisconnectReason::TransferredToQueue));
    let id = ben.accept().await.unwrap();

    ben.conference(AccountId(12)).await.unwrap();
    let offered = ana.session();
    ana.wait_for("the invitation", |message| match message {
        pipit_wire::agent::AgentMessage::ChatEngagementAssignment(offer) => {
            (offer.kind.as_deref() == Some("CONFERENCE")).then_some(())
        }
        _ => None,
    })
    .await
    .unwrap();
    let joined = offered
        .acknowledge(id, AssignmentAction::Accept, AssignmentType::Conference)
        .await
        .unwrap();
    let roles: Vec<_> = joined
        .chat_assignment_acknowledgement_result
        .unwrap()
        .client_list
        .into_iter()
        .filter_map(|client| client.role)
        .collect();
    assert_eq!(roles, [Role::EndUser, Role::Lead, Role::Conferee]);
    ben.send_file("label.pdf", "application/pdf", 40)
        .await
        .unwrap();
    client
        .wait_for_message(&visitor, "RNEngagementFileAttachmentMessage")
        .await;
}

#[tokio::test]
async fn a_wait_ends_when_the_account_logs_on_elsewhere() {
    let client = TestClient::new().await;
    let first = sign_in(&client, 12).await;
    let _second = sign_in(&client, 12).await;
    let error = first.accept().await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("refused getMessages (HTTP 403 ACCESS_DENIED"),
        "{error}"
    );
}
