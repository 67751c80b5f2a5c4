//! Whatever the order of operations: nothing panics, and each message of a visitor reaches the
//! agents who lead at most once, in order.

use std::collections::{BTreeMap, BTreeSet};

use pipit_switchboard::PoolAddress;
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::{AccountId, EngagementId};
use proptest::prelude::*;

use crate::floor::{Clerk, Floor, Visitor};

#[derive(Clone, Debug)]
enum Step {
    Arrive,
    Say(usize),
    Fetch(usize),
    Hang(usize),
    Type(usize),
    Leave(usize),
    LogOn(i64),
    Want(usize, i32),
    Serve(usize),
    Decline(usize),
    Conclude(usize),
    Release(usize),
    LogOff(usize),
    Transfer(usize),
    Invite(usize, i64),
    Migrate,
    Pass(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0_usize..4;
    let step = prop_oneof![
        2 => Just(Step::Arrive),
        8 => who.clone().prop_map(Step::Say),
        3 => who.clone().prop_map(Step::Fetch),
        1 => who.clone().prop_map(Step::Hang),
        2 => who.clone().prop_map(Step::Type),
        1 => who.clone().prop_map(Step::Leave),
        1 => (12_i64..15).prop_map(Step::LogOn),
        2 => (who.clone(), 0_i32..4).prop_map(|(who, max)| Step::Want(who, max)),
        12 => who.clone().prop_map(Step::Serve),
        1 => who.clone().prop_map(Step::Decline),
        1 => who.clone().prop_map(Step::Conclude),
        2 => who.clone().prop_map(Step::Release),
        1 => who.clone().prop_map(Step::LogOff),
        1 => who.clone().prop_map(Step::Transfer),
        3 => (who, 12_i64..15).prop_map(|(who, account)| Step::Invite(who, account)),
        1 => Just(Step::Migrate),
        4 => (0_i64..5_000).prop_map(Step::Pass),
        1 => (0_i64..400_000).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..120)
}

/// The world as its people see it.
struct World {
    floor: Floor,
    visitors: Vec<Visitor>,
    clerks: Vec<Clerk>,
    said: usize,
    /// What the agents who lead were given, by engagement. Conferees hear everything a second
    /// time, so what reaches them is not counted.
    heard: BTreeMap<EngagementId, Vec<usize>>,
    conferences: bool,
    conferees: usize,
}

impl World {
    fn take(&mut self, step: &Step) {
        match *step {
            Step::Arrive => self.visitors.push(self.floor.visitor()),
            Step::Say(who) => self.with_visitor(who, |world, visitor| {
                world.said += 1;
                let _ = world.floor.say(visitor, &world.said.to_string());
            }),
            Step::Fetch(who) => self.with_visitor(who, |world, visitor| {
                if world.floor.poll(visitor).is_ok() {
                    world.floor.fetch(visitor);
                }
            }),
            Step::Hang(who) => self.with_visitor(who, |world, visitor| {
                let _ = world.floor.poll(visitor);
            }),
            Step::Type(who) => self.with_visitor(who, |world, visitor| {
                if world.floor.poll(visitor).is_ok() {
                    world.floor.type_text(visitor, Some("hm"));
                }
            }),
            Step::Leave(who) => self.with_visitor(who, |world, visitor| {
                let _ = world.floor.leave(visitor);
            }),
            Step::LogOn(account) => {
                self.clerks.retain(|clerk| clerk.account.0 != account);
                let clerk = self.floor.log_on(account, true).unwrap();
                self.floor.want(&clerk, 3);
                self.clerks.push(clerk);
            }
            Step::Want(who, max) => self.with_clerk(who, |world, clerk| {
                world.floor.want(clerk, max);
            }),
            Step::Serve(who) => self.with_clerk(who, Self::serve),
            Step::Decline(who) => self.acknowledge(who, &AssignmentAction::Decline),
            Step::Conclude(who) => self.with_pair(who, |world, clerk, visitor| {
                let _ = world.floor.conclude(clerk, visitor);
            }),
            Step::Release(who) => self.with_pair(who, |world, clerk, visitor| {
                let _ = world.floor.release(clerk, visitor);
            }),
            Step::LogOff(who) => self.with_clerk(who, |world, clerk| {
                world.floor.log_off(clerk, true);
            }),
            Step::Transfer(who) => self.with_visitor(who, |world, visitor| {
                let now = world.floor.now;
                let _ = world.floor.board.transfer(visitor.engagement, now);
            }),
            Step::Invite(who, account) if self.conferences => {
                self.with_visitor(who, |world, visitor| {
                    let (id, now) = (visitor.engagement, world.floor.now);
                    let _ = world.floor.board.invite(id, AccountId(account), now);
                });
            }
            Step::Invite(..) => {}
            Step::Migrate => {
                let to = PoolAddress {
                    pool: self.said.to_string(),
                    domain: None,
                    port: None,
                };
                self.floor.board.migrate(to, self.floor.now);
            }
            Step::Pass(ms) => self.floor.pass(ms),
        }
    }

    /// An agent fetches, and accepts what is offered.
    fn serve(&mut self, clerk: &Clerk) {
        for message in self.floor.fetch_agent(clerk) {
            match message {
                AgentMessage::ChatEngagementAssignment(it) => {
                    let kind = AssignmentType::from(it.kind.unwrap_or_default().as_str());
                    let confers = usize::from(kind == AssignmentType::Conference);
                    let (id, action) = (it.engagement_id, AssignmentAction::Accept);
                    let taken = self.floor.acknowledge(clerk, id, action, kind);
                    self.conferees += taken.map_or(0, |_| confers);
                }
                AgentMessage::ChatPostMessage(it) => {
                    let engagement = EngagementId(it.envelope.destination_id.unwrap());
                    let number = it.body.parse().unwrap();
                    self.heard.entry(engagement).or_default().push(number);
                }
                _ => {}
            }
        }
    }

    fn acknowledge(&mut self, who: usize, action: &AssignmentAction) {
        self.with_pair(who, |world, clerk, visitor| {
            for kind in [AssignmentType::Lead, AssignmentType::Conference] {
                let (id, action) = (visitor.engagement, action.clone());
                let _ = world.floor.acknowledge(clerk, id, action, kind);
            }
        });
    }

    fn with_visitor(&mut self, who: usize, act: impl FnOnce(&mut Self, &Visitor)) {
        // The latest four: the earlier ones are mostly gone.
        let latest: Vec<&Visitor> = self.visitors.iter().rev().take(4).collect();
        if let Some(visitor) = pick(&latest, who) {
            act(self, &visitor);
        }
    }

    fn with_clerk(&mut self, who: usize, act: impl FnOnce(&mut Self, &Clerk)) {
        let clerks: Vec<&Clerk> = self.clerks.iter().collect();
        let clerk = pick(&clerks, who);
        if let Some(clerk) = clerk.filter(|clerk| self.floor.agent(clerk).is_ok()) {
            act(self, &clerk);
        }
    }

    fn with_pair(&mut self, who: usize, act: impl FnOnce(&mut Self, &Clerk, &Visitor)) {
        self.with_clerk(who, |world, clerk| {
            world.with_visitor(who, |world, visitor| act(world, clerk, visitor));
        });
    }
}

fn pick<T: Clone>(from: &[&T], which: usize) -> Option<T> {
    let index = which.checked_rem(from.len())?;
    from.get(index).copied().cloned()
}

fn run(steps: &[Step], conferences: bool) -> World {
    let mut world = World {
        floor: Floor::new(),
        visitors: Vec::new(),
        clerks: Vec::new(),
        said: 0,
        heard: BTreeMap::new(),
        conferences,
        conferees: 0,
    };
    for account in [12, 13] {
        let clerk = world.floor.clerk(account, 3);
        world.clerks.push(clerk);
    }
    for step in steps {
        world.take(step);
        let deadline = world.floor.board.next_deadline();
        assert!(
            deadline.is_none_or(|at| at > world.floor.now),
            "all that was due has happened"
        );
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() })]

    #[test]
    fn each_message_reaches_the_agents_at_most_once_and_in_order(steps in steps()) {
        let world = run(&steps, false);
        for (engagement, heard) in &world.heard {
            let ascending = heard.windows(2).all(|pair| pair[0] < pair[1]);
            prop_assert!(ascending, "engagement {engagement} was heard as {heard:?}");
        }
    }

    #[test]
    fn with_conferences_too_nobody_takes_part_twice(steps in steps()) {
        let world = run(&steps, true);
        for engagement in world.floor.board.state().engagements {
            let parts = engagement.lead.iter().chain(&engagement.conferees).chain(&engagement.wrap_up);
            let parts: Vec<&String> = parts.collect();
            let different: BTreeSet<&String> = parts.iter().copied().collect();
            prop_assert_eq!(parts.len(), different.len(), "{:?}", engagement);
        }
    }
}

/// The property means something only if messages do get through.
#[test]
fn the_steps_lead_to_conversations() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut heard, mut conferees) = (0, 0);
    for _ in 0..50 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        heard += run(&steps, false)
            .heard
            .values()
            .map(Vec::len)
            .sum::<usize>();
        conferees += run(&steps, true).conferees;
    }
    assert!(heard > 50, "only {heard} messages were heard by an agent");
    assert!(conferees > 0, "only {conferees} conferees joined");
}
