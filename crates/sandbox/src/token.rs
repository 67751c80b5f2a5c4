//! Signs and verifies the tokens of visitors and agents: JWTs with HS256. Expiry is checked with the sandbox's clock, not
//! by the JWT library.

use std::sync::atomic::{AtomicI64, Ordering};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use pipit_switchboard::{AgentClaims, ConsumerClaims};
use pipit_wire::session::SessionInformation;
use pipit_wire::{AccountId, ExceptionCode, Refusal, Secret, WireObject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The default lifetime of a token, in s. The lifetime in production is not known.
const LIFETIME_SECONDS: i64 = 3_600;

/// Signs and verifies tokens.
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

    /// Sets the lifetime of tokens that are signed from now on, in s; `None` restores the default.
    pub(crate) fn set_lifetime(&self, seconds: Option<i64>) {
        let seconds = seconds.unwrap_or(LIFETIME_SECONDS);
        self.lifetime_seconds.store(seconds, Ordering::Relaxed);
    }

    /// Makes a visitor's token. It is valid for one engagement.
    pub(crate) fn sign_for_visitor(
        &self,
        visitor: &SessionInformation,
        now: i64,
    ) -> Result<Secret, Refusal> {
        let mut jti = [0; 16];
        getrandom::fill(&mut jti).map_err(|_| cannot_sign())?;
        self.sign(&VisitorToken {
            jti: u128::from_ne_bytes(jti).to_string(),
            aud: self.audience("consumer"),
            exp: self.expiry(now),
            visitor: visitor.to_value(),
        })
    }

    /// Makes an agent's token.
    pub(crate) fn sign_for_agent(&self, agent: &AgentClaims, now: i64) -> Result<Secret, Refusal> {
        self.sign(&AgentToken {
            aud: self.audience("agent"),
            exp: self.expiry(now),
            account: agent.account.0,
            name: agent.name.clone(),
        })
    }

    /// Reads a visitor's token, if it is genuine, meant for this site's consumers, and not expired.
    pub(crate) fn verify_visitor(&self, token: &str, now: i64) -> Result<ConsumerClaims, Refusal> {
        let token: VisitorToken = self.verify(token, "consumer")?;
        let expires_ms = token.exp.saturating_mul(1_000);
        check_expiry(expires_ms, now)?;
        Ok(ConsumerClaims {
            jti: token.jti,
            expires_ms,
            visitor: SessionInformation::from_value(token.visitor).map_err(|_| invalid_token())?,
        })
    }

    /// Reads an agent's token, if it is genuine, meant for this site's agents, and not expired.
    pub(crate) fn verify_agent(&self, token: &str, now: i64) -> Result<AgentClaims, Refusal> {
        let token: AgentToken = self.verify(token, "agent")?;
        check_expiry(token.exp.saturating_mul(1_000), now)?;
        Ok(AgentClaims {
            account: AccountId(token.account),
            name: token.name,
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<Secret, Refusal> {
        let token = encode(&Header::new(Algorithm::HS256), claims, &self.encoding);
        token.map(Secret::new).map_err(|_| cannot_sign())
    }

    fn verify<T: DeserializeOwned>(&self, token: &str, side: &str) -> Result<T, Refusal> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[self.audience(side)]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // `check_expiry` checks the expiry with the sandbox's own clock, to the millisecond.
        validation.validate_exp = false;
        let verified = decode::<T>(token, &self.decoding, &validation);
        verified.map(|it| it.claims).map_err(|_| invalid_token())
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

fn invalid_token() -> Refusal {
    Refusal::new(
        403,
        &ExceptionCode::AccessDenied,
        "The token is not one of this site: its signature or its audience is wrong, or it is no \
         JWT. Ask for a new session.",
    )
}

fn cannot_sign() -> Refusal {
    Refusal::new(
        500,
        &ExceptionCode::InternalServerError,
        "The token cannot be made: the system gives no random numbers or no signature.",
    )
}
