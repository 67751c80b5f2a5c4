//! Moves the site to another pool, tells every session about it, and decides which requests to the former pool are
//! still answered. PAGE 001, 004.
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

/// The name of the setting in the older protocol. FOUND.
const POOL_SETTING: &str = "CHAT_CLUSTER_POOL_ID";

impl Switchboard {
    /// The pool that serves the site now.
    pub fn pool(&self) -> &PoolAddress {
        self.pool.current()
    }

    /// Moves the site to another pool and tells every session.
    pub fn migrate(&mut self, to: PoolAddress, now: i64) {
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

    /// Checks that a request to this pool is answered. Do not call it for polls: `get_messages` checks the pool itself.
    ///
    /// INFERRED: after a migration the former pool answers for `pool_grace_ms`, or without limit if `strict_pool` is off.
    /// Oracle's API reference does not say how long it does.
    ///
    /// # Errors
    /// 404 for a pool that is unknown or was left too long ago.
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

    /// Checks that a poll to this pool is answered. Returns the current pool if the client polls the former one and has to
    /// be told; `None` if the client needs no announcement.
    ///
    /// INFERRED: the former pool answers polls without limit and names the new pool each time. So a client learns the new
    /// pool even if it was suspended during the migration, or lost the answer that named it.
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
    /// Tells the consumer the new pool, unless a pending message does so already.
    pub(crate) fn push_configuration_changed(&mut self, to: &PoolAddress, now: i64) {
        let names_pool = |message: &SystemMessage| matches!(message, SystemMessage::ConfigurationChanged(it) if it.new_pool() == Some(&to.pool));
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
    /// Tells the agent the new pool, unless a pending message does so already.
    pub(crate) fn push_configuration_changed(&mut self, to: &PoolAddress, now: i64) {
        let names_pool = |message: &AgentMessage| matches!(message, AgentMessage::ChatConfigChangeNotification(it) if it.pool.as_deref() == Some(&to.pool));
        if self.stream.contains(names_pool) {
            return;
        }
        self.push_from_server(now, |envelope| {
            let envelope = Envelope {
                destination_id: None,
                ..envelope
            };
            AgentMessage::ChatConfigChangeNotification(Box::new(ChatConfigChangeNotification {
                name: Some(POOL_SETTING.to_owned()),
                value: Some(to.pool.clone()),
                domain: to.domain.clone(),
                port: to.port.map(|port| port.to_string()),
                pool: Some(to.pool.clone()),
                envelope,
                ..ChatConfigChangeNotification::default()
            }))
        });
    }
}
