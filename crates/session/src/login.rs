//! Finds out who is signed in, from the customer's own login and never from the body of a request. A login that is
//! missing, expired or forged is *nobody*: an error would only help somebody who tries out forgeries.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, header::COOKIE};
use jsonwebtoken::{Validation, decode};
use pipit_wire::session::SessionInformation;
use serde_json::{Map, Value};

use crate::answers::{MAX_NAME_LENGTH, is_id, is_text};
use crate::settings::{
    HeaderLoginSettings, LoginSettings, MemberNames, TokenLoginSettings, TokenPlace,
};

/// What the customer's login knows about a signed-in visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The id of the contact record.
    pub contact_id: Option<i64>,
    /// The given name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The e-mail address.
    pub email_address: Option<String>,
}

/// The outcome of a look at a request's login.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SignIn {
    /// The request has no login.
    Anonymous,
    /// The request has a login that is not accepted. It counts as none.
    Refused,
    /// The visitor is signed in.
    SignedIn(Visitor),
}

impl Visitor {
    /// Puts the visitor in the place of whatever name and address was typed, which is only a claim.
    pub(crate) fn replace_claims(self, information: &mut SessionInformation) {
        information.contact_id = self.contact_id;
        information.first_name = self.first_name;
        information.last_name = self.last_name;
        information.email_address = self.email_address;
    }

    /// Reads a visitor. `text` returns the text at a name. A text that the service site would not take is left out.
    fn read(names: &MemberNames, text: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let of = |name: &Option<String>| {
            let found = text(name.as_deref()?)?;
            let is_accepted = !found.is_empty() && is_text(&found, MAX_NAME_LENGTH);
            is_accepted.then_some(found)
        };
        let contact_id = of(&names.contact_id).and_then(|text| text.parse().ok());
        let visitor = Self {
            contact_id: contact_id.filter(|id| is_id(*id)),
            first_name: of(&names.first_name),
            last_name: of(&names.last_name),
            email_address: of(&names.email_address),
        };
        (visitor != Self::default()).then_some(visitor)
    }
}

/// Finds out who has sent a request. `peer` is the address at the other end of the connection.
pub(crate) fn find_visitor(settings: &LoginSettings, headers: &HeaderMap, peer: IpAddr) -> SignIn {
    match settings {
        LoginSettings::None => SignIn::Anonymous,
        LoginSettings::Token(settings) => read_token(settings, headers),
        LoginSettings::Headers(settings) => read_headers(settings, headers, peer),
    }
}

/// Reads a visitor from a signed token.
fn read_token(settings: &TokenLoginSettings, headers: &HeaderMap) -> SignIn {
    let token = match &settings.place {
        TokenPlace::Cookie(name) => find_cookie(headers, name),
        TokenPlace::Header(name) => headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.strip_prefix("Bearer ").unwrap_or(text)),
    };
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return SignIn::Anonymous;
    };
    let mut validation = Validation::new(settings.algorithm);
    validation.validate_nbf = true;
    validation.set_required_spec_claims(&["exp"]);
    if let Some(issuer) = &settings.issuer {
        validation.set_issuer(&[issuer]);
        validation.required_spec_claims.insert("iss".to_owned());
    }
    if let Some(audience) = &settings.audience {
        validation.set_audience(&[audience]);
        validation.required_spec_claims.insert("aud".to_owned());
    }
    let Ok(token) = decode::<Map<String, Value>>(token, &settings.key, &validation) else {
        return SignIn::Refused;
    };
    let mut claims = token.claims;
    // Whoever can register with the e-mail address of somebody else must not chat as that person.
    if claims.get("email_verified") == Some(&Value::Bool(false))
        && let Some(name) = &settings.members.email_address
    {
        claims.remove(name);
    }
    let text = |name: &str| match claims.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Visitor::read(&settings.members, text).map_or(SignIn::Refused, SignIn::SignedIn)
}

/// The value of a cookie. `None` if there is none, or if there are several: a page of a sibling domain can add one.
fn find_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    let mut values = pairs.filter_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Reads a visitor from the headers of a proxy.
fn read_headers(settings: &HeaderLoginSettings, headers: &HeaderMap, peer: IpAddr) -> SignIn {
    let names = &settings.members;
    let values_of = |name: &str| {
        let name: HeaderName = name.parse().ok()?;
        let values: Vec<_> = headers.get_all(name).iter().collect();
        Some(values)
    };
    let mut counts = names
        .names()
        .map(|name| values_of(name).map_or(0, |values| values.len()));
    let is_none_present = counts.clone().all(|count| count == 0);
    if is_none_present {
        return SignIn::Anonymous;
    }
    let peer = peer.to_canonical();
    let is_proxy = settings.from.iter().any(|network| network.contains(&peer));
    // A proxy that adds its header beside one of the client does not protect it.
    if !is_proxy || counts.any(|count| count > 1) {
        return SignIn::Refused;
    }
    let text = |name: &str| {
        let bytes = values_of(name)?.first()?.as_bytes();
        Some(std::str::from_utf8(bytes).ok()?.trim().to_owned())
    };
    // A proxy can send empty headers for a visitor who is not signed in.
    Visitor::read(names, text).map_or(SignIn::Anonymous, SignIn::SignedIn)
}

#[cfg(test)]
mod tests;
