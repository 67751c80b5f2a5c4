//! The visitor: does one thing after the other, whatever the page shows.

use pipit_engine::{Answers, Command, Content, Delivery, EntryId, Phase};

use crate::chance::Chance;
use crate::page::PageNo;
use crate::world::World;

#[derive(Debug)]
pub(crate) struct Visitor {
    written: u32,
    most_written: u32,
    /// How many conversations will still be begun after one has ended.
    again: u32,
    /// Whether *unknown* texts are sent again.
    insists: bool,
    /// Whether the last word was said, once all is calm.
    last_word: bool,
}

impl Visitor {
    pub(crate) fn draw(chance: &mut Chance, insists: bool) -> Self {
        Self {
            written: 0,
            most_written: u32::try_from(chance.between(2, 12)).unwrap_or_default(),
            again: u32::try_from(chance.between(0, 2)).unwrap_or_default(),
            insists,
            last_word: false,
        }
    }

    /// Whether the visitor has nothing more to do.
    pub(crate) fn is_done(&self) -> bool {
        self.last_word
    }
}

impl World {
    pub(crate) fn visitor_acts(&mut self) {
        let Some(number) = self.any_tab() else {
            return;
        };
        let wanted = if self.is_calm {
            self.wants_in_the_calm(number)
        } else {
            self.wants(number)
        };
        if let Some(command) = wanted {
            self.command(number, command);
        }
    }

    fn wants(&mut self, number: PageNo) -> Option<Command> {
        match self.page(number).shown.phase.clone() {
            Phase::Idle => Some(self.begins()),
            Phase::Failed(failure) if failure.can_try_again() => self
                .chance
                .percent(40)
                .then_some(Command::Start(Answers::default())),
            Phase::Concluded(_) if self.visitor.again > 0 && self.chance.percent(30) => {
                self.visitor.again -= 1;
                Some(self.begins())
            }
            Phase::Failed(_) | Phase::Concluded(_) => self.settles(number),
            Phase::Starting | Phase::Queued(_) | Phase::Chatting(_) | Phase::Requeued(_) => {
                self.goes_on(number)
            }
        }
    }

    /// Nothing more but what brings the conversation to rest, and one last word.
    fn wants_in_the_calm(&mut self, number: PageNo) -> Option<Command> {
        match self.page(number).shown.phase.clone() {
            Phase::Failed(failure) if failure.can_try_again() => {
                Some(Command::Start(Answers::default()))
            }
            phase if phase.is_live() && !self.visitor.last_word => {
                self.visitor.last_word = true;
                Some(self.writes())
            }
            Phase::Starting => None,
            _ => {
                self.visitor.last_word = true;
                None
            }
        }
    }

    fn begins(&mut self) -> Command {
        let writes = self.chance.percent(30);
        if writes {
            self.writes()
        } else {
            Command::Start(Answers::default())
        }
    }

    fn goes_on(&mut self, number: PageNo) -> Option<Command> {
        let dice = self.chance.between(1, 100);
        match dice {
            ..=35 if self.visitor.written < self.visitor.most_written => Some(self.writes()),
            36..=65 => {
                let length = self.chance.between(0, 30);
                let draft = (0..length).map(|_| 'x').collect();
                Some(Command::Typed(draft))
            }
            66..=70 => Some(Command::AllowSneakPreview(self.chance.percent(60))),
            71..=73 => Some(Command::End),
            74..=76 => Some(Command::Start(Answers::default())),
            77..=90 => self.settles(number),
            _ => None,
        }
    }

    /// All texts are different, so that each can be recognised.
    fn writes(&mut self) -> Command {
        self.visitor.written += 1;
        Command::Send(format!("visitor's {}", self.visitor.written))
    }

    /// Does something about a text that has not arrived.
    fn settles(&mut self, number: PageNo) -> Option<Command> {
        let transcript = self.page(number).shown.transcript.iter();
        let open: Vec<(EntryId, Delivery)> = transcript
            .filter_map(|entry| match entry.content {
                Content::Visitor { delivery, .. } => Some((entry.id, delivery)),
                _ => None,
            })
            .filter(|(_, delivery)| matches!(delivery, Delivery::Unknown | Delivery::Failed(_)))
            .collect();
        match self.chance.pick(&open)? {
            (entry, Delivery::Unknown) => self.visitor.insists.then_some(Command::SendAgain(entry)),
            (entry, _) => Some(
                self.chance
                    .either(Command::SendAgain(entry), Command::Discard(entry)),
            ),
        }
    }
}
