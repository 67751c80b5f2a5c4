//! The effects that the engine asks its driver to perform. The *driver* is the code that runs the engine and
//! has access to the network and the storage. The *page* is the web page that contains the widget.
//!
//! The page supplies a *session* with a token, which authorizes the start of a conversation. The *session id*
//! comes from the server with the engagement (a chat at the server), and authorizes every later request.
//!
//! INFERRED: our assumption.

use pipit_wire::consumer::Operation;
use pipit_wire::{Secret, UnexpectedBody};

use crate::form_answers::FormAnswers;

/// Identifies a request, so that its answer can be matched to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Something that the driver must do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the page for a session. The driver answers with [`crate::Input::Session`] and this id.
    GetSession(RequestId, SessionRequest),
    /// Store [`crate::Engine::snapshot`] in place of the previous snapshot, before performing the effects that follow. If
    /// there is none, remove the previous one. [`crate::Engine::restore`] reads the snapshot.
    Save,
    /// Send a request. The driver answers with [`crate::Input::Answer`] and the request's id.
    Send(Request),
    /// Abort this request. The driver then hands over no answer to this request.
    Abort(RequestId),
    /// Report a problem to the web team that runs the page.
    Warn(Warning),
}

/// A request to the page for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRequest {
    /// Why a session is needed.
    pub reason: SessionReason,
    /// What the visitor has filled in before the conversation. The requests of the engine have no member for these
    /// answers, so the page passes them to its own server, which makes the session.
    pub form_answers: FormAnswers,
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
    /// The id by which the answer is matched to the request.
    pub id: RequestId,
    /// The operation. Every operation that the engine uses is a POST.
    pub operation: Operation,
    /// The address, with scheme and host.
    pub url: String,
    /// The header that authorizes the request.
    pub authorization: Authorization,
    /// The JSON body.
    pub body: String,
}

/// The header by which the server recognizes the visitor.
#[derive(Clone, Debug, PartialEq)]
pub enum Authorization {
    /// `Authorization: Bearer <token>`, with the token from the page's session: only `requestEngagement` uses it.
    Bearer(Secret),
    /// `SessionId: <session id>`: every request after `requestEngagement` uses it.
    Session(Secret),
}

/// A problem of which the web team should know, although the conversation continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The server named a new host that the page does not allow, so requests still go to the old host.
    HostNotAllowed {
        /// The host, with the port if it is not the default.
        host: String,
    },
    /// The sequence numbers of the server's messages have a gap, so the visitor may not see a message. The server's
    /// answer with these numbers was lost on its way, and the API has no way to ask for that answer again. Without a
    /// loss, the numbers of one engagement have no gaps (INFERRED).
    MessagesMissing {
        /// The highest number below the gap.
        after: i64,
        /// The number above the gap.
        before: i64,
    },
    /// A message of the server could not be read. The visitor sees a notice in its place.
    MessageUnreadable {
        /// The sequence number of the message; `None` if it could not be read either.
        number: Option<i64>,
    },
    /// These messages of the server were not shown, because they had come before, or came after the end of the
    /// engagement and are no texts. Each has its sequence number, if it has one, and its name.
    MessagesPassedOver(Vec<(Option<i64>, String)>),
    /// The status of a response reports success, and its body is not the chat server's answer: somebody else has
    /// answered, such as a service worker of the page, or the network's sign-in page.
    UnexpectedAnswer {
        /// The operation of the request.
        operation: Operation,
        /// What came instead of the answer.
        body: UnexpectedBody,
    },
    /// The survey's address is not configured, or is not safe to open, for example because it uses http. No link is
    /// shown.
    SurveyAddressRefused,
}
