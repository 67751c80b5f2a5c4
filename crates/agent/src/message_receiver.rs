//! The half of an agent's session that polls for messages.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use std::rc::Rc;

use pipit_wire::agent::{AgentMessage, GetMessagesResponse, Operation};

use crate::AgentError;
use crate::api_client::ApiClient;

/// The only poller of an agent's session. If [`next`](Self::next) is not called for a while (120 s by default), the
/// server marks the agent absent and later moves the agent's engagements to others.
pub struct MessageReceiver(pub(crate) Rc<ApiClient>);

impl MessageReceiver {
    /// Polls once and returns the new messages in their order. The server holds the request until there are messages,
    /// for up to 30 s; after that the result is empty. PAGE 004.
    ///
    /// When the messages announce another pool, both halves use it from then on.
    ///
    /// Dropping the future aborts the request. The messages of its answer may be lost then.
    ///
    /// # Errors
    /// [`AgentError`]; after a [`Refused`](AgentError::Refused) with a status below 500 the session
    /// is over.
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
