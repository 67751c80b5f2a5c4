//! Carries out the commands of the visitor and of the page (the web page that contains the widget). This
//! module is a child of `engine`, which calls [`Engine::apply_command`]. The requests that become due are
//! sent afterwards, by `Engine::advance`.
//!
//! An *engagement* is a chat at the server. The *outbox* posts the visitor's messages to the server, in order.
//! The *sneak preview* shows the agent what the visitor is typing.

use pipit_wire::vocabulary::DisconnectReason;

use super::Engine;
use crate::abandoned::AbandonedStart;
use crate::entry::{Content, Delivery, EntryId, Notice};
use crate::form_answers::FormAnswers;
use crate::input::{Command, Moment};
use crate::start::Start;
use crate::state::Stage;
use crate::transcript::EntryStamp;

impl Engine {
    /// Carries out one command. A command that does not fit the state of the conversation does nothing.
    pub(super) fn apply_command(&mut self, now: Moment, command: Command) {
        match command {
            Command::Start(form_answers) => self.start(now, form_answers),
            Command::Send(text) => self.send(now, &text),
            Command::SendAgain(entry) => self.send_again(entry),
            Command::Discard(entry) => self.discard(entry),
            Command::Typed(text) => self.typed(now, text),
            Command::AllowSneakPreview(allowed) => self.state.sneak_preview.set_allowed(allowed),
            Command::End => self.end(now),
        }
    }

    /// Starts a conversation. Does nothing if this engine is already starting or running one. If the previous
    /// conversation has ended, the new conversation begins with an empty transcript. In all other cases the transcript
    /// stays, so that the retry of a failed start keeps what the visitor has written.
    fn start(&mut self, now: Moment, form_answers: FormAnswers) {
        match self.state.stage {
            Stage::Starting(_) | Stage::Live(_) => return,
            Stage::Concluded(_) => self.state.transcript.clear(),
            // `StartingElsewhere` starts too: this engine has only read that start from a snapshot and has
            // sent no request for it, so no answer would ever complete it here.
            Stage::Idle | Stage::StartingElsewhere | Stage::Failed(_) => {}
        }
        self.state.stage = Stage::Starting(self.begin_start(now, form_answers));
    }

    /// Begins a start. The server may already have made the engagement of a start that was left. If that start had the
    /// same form answers, the new start goes on with its request, because a second request could make a second
    /// engagement.
    fn begin_start(&mut self, now: Moment, form_answers: FormAnswers) -> Start {
        let left = self.abandoned.take_if(|left| left.fits(&form_answers));
        if let Some(AbandonedStart::Engagement(pending)) = left {
            return Start::Engagement(pending);
        }
        Start::new(now, form_answers, &mut self.outgoing)
    }

    /// Adds a message to the transcript and the outbox, and starts a conversation if no conversation is starting or
    /// running. White space at the beginning and the end of the text is removed. Does nothing if no text remains.
    fn send(&mut self, now: Moment, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.start(now, FormAnswers::default());
        let entry = self.add_visitor_message(now, text, Delivery::Queued);
        self.outbox.push(entry);
        if let Some(live) = self.state.stage.live_mut() {
            // The composer is empty now, and the agents will see the message itself.
            live.typing.message_posted();
        }
    }

    /// Adds a message of the visitor to the transcript, with this delivery. The outbox does not change.
    pub(super) fn add_visitor_message(
        &mut self,
        now: Moment,
        text: &str,
        delivery: Delivery,
    ) -> EntryId {
        let text = text.into();
        let content = Content::Visitor { text, delivery };
        let stamp = EntryStamp::local(now.wall);
        self.state.transcript.add(stamp, content)
    }

    /// Posts a message again, if its delivery is unknown or has failed. Does nothing for any other entry, and
    /// does nothing while no engagement runs.
    fn send_again(&mut self, entry: EntryId) {
        let transcript = &mut self.state.transcript;
        let can_send_again = matches!(
            transcript.visitor_message(entry),
            Some((_, Delivery::Unknown | Delivery::Failed(_)))
        );
        if can_send_again && self.state.stage.live().is_some() {
            transcript.set_delivery(entry, Delivery::Queued);
            self.outbox.push(entry);
        }
    }

    /// Removes a message of the visitor that has failed. Does nothing for any other entry.
    fn discard(&mut self, entry: EntryId) {
        let transcript = &mut self.state.transcript;
        let has_failed = matches!(
            transcript.visitor_message(entry),
            Some((_, Delivery::Failed(_)))
        );
        if has_failed {
            transcript.remove(entry);
        }
    }

    /// Takes the text that the composer (the field in which the visitor types) now contains. Does nothing while
    /// no engagement runs.
    fn typed(&mut self, now: Moment, text: String) {
        if let Some(live) = self.state.stage.live_mut() {
            live.typing.typed(now, text, &self.state.sneak_preview);
        }
    }

    /// Ends the running conversation, or stops the current start. Does nothing in any other stage.
    fn end(&mut self, now: Moment) {
        match std::mem::take(&mut self.state.stage) {
            Stage::Starting(start) => {
                // The stage stays idle, as `take` has left it.
                self.abandon(start);
                // There will be no engagement in which the waiting messages could be posted.
                self.outbox.fail_waiting(&mut self.state.transcript);
            }
            Stage::Live(live) => {
                let reason = DisconnectReason::EndUserConcluded;
                let stamp = EntryStamp::local(now.wall);
                let notice = Notice::Concluded(reason.clone());
                self.state.transcript.add_notice(stamp, notice);
                let session = live.session.clone();
                self.conclude_locally(now, &live, reason);
                self.request_conclusion(now, session);
            }
            unchanged @ (Stage::Idle
            | Stage::StartingElsewhere
            | Stage::Concluded(_)
            | Stage::Failed(_)) => self.state.stage = unchanged,
        }
    }
}
