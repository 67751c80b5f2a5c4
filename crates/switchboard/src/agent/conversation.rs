//! What an agent does within an engagement.

use pipit_wire::agent::{
    AgentResponse, ChatConcludeEngagementResult, ChatPostMessage, ChatPostResult, ClientReset,
    ConcludeEngagementResponse, DestinationType, EngagementRequest, Envelope, MessageType,
    PostMessageRequest, PostMessageResponse, SetInteractionStatusRequest, Visibility,
};
use pipit_wire::consumer::{ActivityChanged, MessagePosted, Stamp};
use pipit_wire::vocabulary::Role;
use pipit_wire::{ClientId, EngagementId, ExceptionCode, Fields, Refusal};

use super::{Agent, answer, conflict};
use crate::end::Ending;
use crate::engagement::Engagement;

impl Agent<'_> {
    /// Says something to an engagement, or to its visitor alone.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 for a destination or kind that cannot be served.
    /// CONFLICT, inside a 200, when the agent does not take part (any more).
    pub fn post_message(
        mut self,
        request: &PostMessageRequest,
    ) -> Result<PostMessageResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        if request.message_type != MessageType::Text {
            return Err(invalid("messageType must be TEXT."));
        }
        let id = self.destination(request)?;
        let engagement = self.board.engagement(id)?;
        let result = if engagement.role_of(self.client).is_some() {
            self.say(id, request);
            Some(ChatPostResult {
                client_reset: ClientReset(0),
                unknown: Fields::default(),
            })
        } else {
            echo.chat_system_error = Some(conflict(
                "You do not take part in this engagement: it is over, or somebody else's.",
            ));
            None
        };
        Ok(PostMessageResponse {
            chat_post_result: result,
            echo,
            ..PostMessageResponse::default()
        })
    }

    /// The engagement a message goes to. Of the 18 kinds of destination (PAGE 003) only these two
    /// lead to a visitor.
    fn destination(&self, request: &PostMessageRequest) -> Result<EngagementId, Refusal> {
        match request.destination_type {
            DestinationType::Engagement => Ok(EngagementId(request.destination_id)),
            DestinationType::EndUser => {
                let mut engagements = self.board.engagements.values();
                let of_visitor = |it: &&Engagement| it.client.0 == request.destination_id;
                let found = engagements.find(of_visitor).map(|engagement| engagement.id);
                found.ok_or_else(|| invalid("destinationId is no visitor's client."))
            }
            _ => Err(invalid(
                "destinationType must be ENGAGEMENT or END_USER: the switchboard delivers to \
                 nothing else.",
            )),
        }
    }

    fn say(self, id: EngagementId, request: &PostMessageRequest) {
        let (me, now) = (self.client, self.now);
        let Some(engagement) = self.board.engagements.get_mut(&id) else {
            return;
        };
        let visibility = request.visibility.clone().unwrap_or(Visibility::All);
        let to_visitor_only = request.destination_type == DestinationType::EndUser;
        let to_visitor = to_visitor_only || visibility == Visibility::All;
        let to_agents = !to_visitor_only && visibility != Visibility::None;
        if to_visitor {
            engagement.tell_posted(to_consumer(me, request), now);
        }
        if let Some(chatting) = engagement.chatting_mut() {
            chatting.active_ms = now;
        }
        if to_agents {
            let mut others = engagement.agents();
            others.retain(|agent| *agent != me);
            let message = to_agent(me, request, visibility, now);
            self.board.post_to_agents(&others, &message);
        }
    }

    /// Tells the visitor what the agent is doing, and whether the chat is in the agent's focus. Its
    /// `sneakPreviewInterval` is not used: the site's own is told.
    ///
    /// # Errors
    /// 404 for an unknown engagement; 400 when `clientId` is not the agent's own. CONFLICT, inside
    /// a 200, when the agent does not take part (any more).
    pub fn set_interaction_status(
        mut self,
        request: &SetInteractionStatusRequest,
    ) -> Result<AgentResponse, Refusal> {
        let mut echo = self.echo(&request.agent)?;
        if request.client_id != self.client.0 {
            return Err(invalid("clientId must be your own client's."));
        }
        let state = self.board.config.sneak_preview_state.clone();
        let interval_ms = self.board.config.sneak_preview_interval_ms;
        let engagement = self.board.engagement(request.engagement_id)?;
        let Some(role) = engagement.role_of(self.client) else {
            echo.chat_system_error = Some(conflict("You do not take part in this engagement."));
            return Ok(answer(echo));
        };
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
        engagement.tell_activity(activity, self.now);
        Ok(answer(echo))
    }

    /// Ends the engagement when the agent leads it; a conferee only leaves it. Either way the agent
    /// is in wrap-up after it. Answered again, without effect, while the agent is in wrap-up.
    ///
    /// # Errors
    /// 404 for an engagement that is unknown or not the agent's.
    pub fn conclude_chat(
        mut self,
        request: &EngagementRequest,
    ) -> Result<ConcludeEngagementResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let id = request.engagement_id;
        let engagement = self.board.engagement(id)?;
        match engagement.role_of(self.client) {
            Some(Role::Lead) => {
                self.board
                    .conclude(id, Ending::ByAgent(self.client), self.now);
            }
            Some(_) => self.board.conferee_leaves(id, self.client, self.now),
            None if engagement.wrap_up.contains(&self.client) => {}
            None => return Err(not_yours(id)),
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

    /// Ends the wrap-up: the engagement no longer takes one of the agent's places.
    ///
    /// # Errors
    /// 404 for an engagement of which the agent is not in wrap-up.
    pub fn release_chat(mut self, request: &EngagementRequest) -> Result<AgentResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let id = request.engagement_id;
        if !self.board.engagement(id)?.wrap_up.remove(&self.client) {
            return Err(not_yours(id));
        }
        self.board.forget_if_done(id);
        self.board.route(self.now);
        Ok(answer(echo))
    }
}

fn to_consumer(from: ClientId, request: &PostMessageRequest) -> MessagePosted {
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

fn to_agent(
    from: ClientId,
    request: &PostMessageRequest,
    visibility: Visibility,
    now: i64,
) -> ChatPostMessage {
    ChatPostMessage {
        body: request.body.clone(),
        va_response: None,
        off_the_record: Some(false),
        rich_text: Some(request.rich_text.unwrap_or(false)),
        message_data_map: request.message_data_map.clone(),
        message_id: request.message_id.clone(),
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

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, &ExceptionCode::InvalidField, text)
}

fn not_yours(id: EngagementId) -> Refusal {
    Refusal::new(
        404,
        &ExceptionCode::EngagementIdUnknown,
        format!("You have no engagement {id}: it is somebody else's, or you have released it."),
    )
}
