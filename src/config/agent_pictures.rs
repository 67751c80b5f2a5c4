//! The option `agentAvatars`: the addresses of agents' pictures. The API has no pictures of agents.

use js_sys::{Object, Reflect};
use pipit_engine::Agent;
use yew::AttrValue;

/// The addresses by agents' names and account ids. A clone shares them.
#[derive(Clone, Default)]
pub(crate) struct AgentPictures(Option<Object>);

impl AgentPictures {
    pub(crate) fn new(option: Option<Object>) -> Self {
        Self(option)
    }

    /// The picture of an agent who takes part: by the account id, or else by the name.
    pub(crate) fn of(&self, agent: &Agent) -> Option<AttrValue> {
        let account = agent.account_id.map(|id| id.to_string());
        account
            .and_then(|account| self.find(&account))
            .or_else(|| self.named(&agent.name))
    }

    /// The picture of the agent with this name. A message has no account id.
    pub(crate) fn named(&self, name: &str) -> Option<AttrValue> {
        self.find(name)
    }

    /// Only own members of the object count, so that no agent is called like a member of every object.
    fn find(&self, key: &str) -> Option<AttrValue> {
        let pictures = self.0.as_ref().filter(|_| !key.is_empty())?;
        let is_own = Object::keys(pictures).includes(&key.into(), 0);
        let address = Reflect::get(pictures, &key.into())
            .ok()
            .filter(|_| is_own)?;
        address.as_string().map(AttrValue::from)
    }
}
