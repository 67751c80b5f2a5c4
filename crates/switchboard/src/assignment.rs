//! The assignment operations: an agent asks for engagements (chats at the server), gets an offer and answers it.
//! `routing.rs` decides which agent gets which engagement; `participation.rs` carries out the agent's answer. The agent
//! who is responsible for an engagement is its *lead*. Other agents can be invited to join; the API calls that offer a
//! *conference*.
//!
//! INFERRED: our assumption.

use pipit_wire::agent::{
    AgentInfo, AgentMessage, AssignmentAcknowledgementRequest, AssignmentAcknowledgementResponse,
    AssignmentAction, AssignmentType, ChatAssignmentAcknowledgementResult, ChatClientInfo,
    ChatEngagementAssignment, ChatRequestAssignmentResult, ContactInfo, Envelope, InitiationType,
    RequestAssignmentRequest, RequestAssignmentResponse, RequestSource,
};
use pipit_wire::session::SessionInformation;
use pipit_wire::vocabulary::Role;
use pipit_wire::{AccountId, ClientId, EngagementId, ExceptionCode, Fields, Refusal};

use crate::Switchboard;
use crate::agent::Agent;
use crate::agent_session::{AgentSession, SessionLimits};
use crate::engagement::{Engagement, Phase};

impl Agent<'_> {
    /// Asks for engagements. With `assignmentRequested` false, the agent gets no further engagements. The request is valid
    /// until the agent's next `requestAssignment`.
    ///
    /// `maxSessionCount` limits all engagements that occupy the agent: those that are offered to the agent, those in which
    /// the agent takes part, and those in wrap-up (over and not yet released). `idleSessionCount` matters for the choice
    /// between agents: that many of an agent's engagements do not count as work. (INFERRED)
    ///
    /// # Errors
    /// 400 when a count is below 0.
    pub fn request_assignment(
        mut self,
        request: &RequestAssignmentRequest,
    ) -> Result<RequestAssignmentResponse, Refusal> {
        let counts = (
            usize::try_from(request.idle_session_count),
            usize::try_from(request.max_session_count),
        );
        let (Ok(idle), Ok(max)) = counts else {
            return Err(invalid(
                "idleSessionCount and maxSessionCount must not be below 0.",
            ));
        };
        let echo = self.echo(&request.agent)?;
        let offers_before = self.switchboard.count_offers_to(self.client);
        if let Some(session) = self.switchboard.agents.get_mut(&self.client) {
            session.requested = request
                .assignment_requested
                .then_some(SessionLimits { idle, max });
        }
        self.switchboard.route(self.now);
        let assignment_made = self.switchboard.count_offers_to(self.client) > offers_before;
        Ok(RequestAssignmentResponse {
            chat_request_assignment_result: Some(ChatRequestAssignmentResult {
                assignment_made,
                unknown: Fields::default(),
            }),
            echo,
            ..RequestAssignmentResponse::default()
        })
    }

    /// Answers an assignment. ACCEPT takes it, DECLINE declines it, UNAVAILABLE declines it and makes the agent
    /// unavailable, AVAILABLE makes the agent available.
    ///
    /// # Errors
    /// ACCEPT, DECLINE and UNAVAILABLE need an offer: they fail with 404 if this engagement is not offered to the agent,
    /// or not any more, and with 400 if `assignmentType` is not that of the offer. For an offer to lead, LEAD and TRANSFER
    /// are both right. AVAILABLE needs no offer. Any other action fails with 400.
    pub fn assignment_acknowledgement(
        mut self,
        request: &AssignmentAcknowledgementRequest,
    ) -> Result<AssignmentAcknowledgementResponse, Refusal> {
        let echo = self.echo(&request.agent)?;
        let (id, own_client, now) = (request.engagement_id, self.client, self.now);
        match request.action {
            // After a take-over, the assignment of an engagement that the agent has is sent again. Accepting it changes
            // nothing.
            AssignmentAction::Accept if self.takes_part(id)? => {}
            AssignmentAction::Accept => {
                self.check_offer(id, &request.assignment_type)?;
                self.switchboard.accept(id, own_client, now);
            }
            AssignmentAction::Decline => {
                self.check_offer(id, &request.assignment_type)?;
                self.switchboard.decline(id, now);
            }
            AssignmentAction::Unavailable => {
                self.check_offer(id, &request.assignment_type)?;
                self.set_available(false);
                self.switchboard.decline(id, now);
            }
            AssignmentAction::Available => {
                self.set_available(true);
                self.switchboard.route(now);
            }
            AssignmentAction::None | AssignmentAction::Unknown(_) => {
                return Err(invalid(
                    "The member \"action\" must be ACCEPT, DECLINE, UNAVAILABLE or AVAILABLE.",
                ));
            }
        }
        Ok(AssignmentAcknowledgementResponse {
            chat_assignment_acknowledgement_result: Some(ChatAssignmentAcknowledgementResult {
                client_list: self.switchboard.participants(id, own_client),
                ..ChatAssignmentAcknowledgementResult::default()
            }),
            echo,
            ..AssignmentAcknowledgementResponse::default()
        })
    }

    /// Whether the agent takes part in the engagement.
    fn takes_part(&mut self, id: EngagementId) -> Result<bool, Refusal> {
        let own_client = self.client;
        let engagement = self.switchboard.engagement_mut(id)?;
        Ok(engagement.role_of(own_client).is_some())
    }

    fn set_available(&mut self, is_available: bool) {
        if let Some(session) = self.switchboard.agents.get_mut(&self.client) {
            session.is_available = is_available;
        }
    }

    /// Checks that this engagement is offered to the agent with this assignment type.
    fn check_offer(&mut self, id: EngagementId, kind: &AssignmentType) -> Result<(), Refusal> {
        let engagement = self.switchboard.engagement_mut(id)?;
        if engagement.pending_offer().map(|offer| offer.agent) != Some(self.client) {
            return Err(Refusal::new(
                404,
                &ExceptionCode::EngagementIdUnknown,
                format!("You are not asked to take engagement {id}, or not any more."),
            ));
        }
        // A TRANSFER is an offer to lead an engagement that had a lead before.
        let is_for_lead = matches!(kind, AssignmentType::Lead | AssignmentType::Transfer);
        let matches_phase = match engagement.phase {
            Phase::Waiting(_) => is_for_lead,
            Phase::Chatting(_) | Phase::Concluded { .. } => *kind == AssignmentType::Conference,
        };
        if matches_phase {
            Ok(())
        } else {
            Err(invalid("assignmentType must be that of the assignment."))
        }
    }
}

impl Switchboard {
    /// The participants of an engagement in which this agent takes part: the visitor, the lead, and the conferees. It is
    /// empty if the agent does not take part. (The members of the list are INFERRED.)
    fn participants(&self, id: EngagementId, agent: ClientId) -> Vec<ChatClientInfo> {
        let engagement = self.engagements.get(&id);
        let Some(engagement) = engagement.filter(|it| it.role_of(agent).is_some()) else {
            return Vec::new();
        };
        let visitor = ChatClientInfo {
            client_id: Some(engagement.client),
            name: Some(engagement.visitor_name()),
            role: Some(Role::EndUser),
            account_id: Some(AccountId(0)),
            ..ChatClientInfo::default()
        };
        let agents = engagement.agents().into_iter().filter_map(|client| {
            let profile = self.agent_profile(client)?;
            Some(ChatClientInfo {
                client_id: Some(client),
                name: Some(profile.name),
                role: engagement.role_of(client),
                account_id: Some(profile.account),
                ..ChatClientInfo::default()
            })
        });
        std::iter::once(visitor).chain(agents).collect()
    }

    /// Sends an agent the assignment of an engagement.
    pub(crate) fn push_assignment(
        &mut self,
        agent: ClientId,
        id: EngagementId,
        kind: &AssignmentType,
        now: i64,
    ) {
        let Some(engagement) = self.engagements.get(&id) else {
            return;
        };
        let Some(agent) = self.agents.get_mut(&agent) else {
            return;
        };
        let info = agent_info(agent);
        agent.push_from_server(now, |envelope| {
            let assignment = assignment(engagement, info, kind, envelope, now);
            AgentMessage::ChatEngagementAssignment(Box::new(assignment))
        });
    }
}

/// The message that offers an engagement to an agent. A value that the engagement does not have is 0.
fn assignment(
    engagement: &Engagement,
    agent_info: AgentInfo,
    kind: &AssignmentType,
    envelope: Envelope,
    now: i64,
) -> ChatEngagementAssignment {
    let engaged_ms = engagement.first_engaged_ms.map_or(0, |began| now - began);
    ChatEngagementAssignment {
        contact_info: Some(contact_info(engagement)),
        agent_info: Some(agent_info),
        engagement_id: engagement.id,
        engagement_create_time: Some(engagement.created_ms),
        engagement_first_engaged_time: Some(engagement.first_engaged_ms.unwrap_or(0)),
        seconds_engaged: Some(engaged_ms / 1_000),
        queue_id: Some(engagement.queue),
        kind: Some(kind.as_str().to_owned()),
        request_source: Some(RequestSource::RestApi),
        incident_id: Some(engagement.visitor.incident_id.unwrap_or(0)),
        initiation_type: Some(InitiationType::ConsumerStandard),
        async_request_id: Some(String::new()),
        consumer_id: Some(engagement.client.to_string()),
        envelope,
        unknown: Fields::default(),
    }
}

/// What the assignment says about the visitor, from the visitor's session. Missing values are 0 or empty, as in the
/// sample of Oracle's API reference. The interface, the language and the media are the same for all visitors.
fn contact_info(engagement: &Engagement) -> ContactInfo {
    let visitor = &engagement.visitor;
    let text = |value: &Option<String>| Some(value.clone().unwrap_or_default());
    let auxiliary = |name: &str| Some(auxiliary(visitor, name).unwrap_or_default());
    ContactInfo {
        custom_fields: Some(visitor.custom_fields.clone().unwrap_or_default()),
        first_name: text(&visitor.first_name),
        last_name: text(&visitor.last_name),
        email_address: text(&visitor.email_address),
        interface_id: Some(1),
        interface_language_code: Some("en_US".to_owned()),
        contact_id: Some(visitor.contact_id.unwrap_or(0)),
        org_id: Some(visitor.organization_id.unwrap_or(0)),
        session_id: Some(String::new()),
        question: text(&visitor.question),
        product_id: Some(visitor.product_id.unwrap_or(0)),
        category_id: Some(visitor.category_id.unwrap_or(0)),
        queue_id: Some(engagement.queue),
        browser: auxiliary("BROWSER"),
        user_agent: auxiliary("USER_AGENT"),
        ip_address: Some(String::new()),
        operating_system: auxiliary("OPERATING_SYSTEM"),
        co_browse_enabled: Some(false),
        visitor_id: Some(String::new()),
        engagement_engine_id: Some(String::new()),
        referrer_url: Some(String::new()),
        engagement_engine_session_id: Some(String::new()),
        co_browse_premium_supported: Some(0),
        media_list: Some(Vec::new()),
        estara_fsguid: Some(String::new()),
        unknown: Fields::default(),
    }
}

/// Reads a value of the visitor's auxiliary data. The table and the sample in Oracle's API reference spell that
/// member differently, so both spellings are read. Returns `None` if the visitor's session has no such value.
fn auxiliary(visitor: &SessionInformation, name: &str) -> Option<String> {
    let spellings = [&visitor.auxiliary_data, &visitor.auxillary_data];
    let mut values = spellings.into_iter().flatten();
    values.find_map(|data| data.clone().take(name))
}

/// What an assignment and the list of agents say about an agent. The switchboard has no profiles, groups and media: these members are 0 or
/// empty.
pub(crate) fn agent_info(agent: &AgentSession) -> AgentInfo {
    AgentInfo {
        client_id: Some(agent.client),
        name: Some(agent.name.clone()),
        account_id: Some(agent.account),
        profile_id: Some(0),
        group_id: Some(0),
        status: Some(
            if agent.is_available {
                "AVAILABLE"
            } else {
                "UNAVAILABLE"
            }
            .to_owned(),
        ),
        sub_type_id: Some(0),
        media_list: Some(Vec::new()),
        ..AgentInfo::default()
    }
}

fn invalid(text: &str) -> Refusal {
    Refusal::new(400, &ExceptionCode::BadRequest, text)
}
