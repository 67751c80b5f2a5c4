//! The fuzz target for sessions, with which a chat is started. A web page gets its session from the customer's own
//! server, which gets it from Oracle's server. This target reads the answers of both servers.

use pipit_wire::session::{
    AgentTokensResponse, EstablishSessionsResponse, ServiceSettingsResponse, Session, SessionServer,
};
use serde_json::json;

use crate::round_trip::Body;

/// Reads the bytes as the answer of the customer's server, and as each answer of Oracle's server. Panics if an
/// object of Oracle's answers cannot be written and read again without a loss, or if `check_session` fails.
pub fn session(data: &[u8]) {
    if let Ok(session) = Session::from_json(&String::from_utf8_lossy(data)) {
        check_session(&session);
    }
    let Some(body) = Body::parse(data) else {
        return;
    };
    if let Some(answer) = body.object::<EstablishSessionsResponse>() {
        // This member is a text that contains the JSON of another object.
        let server = answer.session_server_response.as_bytes();
        Body::parse(server).and_then(|server| server.object::<SessionServer>());
    }
    body.object::<SessionServer>();
    body.object::<AgentTokensResponse>();
    body.object::<ServiceSettingsResponse>();
}

/// Checks that no member of a session is an empty text or the port 0. Checks also that a session needs no other members
/// than those of [`Session`]: if JSON with only these members is read, the result is the same session.
fn check_session(session: &Session) {
    let texts = [&session.site, &session.pool, &session.domain];
    assert!(texts.into_iter().flatten().all(|text| !text.is_empty()));
    assert!(!session.jwt.reveal().is_empty());
    assert_ne!(session.port, Some(0));
    let shortest = json!({
        "jwt": session.jwt.reveal(),
        "site": session.site,
        "pool": session.pool,
        "domain": session.domain,
        "port": session.port,
    });
    assert_eq!(Session::read(&shortest).as_ref(), Ok(session));
}
