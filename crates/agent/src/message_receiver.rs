//! The half of an agent's session that polls for messages. (`session.rs` has the half that sends requests.)
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use pipit_wire::agent::{AgentMessage, GetMessagesResponse, Operation};

use crate::AgentError;
use crate::api_client::ApiClient;

/// Receives the messages of one agent's session; there is one receiver for each session. If [`next`](Self::next) is not
/// called for a while (120 s by default), the server marks the agent absent, and later gives the agent's engagements
/// (conversations with visitors) to other agents.
pub struct MessageReceiver {
    client: Rc<ApiClient>,
    /// The poll that has begun and whose result nobody has got yet. There is no place for a second one.
    poll: Option<LocalBoxFuture<'static, PollResult>>,
}

/// The messages of one poll, or the reason why it failed.
pub(crate) type PollResult = Result<Vec<AgentMessage>, AgentError>;

impl MessageReceiver {
    pub(crate) fn new(client: Rc<ApiClient>) -> Self {
        Self { client, poll: None }
    }

    /// Polls once and returns the new messages, in the order in which the server sent them. The server holds the request
    /// until a message arrives. If none arrives within 30 s, the server sends a `ChatGetTimeout`, which this method
    /// removes, so the result is empty. (PAGE 004)
    ///
    /// If a message announces another pool (a group of chat servers), all later requests of both halves use that pool.
    ///
    /// No message is lost if the future is dropped: the poll continues, and the next call returns its result. Dropping the
    /// receiver aborts the poll.
    ///
    /// # Errors
    /// [`AgentError`]. If it is not transient, the session has ended.
    pub async fn next(&mut self) -> Result<Vec<AgentMessage>, AgentError> {
        let client = &self.client;
        let poll = self
            .poll
            .get_or_insert_with(|| poll(Rc::clone(client)).boxed_local());
        let result = poll.await;
        self.poll = None;
        result
    }
}

/// Polls once.
async fn poll(client: Rc<ApiClient>) -> PollResult {
    let batch: GetMessagesResponse = client.call(Operation::GetMessages, |agent| agent).await?;
    let mut messages = batch.get_response_types;
    messages.retain(|message| !matches!(message, AgentMessage::ChatGetTimeout(_)));
    for message in &messages {
        if let AgentMessage::ChatConfigChangeNotification(change) = message {
            client.use_new_pool(change);
        }
    }
    Ok(messages)
}
