//! [`Performance`]: a script that is played against a sandbox without a network, with a visitor of the caller's own. It plays
//! the agents, the server and the faults.

use std::rc::Rc;

use pipit_script::{
    AgentName, Deed, Demand, NetworkDeed, Observer, Player, Script, ServerDeed, Sight, VisitorDeed,
    VisitorSight,
};
use serde_json::{Value, json};

use super::agent::Agent;
use super::connection::Connection;
use crate::local_server::LocalServer;

/// A script that is being played. Its owner calls [`next_turn`](Self::next_turn) in a loop, plays the visitor, moves the sandbox's clock,
/// and calls [`proceed`](Self::proceed) whenever something may have happened.
pub struct Performance {
    player: Player,
    connection: Connection,
    agents: [Agent; 2],
}

/// What the owner of a [`Performance`] has to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// The visitor does this, in the tab with this number.
    Visitor(usize, VisitorDeed),
    /// The visitor has no network any more, or has it again.
    Offline(bool),
    /// Time passes until something happens, at most until this time in ms since 1970.
    Wait {
        /// The end of the wait, in ms since 1970.
        until_ms: i64,
    },
    /// The script was played to its end.
    Done,
}

impl Performance {
    /// Begins a script. Its settings are changed at the sandbox.
    ///
    /// # Errors
    /// A text that says which setting is wrong.
    pub fn new(script: Script, server: Rc<LocalServer>) -> Result<Self, String> {
        let connection = Connection::new(server);
        if !script.settings.is_empty() {
            let settings = Value::Object(script.settings.clone());
            let changed = connection.use_switch("config", &settings);
            changed.map_err(|text| format!("settings: {text}"))?;
        }
        let now_ms = connection.server().now().unsigned_abs();
        Ok(Self {
            player: Player::new(Rc::new(script), now_ms),
            connection,
            agents: AgentName::ALL.map(Agent::new),
        })
    }

    /// The way to the sandbox.
    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Performs the next step, unless it is the visitor's, and returns what has to be done then.
    ///
    /// # Errors
    /// A text that names the line of the step that failed, and says what was seen instead.
    pub fn next_turn(&mut self) -> Result<Turn, String> {
        let now_ms = self.connection.server().now().unsigned_abs();
        match self.player.next(now_ms) {
            Demand::Perform(Deed::Visitor(tab, deed)) => Ok(Turn::Visitor(tab, deed)),
            Demand::Perform(Deed::Network(NetworkDeed::Offline {})) => Ok(Turn::Offline(true)),
            Demand::Perform(Deed::Network(NetworkDeed::Online {})) => Ok(Turn::Offline(false)),
            Demand::Perform(deed) => {
                self.perform(&deed).map_err(|text| self.failure(text))?;
                // The clients get what the step has caused, before time passes.
                Ok(Turn::Wait {
                    until_ms: now_ms.cast_signed(),
                })
            }
            Demand::Wait { until_ms } => Ok(Turn::Wait {
                until_ms: until_ms.cast_signed(),
            }),
            Demand::Done => Ok(Turn::Done),
            Demand::Fail(failure) => Err(failure.to_string()),
        }
    }

    /// The text of the failure of what the visitor was to do. `text` is one or more sentences.
    pub fn failure(&self, text: impl Into<String>) -> String {
        self.player.failure(text).to_string()
    }

    /// Reports what the visitor sees in a tab.
    pub fn saw(&mut self, tab: usize, sight: VisitorSight) {
        self.player
            .saw(Observer::Visitor(tab), Sight::Visitor(sight));
    }

    /// Forgets what the visitor has seen in a tab.
    pub(super) fn forget_tab(&mut self, tab: usize) {
        self.player.forget_tab(tab);
    }

    /// Lets the agents poll and take what has arrived. Returns whether anything has happened.
    pub fn proceed(&mut self) -> bool {
        let mut is_busy = false;
        for (agent, name) in self.agents.iter_mut().zip(AgentName::ALL) {
            is_busy |= agent.proceed(&self.connection);
            for sight in agent.take_sights() {
                self.player.saw(Observer::Agent(name), Sight::Agent(sight));
            }
        }
        is_busy
    }

    /// Does what a step says. The error is a sentence.
    fn perform(&mut self, deed: &Deed) -> Result<(), String> {
        match deed {
            Deed::Agent(name, deed) => {
                let agent = self.agents.iter_mut().find(|agent| agent.name() == *name);
                agent.map_or(Ok(()), |agent| agent.perform(deed, &self.connection))
            }
            Deed::Server(deed) => self.perform_as_server(deed),
            Deed::Network(NetworkDeed::Break {
                operation,
                fault,
                times,
            }) => self.connection.use_switch(
                "network",
                &json!({ "operation": operation, "fault": fault, "times": times }),
            ),
            // The owner does these.
            Deed::Visitor(..) | Deed::Network(_) => Ok(()),
        }
    }

    fn perform_as_server(&self, deed: &ServerDeed) -> Result<(), String> {
        let (switch, body) = match deed {
            ServerDeed::Fail {
                operation,
                status,
                result_type,
                times,
            } => (
                "fault",
                json!({ "operation": operation, "status": status, "resultType": result_type, "times": times }),
            ),
            ServerDeed::Configure { settings } => ("config", Value::Object(settings.clone())),
            ServerDeed::Migrate { pool } => ("migrate", json!({ "pool": pool })),
            ServerDeed::Reset {} => ("reset", json!({})),
        };
        self.connection.use_switch(switch, &body)
    }
}
