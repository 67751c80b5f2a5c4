//! The pool: which cluster answers, and what happens when the site moves to another. PAGE 001, 004.

use pipit_wire::agent::{AgentMessage, ChatConfigChangeNotification, Envelope};
use pipit_wire::consumer::{ConfigurationChanged, SystemMessage};
use pipit_wire::{ExceptionCode, Refusal};

use crate::Switchboard;
use crate::agent::AgentSession;
use crate::engagement::Engagement;

/// The name that the older protocol gives the setting. FOUND.
const POOL_SETTING: &str = "CHAT_CLUSTER_POOL_ID";

/// Where a pool answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolAddress {
    /// The pool's id, such as `297:1`.
    pub pool: String,
    /// Its host, where it changes.
    pub domain: Option<String>,
    /// Its port, where it changes.
    pub port: Option<u16>,
}

#[derive(Debug)]
pub(crate) struct Pool {
    current: PoolAddress,
    former: Option<Former>,
}

#[derive(Debug)]
struct Former {
    pool: String,
    left_ms: i64,
}

/// Under which pool a request was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Current,
    Former,
    Unknown,
}

impl Pool {
    pub(crate) fn new(pool: &str) -> Self {
        let current = PoolAddress {
            pool: pool.to_owned(),
            domain: None,
            port: None,
        };
        Self {
            current,
            former: None,
        }
    }

    /// A request without a pool is under the current one: sites may have none (FOUND), and the
    /// agent's pages document none.
    fn standing(&self, pool: Option<&str>) -> Standing {
        let Some(pool) = pool.filter(|pool| !pool.is_empty()) else {
            return Standing::Current;
        };
        if pool == self.current.pool {
            Standing::Current
        } else if self.former.as_ref().is_some_and(|it| it.pool == pool) {
            Standing::Former
        } else {
            Standing::Unknown
        }
    }
}

impl Switchboard {
    /// The pool that answers now.
    pub fn pool(&self) -> &PoolAddress {
        &self.pool.current
    }

    /// Moves the site to another pool and tells every session.
    pub fn migrate(&mut self, to: PoolAddress, now: i64) {
        self.tick(now);
        let from = std::mem::replace(&mut self.pool.current, to);
        self.pool.former = Some(Former {
            pool: from.pool,
            left_ms: now,
        });
        let address = &self.pool.current;
        for engagement in self.engagements.values_mut() {
            if !engagement.is_concluded() {
                engagement.tell_pool(address, now);
            }
        }
        for agent in self.agents.values_mut() {
            agent.tell_pool(address, now);
        }
    }

    /// Whether a request under this pool is answered. How long the former pool answers is not
    /// told by the pages: here for a grace, and without end where the pool is not strict. INFERRED.
    /// Polls are not asked about here: `get_messages` takes the pool itself.
    ///
    /// # Errors
    /// 404 for a pool that is unknown or was left too long ago.
    pub fn admit(&self, pool: Option<&str>, now: i64) -> Result<(), Refusal> {
        let within_grace = |former: &Former| now - former.left_ms < self.config.pool_grace_ms;
        let admitted = match self.pool.standing(pool) {
            Standing::Current => true,
            Standing::Former => self.pool.former.as_ref().is_some_and(within_grace),
            Standing::Unknown => false,
        };
        if admitted || !self.config.strict_pool {
            return Ok(());
        }
        Err(unknown_pool(pool))
    }

    /// Admits a poll. The former pool answers polls for ever, and tells the new pool each time: who
    /// slept through the change, or lost the answer that told of it, still learns. INFERRED.
    pub(crate) fn admit_poll(&self, pool: Option<&str>) -> Result<Option<PoolAddress>, Refusal> {
        match self.pool.standing(pool) {
            Standing::Former => Ok(Some(self.pool.current.clone())),
            Standing::Unknown if self.config.strict_pool => Err(unknown_pool(pool)),
            Standing::Current | Standing::Unknown => Ok(None),
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
    /// Tells the consumer where to ask from now on, unless that stands in the stream already.
    pub(crate) fn tell_pool(&mut self, to: &PoolAddress, now: i64) {
        let told = |message: &SystemMessage| matches!(message, SystemMessage::ConfigurationChanged(it) if it.new_pool() == Some(&to.pool));
        if self.stream.contains(told) {
            return;
        }
        self.tell(now, |stamp| {
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
    /// Tells the agent where to ask from now on, unless that stands in the stream already.
    pub(crate) fn tell_pool(&mut self, to: &PoolAddress, now: i64) {
        let told = |message: &AgentMessage| matches!(message, AgentMessage::ChatConfigChangeNotification(it) if it.pool.as_deref() == Some(&to.pool));
        if self.stream.contains(told) {
            return;
        }
        self.tell_system(now, |envelope| {
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
