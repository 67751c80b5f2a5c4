//! Tests of the logins: forged, expired and foreign ones are nobody.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode, get_current_timestamp};
use serde_json::json;

use super::*;

const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";
const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

fn token_settings(place: TokenPlace) -> LoginSettings {
    LoginSettings::Token(Box::new(TokenLoginSettings {
        place,
        algorithm: Algorithm::HS256,
        key: DecodingKey::from_secret(KEY).unwrap(),
        issuer: Some("https://login.shop.example".to_owned()),
        audience: Some("chat".to_owned()),
        members: MemberNames {
            contact_id: Some("contactId".to_owned()),
            first_name: Some("given_name".to_owned()),
            last_name: Some("family_name".to_owned()),
            email_address: Some("email".to_owned()),
        },
    }))
}

/// The claims of a valid token.
fn claims() -> Value {
    json!({
        "iss": "https://login.shop.example",
        "aud": "chat",
        "exp": get_current_timestamp() + 600,
        "contactId": 4711,
        "given_name": "Mia",
        "email": "mia@shop.example",
    })
}

/// The claims of a valid token, with one of them changed or, by `null`, removed.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    match value {
        Value::Null => members.remove(name),
        value => members.insert(name.to_owned(), value),
    };
    claims
}

fn sign(algorithm: Algorithm, key: &[u8], claims: &Value) -> String {
    let key = EncodingKey::from_secret(key).unwrap();
    encode(&Header::new(algorithm), claims, &key).unwrap()
}

fn find_by_cookie(cookies: &[String]) -> SignIn {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(COOKIE, cookie.parse().unwrap());
    }
    let settings = token_settings(TokenPlace::Cookie("login".to_owned()));
    find_visitor(&settings, &headers, PROXY)
}

fn find_by_claims(claims: &Value) -> SignIn {
    find_by_cookie(&[format!(
        "theme=dark; login={}; a=b",
        sign(Algorithm::HS256, KEY, claims)
    )])
}

fn mia() -> Visitor {
    Visitor {
        contact_id: Some(4711),
        first_name: Some("Mia".to_owned()),
        last_name: None,
        email_address: Some("mia@shop.example".to_owned()),
    }
}

#[test]
fn a_valid_token_says_who_is_signed_in() {
    assert_eq!(find_by_claims(&claims()), SignIn::SignedIn(mia()));
    let as_text = claims_with("contactId", json!("4711"));
    assert_eq!(find_by_claims(&as_text), SignIn::SignedIn(mia()));
    let settings = token_settings(TokenPlace::Header("x-login".parse().unwrap()));
    for start in ["", "Bearer "] {
        let mut headers = HeaderMap::new();
        let token = sign(Algorithm::HS256, KEY, &claims());
        headers.insert("x-login", format!("{start}{token}").parse().unwrap());
        let found = find_visitor(&settings, &headers, PROXY);
        assert_eq!(found, SignIn::SignedIn(mia()));
    }
}

#[test]
fn a_token_that_is_forged_expired_or_for_somebody_else_is_refused() {
    let now = get_current_timestamp();
    for (name, value) in [
        ("exp", json!(now - 3_600)),
        ("exp", json!((now + 600).to_string())),
        ("exp", Value::Null),
        ("nbf", json!(now + 3_600)),
        ("iss", json!("https://evil.example")),
        ("iss", Value::Null),
        ("aud", json!("shop")),
        ("aud", Value::Null),
    ] {
        let claims = claims_with(name, value);
        assert_eq!(find_by_claims(&claims), SignIn::Refused, "{claims}");
    }
    let valid = sign(Algorithm::HS256, KEY, &claims());
    let signature = valid.rsplit_once('.').unwrap().1;
    let unsigned = valid.strip_suffix(signature).unwrap();
    let other_claims = sign(Algorithm::HS256, &[7; 32], &claims());
    // {"alg":"none"}
    let without_algorithm = format!("eyJhbGciOiJub25lIn0.{}.", valid.split('.').nth(1).unwrap());
    for token in [
        other_claims,
        unsigned.to_owned(),
        without_algorithm,
        sign(Algorithm::HS512, KEY, &claims()),
        "session-of-mia".to_owned(),
        "__proto__".to_owned(),
    ] {
        assert_eq!(
            find_by_cookie(&[format!("login={token}")]),
            SignIn::Refused,
            "{token}"
        );
    }
}

#[test]
fn no_cookie_and_two_cookies_are_nobody() {
    let token = sign(Algorithm::HS256, KEY, &claims());
    for cookies in [
        vec![],
        vec!["login=".to_owned()],
        vec![format!("xlogin={token}")],
        vec![format!("login={token}; login={token}")],
        vec![format!("login={token}"), format!("login={token}")],
    ] {
        assert_eq!(find_by_cookie(&cookies), SignIn::Anonymous, "{cookies:?}");
    }
}

#[test]
fn an_address_that_is_not_verified_and_texts_that_are_not_acceptable_are_left_out() {
    for (name, value, left_out) in [
        ("email_verified", json!(false), "email"),
        ("given_name", json!("a".repeat(81)), "name"),
        ("given_name", json!("a\u{0}"), "name"),
        ("given_name", json!(["Mia"]), "name"),
        ("contactId", json!(0), "contact"),
        ("contactId", json!(-1), "contact"),
        ("contactId", json!(4711.5), "contact"),
        ("contactId", json!(true), "contact"),
    ] {
        let mut expected = mia();
        match left_out {
            "email" => expected.email_address = None,
            "name" => expected.first_name = None,
            _ => expected.contact_id = None,
        }
        let claims = claims_with(name, value);
        assert_eq!(
            find_by_claims(&claims),
            SignIn::SignedIn(expected),
            "{claims}"
        );
    }
}

#[test]
fn headers_are_believed_only_from_listed_proxies_and_only_once() {
    let settings = LoginSettings::Headers(HeaderLoginSettings {
        from: vec![
            "127.0.0.1/32".parse().unwrap(),
            "10.1.0.0/16".parse().unwrap(),
        ],
        members: MemberNames {
            contact_id: Some("X-Contact-Id".to_owned()),
            first_name: Some("X-First-Name".to_owned()),
            ..MemberNames::default()
        },
    });
    let find = |lines: &[(&'static str, &str)], peer: &str| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let value = axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap();
            headers.append(*name, value);
        }
        find_visitor(&settings, &headers, peer.parse().unwrap())
    };
    let oest = SignIn::SignedIn(Visitor {
        contact_id: Some(4711),
        first_name: Some("Öst".to_owned()),
        ..Visitor::default()
    });
    let lines = [("x-contact-id", "4711"), ("x-first-name", "Öst")];
    for peer in ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.3"] {
        assert_eq!(find(&lines, peer), oest, "{peer}");
    }
    assert_eq!(find(&lines, "10.2.0.1"), SignIn::Refused);
    let twice = [("x-contact-id", "1"), ("x-contact-id", "4711")];
    assert_eq!(find(&twice, "127.0.0.1"), SignIn::Refused);
    assert_eq!(find(&[], "127.0.0.1"), SignIn::Anonymous);
    assert_eq!(
        find(&[("x-contact-id", "")], "127.0.0.1"),
        SignIn::Anonymous
    );
}
