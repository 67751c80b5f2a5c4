//! What became of the requests.

use pipit_agent::AgentError;
use pipit_wire::agent::AssignmentAction;
use pipit_wire::{EngagementId, Refusal};

use super::{Delivery, Desk, Duty, From, Request};

impl Desk {
    pub(super) fn answered(
        &mut self,
        request: Request,
        answer: Result<(), AgentError>,
    ) -> Option<Request> {
        match (request, answer) {
            (Request::Post(id, index, _), answer) => self.delivered(id, index, &answer),
            // A signal that was lost is told again with the next change.
            (Request::Signal(..), _) | (Request::Assignment { .. }, Ok(())) => {}
            (Request::SetAvailable(available), Ok(())) => {
                self.set_available(available);
                return self.ask();
            }
            (Request::Acknowledge(id, action, _), Ok(())) => {
                if action == AssignmentAction::Accept {
                    self.accepted(id);
                } else {
                    self.remove(id);
                }
                return self.ask();
            }
            (Request::Acknowledge(id, ..), Err(error)) if !error.is_transient() => {
                self.remove(id);
                self.notice = Some(format!("This visitor no longer waits for you. {error}"));
                return self.ask();
            }
            (Request::Conclude(id), Ok(())) => {
                if let Some(conversation) = self.conversation_mut(id) {
                    conversation.wrap_up("You ended the conversation.");
                }
            }
            (Request::Release(id), Ok(())) => {
                self.remove(id);
                return self.ask();
            }
            (Request::Release(id), Err(error)) if is_unknown(&error) => {
                self.remove(id);
                return self.ask();
            }
            (Request::LogOff { .. }, Ok(())) => self.end("You are logged off.".to_owned()),
            (request, Err(error)) => {
                self.may_be_asked_again(&request);
                self.notice = Some(error.to_string());
            }
        }
        None
    }

    fn set_available(&mut self, now: bool) {
        if let Duty::On { available, .. } = &mut self.duty {
            *available = now;
        }
    }

    fn accepted(&mut self, id: EngagementId) {
        if let Some(conversation) = self.conversation_mut(id) {
            conversation.open();
        }
        self.bring_to_front(id);
    }

    fn delivered(&mut self, id: EngagementId, index: usize, answer: &Result<(), AgentError>) {
        let entries = self.conversation_mut(id).map(|it| &mut it.entries);
        if let Some(entry) = entries.and_then(|entries| entries.get_mut(index)) {
            entry.from = From::Agent(match answer {
                Ok(()) => Delivery::Sent,
                Err(AgentError::Refused(_)) => Delivery::Refused,
                Err(_) => Delivery::Unsure,
            });
        }
    }

    /// The buttons of a conversation whose request has failed work again.
    fn may_be_asked_again(&mut self, request: &Request) {
        if let Request::Acknowledge(id, ..) | Request::Conclude(id) | Request::Release(id) = request
            && let Some(conversation) = self.conversation_mut(*id)
        {
            conversation.leaving_stage = false;
        }
    }
}

/// The server does not know what the request was about: it is over.
fn is_unknown(error: &AgentError) -> bool {
    matches!(error, AgentError::Refused(Refusal { status: 404, .. }))
}
