//! Signs and verifies the tokens of visitors and agents: JWTs with HS256. Expiry is checked with the sandbox's clock, not
//! by the JWT library.

use std::sync::atomic::{AtomicI64, Ordering};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use pipit_switchboard::{AgentClaims, ConsumerClaims};
use pipit_wire::session::SessionInformation;
use pipit_wire::{AccountId, ExceptionCode, Refusal, Secret, WireObject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The default lifetime of a token, in s. The lifetime on production servers is not known.
const DEFAULT_LIFETIME_SECONDS: i64 = 3_600;

/// Signs and verifies tokens.
pub(crate) struct Tokens {
    /// The name of the customer's account (the *site* in the API's addresses), for which the tokens are valid.
    site: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    /// The lifetime of the tokens that are signed next, in s.
    lifetime_seconds: AtomicI64,
}

/// The claims in a visitor's JWT.
#[derive(Serialize, Deserialize)]
struct VisitorToken {
    /// The token's id. By this id the switchboard (the server's rules) recognises a token that has already started an
    /// engagement (chat).
    jti: String,
    /// The site, and the side of the API: `pipit_demo/consumer`.
    aud: String,
    /// When the token expires, in s since 1970.
    exp: i64,
    /// What the customer's server says about the visitor: [`SessionInformation`] as JSON.
    visitor: serde_json::Value,
}

/// The claims in an agent's JWT.
#[derive(Serialize, Deserialize)]
struct AgentToken {
    /// The site, and the side of the API: `pipit_demo/agent`.
    aud: String,
    /// When the token expires, in s since 1970.
    exp: i64,
    /// The id of the agent's account.
    account: i64,
    /// The name that visitors see.
    name: String,
}

impl Tokens {
    pub(crate) fn new(site: &str, key: &[u8]) -> Self {
        Self {
            site: site.to_owned(),
            encoding: EncodingKey::from_secret(key),
            decoding: DecodingKey::from_secret(key),
            lifetime_seconds: AtomicI64::new(DEFAULT_LIFETIME_SECONDS),
        }
    }

    /// Sets the lifetime of tokens that are signed from now on, in s; `None` restores the default.
    pub(crate) fn set_lifetime(&self, seconds: Option<i64>) {
        let seconds = seconds.unwrap_or(DEFAULT_LIFETIME_SECONDS);
        self.lifetime_seconds.store(seconds, Ordering::Relaxed);
    }

    /// Makes a visitor's token, which is valid for one engagement. `now` is in ms since 1970.
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

    /// Makes an agent's token. `now` is in ms since 1970.
    pub(crate) fn sign_for_agent(&self, agent: &AgentClaims, now: i64) -> Result<Secret, Refusal> {
        self.sign(&AgentToken {
            aud: self.audience("agent"),
            exp: self.expiry(now),
            account: agent.account.0,
            name: agent.name.clone(),
        })
    }

    /// Returns the claims of a visitor's token. Refuses a token that is forged, belongs to another site or to an agent, or
    /// has expired.
    pub(crate) fn verify_visitor(&self, token: &str, now: i64) -> Result<ConsumerClaims, Refusal> {
        let claims: VisitorToken = self.verify(token, "consumer")?;
        let expires_ms = claims.exp.saturating_mul(1_000);
        check_expiry(expires_ms, now)?;
        Ok(ConsumerClaims {
            jti: claims.jti,
            expires_ms,
            visitor: SessionInformation::from_value(claims.visitor).map_err(|_| invalid_token())?,
        })
    }

    /// Returns the claims of an agent's token. Refuses a token that is forged, belongs to another site or to a visitor, or
    /// has expired.
    pub(crate) fn verify_agent(&self, token: &str, now: i64) -> Result<AgentClaims, Refusal> {
        let claims: AgentToken = self.verify(token, "agent")?;
        check_expiry(claims.exp.saturating_mul(1_000), now)?;
        Ok(AgentClaims {
            account: AccountId(claims.account),
            name: claims.name,
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<Secret, Refusal> {
        let token = encode(&Header::new(Algorithm::HS256), claims, &self.encoding);
        token.map(Secret::new).map_err(|_| cannot_sign())
    }

    /// Checks the signature and the audience of a token, and returns the token's claims. Does not check the expiry.
    fn verify<T: DeserializeOwned>(&self, token: &str, side: &str) -> Result<T, Refusal> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[self.audience(side)]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // `check_expiry` checks the expiry with the sandbox's own clock, to the millisecond.
        validation.validate_exp = false;
        let verified = decode::<T>(token, &self.decoding, &validation);
        verified.map(|it| it.claims).map_err(|_| invalid_token())
    }

    /// The audience of the tokens for one side of the API, `consumer` or `agent`.
    fn audience(&self, side: &str) -> String {
        format!("{}/{side}", self.site)
    }

    /// The time at which a token that is signed now expires, in s since 1970.
    fn expiry(&self, now: i64) -> i64 {
        now / 1_000 + self.lifetime_seconds.load(Ordering::Relaxed)
    }
}

/// Leaves out the keys, which are secret.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

/// Refuses a token that has expired. Both times are in ms since 1970.
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
