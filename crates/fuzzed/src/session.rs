//! What a page's backend gives: a session, and what it is made from.

use pipit_wire::session::{
    AgentTokensResponse, EstablishSessionsResponse, ServiceSettingsResponse, Session, SessionServer,
};
use serde_json::json;

use crate::wire::Body;

/// The bytes are an answer of a page's session endpoint, or of the service site behind it.
pub fn session(data: &[u8]) {
    if let Ok(session) = Session::from_json(&String::from_utf8_lossy(data)) {
        whole(&session);
    }
    let Some(body) = Body::of(data) else {
        return;
    };
    if let Some(answer) = body.object::<EstablishSessionsResponse>() {
        let server = answer.session_server_response.as_bytes();
        Body::of(server).and_then(|server| server.object::<SessionServer>());
    }
    body.object::<SessionServer>();
    body.object::<AgentTokensResponse>();
    body.object::<ServiceSettingsResponse>();
}

/// No part of a session is there and empty, and its plainest form reads as the same session.
fn whole(session: &Session) {
    let texts = [&session.site, &session.pool, &session.domain];
    assert!(texts.into_iter().flatten().all(|text| !text.is_empty()));
    assert!(!session.jwt.reveal().is_empty());
    assert_ne!(session.port, Some(0));
    let plain = json!({
        "jwt": session.jwt.reveal(),
        "site": session.site,
        "pool": session.pool,
        "domain": session.domain,
        "port": session.port,
    });
    assert_eq!(Session::read(&plain).as_ref(), Ok(session));
}
