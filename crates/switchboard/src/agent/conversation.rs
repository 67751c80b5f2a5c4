//! The agent's operations within an engagement (a chat at the server): messages, activity, conclusion and release.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use pipit_wire::agent::{
    AgentResponse, ChatConcludeEngagementResult, ChatPostMessage, ChatPostResult, ClientReset,
    ConcludeEngagementResponse, DestinationType, EngagementRequest, Envelope, MessageType,
    PostMessageRequest, PostMessageResponse, SetInteractionStatusRequest, Visibility,
};
use pipit_wire::consumer::{ActivityChanged, MessagePosted, Stamp};
use pipit_wire::vocabulary::Role;
use pipit_wire::{ClientId, EngagementId, ExceptionCode, Fields, Refusal};

use super::{Agent, conflict, response};
use crate::conclusion::EndCause;
use crate::engagement::Engagement;
use crate::spam::Verdict;

impl Agent<'_> {
    /// Posts a message to an engagement, or to its visitor alone.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 for an unknown visitor, and for a destination or message type that is not
    /// supported.
    /// CONFLICT, as an error in an answer with status 200, when the agent does not take part (any more).
    pub fn post_message(
        mut self,
        request: &PostMessageRequest,
    ) -> Result<PostMessageResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        if request.message_type != MessageType::Text {
            return Err(invalid("The member \"messageType\" must be TEXT."));
        }
        if let Some(Visibility::Unknown(text)) = &request.visibility {
            return Err(unknown_visibility(text));
        }
        let id = self.destination(request)?;
        let client = self.client;
        let engagement = self.switchboard.engagement_mut(id)?;
        let error = if engagement.role_of(client).is_some() {
            self.deliver_unless_spam(id, request)
        } else {
            Some("You do not take part in this engagement: it is over, or somebody else's.")
        };
        echo.chat_system_error = error.map(conflict);
        Ok(PostMessageResponse {
            chat_post_result: error.is_none().then(|| ChatPostResult {
                // The value in the example of Oracle's API reference (PAGE 003).
                client_reset: ClientReset(0),
                unknown: Fields::default(),
            }),
            echo,
            ..PostMessageResponse::default()
        })
    }

    /// Delivers a message if the spam rule lets it pass. If the rule stops it, the agent gets a notice in its place. Returns
    /// the text of an error if the rule has ended the engagement because of this message. (FOUND: the rule holds for
    /// agents too. INFERRED: that each engagement is judged by itself, and the form of the notice.)
    fn deliver_unless_spam(
        self,
        id: EngagementId,
        request: &PostMessageRequest,
    ) -> Option<&'static str> {
        let (client, now) = (self.client, self.now);
        let rule = self.switchboard.config.spam.clone();
        let engagement = self.switchboard.engagements.get_mut(&id)?;
        let record = engagement.agents_spam.entry(client).or_default();
        let verdict = record.judge(&rule, &request.body, now);
        let (Verdict::Blocked(offence) | Verdict::Ejected(offence)) = verdict else {
            self.deliver(id, request);
            return None;
        };
        self.switchboard.spam_hits += 1;
        if let Some(agent) = self.switchboard.agents.get_mut(&client) {
            agent.push_notice(id, offence.notice(), now);
        }
        let Verdict::Ejected(_) = verdict else {
            return None;
        };
        let cause = EndCause::AgentEjected(client);
        self.switchboard.conclude(id, cause, now);
        Some("The engagement was ended because messages were repeatedly taken for spam.")
    }

    /// Finds the engagement to which the agent posts. The API has 18 destination types (PAGE 003); only two of them reach
    /// a visitor.
    fn destination(&self, request: &PostMessageRequest) -> Result<EngagementId, Refusal> {
        match request.destination_type {
            DestinationType::Engagement => Ok(EngagementId(request.destination_id)),
            DestinationType::EndUser => {
                let mut engagements = self.switchboard.engagements.values();
                let of_visitor = |it: &&Engagement| it.client.0 == request.destination_id;
                let id = engagements.find(of_visitor).map(|engagement| engagement.id);
                id.ok_or_else(|| invalid("destinationId is no visitor's client."))
            }
            _ => Err(invalid(
                "destinationType must be ENGAGEMENT or END_USER: the switchboard delivers to \
                 nothing else.",
            )),
        }
    }

    /// Delivers a message to those who may see it, and restarts the time-out for engagements in which nobody writes.
    fn deliver(self, id: EngagementId, request: &PostMessageRequest) {
        let (own_client, now) = (self.client, self.now);
        let Some(engagement) = self.switchboard.engagements.get_mut(&id) else {
            return;
        };
        let visibility = request.visibility.clone().unwrap_or(Visibility::All);
        let to_visitor_only = request.destination_type == DestinationType::EndUser;
        let to_visitor = to_visitor_only || visibility == Visibility::All;
        let to_agents = !to_visitor_only && visibility != Visibility::None;
        if to_visitor {
            engagement.push_message_posted(message_to_consumer(own_client, request), now);
        }
        if let Some(chatting) = engagement.chatting_mut() {
            chatting.active_ms = now;
        }
        if to_agents {
            let mut others = engagement.agents();
            others.retain(|agent| *agent != own_client);
            let message = message_to_agent(own_client, request, visibility, now);
            self.switchboard.post_to_agents(&others, &message);
        }
    }

    /// Tells the visitor's client what the agent is doing, and whether the lead is looking at the chat (the *focus*). The
    /// focus decides whether the client may send *sneak previews* (texts that the visitor is still typing). It is stored
    /// from the requests of the lead only. The request's `sneakPreviewInterval`, the shortest time between two previews,
    /// is ignored: the client gets the interval of the settings.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when `clientId` is not the agent's own. CONFLICT, as an error in an answer with
    /// status 200, when the agent does not take part (any more).
    pub fn set_interaction_status(
        mut self,
        request: &SetInteractionStatusRequest,
    ) -> Result<AgentResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        if request.client_id != self.client.0 {
            return Err(invalid("clientId must be your own client's."));
        }
        let state = self.switchboard.config.sneak_preview_state.clone();
        let interval_ms = self.switchboard.config.sneak_preview_interval_ms;
        let engagement = self.switchboard.engagement_mut(request.engagement_id)?;
        let Some(role) = engagement.role_of(self.client) else {
            echo.chat_system_error = Some(conflict("You do not take part in this engagement."));
            return Ok(response(echo));
        };
        if let Some(Visibility::Unknown(text)) = &request.visibility {
            return Err(unknown_visibility(text));
        }
        let focus = Some(request.sneak_preview_focus.unwrap_or(false));
        if role == Role::Lead {
            engagement.preview.set_focus(focus);
        }
        let activity = ActivityChanged {
            client_id: Some(self.client),
            engagement_id: Some(request.engagement_id),
            mode: Some(request.mode.clone()),
            sneak_preview_state: Some(state),
            sneak_preview_interval: Some(interval_ms),
            sneak_preview: request.sneak_preview.clone(),
            sneak_preview_focus: engagement.preview.focus(),
            ..ActivityChanged::default()
        };
        if matches!(request.visibility, None | Some(Visibility::All)) {
            engagement.push_activity_changed(activity, self.now);
        }
        Ok(response(echo))
    }

    /// Ends the engagement if the agent leads it; a conferee (any other agent who takes part) only leaves it. In both cases
    /// the agent is in wrap-up afterwards: the engagement still counts against the agent's `maxSessionCount` (the
    /// highest number of engagements that may occupy the agent) until `releaseChat`. A repeated request during wrap-up
    /// succeeds without effect.
    ///
    /// # Errors
    /// 404 for an engagement that is unknown, or in which the agent neither takes part nor is in wrap-up.
    pub fn conclude_chat(
        mut self,
        request: &EngagementRequest,
    ) -> Result<ConcludeEngagementResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let id = request.engagement_id;
        let engagement = self.switchboard.engagement_mut(id)?;
        match engagement.role_of(self.client) {
            Some(Role::Lead) => {
                self.switchboard
                    .conclude(id, EndCause::ByAgent(self.client), self.now);
            }
            Some(_) => self.switchboard.remove_conferee(id, self.client, self.now),
            None if engagement.wrap_up.contains(&self.client) => {}
            None => return Err(not_your_engagement(id)),
        }
        Ok(ConcludeEngagementResponse {
            chat_conclude_engagement_result: Some(ChatConcludeEngagementResult {
                engagement_id: Some(id),
                unknown: Fields::default(),
            }),
            echo,
            ..ConcludeEngagementResponse::default()
        })
    }

    /// Ends the wrap-up: the engagement no longer counts against the agent's `maxSessionCount`.
    ///
    /// # Errors
    /// 404 when the agent is not in wrap-up of this engagement.
    pub fn release_chat(mut self, request: &EngagementRequest) -> Result<AgentResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let id = request.engagement_id;
        if !self
            .switchboard
            .engagement_mut(id)?
            .wrap_up
            .remove(&self.client)
        {
            return Err(not_your_engagement(id));
        }
        self.switchboard.remove_if_unused(id);
        // The agent has room for another engagement now.
        self.switchboard.route(self.now);
        Ok(response(echo))
    }
}

/// The message in the form in which the consumer (the visitor's client) gets it.
fn message_to_consumer(from: ClientId, request: &PostMessageRequest) -> MessagePosted {
    MessagePosted {
        body: request.body.clone(),
        client_id: Some(from),
        rich_text: Some(request.rich_text.unwrap_or(false)),
        off_the_record: Some(false),
        va_response: None,
        message_id: request.message_id.clone(),
        message_data_map: request.message_data_map.clone(),
        stamp: Stamp::default(),
        unknown: Fields::default(),
    }
}

/// The message in the form in which other agents get it.
fn message_to_agent(
    from: ClientId,
    request: &PostMessageRequest,
    visibility: Visibility,
    now: i64,
) -> ChatPostMessage {
    ChatPostMessage {
        body: request.body.clone(),
        // Page 004 prints this member and the message id. Without a value they are empty.
        va_response: Some(String::new()),
        off_the_record: Some(false),
        rich_text: Some(request.rich_text.unwrap_or(false)),
        message_data_map: request.message_data_map.clone(),
        message_id: Some(request.message_id.clone().unwrap_or_default()),
        envelope: Envelope {
            destination_id: Some(request.destination_id),
            destination_type: Some(request.destination_type.clone()),
            sender_id: Some(from.0),
            sender_type: Some(DestinationType::Agent),
            message_type: Some("TEXT".to_owned()),
            visibility: Some(visibility),
            created_time: Some(now),
            ..Envelope::default()
        },
        unknown: Fields::default(),
    }
}

fn unknown_visibility(text: &str) -> Refusal {
    invalid(&format!(
        "The member \"visibility\" must be NONE, ALL or NOT_ENDUSER, but is {text:?}."
    ))
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, &ExceptionCode::InvalidField, text)
}

pub(super) fn not_your_engagement(id: EngagementId) -> Refusal {
    Refusal::new(
        404,
        &ExceptionCode::EngagementIdUnknown,
        format!("You have no engagement {id}: it is somebody else's, or you have released it."),
    )
}
