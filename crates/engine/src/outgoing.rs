//! The way out of the engine, which all of its parts share: the queue of effects, the request ids, and the
//! pauses before repeated requests. The driver performs effects in the order in which they are added.

use std::collections::VecDeque;

use pipit_wire::Secret;
use pipit_wire::consumer::Operation;

use crate::backoff::Jitter;
use crate::effect::{Authorization, Effect, RequestId, SessionRequest, Warning};
use crate::endpoint::{Endpoint, SessionEndpoint};

/// The effects that wait for the driver, and the source of request ids and pauses.
#[derive(Debug)]
pub(crate) struct Outgoing {
    effects: VecDeque<Effect>,
    last_id: u64,
    jitter: Jitter,
}

impl Outgoing {
    /// An empty queue. `seed` determines the random part of the pauses.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            effects: VecDeque::new(),
            last_id: 0,
            jitter: Jitter::new(seed),
        }
    }

    /// Removes the next effect from the queue and returns it.
    pub(crate) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Drops all effects. Request ids are not used again, so that the answer to an earlier request is never
    /// mistaken for the answer to a later one.
    pub(crate) fn drop_effects(&mut self) {
        self.effects.clear();
    }

    /// Asks the page for a session.
    pub(crate) fn get_session(&mut self, session_request: SessionRequest) -> RequestId {
        let id = self.next_id();
        self.effects
            .push_back(Effect::GetSession(id, session_request));
        id
    }

    /// Sends a request to a chat server.
    pub(crate) fn send(
        &mut self,
        endpoint: &Endpoint,
        operation: Operation,
        authorization: Authorization,
        body: String,
    ) -> RequestId {
        let id = self.next_id();
        let request = endpoint.request(id, operation, authorization, body);
        self.effects.push_back(Effect::Send(request));
        id
    }

    /// Sends a request that belongs to a running engagement.
    pub(crate) fn send_in_session(
        &mut self,
        session: &SessionEndpoint,
        operation: Operation,
        body: String,
    ) -> RequestId {
        let authorization = Authorization::Session(session.session_id.clone());
        self.send(&session.endpoint, operation, authorization, body)
    }

    /// Aborts this request; with `None`, does nothing.
    pub(crate) fn abort(&mut self, request: Option<RequestId>) {
        self.effects.extend(request.map(Effect::Abort));
    }

    /// Reports a problem to the web team that runs the page.
    pub(crate) fn warn(&mut self, warning: Warning) {
        self.effects.push_back(Effect::Warn(warning));
    }

    /// Stores a snapshot before the driver performs any effect that waits. If the page is closed in between,
    /// the snapshot already contains what was about to be sent. With `None`, removes the stored snapshot.
    pub(crate) fn save_first(&mut self, snapshot: Option<Secret>) {
        self.effects.push_front(Effect::Save(snapshot));
    }

    /// The pause before a request is repeated, in ms. See [`Jitter::pause_ms`].
    pub(crate) fn backoff_ms(&mut self, doublings: u32, retry_after_ms: Option<u64>) -> u64 {
        self.jitter.pause_ms(doublings, retry_after_ms)
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id += 1;
        RequestId(self.last_id)
    }
}
