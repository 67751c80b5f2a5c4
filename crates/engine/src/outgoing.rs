//! The queue of effects, which all parts of the engine share, and the source of request ids and of the pauses
//! before repeated requests. The driver (the code that runs the engine) performs the effects in the order of
//! the queue.

use std::collections::VecDeque;

use pipit_wire::consumer::Operation;

use crate::backoff::Jitter;
use crate::effect::{Authorization, Effect, RequestId, SessionRequest, Warning};
use crate::endpoint::{Endpoint, SessionEndpoint};

/// The effects that wait for the driver, and the source of request ids and pauses.
#[derive(Debug)]
pub(crate) struct Outgoing {
    effects: VecDeque<Effect>,
    /// The id of the most recent request; 0 before the first request.
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

    /// Removes the next effect from the queue and returns it; `None` if the queue is empty.
    pub(crate) fn next_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// Drops all effects that wait. The count of request ids goes on, so that the answer to a request from before the
    /// drop is never mistaken for the answer to a later request.
    pub(crate) fn drop_effects(&mut self) {
        self.effects.clear();
    }

    /// Asks the page (the web page that contains the widget) for a session.
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

    /// Puts the storing of a snapshot (the conversation as text) before all effects that wait. If the page is
    /// closed before the driver sends a request, the snapshot already contains what was about to be sent.
    pub(crate) fn save_first(&mut self) {
        self.effects.push_front(Effect::Save);
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
