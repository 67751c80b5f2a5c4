//! The chat server of a world: the switchboard behind real addresses and JSON texts, as in the HTTP shell of the
//! sandbox.

use std::collections::BTreeSet;

use pipit_engine::{Authorization, Request};
use pipit_switchboard::{Config, Consumer, ConsumerClaims, ConsumerPoll, LongPoll, Switchboard};
use pipit_wire::consumer::{GetMessagesResponse, Operation};
use pipit_wire::session::Session;
use pipit_wire::{ExceptionCode, Refusal, Secret, WireObject};

use crate::ids::{PacketId, Transmission};

/// The start of the virtual time in every world, in ms since 1970.
pub(crate) const START_TIME: i64 = 1_800_000_000_000;

pub(crate) const SITE: &str = "pipit_demo";
const HOST: &str = "chat.example";
/// A second host, to which the page allows the server to move the conversation.
pub(crate) const OTHER_HOST: &str = "chat-2.example";
/// A host to which the page does not allow the server to move the conversation.
pub(crate) const FORBIDDEN_HOST: &str = "elsewhere.example";

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) switchboard: Switchboard,
    /// The configuration after a restart that loses everything.
    config: Config,
    /// The tokens that the customer's own server has issued.
    tokens: BTreeSet<String>,
    pub(crate) held_polls: Vec<HeldPoll>,
    /// Until this time, in ms, the server does not answer.
    pub(crate) down_until: u64,
}

/// A poll of a consumer that waits for its answer.
#[derive(Debug)]
pub(crate) struct HeldPoll {
    pub(crate) packet: PacketId,
    pub(crate) transmission: Transmission,
    pub(crate) poll: ConsumerPoll,
}

/// How the server reacts to a request that it accepts.
pub(crate) enum Reply {
    /// It answers with this JSON.
    Object(String),
    /// It answers a poll with these messages.
    Batch(Box<GetMessagesResponse>),
    /// It holds a poll.
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

    /// Issues a session for one engagement, as the customer's own server does.
    pub(crate) fn issue_session(&mut self) -> Session {
        let token = format!("token-{}", self.tokens.len() + 1);
        self.tokens.insert(token.clone());
        Session {
            jwt: Secret::new(token),
            site: Some(SITE.to_owned()),
            pool: Some(self.switchboard.pool().pool.clone()),
            domain: Some(HOST.to_owned()),
            port: None,
        }
    }

    /// Loses all engagements and sessions.
    pub(crate) fn wipe(&mut self) {
        let config = Config {
            pool: self.switchboard.pool().pool.clone(),
            ..self.config.clone()
        };
        self.switchboard.reset(config);
    }

    /// The time of the next event that only the server knows of, in ms since 1970.
    pub(crate) fn next_at(&self) -> Option<i64> {
        let holds = self.held_polls.iter().map(|held| held.poll.hold_ends_ms());
        holds.chain(self.switchboard.next_deadline()).min()
    }

    /// Processes a request.
    pub(crate) fn answer(&mut self, request: &Request, now: i64) -> Result<Reply, Refusal> {
        let address = Address::parse(&request.url).ok_or_else(|| not_found(&request.url))?;
        let pool = address.pool.as_deref();
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
            Operation::GetQueueStats | Operation::GetEngagementQueue => {
                Err(not_found(&request.url))
            }
        }
    }

    /// Processes a request that belongs to a session. `Q` is its body, `A` the answer.
    fn in_session<Q: WireObject, A: WireObject>(
        &mut self,
        request: &Request,
        pool: Option<&str>,
        now: i64,
        operation: impl FnOnce(Consumer<'_>, Q) -> Result<A, Refusal>,
    ) -> Result<Reply, Refusal> {
        self.switchboard.check_pool(pool, now)?;
        let consumer = self
            .switchboard
            .consumer(session_id(&request.authorization)?, now)?;
        let answer = operation(consumer, parse(&request.body)?)?;
        Ok(Reply::Object(answer.to_json()))
    }

    fn claims(&self, authorization: &Authorization) -> Result<ConsumerClaims, Refusal> {
        match authorization {
            Authorization::Bearer(jwt) if self.tokens.contains(jwt.reveal()) => {
                Ok(ConsumerClaims::anonymous(jwt.reveal()))
            }
            _ => Err(access_denied("The token is not known.")),
        }
    }
}

/// The parts of a request's URL.
pub(crate) struct Address {
    pub(crate) host: String,
    operation: Operation,
    pool: Option<String>,
}

impl Address {
    /// Parses the URL of a request to the consumer API; `None` if it is not one.
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

/// Whether the page allows requests to this host.
pub(crate) fn is_allowed_host(host: &str) -> bool {
    [HOST, OTHER_HOST].contains(&host)
}

/// The session id that a request carries.
pub(crate) fn session_id(authorization: &Authorization) -> Result<&str, Refusal> {
    match authorization {
        Authorization::Session(session) => Ok(session.reveal()),
        Authorization::Bearer(_) => Err(access_denied("The header SessionId is missing.")),
    }
}

/// Reads the body of a request.
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
