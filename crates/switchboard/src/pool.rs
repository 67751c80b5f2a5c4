//! The pools of the site (the customer's account at Oracle). The current *pool* is the group of chat servers that
//! serves the site now. The former pool is the pool that the site left in its most recent migration (the move to
//! another pool). `migration.rs` decides which requests to the two pools are answered.
//!
//! FOUND: seen in Oracle's own clients or answers.

/// The address of a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolAddress {
    /// The pool's id, such as `297:1`.
    pub pool: String,
    /// The pool's host; `None` if the clients keep the host that they use.
    pub domain: Option<String>,
    /// The pool's port; `None` if the clients keep the port that they use.
    pub port: Option<u16>,
}

/// The current and the former pool of the site.
#[derive(Debug)]
pub(crate) struct Pool {
    current: PoolAddress,
    /// `None` before the first migration.
    former: Option<FormerPool>,
}

/// The pool before the most recent migration.
#[derive(Debug)]
struct FormerPool {
    id: String,
    /// When the site left this pool, in ms since 1970.
    left_ms: i64,
}

/// How the pool of a request relates to the site's pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PoolMatch {
    /// The current pool, or no pool.
    Current,
    /// The former pool, with the time of the migration away from it, in ms since 1970.
    Former { left_ms: i64 },
    /// Neither the current nor the former pool.
    Unknown,
}

impl Pool {
    pub(crate) fn new(id: &str) -> Self {
        let current = PoolAddress {
            pool: id.to_owned(),
            domain: None,
            port: None,
        };
        Self {
            current,
            former: None,
        }
    }

    pub(crate) fn current(&self) -> &PoolAddress {
        &self.current
    }

    pub(crate) fn migrate(&mut self, to: PoolAddress, now: i64) {
        let from = std::mem::replace(&mut self.current, to);
        self.former = Some(FormerPool {
            id: from.pool,
            left_ms: now,
        });
    }

    /// Compares a request's pool with the site's pools. A request without a pool counts as a request to the current
    /// pool, because a site may have no pool (FOUND).
    pub(crate) fn match_request(&self, pool: Option<&str>) -> PoolMatch {
        let Some(pool) = pool.filter(|pool| !pool.is_empty()) else {
            return PoolMatch::Current;
        };
        match &self.former {
            _ if pool == self.current.pool => PoolMatch::Current,
            Some(former) if former.id == pool => PoolMatch::Former {
                left_ms: former.left_ms,
            },
            _ => PoolMatch::Unknown,
        }
    }
}
