//! Tokens: JWTs signed with HS256, for visitors and for agents.

use std::sync::atomic::{AtomicI64, Ordering};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use pipit_switchboard::{AgentClaims, ConsumerClaims};
use pipit_wire::session::SessionInformation;
use pipit_wire::{AccountId, ExceptionCode, Refusal, Secret, WireObject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How long a token is good, in s, unless set otherwise. How long they are in production is not
/// known.
const LIFETIME_SECONDS: i64 = 3_600;

/// Makes and verifies tokens.
pub(crate) struct Tokens {
    site: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    lifetime_seconds: AtomicI64,
}

#[derive(Serialize, Deserialize)]
struct VisitorToken {
    jti: String,
    aud: String,
    exp: i64,
    visitor: serde_json::Value,
}

#[derive(Serialize, Deserialize)]
struct AgentToken {
    aud: String,
    exp: i64,
    account: i64,
    name: String,
}

impl Tokens {
    pub(crate) fn new(site: &str, key: &[u8]) -> Self {
        Self {
            site: site.to_owned(),
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            lifetime_seconds: AtomicI64::new(LIFETIME_SECONDS),
        }
    }

    /// Sets how long tokens made from now on are good, in s; `None` is the default.
    pub(crate) fn set_lifetime(&self, seconds: Option<i64>) {
        let seconds = seconds.unwrap_or(LIFETIME_SECONDS);
        self.lifetime_seconds.store(seconds, Ordering::Relaxed);
    }

    /// A visitor's token, good for one engagement.
    pub(crate) fn for_visitor(
        &self,
        visitor: &SessionInformation,
        now: i64,
    ) -> Result<Secret, Refusal> {
        let mut jti = [0; 16];
        getrandom::fill(&mut jti).map_err(|_| internal())?;
        self.sign(&VisitorToken {
            jti: u128::from_ne_bytes(jti).to_string(),
            aud: self.audience("consumer"),
            exp: self.expiry(now),
            visitor: visitor.to_value(),
        })
    }

    /// An agent's token.
    pub(crate) fn for_agent(&self, agent: &AgentClaims, now: i64) -> Result<Secret, Refusal> {
        self.sign(&AgentToken {
            aud: self.audience("agent"),
            exp: self.expiry(now),
            account: agent.account.0,
            name: agent.name.clone(),
        })
    }

    /// What a visitor's token says, if it is genuine, for this site's consumers and not expired.
    pub(crate) fn visitor(&self, token: &str, now: i64) -> Result<ConsumerClaims, Refusal> {
        let token: VisitorToken = self.verify(token, "consumer")?;
        let expires_ms = token.exp.saturating_mul(1_000);
        check_expiry(expires_ms, now)?;
        Ok(ConsumerClaims {
            jti: token.jti,
            expires_ms,
            visitor: SessionInformation::from_value(token.visitor).map_err(|_| refused())?,
        })
    }

    /// What an agent's token says, if it is genuine, for this site's agents and not expired.
    pub(crate) fn agent(&self, token: &str, now: i64) -> Result<AgentClaims, Refusal> {
        let token: AgentToken = self.verify(token, "agent")?;
        check_expiry(token.exp.saturating_mul(1_000), now)?;
        Ok(AgentClaims {
            account: AccountId(token.account),
            name: token.name,
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<Secret, Refusal> {
        let token = encode(&Header::new(Algorithm::HS256), claims, &self.encoding);
        token.map(Secret::new).map_err(|_| internal())
    }

    fn verify<T: DeserializeOwned>(&self, token: &str, side: &str) -> Result<T, Refusal> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[self.audience(side)]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // The expiry is checked by the sandbox's own clock, to the millisecond.
        validation.validate_exp = false;
        let verified = decode::<T>(token, &self.decoding, &validation);
        verified.map(|it| it.claims).map_err(|_| refused())
    }

    fn audience(&self, side: &str) -> String {
        format!("{}/{side}", self.site)
    }

    fn expiry(&self, now: i64) -> i64 {
        now / 1_000 + self.lifetime_seconds.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

fn check_expiry(expires_ms: i64, now: i64) -> Result<(), Refusal> {
    if now < expires_ms {
        return Ok(());
    }
    Err(Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        "The token has expired. Ask for a new session.",
    ))
}

fn refused() -> Refusal {
    Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        "The token is not one of this site: its signature or its audience is wrong, or it is no \
         JWT. Ask for a new session.",
    )
}

fn internal() -> Refusal {
    Refusal::new(
        500,
        &ExceptionCode::InternalServerError,
        "The token cannot be made: the system gives no random numbers or no signature.",
    )
}
