//! Chooses the kinds of faults of a world (one simulated run), and the requests that they strike.

use pipit_wire::consumer::Operation;

use crate::chance::Chance;
use crate::fault::{Fault, FaultTarget};

/// The faults that can strike in one world. A world has only some kinds of faults. With fewer kinds, a rare coincidence
/// of two faults is found sooner.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    faults: Vec<Fault>,
    /// The probability that a fault strikes a request, in percent, if some fault in `faults` can strike this request.
    strike_percent: u64,
}

impl FaultPlan {
    /// Draws the kinds of faults of a world, and how often they strike requests.
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        // The probability that a given kind of fault can strike in this world. With 0 percent, no fault strikes.
        let share_percent = chance.pick(&[0, 10, 25, 50]).unwrap_or_default();
        let faults = Fault::ALL
            .into_iter()
            .filter(|_| chance.percent(share_percent));
        Self {
            faults: faults.collect(),
            strike_percent: chance.pick(&[3, 10, 30]).unwrap_or_default(),
        }
    }

    /// A plan without faults, for a world that plays a script.
    pub(crate) fn without_faults() -> Self {
        Self {
            faults: Vec::new(),
            strike_percent: 0,
        }
    }

    /// Keeps a fault from striking in this world.
    pub(crate) fn exclude(&mut self, fault: Fault) {
        self.faults.retain(|it| *it != fault);
    }

    /// Keeps all faults from striking from now on.
    pub(crate) fn clear(&mut self) {
        self.faults.clear();
    }

    /// Draws the fault that strikes a request to the chat server. `None` if no fault strikes it.
    pub(crate) fn draw_for_request(
        &self,
        chance: &mut Chance,
        operation: Operation,
    ) -> Option<Fault> {
        // Most faults of requests can strike every operation. These two targets stand for faults of one operation only.
        let narrower_target = match operation {
            Operation::RequestEngagement => Some(FaultTarget::RequestEngagement),
            Operation::GetMessages => Some(FaultTarget::Poll),
            _ => None,
        };
        let strikes = chance.percent(self.strike_percent);
        self.pick(chance, |target| {
            strikes && (target == FaultTarget::Request || Some(target) == narrower_target)
        })
    }

    /// Draws the fault that strikes the engine's request for a session. `None` if no fault strikes it.
    pub(crate) fn draw_for_session(&self, chance: &mut Chance) -> Option<Fault> {
        let strikes = chance.percent(self.strike_percent);
        self.pick(chance, |target| strikes && target == FaultTarget::Session)
    }

    /// Draws the next fault that does not belong to a single request. `None` if no fault of this kind can strike in
    /// this world.
    pub(crate) fn draw_for_world(&self, chance: &mut Chance) -> Option<Fault> {
        self.pick(chance, |target| target == FaultTarget::World)
    }

    /// Picks one of the faults with a fitting target. `None` if no fault fits.
    fn pick(&self, chance: &mut Chance, fits: impl Fn(FaultTarget) -> bool) -> Option<Fault> {
        let faults = self.faults.iter().copied();
        let fitting: Vec<Fault> = faults.filter(|fault| fits(fault.target())).collect();
        chance.pick(&fitting)
    }
}
