//! The half that hears.

use std::rc::Rc;

use pipit_wire::agent::{AgentMessage, GetMessagesResponse, Operation};

use crate::AgentError;
use crate::line::Line;

/// The one retrieval loop of an agent's session. While nobody calls [`next`](Self::next), the
/// server sees an agent who is not there, and after a while (120 s by default) takes the
/// engagements away.
pub struct Retrieval(pub(crate) Rc<Line>);

impl Retrieval {
    /// The next messages, in their order. Waits until there are some: the server holds the request
    /// for up to 30 s and answers with none then. PAGE 004.
    ///
    /// From the moment a change of the pool is heard here, both halves use the new one.
    ///
    /// Dropping the future aborts the request; what the server was about to answer may be lost.
    ///
    /// # Errors
    /// [`AgentError`]; after a [`Refused`](AgentError::Refused) with a status below 500 the session
    /// is over.
    pub async fn next(&mut self) -> Result<Vec<AgentMessage>, AgentError> {
        let batch: GetMessagesResponse = self.0.ask(Operation::GetMessages, |agent| agent).await?;
        let mut messages = batch.get_response_types;
        messages.retain(|message| !matches!(message, AgentMessage::ChatGetTimeout(_)));
        for message in &messages {
            if let AgentMessage::ChatConfigChangeNotification(change) = message {
                self.0.follow(change);
            }
        }
        Ok(messages)
    }
}
