//! Signs and verifies the tokens of visitors and agents: JWTs with HS256 (RFC 7519, RFC 7515). A token has three parts, with
//! dots between them: the header, the claims and the signature of both, each encoded as base64url. Expiry is checked with the
//! sandbox's clock.

use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use pipit_switchboard::{AgentClaims, ConsumerClaims};
use pipit_wire::session::SessionInformation;
use pipit_wire::{AccountId, ExceptionCode, Refusal, Secret, WireObject};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The default lifetime of a token, in s. The lifetime on production servers is not known.
const DEFAULT_LIFETIME_SECONDS: i64 = 3_600;

/// The key of the signatures. It is as long as a block of SHA-256, which HMAC uses without a change.
pub(crate) type SecretKey = [u8; 64];

/// Signs and verifies tokens.
pub(crate) struct Tokens {
    /// The name of the customer's account (the *site* in the API's addresses), for which the tokens are valid.
    site: String,
    /// Computes signatures with the secret key.
    signer: Hmac<Sha256>,
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

/// The header of every token.
const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// The claims in a token.
trait Claims: DeserializeOwned {
    /// The site, and the side of the API, for which the token is valid.
    fn audience(&self) -> &str;
}

impl Claims for VisitorToken {
    fn audience(&self) -> &str {
        &self.aud
    }
}

impl Claims for AgentToken {
    fn audience(&self) -> &str {
        &self.aud
    }
}

impl Tokens {
    pub(crate) fn new(site: &str, key: &SecretKey) -> Self {
        Self {
            site: site.to_owned(),
            signer: Hmac::new(key.into()),
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
        let claims = serde_json::to_vec(claims).map_err(|_| cannot_sign())?;
        let signed = format!("{}.{}", encoded(HEADER.as_bytes()), encoded(&claims));
        let signer = self.signer.clone().chain_update(&signed);
        let signature = encoded(&signer.finalize().into_bytes());
        Ok(Secret::new(format!("{signed}.{signature}")))
    }

    /// Checks the signature and the audience of a token, and returns the token's claims. Does not check the expiry.
    fn verify<T: Claims>(&self, token: &str, side: &str) -> Result<T, Refusal> {
        let (signed, signature) = token.rsplit_once('.').ok_or_else(invalid_token)?;
        let (header, claims) = signed.split_once('.').ok_or_else(invalid_token)?;
        // The sandbox writes only this header. Another one could ask for another kind of signature.
        if header != encoded(HEADER.as_bytes()) {
            return Err(invalid_token());
        }
        let signer = self.signer.clone().chain_update(signed);
        signer
            .verify_slice(&decoded(signature)?)
            .map_err(|_| invalid_token())?;
        let claims: T = serde_json::from_slice(&decoded(claims)?).map_err(|_| invalid_token())?;
        if claims.audience() != self.audience(side) {
            return Err(invalid_token());
        }
        Ok(claims)
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

/// The part of a token that has this content.
fn encoded(content: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(content)
}

/// The content of a part of a token.
fn decoded(part: &str) -> Result<Vec<u8>, Refusal> {
    let content = BASE64_URL_SAFE_NO_PAD.decode(part);
    content.map_err(|_| invalid_token())
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
        "The token cannot be made: the system gives no random numbers.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_valid_only_as_it_was_signed() {
        let tokens = Tokens::new("a_site", &[1; 64]);
        let token = tokens
            .sign_for_visitor(&SessionInformation::default(), 0)
            .unwrap();
        let token = token.reveal();
        assert!(tokens.verify_visitor(token, 0).is_ok());
        assert!(tokens.verify_visitor(token, 3_600_000).is_err(), "expired");
        assert!(tokens.verify_agent(token, 0).is_err(), "the other side");
        for (site, key) in [("a_site", [2; 64]), ("another_site", [1; 64])] {
            assert!(Tokens::new(site, &key).verify_visitor(token, 0).is_err());
        }
        let parts: Vec<_> = token.split('.').collect();
        let [header, claims, signature] = parts[..] else {
            panic!("{token} has no three parts")
        };
        let unsigned = encoded(br#"{"alg":"none","typ":"JWT"}"#);
        let other_claims = encoded(br#"{"jti":"1","aud":"a_site/consumer","exp":9,"visitor":{}}"#);
        for forged in [
            format!("{header}.{claims}"),
            format!("{header}.{claims}."),
            format!("{unsigned}.{claims}."),
            format!("{unsigned}.{claims}.{signature}"),
            format!("{header}.{other_claims}.{signature}"),
            format!("{header}.{claims}.{signature}A"),
            "no token".to_owned(),
            String::new(),
        ] {
            assert!(tokens.verify_visitor(&forged, 0).is_err(), "{forged}");
        }
    }
}
