//! What comes out of the engine: the effects that its driver performs.

use pipit_wire::Secret;
use pipit_wire::consumer::Operation;

use crate::answers::Answers;

/// Identifies a request, so that its answer can be matched to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something that the driver must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the page for a session. [`crate::Input::Session`] answers with the same id.
    GetSession(RequestId, SessionWanted),
    /// Store this text for [`crate::Engine::restore`], replacing what was stored before, and do so
    /// before performing the effects that follow. `None` means that nothing is worth storing. The
    /// text contains the session id.
    Save(Option<Secret>),
    /// Perform a request. [`crate::Input::Answer`] answers it.
    Send(Request),
    /// Give a request up. It is not answered.
    Abort(RequestId),
    /// Report a problem to the people who run the page.
    Warn(Warning),
}

/// The request for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionWanted {
    /// Why a session is needed.
    pub reason: SessionReason,
    /// What the visitor has filled in. It must reach the server that makes the session, because no
    /// operation of the chat API takes it.
    pub answers: Answers,
}

/// Why a session is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionReason {
    /// A conversation starts.
    Start,
    /// The server refused the token of the previous session.
    Rejected,
}

/// A request to the chat server.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The id that its answer carries.
    pub id: RequestId,
    /// The operation. Every operation that the engine uses is a POST.
    pub operation: Operation,
    /// The absolute address.
    pub url: String,
    /// The header that authorizes the request.
    pub authorization: Authorization,
    /// The JSON body.
    pub body: String,
}

/// The header by which the server recognizes the visitor.
#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// `Authorization: Bearer <JWT>`: only `requestEngagement` uses it.
    Bearer(Secret),
    /// `SessionId: <session>`: every later request uses it.
    Session(Secret),
}

/// A problem that does not harm the visitor, but that the people who run the page should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The server named a new host that the page does not allow, so the engine did not follow it.
    HostNotAllowed {
        /// The host, with its port if it has one.
        host: String,
    },
    /// The sequence numbers have a gap: an answer was lost on its way, perhaps with a message, and the
    /// API has no way to ask for it again. That the numbers of one session are otherwise without gaps
    /// is INFERRED.
    MessagesMissing {
        /// The last number before the gap.
        after: i64,
        /// The first number after it.
        before: i64,
    },
    /// The survey's address is not configured, or neither https nor local. No link is shown.
    SurveyAddressRefused,
}
