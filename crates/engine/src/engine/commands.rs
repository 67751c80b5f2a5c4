//! What the visitor's commands change.

use pipit_wire::vocabulary::DisconnectReason;

use super::Engine;
use crate::answers::Answers;
use crate::input::{Command, Moment};
use crate::start::Start;
use crate::state::Stage;
use crate::transcript::{Content, Delivery, EntryId, EntryStamp, Notice};

impl Engine {
    pub(super) fn command(&mut self, now: Moment, command: Command) {
        match command {
            Command::Start(answers) => self.start(now, answers),
            Command::Send(text) => self.send(now, &text),
            Command::SendAgain(entry) => self.send_again(entry),
            Command::Discard(entry) => self.discard(entry),
            Command::Typed(text) => self.typed(now, text),
            Command::AllowSneakPreview(allowed) => self.state.sneak_preview.allow(allowed),
            Command::End => self.end(now),
        }
    }

    /// Starts a conversation, unless one is starting or runs. A new one begins with an empty transcript;
    /// the retry of a failed one keeps what the visitor has written.
    fn start(&mut self, now: Moment, answers: Answers) {
        self.state.stage = match std::mem::take(&mut self.state.stage) {
            Stage::Abandoning(request) => Stage::Starting(Start::Engagement(request)),
            Stage::Concluded(_) => {
                self.state.transcript.clear();
                Stage::Starting(Start::new(now, answers, &mut self.outgoing))
            }
            Stage::Idle | Stage::StartingElsewhere | Stage::Failed(_) => {
                Stage::Starting(Start::new(now, answers, &mut self.outgoing))
            }
            running @ (Stage::Starting(_) | Stage::Live(_)) => running,
        };
    }

    fn send(&mut self, now: Moment, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        self.start(now, Answers::default());
        let entry = self.add_visitor_message(now, text, Delivery::Queued);
        self.outbox.push(entry);
        if let Some(live) = self.state.stage.live_mut() {
            live.typing.message_posted();
        }
    }

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

    fn send_again(&mut self, entry: EntryId) {
        let transcript = &mut self.state.transcript;
        let may_be_lost = matches!(
            transcript.visitor_message(entry),
            Some((_, Delivery::Unknown | Delivery::Failed(_)))
        );
        if may_be_lost && self.state.stage.live().is_some() {
            transcript.set_delivery(entry, Delivery::Queued);
            self.outbox.push(entry);
        }
    }

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

    fn typed(&mut self, now: Moment, text: String) {
        if let Some(live) = self.state.stage.live_mut() {
            live.typing.typed(now, text, &self.state.sneak_preview);
        }
    }

    /// Ends the conversation, or leaves it before it began.
    fn end(&mut self, now: Moment) {
        match std::mem::take(&mut self.state.stage) {
            Stage::Starting(start) => {
                if let Some(request) = start.abandon(&mut self.outgoing) {
                    self.state.stage = Stage::Abandoning(request);
                }
                self.outbox.fail_waiting(&mut self.state.transcript);
            }
            Stage::Live(live) => {
                let reason = DisconnectReason::EndUserConcluded;
                let stamp = EntryStamp::local(now.wall);
                let notice = Notice::Concluded(reason.clone());
                self.state.transcript.add_notice(stamp, notice);
                let session = live.session.clone();
                self.conclude(&live, reason);
                self.request_conclusion(now, session);
            }
            unchanged @ (Stage::Idle
            | Stage::StartingElsewhere
            | Stage::Abandoning(_)
            | Stage::Concluded(_)
            | Stage::Failed(_)) => self.state.stage = unchanged,
        }
    }
}
