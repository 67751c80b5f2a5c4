//! Moves the site (the customer's account at Oracle) to another *pool* (group of chat servers), announces the new pool to
//! the agents and the visitors, and decides which requests to the former pool are still answered.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use pipit_wire::agent::{AgentMessage, ChatConfigChangeNotification, Envelope};
use pipit_wire::consumer::{ConfigurationChanged, SystemMessage};
use pipit_wire::{ExceptionCode, Refusal};

use crate::agent_session::AgentSession;
use crate::engagement::Engagement;
use crate::pool::PoolMatch;
use crate::{PoolAddress, Switchboard};

/// The name of the setting that a message about a new pool changes. (FOUND in Oracle's older protocol)
const POOL_SETTING: &str = "CHAT_CLUSTER_POOL_ID";

impl Switchboard {
    /// The pool that serves the site now.
    pub fn pool(&self) -> &PoolAddress {
        self.pool.current()
    }

    /// Moves the site to another pool, and announces that pool to every agent and to every consumer (visitor's client)
    /// whose engagement is not over. (PAGE 001, 004)
    pub fn migrate(&mut self, to: PoolAddress, now: i64) {
        // Runs the time-outs that are due, so that engagements that are over by now get no announcement.
        self.tick(now);
        self.pool.migrate(to, now);
        let address = self.pool.current();
        for engagement in self.engagements.values_mut() {
            if !engagement.is_concluded() {
                engagement.push_configuration_changed(address, now);
            }
        }
        for agent in self.agents.values_mut() {
            agent.push_configuration_changed(address, now);
        }
    }

    /// Checks that the switchboard answers requests to this pool. Do not call it for polls: they have another rule, which
    /// `get_messages` checks itself.
    ///
    /// After a migration the former pool answers for `pool_grace_ms`, or without limit if `strict_pool` is off. Oracle's API
    /// reference does not mention a limit. (INFERRED)
    ///
    /// # Errors
    /// 404, if `strict_pool` is on, for a pool that is unknown or that the site left at least `pool_grace_ms` ago.
    pub fn check_pool(&self, pool: Option<&str>, now: i64) -> Result<(), Refusal> {
        let is_answered = match self.pool.match_request(pool) {
            PoolMatch::Current => true,
            PoolMatch::Former { left_ms } => now - left_ms < self.config.pool_grace_ms,
            PoolMatch::Unknown => false,
        };
        if is_answered || !self.config.strict_pool {
            return Ok(());
        }
        Err(unknown_pool(pool))
    }

    /// Checks that the switchboard answers polls to this pool. Returns the current pool if the client polls the former pool,
    /// because the current pool must then be announced to the client; `None` if the client needs no announcement.
    ///
    /// The former pool answers polls without limit and names the new pool each time (INFERRED). So a client learns the
    /// new pool even if it was suspended during the migration, or did not get the answer that named the pool.
    ///
    /// # Errors
    /// 404 for an unknown pool, if `strict_pool` is on.
    pub(crate) fn check_poll_pool(
        &self,
        pool: Option<&str>,
    ) -> Result<Option<PoolAddress>, Refusal> {
        match self.pool.match_request(pool) {
            PoolMatch::Former { .. } => Ok(Some(self.pool().clone())),
            PoolMatch::Unknown if self.config.strict_pool => Err(unknown_pool(pool)),
            PoolMatch::Current | PoolMatch::Unknown => Ok(None),
        }
    }
}

/// The refusal of a request to a pool that does not answer it: an unknown pool, or the former pool after its time.
fn unknown_pool(pool: Option<&str>) -> Refusal {
    Refusal::new(
        404,
        &ExceptionCode::BadRequest,
        format!(
            "There is no pool {:?} here. Use the pool that the session named, or the one that a \
             configuration message has named since.",
            pool.unwrap_or_default()
        ),
    )
}

impl Engagement {
    /// Announces the new pool to the consumer. Does nothing if a message that the consumer has not fetched yet
    /// announces it already.
    pub(crate) fn push_configuration_changed(&mut self, to: &PoolAddress, now: i64) {
        let names_pool = |message: &SystemMessage| match message {
            SystemMessage::ConfigurationChanged(change) => change.new_pool() == Some(&to.pool),
            _ => false,
        };
        if self.stream.contains(names_pool) {
            return;
        }
        self.push(now, |stamp| {
            SystemMessage::ConfigurationChanged(ConfigurationChanged {
                name: Some(POOL_SETTING.to_owned()),
                value: Some(to.pool.clone()),
                domain: to.domain.clone(),
                port: to.port.map(i64::from),
                pool: Some(to.pool.clone()),
                stamp,
                ..ConfigurationChanged::default()
            })
        });
    }
}

impl AgentSession {
    /// Announces the new pool to the agent. Does nothing if a message that the agent has not fetched yet announces it
    /// already.
    pub(crate) fn push_configuration_changed(&mut self, to: &PoolAddress, now: i64) {
        let names_pool = |message: &AgentMessage| match message {
            AgentMessage::ChatConfigChangeNotification(change) => {
                change.pool.as_deref() == Some(&to.pool)
            }
            _ => false,
        };
        if self.stream.contains(names_pool) {
            return;
        }
        self.push_from_server(now, |envelope| {
            // Only this message has no destination id (PAGE 004).
            let envelope = Envelope {
                destination_id: None,
                ..envelope
            };
            AgentMessage::ChatConfigChangeNotification(Box::new(ChatConfigChangeNotification {
                name: Some(POOL_SETTING.to_owned()),
                value: Some(to.pool.clone()),
                // Page 004 prints both members. They are empty if the host and the port stay the same. (INFERRED)
                domain: Some(to.domain.clone().unwrap_or_default()),
                port: Some(to.port.map(|port| port.to_string()).unwrap_or_default()),
                pool: Some(to.pool.clone()),
                envelope,
                ..ChatConfigChangeNotification::default()
            }))
        });
    }
}
