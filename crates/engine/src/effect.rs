//! What comes out of the engine to be performed.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation;

use crate::Answers;

/// Ties an answer to its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something the driver must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the page for a session; answered by [`crate::Input::Session`] with the same id.
    GetSession(RequestId, SessionWanted),
    /// Keep this for [`crate::Engine::restore`] in place of what was kept before, and before the
    /// effects behind it are performed; `None` when nothing is worth keeping. Holds the session id.
    Save(Option<Secret>),
    /// Perform a request; answered by [`crate::Input::Answer`].
    Send(Request),
    /// Give a request up; it is not answered.
    Abort(RequestId),
    /// Tell the people who run the page.
    Warn(Warning),
}

/// What a session is wanted for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionWanted {
    /// Why it is needed.
    pub reason: SessionReason,
    /// What the visitor has told. It has to reach whoever makes the session: the chat API takes it
    /// nowhere else.
    pub answers: Answers,
}

/// Why a session is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionReason {
    /// A conversation begins.
    Start,
    /// The token of the session before was refused.
    Rejected,
}

/// A request to the chat server.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// The operation; all that the engine sends are POSTs.
    pub operation: Operation,
    /// The absolute address.
    pub url: String,
    /// Who asks.
    pub authorization: Authorization,
    /// The JSON body.
    pub body: String,
}

/// The header by which the server knows the visitor.
#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// `Authorization: Bearer <JWT>`, on `requestEngagement`.
    Bearer(Secret),
    /// `SessionId: <session>`, on everything after it.
    Session(Secret),
}

/// What goes wrong without harm to the visitor, but should be known to the page's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The server named a new host that the page does not allow; it was not followed.
    HostNotAllowed {
        /// The host, with its port where it has one.
        host: String,
    },
    /// A number is missing in the stream: an answer was lost on its way, and with it perhaps a
    /// message, for the API gives no way to ask for it again. That the numbers of one session have
    /// no holes by themselves is INFERRED.
    MessagesMissing {
        /// The last number before the hole.
        after: i64,
        /// The first number behind it.
        before: i64,
    },
    /// The survey's address is neither https nor local, or is not configured; no link is shown.
    SurveyAddressRefused,
}

/// Gives each request its own id.
#[derive(Debug, Default)]
pub(crate) struct RequestIds(u64);

impl RequestIds {
    pub(crate) fn next(&mut self) -> RequestId {
        self.0 += 1;
        RequestId(self.0)
    }
}
