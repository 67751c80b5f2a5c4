//! Reads how the server finds out who is signed in: the table `[login]` of the file, and the variable `LOGIN_KEY`.

use std::net::IpAddr;

use axum::http::HeaderName;
use ipnet::IpNet;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};

use super::file::{HeadersTable, LoginTable, MemberNames, TokenTable};
use super::reader::Reader;

/// The shortest key with which tokens may be signed, in bytes. A shorter one can be guessed.
const MIN_KEY_BYTES: usize = 32;

/// How the server finds out who is signed in.
pub enum LoginSettings {
    /// It does not: each visitor is anonymous.
    None,
    /// By a token that the site's login has signed.
    Token(Box<TokenLoginSettings>),
    /// By headers that a proxy sets.
    Headers(HeaderLoginSettings),
}

/// A token (JWT) in a cookie or in a header.
pub struct TokenLoginSettings {
    /// Where the token is.
    pub(crate) place: TokenPlace,
    /// The only algorithm that is accepted, whatever the token says.
    pub(crate) algorithm: Algorithm,
    /// The key that verifies the signature.
    pub(crate) key: DecodingKey,
    /// The value that the claim `iss` must have.
    pub(crate) issuer: Option<String>,
    /// A value that the claim `aud` must have. Without one, a token that is meant for somebody (`aud`) is refused.
    pub(crate) audience: Option<String>,
    /// The names of the claims.
    pub(crate) members: MemberNames,
}

/// Where a request has the token.
pub(crate) enum TokenPlace {
    /// In the cookie of this name.
    Cookie(String),
    /// In the header of this name, perhaps after `Bearer`.
    Header(HeaderName),
}

/// Headers that a proxy sets.
pub struct HeaderLoginSettings {
    /// The addresses of the proxies that are believed.
    pub(crate) from: Vec<IpNet>,
    /// The names of the headers.
    pub(crate) members: MemberNames,
}

/// Reads the table `[login]`. Returns `None` if it is wrong; the reader has the problems.
pub(super) fn read_login(table: LoginTable, reader: &mut Reader<'_>) -> Option<LoginSettings> {
    match (table.token, table.headers) {
        (None, None) => Some(LoginSettings::None),
        (Some(token), None) => {
            let settings = read_token(token, reader)?;
            Some(LoginSettings::Token(Box::new(settings)))
        }
        (None, Some(headers)) => read_headers(headers, reader).map(LoginSettings::Headers),
        (Some(_), Some(_)) => {
            reader.problem(
                "[login]",
                "has both [login.token] and [login.headers]. Remove one of them",
            );
            None
        }
    }
}

fn read_token(table: TokenTable, reader: &mut Reader<'_>) -> Option<TokenLoginSettings> {
    let place = match (table.cookie, table.header) {
        (Some(cookie), None) if !cookie.is_empty() => Some(TokenPlace::Cookie(cookie)),
        (None, Some(header)) => header.parse().ok().map(TokenPlace::Header),
        _ => None,
    };
    if place.is_none() {
        reader.problem(
            "[login.token]",
            "needs either cookie or header: the name of what has the token",
        );
    }
    let algorithm = table.algorithm.parse().ok();
    if algorithm.is_none() {
        reader.problem(
            "[login.token] algorithm",
            "must be one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA",
        );
    }
    let key = reader.secret(
        "LOGIN_KEY",
        "what the tokens of [login.token] are verified with: the shared secret, or the public key in PEM",
    );
    let (algorithm, key) = (algorithm?, key?);
    let key = read_key(algorithm, key.reveal().as_bytes(), reader);
    let names = table.members;
    Some(TokenLoginSettings {
        place: place?,
        algorithm,
        key: key?,
        issuer: table.issuer,
        audience: table.audience,
        // The names in OpenID Connect, which has none for a contact record.
        members: MemberNames {
            contact_id: names.contact_id.or_else(|| Some("contactId".to_owned())),
            first_name: names.first_name.or_else(|| Some("given_name".to_owned())),
            last_name: names.last_name.or_else(|| Some("family_name".to_owned())),
            email_address: names.email_address.or_else(|| Some("email".to_owned())),
        },
    })
}

fn read_key(algorithm: Algorithm, key: &[u8], reader: &mut Reader<'_>) -> Option<DecodingKey> {
    let family = algorithm.family();
    if family == AlgorithmFamily::Hmac && key.len() < MIN_KEY_BYTES {
        let sentence = format!("is shorter than {MIN_KEY_BYTES} bytes, so that it can be guessed");
        reader.problem("LOGIN_KEY", &sentence);
        return None;
    }
    let read = match family {
        AlgorithmFamily::Hmac => DecodingKey::from_secret(key),
        AlgorithmFamily::Rsa => DecodingKey::from_rsa_pem(key),
        AlgorithmFamily::Ec => DecodingKey::from_ec_pem(key),
        AlgorithmFamily::Ed => DecodingKey::from_ed_pem(key),
    };
    // The error could quote the key.
    if read.is_err() {
        let sentence =
            format!("is no public key for {algorithm:?} in PEM (-----BEGIN PUBLIC KEY-----)");
        reader.problem("LOGIN_KEY", &sentence);
    }
    read.ok()
}

fn read_headers(table: HeadersTable, reader: &mut Reader<'_>) -> Option<HeaderLoginSettings> {
    let key = "[login.headers]";
    let as_network = |text: &String| {
        let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
        text.parse().ok().or_else(address)
    };
    let from: Option<Vec<IpNet>> = table.from.iter().map(as_network).collect();
    let from = from.filter(|networks| !networks.is_empty());
    if from.is_none() {
        reader.problem(
            key,
            "from must be the addresses of your proxies, such as [\"127.0.0.1\", \"10.1.0.0/16\"]: \
             only their headers are believed",
        );
    }
    let names: Vec<_> = table.members.names().collect();
    let is_header = |name: &&str| name.parse::<HeaderName>().is_ok();
    if names.is_empty() || !names.iter().all(is_header) {
        reader.problem(
            key,
            "members must name at least one header, such as { contactId = \"X-Contact-Id\" }",
        );
        return None;
    }
    Some(HeaderLoginSettings {
        from: from?,
        members: table.members,
    })
}
