//! The operations of the consumer (the visitor's client): `requestEngagement`, which begins an engagement (a chat at
//! the server), queries about the queue, and the operations within a session. Every answer except those to the queries
//! contains an *echo*: the consumer's client id, times, and members that the server repeats from the request.

mod poll;
mod responses;

use std::collections::{BTreeMap, BTreeSet};

use pipit_wire::agent::{ChatActivitySignal, ChatPostMessage};
use pipit_wire::consumer::{
    ActivityRequest, ActivityResponse, ClientRequest, ConcludeEngagementResponse, ConsumerMode,
    EngagementQueueRequest, EngagementQueueResponse, PostMessageRequest, PostMessageResponse,
    ProactiveAvailableType, QueueStatsRequest, QueueStatsResponse, RequestEngagementResponse,
    ResultType,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{EngagementId, ExceptionCode, Fields, QueueId, Refusal};

use crate::Switchboard;
use crate::conclusion::EndCause;
use crate::engagement::{Engagement, Phase, Waiting};
use crate::message_stream::{HeldPoll, MessageStream};
use crate::opening_hours;
use crate::preview::{PreviewGate, PreviewOutcome};
use crate::spam::{SpamRecord, Verdict};

pub use poll::ConsumerPoll;
use responses::{
    echo, ejected, engagement_started, lead_has_left, not_started, own_message, server_message,
    unknown_mode, unknown_queue, unknown_session,
};

/// The content of a verified consumer token (JWT).
#[derive(Clone, Debug)]
pub struct ConsumerClaims {
    /// The token's id. A token can begin one engagement only.
    pub jti: String,
    /// When the token expires, in ms since 1970. The switchboard does not refuse an expired token, because its caller has
    /// verified the token. It remembers until this time that the token has begun an engagement.
    pub expires_ms: i64,
    /// What the customer's server knows about the visitor.
    pub visitor: SessionInformation,
}

impl ConsumerClaims {
    /// Makes the claims of a visitor about whom nothing is known. They never expire.
    pub fn anonymous(jti: &str) -> Self {
        Self {
            jti: jti.to_owned(),
            expires_ms: i64::MAX,
            visitor: SessionInformation::default(),
        }
    }
}

/// Operations without a session.
impl Switchboard {
    /// Begins an engagement, which waits in the queue. The first message to the consumer names the position in the queue. If
    /// the setting `conclude_without_agents` is on and no agent is logged on, the engagement ends at once instead.
    ///
    /// While the visitor's queue is closed, no engagement begins: the `resultType` is FAIL_OUT_OF_HOURS. (INFERRED)
    ///
    /// # Errors
    /// 403 when the token has begun an engagement before. 409 when the settings list the queues and the visitor's is not
    /// among them (PAGE 001: the routing rules have taken the engagement out of the queue).
    pub fn request_engagement(
        &mut self,
        claims: &ConsumerClaims,
        request: &ClientRequest,
        now: i64,
    ) -> Result<RequestEngagementResponse, Refusal> {
        // Runs the time-outs that are due.
        self.tick(now);
        let queue = claims.visitor.queue_id.filter(|id| *id > 0);
        let queue = QueueId(queue.unwrap_or(self.config.queue_id));
        if !self.is_queue_open(queue, now).ok_or_else(unknown_queue)? {
            return Ok(not_started(ResultType::FailOutOfHours, request, now));
        }
        self.spend_token(claims, now)?;
        let id = self.ids.engagement();
        let client = self.ids.client();
        let session = self.ids.session();
        // The engagement with the lowest rank is the first in the queue.
        let rank = self.rank_at_end();
        self.engagements.insert(
            id,
            Engagement {
                id,
                client,
                session: Some(session.clone()),
                queue,
                visitor: claims.visitor.clone(),
                created_ms: now,
                first_engaged_ms: None,
                phase: Phase::Waiting(Waiting::new(rank, now)),
                wrap_up: BTreeSet::new(),
                stream: MessageStream::new(now),
                preview: PreviewGate::new(self.config.sneak_preview_state.clone(), now),
                spam: SpamRecord::default(),
                agents_spam: BTreeMap::new(),
            },
        );
        // Offers the engagement to an agent if one is free, and announces its position in the queue.
        self.route(now);
        Ok(engagement_started(
            &self.config,
            id,
            session,
            echo(client, request, now),
        ))
    }

    /// Whether a queue takes new engagements; `None` if there is no such queue.
    fn is_queue_open(&self, id: QueueId, now: i64) -> Option<bool> {
        if self.config.queues.is_empty() {
            return Some(true);
        }
        let mut queues = self.config.queues.iter();
        let queue = queues.find(|queue| queue.id == id.0)?;
        Some(opening_hours::is_open(&queue.opening_hours, now))
    }

    /// Marks a token as spent, and forgets the spent tokens that have expired.
    ///
    /// # Errors
    /// 403 when the token was spent before.
    fn spend_token(&mut self, claims: &ConsumerClaims, now: i64) -> Result<(), Refusal> {
        self.spent_tokens.retain(|_, expires_ms| *expires_ms > now);
        let earlier_use = self
            .spent_tokens
            .insert(claims.jti.clone(), claims.expires_ms);
        match earlier_use {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                403,
                &ExceptionCode::AccessDenied,
                "This token has begun an engagement before. Each engagement needs a new one.",
            )),
        }
    }

    /// Returns how many engagements wait in a queue, how many agents are free and, if the request asks for it, how many
    /// further engagements these agents can take. Every agent serves all queues, so the numbers of agents do not depend on
    /// the queue. The operation needs no session.
    pub fn queue_stats(&self, request: &QueueStatsRequest) -> QueueStatsResponse {
        let waiting = self.engagements.values().filter(|engagement| {
            engagement.waiting().is_some() && engagement.queue == request.queue_id
        });
        // One number for each free agent: how many further engagements the agent can take.
        let free_slots = self.free_slots();
        let available = match request.chat_proactive_available_type {
            ProactiveAvailableType::Sessions => free_slots.iter().sum(),
            _ => free_slots.len(),
        };
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        QueueStatsResponse {
            available_agent_sessions: Some(count(available)),
            engagements_in_queue: Some(count(waiting.count())),
            total_available_agents: Some(count(free_slots.len())),
            ..QueueStatsResponse::default()
        }
    }

    /// Returns the queue for visitors whose session names no queue, and the expected wait in s. All waiting engagements count
    /// for the wait, because every agent serves all queues. The members of the request do not matter, because the
    /// switchboard has no rules that choose a queue. The operation needs no session.
    pub fn engagement_queue(&self, _request: &EngagementQueueRequest) -> EngagementQueueResponse {
        let waiting = i64::try_from(self.queue().len()).unwrap_or(i64::MAX);
        EngagementQueueResponse {
            queue_id: Some(QueueId(self.config.queue_id)),
            expected_wait_seconds: Some(self.average_wait_seconds().saturating_mul(waiting)),
            ..EngagementQueueResponse::default()
        }
    }

    /// Finds the consumer with this session id.
    ///
    /// # Errors
    /// 403 when the session is unknown, or when it is over: the consumer has fetched the end of the engagement, or has not
    /// fetched it in time.
    pub fn consumer(&mut self, session_id: &str, now: i64) -> Result<Consumer<'_>, Refusal> {
        self.tick(now);
        let is_of_session = |engagement: &&Engagement| {
            let session = engagement.session.as_ref();
            session.is_some_and(|id| id.reveal() == session_id)
        };
        let id = self
            .engagements
            .values()
            .find(is_of_session)
            .map(|engagement| engagement.id);
        match id {
            Some(id) => Ok(Consumer {
                switchboard: self,
                id,
                now,
            }),
            None => Err(unknown_session()),
        }
    }
}

/// A consumer with a verified session. Its methods are the consumer's operations.
#[derive(Debug)]
pub struct Consumer<'a> {
    switchboard: &'a mut Switchboard,
    /// The engagement of the consumer's session.
    id: EngagementId,
    /// The time of the request, in ms since 1970.
    now: i64,
}

impl Consumer<'_> {
    /// Begins a long poll, which displaces the session's previous poll. `pool` is the pool in the request's address.
    ///
    /// # Errors
    /// 404 for an unknown pool (group of chat servers), if the setting `strict_pool` is on.
    pub fn get_messages(
        self,
        request: &ClientRequest,
        pool: Option<&str>,
    ) -> Result<ConsumerPoll, Refusal> {
        // The current pool, if the client polls the pool that the site (the customer's account) has left.
        let new_pool = self.switchboard.check_poll_pool(pool)?;
        let hold_ms = self.switchboard.config.hold_ms;
        let held = HeldPoll {
            number: self.switchboard.ids.poll_number(),
            hold_ends_ms: self.now + hold_ms,
        };
        let engagement = self.switchboard.engagement_mut(self.id)?;
        if let Some(address) = new_pool
            && engagement.stream.count_pool_reminder(hold_ms, self.now)
        {
            engagement.push_configuration_changed(&address, self.now);
        }
        engagement.stream.begin_poll(held, self.now);
        Ok(ConsumerPoll {
            engagement: self.id,
            held,
            echo: echo(engagement.client, request, self.now),
        })
    }

    /// Posts a message. While no agent leads the engagement, the message is kept for the next agent who does (the
    /// *lead*).
    ///
    /// 200 does not mean *delivered*: a text that the spam rule stops is answered with 200 too. The server then sends the
    /// consumer a message which says that the text was not sent.
    ///
    /// # Errors
    /// 409 when the engagement is over, or when the spam rule ends it because of this message.
    pub fn post_message(
        self,
        request: &PostMessageRequest,
    ) -> Result<PostMessageResponse, Refusal> {
        let now = self.now;
        let rule = self.switchboard.config.spam.clone();
        let engagement = self.switchboard.engagement_mut(self.id)?;
        if engagement.is_concluded() {
            // The same refusal for every cause of the end.
            return Err(lead_has_left());
        }
        let client = engagement.client;
        match engagement.spam.judge(&rule, &request.body, now) {
            Verdict::Pass => self.switchboard.deliver_from_visitor(self.id, request, now),
            Verdict::Blocked(offence) => {
                engagement.push_message_posted(server_message(offence.notice()), now);
                self.switchboard.spam_hits += 1;
            }
            Verdict::Ejected(offence) => {
                engagement.push_message_posted(server_message(offence.notice()), now);
                self.switchboard.spam_hits += 1;
                self.switchboard.conclude(self.id, EndCause::Ejected, now);
                return Err(ejected());
            }
        }
        Ok(PostMessageResponse {
            echo: echo(client, &request.client, now),
            ..PostMessageResponse::default()
        })
    }

    /// Tells the agents what the visitor is doing. A request can contain a *sneak preview*: the text that the visitor is
    /// typing.
    ///
    /// # Errors
    /// 400 for a mode other than LISTENING and RESPONDING.
    pub fn activity(self, request: &ActivityRequest) -> Result<ActivityResponse, Refusal> {
        let now = self.now;
        if let ConsumerMode::Unknown(mode) = &request.mode {
            return Err(unknown_mode(mode));
        }
        let state = self.switchboard.config.sneak_preview_state.clone();
        let interval_ms = self.switchboard.config.sneak_preview_interval_ms;
        let engagement = self.switchboard.engagement_mut(self.id)?;
        let client = engagement.client;
        let text = request.sneak_preview_text.clone().unwrap_or_default();
        // The preview's gate decides whether the agents may see the text.
        let outcome = engagement.preview.judge(&text, &state, interval_ms, now);
        let signal = ChatActivitySignal {
            engagement_id: Some(self.id),
            client_id: Some(client),
            mode: Some(ActivityMode::from(request.mode.as_str())),
            sneak_preview_state: Some(state.clone()),
            sneak_preview_interval: i32::try_from(interval_ms).ok(),
            // Page 004 prints both members. Without a value they are empty and false.
            sneak_preview: Some(text.clone())
                .filter(|_| outcome == PreviewOutcome::Passed)
                .or_else(|| Some(String::new())),
            sneak_preview_focus: Some(engagement.preview.focus().unwrap_or(false)),
            ..ChatActivitySignal::default()
        };
        // The response announces the state to the consumer.
        engagement
            .preview
            .record_announced_state(state.clone(), now);
        // A violation is a preview that the consumer should not have sent: `preview.rs` has the rules.
        self.switchboard.preview_violations += u64::from(outcome == PreviewOutcome::Violation);
        self.switchboard.signal_agents(self.id, &signal, now);
        Ok(ActivityResponse {
            sneak_preview_state: Some(state),
            sneak_preview_interval: Some(interval_ms),
            echo: echo(client, &request.client, now),
            ..ActivityResponse::default()
        })
    }

    /// Ends the engagement, whether an agent leads it or it still waits in the queue. The session lasts until the consumer
    /// has fetched the end, so a client that did not get the answer may repeat the request.
    ///
    /// # Errors
    /// 404 if the engagement does not exist. That cannot happen, because [`Switchboard::consumer`] has just found it.
    pub fn conclude_engagement(
        self,
        request: &ClientRequest,
    ) -> Result<ConcludeEngagementResponse, Refusal> {
        let client = self.switchboard.engagement_mut(self.id)?.client;
        self.switchboard
            .conclude(self.id, EndCause::ByConsumer, self.now);
        Ok(ConcludeEngagementResponse {
            echo: echo(client, request, self.now),
            ..ConcludeEngagementResponse::default()
        })
    }
}

impl Switchboard {
    /// Delivers a visitor's message to the agents. While no agent leads the engagement, adds it to the backlog, which
    /// the next lead gets. If the setting `echo` is on, the visitor's own client gets the message too.
    fn deliver_from_visitor(&mut self, id: EngagementId, request: &PostMessageRequest, now: i64) {
        let is_sent_back = self.config.echo;
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let message = ChatPostMessage {
            body: request.body.clone(),
            // Page 004 prints this member and the message id. Without a value they are empty.
            va_response: Some(String::new()),
            off_the_record: Some(request.off_the_record.unwrap_or(false)),
            rich_text: Some(request.rich_text.unwrap_or(false)),
            message_data_map: request.message_data_map.clone(),
            message_id: Some(request.message_id.clone().unwrap_or_default()),
            envelope: engagement.envelope_from_visitor(now),
            unknown: Fields::default(),
        };
        if is_sent_back {
            engagement.push_message_posted(own_message(request, engagement.client), now);
        }
        match &mut engagement.phase {
            Phase::Waiting(waiting) => waiting.backlog.push(message),
            Phase::Chatting(chatting) => {
                chatting.active_ms = now;
                let agents = engagement.agents();
                self.post_to_agents(&agents, &message);
            }
            Phase::Concluded { .. } => {}
        }
    }
}
