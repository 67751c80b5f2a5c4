//! An agent without a browser. It calls the agent's operations of the API directly, and not through the proxy.

use pipit_e2e::{TestServer, wait_for};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// The account of the agent Ana Marques in the sandbox.
const ACCOUNT: i64 = 12;

/// An agent who is logged on.
pub(super) struct Agent {
    /// The address of the agent's operations, with a slash at the end.
    operations: String,
    session: String,
    client: reqwest::Client,
}

impl Agent {
    pub(super) async fn log_on(server: &TestServer) -> Self {
        let client = reqwest::Client::new();
        let address = format!("{}/agent-token", server.site());
        let token = send(client.post(address), &json!({ "accountId": ACCOUNT })).await;
        let operations = format!("{}/engagement/api/agent/pipit_demo/v1/", server.api());
        let address = format!("{operations}createAutomatedAgentSession?pool=297:1");
        let request = client
            .post(address)
            .bearer_auth(text(&token["sessionToken"]));
        let session = text(&send(request, &json!({})).await["sessionId"]);
        let agent = Self {
            operations,
            session,
            client,
        };
        let wanted =
            json!({ "assignmentRequested": true, "idleSessionCount": 0, "maxSessionCount": 200 });
        agent.call("requestAssignment", wanted).await;
        agent
    }

    /// Accepts an engagement as soon as it is offered.
    pub(super) async fn accept(&self, engagement: &Value) {
        let answer = json!({
            "action": "ACCEPT", "actionType": "MANUAL", "assignmentType": "LEAD", "engagementId": int64(engagement),
        });
        wait_for("the offer of an engagement", || async {
            let answer = self.call("assignmentAcknowledgement", answer.clone()).await;
            answer["chatSystemError"].is_null().then_some(())
        })
        .await;
    }

    /// Sends a message to the visitor of an engagement.
    pub(super) async fn post(&self, engagement: &Value, body: &str) {
        let message = json!({
            "body": body, "destinationId": int64(engagement), "destinationType": "ENGAGEMENT", "messageType": "TEXT",
            "visibility": "ALL", "messageDataMap": null, "messageId": "1", "richText": null,
        });
        self.call("postMessage", message).await;
    }

    async fn call(&self, operation: &str, mut body: Value) -> Value {
        body["timeCreated"] = json!(1_621_872_165_581_i64);
        body["sequenceNumber"] = json!(7);
        let request = self
            .client
            .post(format!("{}{operation}?pool=297:1", self.operations));
        let request = request
            .header("X-JSESSIONID", &self.session)
            .header("X-AID", ACCOUNT);
        send(request, &body).await
    }
}

/// Sends a request, and returns the JSON of the answer, whatever its status; `null` if it is none.
async fn send(request: RequestBuilder, body: &Value) -> Value {
    let answer = request.body(body.to_string()).send().await;
    let answer = answer.expect("the sandbox answers").text().await;
    serde_json::from_str(&answer.expect("it answers in full")).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The number in an id. The sandbox gives its ids as texts, and takes them from agents as numbers only.
fn int64(id: &Value) -> i64 {
    text(id).parse().expect("an id is a number")
}
