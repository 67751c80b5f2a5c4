//! The agents of the sandbox.

use pipit_script::{AgentDeed, AgentStep};
use pipit_switchboard::AgentClaims;
use pipit_wire::AccountId;

/// An agent whom the sandbox knows by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentAccount {
    /// The id of the agent's account.
    pub account: i64,
    /// The agent's name as a Basic user.
    pub user: String,
    /// The name that visitors see.
    pub name: String,
    /// Who answers.
    pub behaviour: Behaviour,
}

/// Who answers visitors in the name of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// A person or a client, who logs on.
    Human,
    /// The sandbox. It repeats each text of the visitor.
    Echo,
    /// The sandbox. It performs these steps in each conversation.
    Scripted(Vec<AgentStep>),
}

impl Behaviour {
    /// The behaviour of an agent who answers each text of the visitor with the next of these texts, and ends the
    /// conversation after the last one.
    pub fn of_replies(replies: Vec<String>) -> Self {
        let answers = replies
            .into_iter()
            .map(|text| AgentStep::Do(AgentDeed::Say { text }));
        let mut steps: Vec<AgentStep> = answers
            .flat_map(|answer| [AgentStep::AwaitMessage, answer])
            .collect();
        steps.push(AgentStep::Do(AgentDeed::Conclude {}));
        Self::Scripted(steps)
    }
}

impl AgentAccount {
    /// The agents of a sandbox whose options name none.
    pub fn defaults() -> Vec<Self> {
        let agent = |account, user: &str, name: &str| Self {
            account,
            user: user.to_owned(),
            name: name.to_owned(),
            behaviour: Behaviour::Human,
        };
        vec![
            agent(12, "ana", "Ana Marques"),
            agent(13, "ben", "Ben Okafor"),
        ]
    }
}

/// The agent with this account. An account that is not in the list belongs to an agent without a name of its own.
pub(crate) fn agent_of_account(agents: &[AgentAccount], account: i64) -> AgentClaims {
    let known = agents.iter().find(|agent| agent.account == account);
    AgentClaims {
        account: AccountId(account),
        name: known.map_or_else(|| format!("Agent {account}"), |agent| agent.name.clone()),
    }
}
