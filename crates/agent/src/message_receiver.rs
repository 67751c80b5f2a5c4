//! The half of an agent's session that polls for messages. (`session.rs` has the half that sends requests.)
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use std::rc::Rc;

use pipit_wire::agent::{AgentMessage, GetMessagesResponse, Operation};

use crate::AgentError;
use crate::api_client::ApiClient;

/// Receives the messages of one agent's session; there is one receiver for each session. If [`next`](Self::next) is not
/// called for a while (120 s by default), the server marks the agent absent, and later gives the agent's engagements
/// (conversations with visitors) to other agents.
pub struct MessageReceiver(pub(crate) Rc<ApiClient>);

impl MessageReceiver {
    /// Polls once and returns the new messages, in the order in which the server sent them. The server holds the request
    /// until a message arrives. If none arrives within 30 s, the server sends a `ChatGetTimeout`, which this method
    /// removes, so the result is empty. (PAGE 004)
    ///
    /// If a message announces another pool (a group of chat servers), all later requests of both halves use that pool.
    ///
    /// Dropping the future aborts the request. Messages that the server has already sent in its answer are then lost.
    ///
    /// # Errors
    /// [`AgentError`]. After [`Refused`](AgentError::Refused) with a status below 500 the session has ended.
    pub async fn next(&mut self) -> Result<Vec<AgentMessage>, AgentError> {
        let batch: GetMessagesResponse = self.0.call(Operation::GetMessages, |agent| agent).await?;
        let mut messages = batch.get_response_types;
        messages.retain(|message| !matches!(message, AgentMessage::ChatGetTimeout(_)));
        for message in &messages {
            if let AgentMessage::ChatConfigChangeNotification(change) = message {
                self.0.use_new_pool(change);
            }
        }
        Ok(messages)
    }
}
