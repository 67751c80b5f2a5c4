//! Chooses the faults of a world, and when they strike.

use pipit_wire::consumer::Operation;

use crate::chance::Chance;
use crate::fault::{Fault, FaultTarget};

/// The faults that can strike in one world. A world has only some kinds of faults, because a rare coincidence of two
/// kinds is found sooner if others do not interfere.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    faults: Vec<Fault>,
    /// The probability that a fault strikes a request, in percent.
    percent: u64,
}

impl FaultPlan {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let share = chance.pick(&[0, 10, 25, 50]).unwrap_or_default();
        let faults = Fault::ALL.into_iter().filter(|_| chance.percent(share));
        Self {
            faults: faults.collect(),
            percent: chance.pick(&[3, 10, 30]).unwrap_or_default(),
        }
    }

    /// Removes a fault.
    pub(crate) fn exclude(&mut self, fault: Fault) {
        self.faults.retain(|it| *it != fault);
    }

    /// Removes all faults.
    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// Draws the fault that strikes a request to the chat server, if one does.
    pub(crate) fn draw_for_request(
        &self,
        chance: &mut Chance,
        operation: Operation,
    ) -> Option<Fault> {
        let special_target = match operation {
            Operation::RequestEngagement => Some(FaultTarget::Start),
            Operation::GetMessages => Some(FaultTarget::Poll),
            _ => None,
        };
        let strikes = chance.percent(self.percent);
        self.pick(chance, |target| {
            strikes && (target == FaultTarget::Request || Some(target) == special_target)
        })
    }

    /// Draws the fault that strikes a request for a session, if one does.
    pub(crate) fn draw_for_session(&self, chance: &mut Chance) -> Option<Fault> {
        let strikes = chance.percent(self.percent);
        self.pick(chance, |target| strikes && target == FaultTarget::Session)
    }

    /// Draws the next fault that does not belong to a single request.
    pub(crate) fn draw_for_world(&self, chance: &mut Chance) -> Option<Fault> {
        self.pick(chance, |target| target == FaultTarget::World)
    }

    fn pick(&self, chance: &mut Chance, fits: impl Fn(FaultTarget) -> bool) -> Option<Fault> {
        let faults = self.faults.iter().copied();
        let fitting: Vec<Fault> = faults.filter(|fault| fits(fault.target())).collect();
        chance.pick(&fitting)
    }
}
