//! How the witness learns what happens: from what the visitor does, from what comes to the browser,
//! and from what the page shows.

use pipit_engine::{Command, Content, Conversation, Delivery, EntryId, Outcome, Phase};
use pipit_wire::consumer::{ActivityResponse, Operation, RequestEngagementResponse};
use pipit_wire::{Fields, WireObject};

use crate::network::PacketId;
use crate::world::{World, note};

impl World {
    pub(crate) fn note_command(&mut self, command: &Command) {
        let phase = &self.tab.engine.conversation().phase;
        let rests = matches!(phase, Phase::Idle | Phase::Failed(_) | Phase::Concluded(_));
        if rests && matches!(command, Command::Start | Command::Send(_)) {
            self.witness.starts += 1;
        }
        match command {
            Command::Send(text) => {
                self.witness.text(text);
                self.witness.page.push(text.clone());
            }
            Command::SendAgain(entry) if phase.is_live() => {
                let conversation = self.tab.engine.conversation();
                if let Some(text) = text_of(conversation, *entry) {
                    let text = self.witness.text(&text);
                    text.allowed += u32::from(text.is_uncertain);
                }
            }
            Command::Discard(entry) => {
                let conversation = self.tab.engine.conversation();
                let text = text_of(conversation, *entry);
                self.witness.page.retain(|it| Some(it) != text.as_ref());
            }
            _ => {}
        }
    }

    /// A new conversation clears the page; what was written with this very step stays.
    pub(crate) fn note_new_page(&mut self) {
        let written = self.witness.page.pop();
        self.witness.clear_page();
        let conversation = self.tab.engine.conversation();
        let stays = |text: &String| {
            let mut entries = conversation.transcript.iter();
            entries.any(|it| matches!(&it.content, Content::Visitor { text: shown, .. } if **shown == **text))
        };
        self.witness.page.extend(written.filter(stays));
    }

    pub(crate) fn note_outcome(&mut self, packet: PacketId, outcome: &Outcome) {
        note!(self, "  {}", outcome_text(outcome));
        let Outcome::Answered {
            status: 200, body, ..
        } = outcome
        else {
            return;
        };
        match self.network.operation(packet) {
            Some(Operation::RequestEngagement) => {
                if let Ok(answer) = RequestEngagementResponse::from_json(body) {
                    self.witness.begin(&answer, self.now);
                    self.network.forget_batches();
                }
            }
            Some(Operation::GetMessages) if Fields::from_json(body).is_ok() => {
                self.witness.heard_at = self.now;
                self.witness.hand(self.network.brings(packet));
                self.handed(packet);
            }
            Some(Operation::Activity) => {
                if let Ok(answer) = ActivityResponse::from_json(body)
                    && answer.sneak_preview_state.is_some()
                {
                    self.witness.preview.state = answer.sneak_preview_state;
                }
            }
            _ => {}
        }
    }

    /// Looks at the page after each step.
    pub(crate) fn look(&mut self) {
        let conversation = self.tab.engine.conversation();
        self.tally.saw(conversation);
        for entry in &conversation.transcript {
            if let Content::Visitor { text, delivery } = &entry.content
                && let Some(text) = self.witness.texts.get_mut(&**text)
            {
                text.was_accepted |= *delivery == Delivery::Accepted;
                text.is_uncertain |= *delivery == Delivery::Unknown;
            }
        }
        let is_live = conversation.phase.is_live();
        if !is_live && let Some(session) = self.witness.session.take() {
            self.witness.ended.insert(session);
            self.poll_after_the_end();
        }
        let polls = self.tab.polls(self).next().is_some();
        self.witness.no_poll_since = match self.witness.no_poll_since {
            _ if polls || !is_live => None,
            since => since.or(Some(self.now)),
        };
        self.has_news = true;
        self.send_unknown_again();
    }
}

fn text_of(conversation: &Conversation, entry: EntryId) -> Option<String> {
    let mut entries = conversation.transcript.iter();
    match &entries.find(|it| it.id == entry)?.content {
        Content::Visitor { text, .. } => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered { status, body, .. } => format!("{status}, {} bytes", body.len()),
        other => format!("{other:?}"),
    }
}
