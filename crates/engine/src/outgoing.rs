//! What the parts of the engine send requests with: the queue of effects, the request ids and the
//! backoff. Effects are performed in the order in which they are added here.

use std::collections::VecDeque;

use pipit_wire::Secret;
use pipit_wire::consumer::Operation;

use crate::backoff::Jitter;
use crate::effect::{Authorization, Effect, RequestId, SessionWanted, Warning};
use crate::endpoint::{Endpoint, SessionEndpoint};

/// The effects that wait for the driver, and the source of request ids and waits.
#[derive(Debug)]
pub(crate) struct Outgoing {
    effects: VecDeque<Effect>,
    last_id: u64,
    jitter: Jitter,
}

impl Outgoing {
    /// Without effects. `seed` feeds the jitter.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            effects: VecDeque::new(),
            last_id: 0,
            jitter: Jitter::new(seed),
        }
    }

    /// Takes out the next effect to perform.
    pub(crate) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Drops all effects. Request ids go on counting, so that the answer to an earlier request is never
    /// taken for the answer to a later one.
    pub(crate) fn drop_effects(&mut self) {
        self.effects.clear();
    }

    /// Asks the page for a session.
    pub(crate) fn get_session(&mut self, wanted: SessionWanted) -> RequestId {
        let id = self.next_id();
        self.effects.push_back(Effect::GetSession(id, wanted));
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

    /// Sends a request within an existing session.
    pub(crate) fn send_in_session(
        &mut self,
        session: &SessionEndpoint,
        operation: Operation,
        body: String,
    ) -> RequestId {
        let authorization = Authorization::Session(session.session_id.clone());
        self.send(&session.endpoint, operation, authorization, body)
    }

    /// Gives a request up, if one is open.
    pub(crate) fn abort(&mut self, request: Option<RequestId>) {
        self.effects.extend(request.map(Effect::Abort));
    }

    /// Reports a problem to the people who run the page.
    pub(crate) fn warn(&mut self, warning: Warning) {
        self.effects.push_back(Effect::Warn(warning));
    }

    /// Stores a snapshot before any effect that waits is performed: if the page dies in between, what
    /// was about to be sent is known afterwards.
    pub(crate) fn save_first(&mut self, snapshot: Option<Secret>) {
        self.effects.push_front(Effect::Save(snapshot));
    }

    /// The wait before the attempt that follows `failures` failures in a row, in ms. See
    /// [`Jitter::wait`].
    pub(crate) fn backoff_ms(&mut self, failures: u32, retry_after: Option<u64>) -> u64 {
        self.jitter.wait(failures, retry_after)
    }

    fn next_id(&mut self) -> RequestId {
        self.last_id += 1;
        RequestId(self.last_id)
    }
}
