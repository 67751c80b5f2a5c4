//! Handles the results of the desk's requests: an answer of the server, or a failure. An *engagement* is one
//! conversation with a visitor, in the words of the chat server.

use pipit_agent::AgentError;
use pipit_wire::EngagementId;
use pipit_wire::agent::AssignmentAction;

use super::conversation::{Delivery, Sender};
use super::effect::Request;
use super::state::{Desk, SessionState};

impl Desk {
    /// Applies the answer to a request, or the error with which the request failed. Returns the request that follows
    /// from it; `None` if none follows.
    pub(super) fn handle_answer(
        &mut self,
        request: Request,
        answer: Result<(), AgentError>,
    ) -> Option<Request> {
        match (request, answer) {
            (Request::Post(id, index, _), answer) => self.set_delivery(id, index, &answer),
            // A signal that failed is not repeated, because the next change of the activity sends a new signal. The
            // answer to a request for an engagement changes nothing, because the offer of the engagement arrives as a
            // message.
            // After a transfer, a message says that this agent has left.
            (Request::Signal(..), _)
            | (Request::Assignment { .. } | Request::Transfer(_), Ok(())) => {}
            (Request::SetAvailable(is_available), Ok(())) => {
                self.set_available(is_available);
                return self.request_assignment();
            }
            (Request::Acknowledge(id, action, _), Ok(())) => {
                if action == AssignmentAction::Accept {
                    self.open_and_select(id);
                } else {
                    self.remove(id);
                }
                return self.request_assignment();
            }
            // The server refuses because the offer does not exist any more.
            (Request::Acknowledge(id, ..), Err(error)) if !error.is_transient() => {
                self.remove(id);
                self.notice = Some(format!("This visitor no longer waits for you. {error}"));
                return self.request_assignment();
            }
            (Request::Conclude(id), Ok(())) => {
                if let Some(conversation) = self.conversation_mut(id) {
                    conversation.wrap_up("You ended the conversation.");
                }
            }
            (Request::Release(id), Ok(())) => {
                self.remove(id);
                return self.request_assignment();
            }
            // An engagement that the server does not know any more counts as released.
            (Request::Release(id), Err(error)) if is_unknown_engagement(&error) => {
                self.remove(id);
                return self.request_assignment();
            }
            (Request::LogOff { .. }, Ok(())) => self.end_session("You are logged off.".to_owned()),
            (request, Err(error)) => {
                self.enable_retry(&request);
                self.notice = Some(error.to_string());
            }
        }
        None
    }

    fn set_available(&mut self, new_value: bool) {
        if let SessionState::LoggedOn { is_available, .. } = &mut self.session {
            *is_available = new_value;
        }
    }

    fn open_and_select(&mut self, id: EngagementId) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.open();
        }
        self.select(id);
    }

    /// Shows in the transcript whether the posted message has arrived. Changes nothing if the conversation was removed.
    fn set_delivery(&mut self, id: EngagementId, index: usize, answer: &Result<(), AgentError>) {
        let entries = self.conversation_mut(id).map(|it| &mut it.entries);
        if let Some(entry) = entries.and_then(|entries| entries.get_mut(index)) {
            entry.sender = Sender::Agent(match answer {
                Ok(()) => Delivery::Sent,
                Err(error) if error.refusal().is_some() => Delivery::Refused,
                Err(_) => Delivery::Unsure,
            });
        }
    }

    /// Enables the buttons of a conversation again, after the request of one of these buttons has failed.
    fn enable_retry(&mut self, request: &Request) {
        if let Request::Acknowledge(id, ..)
        | Request::Transfer(id)
        | Request::Conclude(id)
        | Request::Release(id) = request
            && let Some(conversation) = self.conversation_mut(*id)
        {
            conversation.is_request_pending = false;
        }
    }
}

/// Whether the server does not know the request's engagement any more (status 404).
fn is_unknown_engagement(error: &AgentError) -> bool {
    error.status() == Some(404)
}
