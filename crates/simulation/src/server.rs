//! The chat server of the simulation. It finds the operation in a request's URL, reads the JSON body, and passes both
//! to the switchboard, which has the rules of the chat server. The sandbox, this repository's test chat server, does
//! the same over HTTP.

use std::collections::BTreeSet;

use pipit_engine::{Authorization, Request};
use pipit_switchboard::{
    Config, Consumer, ConsumerClaims, ConsumerPoll, LongPoll, Strictness, Switchboard,
    check_consumer_request,
};
use pipit_wire::consumer::{GetMessagesResponse, Operation};
use pipit_wire::session::Session;
use pipit_wire::{ExceptionCode, Fields, Refusal, Secret, WireObject};

use crate::ids::{PacketId, Transmission};

/// The wall-clock time at which every simulated run begins, in ms since 1970.
pub(crate) const START_TIME: i64 = 1_800_000_000_000;

/// The name of the site (the customer's account at the chat service) in every URL.
const SITE: &str = "pipit_demo";
/// The host at which every conversation starts.
const INITIAL_HOST: &str = "chat.example";
/// The host to which the page's options allow the server to move a running conversation.
pub(crate) const HOST_AFTER_MIGRATION: &str = "chat-2.example";
/// A host to which the page's options do not allow the server to move a running conversation.
pub(crate) const FORBIDDEN_HOST: &str = "elsewhere.example";

/// The chat server with its tokens and the polls that it holds.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) switchboard: Switchboard,
    /// The configuration that the server was created with. A restart that loses the state returns to it.
    config: Config,
    /// The valid tokens: those that the customer's own server has issued.
    tokens: BTreeSet<String>,
    /// The polls (requests for new messages) that the server answers when it has a message or when the holding time
    /// ends.
    pub(crate) held_polls: Vec<HeldPoll>,
    /// The server does not answer before this virtual time, in ms.
    pub(crate) down_until: u64,
}

/// A visitor's poll that the server has not answered yet.
#[derive(Debug)]
pub(crate) struct HeldPoll {
    pub(crate) packet: PacketId,
    pub(crate) transmission: Transmission,
    pub(crate) poll: ConsumerPoll,
}

/// The server's reaction to a request that it accepts.
pub(crate) enum Reply {
    /// The server answers with this JSON.
    Object(String),
    /// The server answers a poll with these messages.
    Batch(Box<GetMessagesResponse>),
    /// The server holds the poll, because it has no messages for it yet.
    Held(ConsumerPoll),
}

impl Server {
    pub(crate) fn new(config: Config, seed: u64) -> Self {
        Self {
            switchboard: Switchboard::new(config.clone(), seed),
            config,
            tokens: BTreeSet::new(),
            held_polls: Vec::new(),
            down_until: 0,
        }
    }

    /// Issues the data with which one conversation can be started (token, site, pool and host), as the customer's own
    /// server does.
    pub(crate) fn issue_session(&mut self) -> Session {
        let token = format!("token-{}", self.tokens.len() + 1);
        self.tokens.insert(token.clone());
        Session {
            jwt: Secret::new(token),
            site: Some(SITE.to_owned()),
            pool: Some(self.switchboard.pool().pool.clone()),
            domain: Some(INITIAL_HOST.to_owned()),
            port: None,
        }
    }

    /// Deletes all engagements (chats) and sessions, and restores the first configuration. The name of the pool (the
    /// group of chat servers) stays as it is. The tokens stay valid, because the customer's own server has issued them.
    pub(crate) fn wipe(&mut self) {
        let config = Config {
            pool: self.switchboard.pool().pool.clone(),
            ..self.config.clone()
        };
        self.switchboard.reset(config);
    }

    /// The time at which the server next answers a held poll or changes its state without a request, in ms since 1970.
    /// `None` if the server holds no poll and no change is scheduled.
    pub(crate) fn next_at(&self) -> Option<i64> {
        let hold_ends = self.held_polls.iter().map(|held| held.poll.hold_ends_ms());
        hold_ends.chain(self.switchboard.next_deadline()).min()
    }

    /// Processes a request at this time, in ms since 1970.
    pub(crate) fn answer(&mut self, request: &Request, now: i64) -> Result<Reply, Refusal> {
        let address = Address::parse(&request.url).ok_or_else(|| not_found(&request.url))?;
        let pool = address.pool.as_deref();
        // The widget must send what Oracle's API reference allows, and nothing else.
        let members = Fields::from_json(&request.body).map_err(|_| not_found(&request.url))?;
        check_consumer_request(address.operation, &members.0, Strictness::Strict)?;
        match address.operation {
            Operation::RequestEngagement => {
                self.switchboard.check_pool(pool, now)?;
                let claims = self.claims(&request.authorization)?;
                let body = parse(&request.body)?;
                let started = self.switchboard.request_engagement(&claims, &body, now)?;
                Ok(Reply::Object(started.to_json()))
            }
            Operation::GetMessages => {
                let session = session_id(&request.authorization)?;
                let consumer = self.switchboard.consumer(session, now)?;
                // `get_messages` checks the pool itself: a poll in the pool that the site has left is not refused, but
                // gets the new pool as a message.
                let poll = consumer.get_messages(&parse(&request.body)?, pool)?;
                Ok(match poll.answer(&mut self.switchboard, now) {
                    Some(batch) => Reply::Batch(Box::new(batch)),
                    None => Reply::Held(poll),
                })
            }
            Operation::PostMessage => self.in_session(request, pool, now, |consumer, body| {
                consumer.post_message(&body)
            }),
            Operation::Activity => self.in_session(request, pool, now, |consumer, body| {
                consumer.activity(&body)
            }),
            Operation::ConcludeEngagement => {
                self.in_session(request, pool, now, |consumer, body| {
                    consumer.conclude_engagement(&body)
                })
            }
            // The visitor's pages never call these two operations.
            Operation::GetQueueStats | Operation::GetEngagementQueue => {
                Err(not_found(&request.url))
            }
        }
    }

    /// Processes a request that needs a running session: reads the body and passes it to `operation`.
    fn in_session<Body: WireObject, Answer: WireObject>(
        &mut self,
        request: &Request,
        pool: Option<&str>,
        now: i64,
        operation: impl FnOnce(Consumer<'_>, Body) -> Result<Answer, Refusal>,
    ) -> Result<Reply, Refusal> {
        self.switchboard.check_pool(pool, now)?;
        let consumer = self
            .switchboard
            .consumer(session_id(&request.authorization)?, now)?;
        let answer = operation(consumer, parse(&request.body)?)?;
        Ok(Reply::Object(answer.to_json()))
    }

    /// Checks the token of a `requestEngagement`. Returns what the token says about the visitor.
    fn claims(&self, authorization: &Authorization) -> Result<ConsumerClaims, Refusal> {
        match authorization {
            Authorization::Bearer(jwt) if self.tokens.contains(jwt.reveal()) => {
                Ok(ConsumerClaims::anonymous(jwt.reveal()))
            }
            _ => Err(access_denied("The token is not known.")),
        }
    }
}

/// The parts of the URL of a request to the consumer API (the visitors' part of the chat REST API).
pub(crate) struct Address {
    pub(crate) host: String,
    operation: Operation,
    /// `None` if the URL names no pool.
    pool: Option<String>,
}

impl Address {
    /// Parses a URL. `None` if the URL does not belong to an operation of the consumer API.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (host, rest) = url.strip_prefix("https://")?.split_once('/')?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let prefix = format!("engagement/api/consumer/{SITE}/v1/");
        Some(Self {
            host: host.to_owned(),
            operation: Operation::from_name(path.strip_prefix(&prefix)?)?,
            pool: query.strip_prefix("pool=").map(str::to_owned),
        })
    }
}

/// Whether requests to this host are legitimate: conversations start at this host, or the page's options allow it.
pub(crate) fn is_allowed_host(host: &str) -> bool {
    [INITIAL_HOST, HOST_AFTER_MIGRATION].contains(&host)
}

/// Returns the session id of a request. Refuses a request that has a token in place of a session id.
pub(crate) fn session_id(authorization: &Authorization) -> Result<&str, Refusal> {
    match authorization {
        Authorization::Session(session) => Ok(session.reveal()),
        Authorization::Bearer(_) => Err(access_denied("The header SessionId is missing.")),
    }
}

/// Parses the body of a request. The error is the server's answer 400.
fn parse<T: WireObject>(body: &str) -> Result<T, Refusal> {
    T::from_json(body)
        .map_err(|error| Refusal::new(400, &ExceptionCode::BadRequest, error.to_string()))
}

fn access_denied(text: &str) -> Refusal {
    Refusal::new(403, &ExceptionCode::AccessDenied, text)
}

fn not_found(url: &str) -> Refusal {
    Refusal::new(
        404,
        &ExceptionCode::BadRequest,
        format!("No operation has the address {url}."),
    )
}
