//! The consumer's operations.

mod answers;
mod poll;

use std::collections::BTreeSet;

use pipit_wire::agent::{ChatActivitySignal, ChatPostMessage};
use pipit_wire::consumer::{
    Accepted, ActivityRequest, ActivityResponse, ClientRequest, ConsumerMode,
    EngagementQueueRequest, EngagementQueueResponse, PostMessageRequest, ProactiveAvailableType,
    QueueStatsRequest, QueueStatsResponse, RequestEngagementResponse,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{EngagementId, ExceptionCode, Fields, QueueId, Refusal};

use crate::Switchboard;
use crate::end::Ending;
use crate::engagement::{Engagement, Phase, Waiting};
use crate::preview::{Passage, Preview};
use crate::spam::{SpamRecord, Verdict};
use crate::stream::{Hold, Stream};

use answers::{
    accepted, echo, echoed, ejected, lead_has_left, notice, started, unknown_mode, unknown_session,
};
pub use poll::ConsumerPoll;

/// What a verified JWT says.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The token's own id: good for one engagement.
    pub jti: String,
    /// When the token expires, in ms since 1970. Until then its use is remembered.
    pub expires_ms: i64,
    /// Who the visitor is.
    pub visitor: SessionInformation,
}

impl Claims {
    /// A token that never expires, of a visitor of whom nothing is known.
    pub fn anonymous(jti: &str) -> Self {
        Self {
            jti: jti.to_owned(),
            expires_ms: i64::MAX,
            visitor: SessionInformation::default(),
        }
    }
}

/// Before there is a session.
impl Switchboard {
    /// Begins an engagement: it waits in the queue, and the consumer's first message tells where.
    ///
    /// # Errors
    /// 403 when the token has begun an engagement before.
    pub fn request_engagement(
        &mut self,
        claims: &Claims,
        request: &ClientRequest,
        now: i64,
    ) -> Result<RequestEngagementResponse, Refusal> {
        self.tick(now);
        self.spend_token(claims, now)?;
        let id = self.ids.engagement();
        let client = self.ids.client();
        let session = self.ids.session();
        let queue = claims.visitor.queue_id.filter(|id| *id > 0);
        let place = self.last_place();
        self.engagements.insert(
            id,
            Engagement {
                id,
                client,
                session: Some(session.clone()),
                queue: QueueId(queue.unwrap_or(self.config.queue_id)),
                visitor: claims.visitor.clone(),
                created_ms: now,
                first_engaged_ms: None,
                phase: Phase::Waiting(Waiting::new(place, now)),
                wrap_up: BTreeSet::new(),
                stream: Stream::new(now),
                preview: Preview::new(self.config.sneak_preview_state.clone(), now),
                spam: SpamRecord::default(),
            },
        );
        self.route(now);
        Ok(started(
            &self.config,
            id,
            session,
            echo(client, request, now),
        ))
    }

    fn spend_token(&mut self, claims: &Claims, now: i64) -> Result<(), Refusal> {
        self.spent_tokens.retain(|_, expires_ms| *expires_ms > now);
        let before = self
            .spent_tokens
            .insert(claims.jti.clone(), claims.expires_ms);
        match before {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                403,
                &ExceptionCode::AccessDenied,
                "This token has begun an engagement before. Each engagement needs a new one.",
            )),
        }
    }

    /// How busy a queue is. Needs no session.
    pub fn queue_stats(&self, request: &QueueStatsRequest) -> QueueStatsResponse {
        let waiting = self.engagements.values().filter(|engagement| {
            engagement.waiting().is_some() && engagement.queue == request.queue_id
        });
        let places = self.free_places();
        let available = match request.chat_proactive_available_type {
            ProactiveAvailableType::Sessions => places.iter().sum(),
            _ => places.len(),
        };
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        QueueStatsResponse {
            available_agent_sessions: Some(count(available)),
            engagements_in_queue: Some(count(waiting.count())),
            total_available_agents: Some(count(places.len())),
            ..QueueStatsResponse::default()
        }
    }

    /// In which queue such an engagement would wait, and how long. Needs no session.
    pub fn engagement_queue(&self, _request: &EngagementQueueRequest) -> EngagementQueueResponse {
        let waiting = self.queue().len();
        let position = i64::try_from(waiting).unwrap_or(i64::MAX);
        EngagementQueueResponse {
            queue_id: Some(QueueId(self.config.queue_id)),
            expected_wait_seconds: Some(self.average_wait_seconds().saturating_mul(position)),
            ..EngagementQueueResponse::default()
        }
    }

    /// The consumer of a session.
    ///
    /// # Errors
    /// 403 when the session is unknown, or over and its end was fetched.
    pub fn consumer(&mut self, session: &str, now: i64) -> Result<Consumer<'_>, Refusal> {
        self.tick(now);
        let is_of_session =
            |it: &&Engagement| it.session.as_ref().is_some_and(|it| it.reveal() == session);
        let id = self
            .engagements
            .values()
            .find(is_of_session)
            .map(|it| it.id);
        match id {
            Some(id) => Ok(Consumer {
                board: self,
                id,
                now,
            }),
            None => Err(unknown_session()),
        }
    }
}

/// A consumer with a session: what it may ask.
#[derive(Debug)]
pub struct Consumer<'a> {
    board: &'a mut Switchboard,
    id: EngagementId,
    now: i64,
}

impl Consumer<'_> {
    /// Begins a long poll, and ends the session's poll before it. `pool` is the one the poll was
    /// made under.
    ///
    /// # Errors
    /// 404 for an unknown pool.
    pub fn get_messages(
        self,
        request: &ClientRequest,
        pool: Option<&str>,
    ) -> Result<ConsumerPoll, Refusal> {
        let news = self.board.admit_poll(pool)?;
        let hold = Hold {
            poll: self.board.ids.poll(),
            until_ms: self.now + self.board.config.hold_ms,
        };
        let engagement = self.board.engagement(self.id)?;
        if let Some(address) = news {
            engagement.tell_pool(&address, self.now);
        }
        engagement.stream.begin(hold, self.now);
        Ok(ConsumerPoll {
            engagement: self.id,
            hold,
            echo: echo(engagement.client, request, self.now),
        })
    }

    /// Says something. While nobody leads the engagement it is kept for who will.
    ///
    /// 200 does not mean *delivered*: a text stopped by the spam rule is answered so too, and a
    /// notice in the stream tells of it.
    ///
    /// # Errors
    /// 409 when the engagement is over, or ends now by the spam rule.
    pub fn post_message(self, request: &PostMessageRequest) -> Result<Accepted, Refusal> {
        let now = self.now;
        let rule = self.board.config.spam.clone();
        let engagement = self.board.engagement(self.id)?;
        if engagement.is_concluded() {
            return Err(lead_has_left());
        }
        let client = engagement.client;
        match engagement.spam.judge(&rule, &request.body, now) {
            Verdict::Pass => self.board.said(self.id, request, now),
            Verdict::Blocked(offence) => {
                engagement.tell_posted(notice(offence.notice()), now);
                self.board.spam_hits += 1;
            }
            Verdict::Ejected(offence) => {
                engagement.tell_posted(notice(offence.notice()), now);
                self.board.spam_hits += 1;
                self.board.conclude(self.id, Ending::Ejected, now);
                return Err(ejected());
            }
        }
        Ok(accepted(echo(client, &request.client, now)))
    }

    /// Tells what the visitor is doing, with or without a preview of what is typed.
    ///
    /// # Errors
    /// 400 for a mode that is neither LISTENING nor RESPONDING.
    pub fn activity(self, request: &ActivityRequest) -> Result<ActivityResponse, Refusal> {
        let now = self.now;
        if let ConsumerMode::Unknown(mode) = &request.mode {
            return Err(unknown_mode(mode));
        }
        let state = self.board.config.sneak_preview_state.clone();
        let interval_ms = self.board.config.sneak_preview_interval_ms;
        let engagement = self.board.engagement(self.id)?;
        let client = engagement.client;
        let text = request.sneak_preview_text.clone().unwrap_or_default();
        let passage = engagement.preview.pass(&text, &state, interval_ms, now);
        let signal = ChatActivitySignal {
            engagement_id: Some(self.id),
            client_id: Some(client),
            mode: Some(ActivityMode::from(request.mode.as_str())),
            sneak_preview_state: Some(state.clone()),
            sneak_preview_interval: i32::try_from(interval_ms).ok(),
            sneak_preview: (passage == Passage::Passed).then_some(text),
            sneak_preview_focus: engagement.preview.focus(),
            ..ChatActivitySignal::default()
        };
        engagement.preview.learn_state(state.clone(), now);
        self.board.preview_violations += u64::from(passage == Passage::Violation);
        self.board.signal_agents(self.id, &signal, now);
        Ok(ActivityResponse {
            sneak_preview_state: Some(state),
            sneak_preview_interval: Some(interval_ms),
            echo: echo(client, &request.client, now),
            ..ActivityResponse::default()
        })
    }

    /// Ends the conversation, or leaves the queue. Answered as long as the session lives, so it may
    /// be asked again when the answer was lost.
    ///
    /// # Errors
    /// 403 when the session is over.
    pub fn conclude_engagement(self, request: &ClientRequest) -> Result<Accepted, Refusal> {
        let client = self.board.engagement(self.id)?.client;
        self.board.conclude(self.id, Ending::ByConsumer, self.now);
        Ok(accepted(echo(client, request, self.now)))
    }
}

impl Switchboard {
    /// A visitor's message, to the agents or to the backlog.
    fn said(&mut self, id: EngagementId, request: &PostMessageRequest, now: i64) {
        let echoes = self.config.echo;
        let Some(engagement) = self.engagements.get_mut(&id) else {
            return;
        };
        let message = ChatPostMessage {
            body: request.body.clone(),
            va_response: None,
            off_the_record: Some(request.off_the_record.unwrap_or(false)),
            rich_text: Some(request.rich_text.unwrap_or(false)),
            message_data_map: request.message_data_map.clone(),
            message_id: request.message_id.clone(),
            envelope: engagement.envelope_from_visitor(now),
            unknown: Fields::default(),
        };
        if echoes {
            engagement.tell_posted(echoed(request, engagement.client), now);
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
