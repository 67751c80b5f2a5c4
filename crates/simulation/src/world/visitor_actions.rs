//! Chooses the visitor's next action on a random page that is not frozen. The choice is random too, but only among the
//! actions that fit what the page shows: the phase of the conversation and the delivery of the messages.

use pipit_engine::{Command, Content, Delivery, EntryId, FormAnswers, Phase, TabInput, TabMode};

use super::World;
use crate::ids::PageIndex;

impl World {
    /// Lets the visitor act once, or do nothing.
    pub(super) fn visitor_acts(&mut self) {
        let Some(page) = self.draw_running_page() else {
            return;
        };
        if self.page(page).tab.view().is_elsewhere {
            self.consider_continuing_here(page);
            return;
        }
        // A page without a channel shows only after a moment that it is a copy.
        if self.tab_mode == TabMode::Alone && !self.page(page).tab.leads() {
            return;
        }
        if !self.is_calm && self.chance.percent(2) {
            self.forget_visitor(page);
            return;
        }
        let command = if self.is_calm {
            self.draw_final_command(page)
        } else {
            self.draw_command(page)
        };
        if let Some(command) = command {
            self.command(page, command);
        }
    }

    /// Lets the visitor continue the conversation in a copy of a tab. With a channel between the tabs, the tab that led
    /// until now yields. Without a channel, the visitor closes the other tabs before.
    fn consider_continuing_here(&mut self, page: PageIndex) {
        let others: Vec<PageIndex> = self
            .open_pages()
            .into_iter()
            .filter(|it| *it != page)
            .collect();
        let has_leader = others.iter().any(|it| self.page(*it).tab.leads());
        if has_leader && !self.chance.percent(30) {
            return;
        }
        if self.tab_mode == TabMode::Alone {
            for other in others {
                self.close_page(other);
            }
        }
        self.tally.states.insert("continued in a copy");
        self.witness.is_outdated_copy_continued = true;
        self.witness.may_have_missed_preview_rules = true;
        self.tab_input(page, TabInput::TakeOver, None);
    }

    /// Draws a command while faults can still strike. `None` if the visitor does nothing.
    fn draw_command(&mut self, page: PageIndex) -> Option<Command> {
        match self.page(page).shown.phase.clone() {
            Phase::Idle => Some(self.draw_first_command()),
            Phase::Failed(failure) if failure.can_try_again() => self
                .chance
                .percent(40)
                .then_some(Command::Start(FormAnswers::default())),
            Phase::Concluded(_) if self.visitor.restarts_left > 0 && self.chance.percent(30) => {
                self.visitor.restarts_left -= 1;
                Some(self.draw_first_command())
            }
            Phase::Failed(_) | Phase::Concluded(_) => self.draw_decision_on_message(page),
            Phase::Starting | Phase::Queued(_) | Phase::Chatting(_) | Phase::Requeued(_) => {
                self.draw_command_of_running_chat(page)
            }
        }
    }

    /// Draws a command after the faults have ceased. If the tabs agree by messages which of them leads, and the leader was
    /// closed while it was frozen, no tab leads until the visitor does something: the visitor then starts a
    /// conversation. Otherwise the visitor starts a failed conversation again, or writes one
    /// final message into a live conversation. While a conversation is starting, the visitor waits. After the final
    /// message, or if no message can be written, the visitor is done. `None` if the visitor does nothing.
    fn draw_final_command(&mut self, page: PageIndex) -> Option<Command> {
        let has_no_leader = self.tab_mode == TabMode::Claimed && self.leader().is_none();
        match self.page(page).shown.phase.clone() {
            Phase::Idle | Phase::Concluded(_) if has_no_leader => {
                Some(Command::Start(FormAnswers::default()))
            }
            Phase::Failed(failure) if failure.can_try_again() => {
                Some(Command::Start(FormAnswers::default()))
            }
            phase if phase.is_live() && !self.visitor.is_done => {
                self.visitor.is_done = true;
                Some(self.write_message())
            }
            Phase::Starting => None,
            _ => {
                self.visitor.is_done = true;
                None
            }
        }
    }

    /// Draws the command that starts a conversation: a message, or a start without a message. The visitor fills in no
    /// form before the chat.
    fn draw_first_command(&mut self) -> Command {
        let writes = self.chance.percent(30);
        if writes {
            self.write_message()
        } else {
            Command::Start(FormAnswers::default())
        }
    }

    /// Draws a command for a conversation that is starting or live. Each range of `roll` gives the probability of a
    /// command in percent. `None` if the visitor does nothing.
    fn draw_command_of_running_chat(&mut self, page: PageIndex) -> Option<Command> {
        let roll = self.chance.between(1, 100);
        match roll {
            ..=35 if self.visitor.written_count < self.visitor.max_written_count => {
                Some(self.write_message())
            }
            36..=65 => {
                // The letters of the draft do not matter. The page may send the draft as a sneak preview, which shows
                // the agent what the visitor is typing.
                let length = self.chance.between(0, 30);
                let draft = (0..length).map(|_| 'x').collect();
                Some(Command::Typed(draft))
            }
            66..=70 => Some(Command::AllowSneakPreview(self.chance.percent(60))),
            71..=73 => Some(Command::End),
            74..=76 => Some(Command::Start(FormAnswers::default())),
            77..=90 => self.draw_decision_on_message(page),
            _ => None,
        }
    }

    /// Writes a message. Each message has a unique text, by which the checks recognise it.
    fn write_message(&mut self) -> Command {
        self.visitor.written_count += 1;
        Command::Send(format!("visitor's {}", self.visitor.written_count))
    }

    /// Draws the visitor's decision about a message whose delivery has failed or is unknown. A failed message is sent
    /// again or discarded. A message with unknown delivery is sent again, but only by a visitor with `resends_unknown`.
    /// `None` if the visitor does nothing.
    fn draw_decision_on_message(&mut self, page: PageIndex) -> Option<Command> {
        let transcript = self.page(page).shown.transcript.iter();
        let undelivered: Vec<(EntryId, Delivery)> = transcript
            .filter_map(|entry| match entry.content {
                Content::Visitor { delivery, .. } => Some((entry.id, delivery)),
                _ => None,
            })
            .filter(|(_, delivery)| matches!(delivery, Delivery::Unknown | Delivery::Failed(_)))
            .collect();
        match self.chance.pick(&undelivered)? {
            (entry, Delivery::Unknown) => self
                .visitor
                .resends_unknown
                .then_some(Command::SendAgain(entry)),
            (entry, _) => Some(
                self.chance
                    .either(Command::SendAgain(entry), Command::Discard(entry)),
            ),
        }
    }
}
