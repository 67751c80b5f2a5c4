//! The chat server: the switchboard, asked with real addresses and JSON text, as the sandbox's HTTP
//! shell asks it.

use std::collections::BTreeSet;

use pipit_engine::{Authorization, Request};
use pipit_switchboard::{Config, Consumer, ConsumerClaims, ConsumerPoll, LongPoll, Switchboard};
use pipit_wire::consumer::{GetMessagesResponse, Operation};
use pipit_wire::session::Session;
use pipit_wire::{ExceptionCode, Refusal, Secret, WireObject};

use crate::agenda::Copy;
use crate::network::PacketId;

/// When every world begins, in ms since 1970.
pub(crate) const BEGAN: i64 = 1_800_000_000_000;

pub(crate) const SITE: &str = "pipit_demo";
const HOST: &str = "chat.example";
/// Where the page allows the server to move to.
pub(crate) const OTHER_HOST: &str = "chat-2.example";
/// Where it does not.
pub(crate) const FORBIDDEN_HOST: &str = "elsewhere.example";

#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) board: Switchboard,
    /// What a server that has lost everything begins with again.
    config: Config,
    /// The tokens that the page's own server has made.
    tokens: BTreeSet<String>,
    pub(crate) held: Vec<Held>,
    /// It does not answer before then, in ms.
    pub(crate) down_until: u64,
}

/// A poll that waits for its answer.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) packet: PacketId,
    pub(crate) copy: Copy,
    pub(crate) poll: ConsumerPoll,
}

/// What the server says to a request.
pub(crate) enum Reply {
    Object(String),
    Batch(Box<GetMessagesResponse>),
    Held(ConsumerPoll),
}

impl Server {
    pub(crate) fn new(config: Config, seed: u64) -> Self {
        Self {
            board: Switchboard::new(config.clone(), seed),
            config,
            tokens: BTreeSet::new(),
            held: Vec::new(),
            down_until: 0,
        }
    }

    /// What the page's own server gives the page for one engagement.
    pub(crate) fn session(&mut self) -> Session {
        let token = format!("token-{}", self.tokens.len() + 1);
        self.tokens.insert(token.clone());
        Session {
            jwt: Secret::new(token),
            site: Some(SITE.to_owned()),
            pool: Some(self.board.pool().pool.clone()),
            domain: Some(HOST.to_owned()),
            port: None,
        }
    }

    /// Forgets everybody.
    pub(crate) fn wipe(&mut self) {
        let config = Config {
            pool: self.board.pool().pool.clone(),
            ..self.config.clone()
        };
        self.board.reset(config);
    }

    /// When something happens here by itself, in ms since 1970.
    pub(crate) fn next_at(&self) -> Option<i64> {
        let holds = self.held.iter().map(|held| held.poll.until_ms());
        holds.chain(self.board.next_deadline()).min()
    }

    /// Does what a request asks for.
    pub(crate) fn answer(&mut self, request: &Request, now: i64) -> Result<Reply, Refusal> {
        let address = Address::read(&request.url).ok_or_else(|| unknown(&request.url))?;
        let pool = address.pool.as_deref();
        match address.operation {
            Operation::RequestEngagement => {
                self.board.check_pool(pool, now)?;
                let claims = self.claims(&request.authorization)?;
                let asked = object(&request.body)?;
                let started = self.board.request_engagement(&claims, &asked, now)?;
                Ok(Reply::Object(started.to_json()))
            }
            Operation::GetMessages => {
                let session = session(&request.authorization)?;
                let consumer = self.board.consumer(session, now)?;
                let poll = consumer.get_messages(&object(&request.body)?, pool)?;
                Ok(match poll.answer(&mut self.board, now) {
                    Some(batch) => Reply::Batch(Box::new(batch)),
                    None => Reply::Held(poll),
                })
            }
            Operation::PostMessage => {
                self.in_session(request, pool, now, |it, asked| it.post_message(&asked))
            }
            Operation::Activity => {
                self.in_session(request, pool, now, |it, asked| it.activity(&asked))
            }
            Operation::ConcludeEngagement => self.in_session(request, pool, now, |it, asked| {
                it.conclude_engagement(&asked)
            }),
            Operation::GetQueueStats | Operation::GetEngagementQueue => Err(unknown(&request.url)),
        }
    }

    fn in_session<Q: WireObject, A: WireObject>(
        &mut self,
        request: &Request,
        pool: Option<&str>,
        now: i64,
        operation: impl FnOnce(Consumer<'_>, Q) -> Result<A, Refusal>,
    ) -> Result<Reply, Refusal> {
        self.board.check_pool(pool, now)?;
        let consumer = self.board.consumer(session(&request.authorization)?, now)?;
        let answer = operation(consumer, object(&request.body)?)?;
        Ok(Reply::Object(answer.to_json()))
    }

    fn claims(&self, authorization: &Authorization) -> Result<ConsumerClaims, Refusal> {
        match authorization {
            Authorization::Bearer(jwt) if self.tokens.contains(jwt.reveal()) => {
                Ok(ConsumerClaims::anonymous(jwt.reveal()))
            }
            _ => Err(denied("The token is not ours.")),
        }
    }
}

/// Where a request goes, read from its address.
pub(crate) struct Address {
    pub(crate) host: String,
    operation: Operation,
    pool: Option<String>,
}

impl Address {
    pub(crate) fn read(url: &str) -> Option<Self> {
        let (host, rest) = url.strip_prefix("https://")?.split_once('/')?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let before = format!("engagement/api/consumer/{SITE}/v1/");
        Some(Self {
            host: host.to_owned(),
            operation: Operation::from_name(path.strip_prefix(&before)?)?,
            pool: query.strip_prefix("pool=").map(str::to_owned),
        })
    }
}

/// Whether the page allows requests to this host.
pub(crate) fn is_allowed(host: &str) -> bool {
    [HOST, OTHER_HOST].contains(&host)
}

/// The session that a request is made in.
pub(crate) fn session(authorization: &Authorization) -> Result<&str, Refusal> {
    match authorization {
        Authorization::Session(session) => Ok(session.reveal()),
        Authorization::Bearer(_) => Err(denied("The header SessionId is missing.")),
    }
}

fn object<T: WireObject>(body: &str) -> Result<T, Refusal> {
    T::from_json(body)
        .map_err(|error| Refusal::new(400, &ExceptionCode::BadRequest, error.to_string()))
}

fn denied(text: &str) -> Refusal {
    Refusal::new(403, &ExceptionCode::AccessDenied, text)
}

fn unknown(url: &str) -> Refusal {
    Refusal::new(
        404,
        &ExceptionCode::BadRequest,
        format!("There is nothing at {url}."),
    )
}
