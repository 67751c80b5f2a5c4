//! Which faults a world has, and how often.

use pipit_wire::consumer::Operation;

use crate::chance::Chance;
use crate::fault::{Fault, Seat};

/// The faults of one world. Few kinds at a time find more than all at once: a rare meeting of two
/// is not drowned by the others.
#[derive(Debug)]
pub(crate) struct Weather {
    faults: Vec<Fault>,
    /// How many of a hundred requests are struck.
    percent: u64,
}

impl Weather {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let share = chance.pick(&[0, 10, 25, 50]).unwrap_or_default();
        let faults = Fault::ALL.into_iter().filter(|_| chance.percent(share));
        Self {
            faults: faults.collect(),
            percent: chance.pick(&[3, 10, 30]).unwrap_or_default(),
        }
    }

    pub(crate) fn rule_out(&mut self, fault: Fault) {
        self.faults.retain(|it| *it != fault);
    }

    /// Nothing goes wrong any more.
    pub(crate) fn calm(&mut self) {
        self.faults.clear();
    }

    /// The fault that strikes a request.
    pub(crate) fn strike(&self, chance: &mut Chance, operation: Operation) -> Option<Fault> {
        let special = match operation {
            Operation::RequestEngagement => Some(Seat::Start),
            Operation::GetMessages => Some(Seat::Poll),
            _ => None,
        };
        let strikes = chance.percent(self.percent);
        self.of(chance, |seat| {
            strikes && (seat == Seat::Request || Some(seat) == special)
        })
    }

    /// The fault that strikes a request for a session.
    pub(crate) fn strike_page(&self, chance: &mut Chance) -> Option<Fault> {
        let strikes = chance.percent(self.percent);
        self.of(chance, |seat| strikes && seat == Seat::Page)
    }

    /// The world's next fault.
    pub(crate) fn strike_world(&self, chance: &mut Chance) -> Option<Fault> {
        self.of(chance, |seat| seat == Seat::World)
    }

    fn of(&self, chance: &mut Chance, fits: impl Fn(Seat) -> bool) -> Option<Fault> {
        let faults = self.faults.iter().copied();
        let fitting: Vec<Fault> = faults.filter(|fault| fits(fault.seat())).collect();
        chance.pick(&fitting)
    }
}
