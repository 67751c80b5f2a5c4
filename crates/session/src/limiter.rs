//! Limits how many requests one client may send in a minute, and how many sessions all clients may start. The counts
//! are in the memory of this program only: several programs together allow several times as many.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};

use crate::refusal::Refusal;

/// How many clients are remembered at most. While there are as many, new requests of all clients are refused: whoever
/// sends from so many addresses within a minute is an attacker, and the memory must stay bounded.
const MAX_CLIENTS: usize = 100_000;

/// The counters of both limits. Each limit lets through one minute's number at once, and afterwards as many as have
/// been earned: with a limit of 10, one more every 6 s.
pub(crate) struct Limiter<C: Clock = DefaultClock> {
    clock: C,
    clients: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, C, NoOpMiddleware<C::Instant>>,
    all: RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<C::Instant>>,
}

impl<C: Clock + Clone> Limiter<C> {
    /// Makes counters for a limit of each client and a limit of all clients together, both per minute.
    pub(crate) fn new(per_client: NonZeroU32, in_all: NonZeroU32, clock: C) -> Self {
        Self {
            clients: RateLimiter::hashmap_with_clock(Quota::per_minute(per_client), clock.clone()),
            all: RateLimiter::direct_with_clock(Quota::per_minute(in_all), clock.clone()),
            clock,
        }
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] if the client has sent too many.
    pub(crate) fn count_request(&self, client: IpAddr) -> Result<(), Refusal> {
        if self.clients.len() >= MAX_CLIENTS {
            self.forget_idle_clients();
        }
        if self.clients.len() >= MAX_CLIENTS {
            return Err(Refusal::RateLimited {
                retry_after_seconds: 60,
            });
        }
        let outcome = self.clients.check_key(&client);
        outcome.map_err(|not_until| self.refusal(&not_until))
    }

    /// Counts a session that is about to be asked for.
    ///
    /// # Errors
    /// [`Refusal::RateLimited`] if all clients together have started too many.
    pub(crate) fn count_session(&self) -> Result<(), Refusal> {
        let outcome = self.all.check();
        outcome.map_err(|not_until| self.refusal(&not_until))
    }

    /// Forgets the clients whose requests no longer count.
    pub(crate) fn forget_idle_clients(&self) {
        self.clients.retain_recent();
        self.clients.shrink_to_fit();
    }

    /// How many clients are remembered.
    pub(crate) fn client_count(&self) -> usize {
        self.clients.len()
    }

    fn refusal(&self, not_until: &NotUntil<C::Instant>) -> Refusal {
        let wait = not_until.wait_time_from(self.clock.now());
        Refusal::RateLimited {
            retry_after_seconds: wait.as_secs() + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use governor::clock::FakeRelativeClock;

    use super::*;

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 7));

    fn limiter(per_client: u32, in_all: u32) -> (Limiter<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let number = |number| NonZeroU32::new(number).unwrap();
        let limiter = Limiter::new(number(per_client), number(in_all), clock.clone());
        (limiter, clock)
    }

    #[test]
    fn a_client_over_its_limit_is_told_when_to_try_again_and_then_let_through() {
        let (limiter, clock) = limiter(5, 100);
        for _ in 0..5 {
            limiter.count_request(CLIENT).unwrap();
        }
        let Err(Refusal::RateLimited {
            retry_after_seconds,
        }) = limiter.count_request(CLIENT)
        else {
            panic!("the sixth request is refused");
        };
        assert_eq!(retry_after_seconds, 13, "one more every 12 s");
        let other = IpAddr::from([198, 51, 100, 8]);
        assert!(limiter.count_request(other).is_ok());
        clock.advance(Duration::from_secs(retry_after_seconds));
        assert!(limiter.count_request(CLIENT).is_ok());
        assert!(limiter.count_request(CLIENT).is_err());
    }

    #[test]
    fn all_clients_together_have_a_limit() {
        let (limiter, clock) = limiter(5, 3);
        for _ in 0..3 {
            limiter.count_session().unwrap();
        }
        assert!(limiter.count_session().is_err());
        clock.advance(Duration::from_secs(20));
        assert!(limiter.count_session().is_ok());
    }

    #[test]
    fn the_memory_is_bounded_and_is_given_back() {
        let (limiter, clock) = limiter(5, 3);
        for number in 0..=u32::try_from(MAX_CLIENTS).unwrap() {
            let outcome = limiter.count_request(IpAddr::V4(number.into()));
            assert_eq!(outcome.is_ok(), (number as usize) < MAX_CLIENTS, "{number}");
        }
        assert_eq!(limiter.client_count(), MAX_CLIENTS);
        clock.advance(Duration::from_mins(1));
        assert!(limiter.count_request(CLIENT).is_ok());
        assert_eq!(limiter.client_count(), 1);
    }
}
