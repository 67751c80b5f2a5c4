//! Property tests: in any order of operations nothing panics, and each message of a visitor reaches the
//! agents who lead at most once and in order.

use std::collections::{BTreeMap, BTreeSet};

use pipit_switchboard::PoolAddress;
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::{AccountId, EngagementId};
use proptest::prelude::*;

use crate::test_server::{TestAgent, TestServer, Visitor};

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

/// A switchboard with several visitors and agents, and what the agents have received.
struct World {
    server: TestServer,
    visitors: Vec<Visitor>,
    agents: Vec<TestAgent>,
    sent: usize,
    /// The messages that the leads have received, by engagement. Conferees get each message too, so the property
    /// holds only in runs without conferences.
    received: BTreeMap<EngagementId, Vec<usize>>,
    conferences: bool,
    conferees: usize,
}

impl World {
    fn apply(&mut self, step: &Step) {
        match *step {
            Step::Arrive => self.visitors.push(self.server.visitor()),
            Step::Say(who) => self.with_visitor(who, |world, visitor| {
                world.sent += 1;
                let _ = world.server.post(visitor, &world.sent.to_string());
            }),
            Step::Fetch(who) => self.with_visitor(who, |world, visitor| {
                if world.server.poll(visitor).is_ok() {
                    world.server.fetch(visitor);
                }
            }),
            Step::Hang(who) => self.with_visitor(who, |world, visitor| {
                let _ = world.server.poll(visitor);
            }),
            Step::Type(who) => self.with_visitor(who, |world, visitor| {
                if world.server.poll(visitor).is_ok() {
                    world.server.type_text(visitor, Some("hm"));
                }
            }),
            Step::Leave(who) => self.with_visitor(who, |world, visitor| {
                let _ = world.server.conclude_as_visitor(visitor);
            }),
            Step::LogOn(account) => {
                self.agents.retain(|agent| agent.account.0 != account);
                let agent = self.server.log_on(account, true).unwrap();
                self.server.request_assignment(&agent, 3);
                self.agents.push(agent);
            }
            Step::Want(who, max) => self.with_agent(who, |world, agent| {
                world.server.request_assignment(agent, max);
            }),
            Step::Serve(who) => self.with_agent(who, Self::serve),
            Step::Decline(who) => self.acknowledge(who, &AssignmentAction::Decline),
            Step::Conclude(who) => self.with_pair(who, |world, agent, visitor| {
                let _ = world.server.conclude_as_agent(agent, visitor);
            }),
            Step::Release(who) => self.with_pair(who, |world, agent, visitor| {
                let _ = world.server.release(agent, visitor);
            }),
            Step::LogOff(who) => self.with_agent(who, |world, agent| {
                world.server.log_off(agent, true);
            }),
            Step::Transfer(who) => self.with_visitor(who, |world, visitor| {
                let now = world.server.now;
                let _ = world.server.switchboard.transfer(visitor.engagement, now);
            }),
            Step::Invite(who, account) if self.conferences => {
                self.with_visitor(who, |world, visitor| {
                    let (id, now) = (visitor.engagement, world.server.now);
                    let _ = world.server.switchboard.invite(id, AccountId(account), now);
                });
            }
            Step::Invite(..) => {}
            Step::Migrate => {
                let to = PoolAddress {
                    pool: self.sent.to_string(),
                    domain: None,
                    port: None,
                };
                self.server.switchboard.migrate(to, self.server.now);
            }
            Step::Pass(ms) => self.server.advance(ms),
        }
    }

    /// Lets an agent fetch messages and accept every offer.
    fn serve(&mut self, agent: &TestAgent) {
        for message in self.server.fetch_agent(agent) {
            match message {
                AgentMessage::ChatEngagementAssignment(it) => {
                    let kind = AssignmentType::from(it.kind.unwrap_or_default().as_str());
                    let confers = usize::from(kind == AssignmentType::Conference);
                    let (id, action) = (it.engagement_id, AssignmentAction::Accept);
                    let result = self.server.acknowledge(agent, id, action, kind);
                    self.conferees += result.map_or(0, |_| confers);
                }
                AgentMessage::ChatPostMessage(it) => {
                    let engagement = EngagementId(it.envelope.destination_id.unwrap());
                    let number = it.body.parse().unwrap();
                    self.received.entry(engagement).or_default().push(number);
                }
                _ => {}
            }
        }
    }

    fn acknowledge(&mut self, who: usize, action: &AssignmentAction) {
        self.with_pair(who, |world, agent, visitor| {
            for kind in [AssignmentType::Lead, AssignmentType::Conference] {
                let (id, action) = (visitor.engagement, action.clone());
                let _ = world.server.acknowledge(agent, id, action, kind);
            }
        });
    }

    fn with_visitor(&mut self, who: usize, act: impl FnOnce(&mut Self, &Visitor)) {
        // Only the latest four: the conversations of the earlier ones are mostly over.
        let latest: Vec<&Visitor> = self.visitors.iter().rev().take(4).collect();
        if let Some(visitor) = pick(&latest, who) {
            act(self, &visitor);
        }
    }

    fn with_agent(&mut self, who: usize, act: impl FnOnce(&mut Self, &TestAgent)) {
        let agents: Vec<&TestAgent> = self.agents.iter().collect();
        let agent = pick(&agents, who);
        if let Some(agent) = agent.filter(|agent| self.server.agent_handle(agent).is_ok()) {
            act(self, &agent);
        }
    }

    fn with_pair(&mut self, who: usize, act: impl FnOnce(&mut Self, &TestAgent, &Visitor)) {
        self.with_agent(who, |world, agent| {
            world.with_visitor(who, |world, visitor| act(world, agent, visitor));
        });
    }
}

fn pick<T: Clone>(from: &[&T], which: usize) -> Option<T> {
    let index = which.checked_rem(from.len())?;
    from.get(index).copied().cloned()
}

fn run(steps: &[Step], conferences: bool) -> World {
    let mut world = World {
        server: TestServer::new(),
        visitors: Vec::new(),
        agents: Vec::new(),
        sent: 0,
        received: BTreeMap::new(),
        conferences,
        conferees: 0,
    };
    for account in [12, 13] {
        let agent = world.server.available_agent(account, 3);
        world.agents.push(agent);
    }
    for step in steps {
        world.apply(step);
        let deadline = world.server.switchboard.next_deadline();
        assert!(
            deadline.is_none_or(|at| at > world.server.now),
            "every time-out that was due has run"
        );
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() })]

    #[test]
    fn each_message_reaches_the_agents_at_most_once_and_in_order(steps in steps()) {
        let world = run(&steps, false);
        for (engagement, received) in &world.received {
            let ascending = received.windows(2).all(|pair| pair[0] < pair[1]);
            prop_assert!(ascending, "engagement {engagement} was received as {received:?}");
        }
    }

    #[test]
    fn nobody_takes_part_twice_with_conferences_either(steps in steps()) {
        let world = run(&steps, true);
        for engagement in world.server.switchboard.state().engagements {
            let parts = engagement.lead.iter().chain(&engagement.conferees).chain(&engagement.wrap_up);
            let parts: Vec<&String> = parts.collect();
            let different: BTreeSet<&String> = parts.iter().copied().collect();
            prop_assert_eq!(parts.len(), different.len(), "{:?}", engagement);
        }
    }
}

/// Checks that the generated steps lead to delivered messages: without them the properties would hold trivially.
#[test]
fn the_steps_lead_to_conversations() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut received, mut conferees) = (0, 0);
    for _ in 0..50 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        received += run(&steps, false)
            .received
            .values()
            .map(Vec::len)
            .sum::<usize>();
        conferees += run(&steps, true).conferees;
    }
    assert!(
        received > 50,
        "only {received} messages were received by an agent"
    );
    assert!(conferees > 0, "only {conferees} conferees joined");
}
