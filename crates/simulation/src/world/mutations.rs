//! Carries out the mutations (imitated defects of the client) that need more than a line of code. Callers call each
//! function in every simulated run. It does nothing in a run without its mutation.

use pipit_engine::{Authorization, Command, Content, Delivery, Input, Outcome, Request, RequestId};
use pipit_wire::consumer::Operation;
use pipit_wire::{Fields, WireValue as _};

use super::World;
use crate::ids::PageIndex;
use crate::mutation::Mutation;
use crate::network::is_answer;

impl World {
    fn has_mutation(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// [`Mutation::ResendsUnknown`]: lets the leader (the tab that talks to the chat server) send the first text with
    /// unknown delivery again, although the visitor has not asked for it.
    pub(super) fn resend_unknown_text(&mut self) {
        let Some(index) = self.leader().filter(|it| self.page(*it).is_running()) else {
            return;
        };
        let conversation = &self.page(index).shown;
        let entries = &conversation.transcript;
        let is_unknown = |content: &Content| matches!(content, Content::Visitor { delivery, .. } if *delivery == Delivery::Unknown);
        let unknown = entries.iter().find(|entry| is_unknown(&entry.content));
        if self.has_mutation(Mutation::ResendsUnknown)
            && conversation.phase.is_live()
            && let Some(entry) = unknown.map(|entry| entry.id)
        {
            self.engine_input(index, Input::Command(Command::SendAgain(entry)));
        }
    }

    /// [`Mutation::PollsAfterTheEnd`]: passes the most recent poll (a request for new messages) to the checks of the
    /// requests, as if a page had sent it again. Call this when a conversation has ended.
    pub(super) fn poll_after_the_end(&mut self) {
        let latest_poll = self.network.latest_poll();
        if self.has_mutation(Mutation::PollsAfterTheEnd)
            && let Some((index, poll)) = latest_poll
        {
            self.check_request(index, &poll);
        }
    }

    /// [`Mutation::StartsTwice`]: sends a second `requestEngagement` with another token.
    pub(super) fn start_twice(&mut self, index: PageIndex, request: &Request) {
        if self.has_mutation(Mutation::StartsTwice)
            && request.operation == Operation::RequestEngagement
        {
            let token = self.server.issue_session().jwt;
            self.send_packet(
                index,
                Request {
                    // No request of the engine has this id, so the page does not receive the answer.
                    id: RequestId(u64::MAX),
                    authorization: Authorization::Bearer(token),
                    ..request.clone()
                },
            );
        }
    }

    /// [`Mutation::ShortInterval`]: replaces the server's preview interval of 3 s by 300 ms. In an answer, only this
    /// interval is written as `:3000`.
    pub(super) fn shorten_interval(&self, outcome: &mut Outcome) {
        if self.has_mutation(Mutation::ShortInterval)
            && let Outcome::Answered { body, .. } = outcome
        {
            *body = body.replace(":3000", ":300");
        }
    }

    /// [`Mutation::TrustsAnySuccess`]: gives a response of somebody else the body that the server's answer would have.
    pub(super) fn trust_any_success(&self, operation: Operation, outcome: &mut Outcome) {
        let is_foreign = !is_answer(operation, outcome);
        if self.has_mutation(Mutation::TrustsAnySuccess)
            && is_foreign
            && let Outcome::Answered {
                status: 200..=299,
                body,
                ..
            } = outcome
        {
            *body = match operation {
                Operation::GetMessages => r#"{"systemMessages":[]}"#.to_owned(),
                _ => r#"{"clientId":1}"#.to_owned(),
            };
        }
    }

    /// [`Mutation::BrokenPollsCountAsEmpty`]: replaces the end of a failed poll by an answer without messages.
    /// [`Mutation::IgnoresNumbers`]: removes the sequence numbers from the answer to a poll.
    pub(super) fn falsify_poll(&self, operation: Operation, outcome: &mut Outcome) {
        if operation != Operation::GetMessages {
            return;
        }
        if self.has_mutation(Mutation::BrokenPollsCountAsEmpty) && !is_answer(operation, outcome) {
            *outcome = Outcome::Answered {
                status: 200,
                retry_after: None,
                body: r#"{"systemMessages":[]}"#.to_owned(),
            };
        }
        if self.has_mutation(Mutation::IgnoresNumbers)
            && let Outcome::Answered { body, .. } = outcome
        {
            *body = body.replace("\"sequenceNumber", "\"noNumber");
        }
    }

    /// [`Mutation::CopyTakenForReload`]: removes from the record of a copied tab that its page has not given it up. Also
    /// changes the id of the group, so that the copy and the other tabs do not hear each other.
    pub(super) fn without_page_id(&self, stored: String) -> String {
        if self.has_mutation(Mutation::CopyTakenForReload) {
            stored
                .replacen("\"page\":", "\"no-page\":", 1)
                .replacen("\"group\":", "\"group\":1", 1)
        } else {
            stored
        }
    }

    /// [`Mutation::AlwaysPreviews`]: adds a sneak preview, with an arbitrary text, to every `activity` request.
    pub(super) fn add_preview(&self, request: &mut Request) {
        if self.has_mutation(Mutation::AlwaysPreviews)
            && request.operation == Operation::Activity
            && let Ok(mut fields) = Fields::from_json(&request.body)
        {
            fields.put("sneakPreviewText", &"all of it".to_owned());
            request.body = fields.write().to_string();
        }
    }
}
