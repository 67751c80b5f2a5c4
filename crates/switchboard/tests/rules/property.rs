//! Property tests with random sequences of operations: nothing panics, each message of a visitor reaches the agents at most
//! once and in order, and no agent takes part in an engagement twice. A *conferee* is an agent who joins a conversation.

use std::collections::{BTreeMap, BTreeSet};

use pipit_switchboard::PoolAddress;
use pipit_wire::agent::{AgentMessage, AssignmentAction, AssignmentType};
use pipit_wire::{AccountId, EngagementId};
use proptest::prelude::*;

use crate::test_server::{TestAgent, TestServer, Visitor};

/// An operation. A `usize` selects a visitor or an agent, see [`pick`]; without one the step has no effect.
#[derive(Clone, Debug)]
enum Step {
    NewVisitor,
    Post(usize),
    Fetch(usize),
    BeginPoll(usize),
    Type(usize),
    ConcludeAsVisitor(usize),
    LogOn(i64),
    RequestAssignment(usize, i32),
    FetchAndAccept(usize),
    Decline(usize),
    ConcludeAsAgent(usize),
    Release(usize),
    LogOff(usize),
    Transfer(usize),
    Invite(usize, i64),
    Migrate,
    Advance(i64),
}

/// Sequences of steps. The figure before each step is its relative frequency.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = 0_usize..4;
    let step = prop_oneof![
        2 => Just(Step::NewVisitor),
        8 => index.clone().prop_map(Step::Post),
        3 => index.clone().prop_map(Step::Fetch),
        1 => index.clone().prop_map(Step::BeginPoll),
        2 => index.clone().prop_map(Step::Type),
        1 => index.clone().prop_map(Step::ConcludeAsVisitor),
        1 => (12_i64..15).prop_map(Step::LogOn),
        2 => (index.clone(), 0_i32..4).prop_map(|(index, max)| Step::RequestAssignment(index, max)),
        12 => index.clone().prop_map(Step::FetchAndAccept),
        1 => index.clone().prop_map(Step::Decline),
        1 => index.clone().prop_map(Step::ConcludeAsAgent),
        2 => index.clone().prop_map(Step::Release),
        1 => index.clone().prop_map(Step::LogOff),
        1 => index.clone().prop_map(Step::Transfer),
        3 => (index, 12_i64..15).prop_map(|(index, account)| Step::Invite(index, account)),
        1 => Just(Step::Migrate),
        4 => (0_i64..5_000).prop_map(Step::Advance),
        1 => (0_i64..400_000).prop_map(Step::Advance),
    ];
    prop::collection::vec(step, 1..120)
}

/// A switchboard with several visitors and agents, and the messages that the agents have received.
struct Scenario {
    server: TestServer,
    visitors: Vec<Visitor>,
    agents: Vec<TestAgent>,
    /// The number of messages that visitors have posted. Each message's text is its number.
    sent_count: usize,
    /// The numbers of the messages that the agents of each engagement have received, in order. With conferences several
    /// agents get each message.
    received: BTreeMap<EngagementId, Vec<usize>>,
    /// Whether `Step::Invite` has an effect.
    allows_conferences: bool,
    /// The number of times that an agent joined as a conferee.
    conferee_count: usize,
}

impl Scenario {
    fn apply(&mut self, step: &Step) {
        match *step {
            Step::NewVisitor => self.visitors.push(self.server.visitor()),
            Step::Post(index) => self.with_visitor(index, |scenario, visitor| {
                scenario.sent_count += 1;
                let _ = scenario
                    .server
                    .post(visitor, &scenario.sent_count.to_string());
            }),
            Step::Fetch(index) => self.with_visitor(index, |scenario, visitor| {
                if scenario.server.poll(visitor).is_ok() {
                    scenario.server.fetch(visitor);
                }
            }),
            Step::BeginPoll(index) => self.with_visitor(index, |scenario, visitor| {
                let _ = scenario.server.poll(visitor);
            }),
            Step::Type(index) => self.with_visitor(index, |scenario, visitor| {
                if scenario.server.poll(visitor).is_ok() {
                    scenario.server.type_text(visitor, Some("hm"));
                }
            }),
            Step::ConcludeAsVisitor(index) => self.with_visitor(index, |scenario, visitor| {
                let _ = scenario.server.conclude_as_visitor(visitor);
            }),
            Step::LogOn(account) => {
                self.agents.retain(|agent| agent.account.0 != account);
                let agent = self.server.log_on(account, true).unwrap();
                self.server.request_assignment(&agent, 3);
                self.agents.push(agent);
            }
            Step::RequestAssignment(index, max) => self.with_agent(index, |scenario, agent| {
                scenario.server.request_assignment(agent, max);
            }),
            Step::FetchAndAccept(index) => self.with_agent(index, Self::fetch_and_accept),
            Step::Decline(index) => self.acknowledge(index, &AssignmentAction::Decline),
            Step::ConcludeAsAgent(index) => {
                self.with_agent_and_visitor(index, |scenario, agent, visitor| {
                    let _ = scenario.server.conclude_as_agent(agent, visitor);
                });
            }
            Step::Release(index) => {
                self.with_agent_and_visitor(index, |scenario, agent, visitor| {
                    let _ = scenario.server.release(agent, visitor);
                });
            }
            Step::LogOff(index) => self.with_agent(index, |scenario, agent| {
                scenario.server.log_off(agent, true);
            }),
            Step::Transfer(index) => self.with_visitor(index, |scenario, visitor| {
                let now = scenario.server.now;
                let _ = scenario
                    .server
                    .switchboard
                    .transfer(visitor.engagement, now);
            }),
            Step::Invite(index, account) if self.allows_conferences => {
                self.with_visitor(index, |scenario, visitor| {
                    let (id, now) = (visitor.engagement, scenario.server.now);
                    let _ = scenario
                        .server
                        .switchboard
                        .invite(id, AccountId(account), now);
                });
            }
            Step::Invite(..) => {}
            Step::Migrate => {
                let to = PoolAddress {
                    pool: self.sent_count.to_string(),
                    domain: None,
                    port: None,
                };
                self.server.switchboard.migrate(to, self.server.now);
            }
            Step::Advance(ms) => self.server.advance(ms),
        }
    }

    /// Fetches an agent's messages, records them, and accepts every offer among them.
    fn fetch_and_accept(&mut self, agent: &TestAgent) {
        for message in self.server.fetch_agent(agent) {
            match message {
                AgentMessage::ChatEngagementAssignment(offer) => {
                    let kind = AssignmentType::from(offer.kind.unwrap_or_default().as_str());
                    let joined_as_conferee = usize::from(kind == AssignmentType::Conference);
                    let (id, action) = (offer.engagement_id, AssignmentAction::Accept);
                    let result = self.server.acknowledge(agent, id, action, kind);
                    self.conferee_count += result.map_or(0, |_| joined_as_conferee);
                }
                AgentMessage::ChatPostMessage(posted) => {
                    let engagement = EngagementId(posted.envelope.destination_id.unwrap());
                    let number = posted.body.parse().unwrap();
                    self.received.entry(engagement).or_default().push(number);
                }
                _ => {}
            }
        }
    }

    fn acknowledge(&mut self, index: usize, action: &AssignmentAction) {
        self.with_agent_and_visitor(index, |scenario, agent, visitor| {
            for kind in [AssignmentType::Lead, AssignmentType::Conference] {
                let (id, action) = (visitor.engagement, action.clone());
                let _ = scenario.server.acknowledge(agent, id, action, kind);
            }
        });
    }

    fn with_visitor(&mut self, index: usize, act: impl FnOnce(&mut Self, &Visitor)) {
        // Only the newest four, because the conversations of the earlier visitors are mostly over.
        let newest: Vec<&Visitor> = self.visitors.iter().rev().take(4).collect();
        if let Some(visitor) = pick(&newest, index) {
            act(self, &visitor);
        }
    }

    fn with_agent(&mut self, index: usize, act: impl FnOnce(&mut Self, &TestAgent)) {
        let agents: Vec<&TestAgent> = self.agents.iter().collect();
        let agent = pick(&agents, index);
        if let Some(agent) = agent.filter(|agent| self.server.agent_handle(agent).is_ok()) {
            act(self, &agent);
        }
    }

    fn with_agent_and_visitor(
        &mut self,
        index: usize,
        act: impl FnOnce(&mut Self, &TestAgent, &Visitor),
    ) {
        self.with_agent(index, |scenario, agent| {
            scenario.with_visitor(index, |scenario, visitor| act(scenario, agent, visitor));
        });
    }
}

/// Picks the element with this index, counted round and round; `None` from an empty list.
fn pick<T: Clone>(from: &[&T], which: usize) -> Option<T> {
    let index = which.checked_rem(from.len())?;
    from.get(index).copied().cloned()
}

fn run(steps: &[Step], allows_conferences: bool) -> Scenario {
    let mut scenario = Scenario {
        server: TestServer::new(),
        visitors: Vec::new(),
        agents: Vec::new(),
        sent_count: 0,
        received: BTreeMap::new(),
        allows_conferences,
        conferee_count: 0,
    };
    for account in [12, 13] {
        let agent = scenario.server.available_agent(account, 3);
        scenario.agents.push(agent);
    }
    for step in steps {
        scenario.apply(step);
        let switchboard = &scenario.server.switchboard;
        let exact = switchboard.next_deadline().unwrap_or(i64::MAX);
        assert!(
            switchboard.deadline_bound() <= exact,
            "a time-out would be missed after {step:?}"
        );
        let deadline = scenario.server.switchboard.next_deadline();
        assert!(
            deadline.is_none_or(|at| at > scenario.server.now),
            "every time-out that was due has run"
        );
    }
    scenario
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..Default::default() })]

    #[test]
    fn each_message_reaches_the_agents_at_most_once_and_in_order(steps in steps()) {
        let scenario = run(&steps, false);
        for (engagement, received) in &scenario.received {
            let ascending = received.windows(2).all(|pair| pair[0] < pair[1]);
            prop_assert!(ascending, "engagement {engagement} was received as {received:?}");
        }
    }

    #[test]
    fn with_conferences_nobody_takes_part_twice(steps in steps()) {
        let scenario = run(&steps, true);
        for engagement in scenario.server.switchboard.state().engagements {
            let clients = engagement.lead.iter().chain(&engagement.conferees).chain(&engagement.wrap_up);
            let clients: Vec<&String> = clients.collect();
            let different: BTreeSet<&String> = clients.iter().copied().collect();
            prop_assert_eq!(clients.len(), different.len(), "{:?}", engagement);
        }
    }
}

/// Checks that the generated steps lead to delivered messages. Without such messages the properties would always hold.
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
        conferees += run(&steps, true).conferee_count;
    }
    assert!(
        received > 50,
        "only {received} messages were received by an agent"
    );
    assert!(conferees > 0, "only {conferees} conferees joined");
}
