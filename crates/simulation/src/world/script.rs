//! Plays a script in a world without chance: the visitor is the engine in its tabs, and the steps of the script stand in for
//! the plans of the visitor, of the agents and of the faults. The network has its usual delays.

use std::rc::Rc;

use pipit_engine::{Command, Content, Delivery, EntryId, FormAnswers};
use pipit_script::{
    AgentDeed, AgentName, AgentSight, Deed, Demand, NetworkDeed, Observer, Player, Script,
    ServerDeed, Sight, VisitorDeed,
};
use pipit_switchboard::{Config, LongPoll as _, PoolAddress};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAcknowledgementRequest, AssignmentAction,
    AssignmentActionType, EngagementRequest, LogoffRequest, PostMessageRequest,
    SetInteractionStatusRequest,
};
use pipit_wire::consumer::FileAttachment;
use pipit_wire::vocabulary::{ActivityMode, DisconnectReason};
use pipit_wire::{EngagementId, Fields};

use super::World;
use crate::agent::EngagementStage;
use crate::chance::Chance;
use crate::fault_plan::FaultPlan;
use crate::log::Log;
use crate::page_sights::PageSights;
use crate::script_state::{ScriptFault, ScriptState};

/// The names of the agents, which are those of the sandbox.
const AGENT_NAMES: [&str; 2] = ["Ana Marques", "Ben Okafor"];

/// Plays a script to its end. The seed decides the delays of the network.
///
/// # Errors
/// A text that names the line of the step that failed, and says what was seen instead.
pub fn play(script: &Script, seed: u64) -> Result<(), String> {
    let config = Config::default().with_changes(script.settings.clone());
    let config = config.map_err(|text| format!("settings: {text}"))?;
    let mut stage = Stage {
        world: World::for_script(config, seed),
        seen: vec![PageSights::default()],
        focus: [true; 2],
        engagements: [None; 2],
    };
    let mut player = Player::new(Rc::new(script.clone()), stage.world.now);
    loop {
        stage.report(&mut player);
        match player.next(stage.world.now) {
            Demand::Perform(deed) => {
                stage
                    .perform(&deed, &mut player)
                    .map_err(|text| player.failure(text).to_string())?;
                stage.world.deliver_answers();
            }
            Demand::Wait { until_ms } => stage.world.step_until(until_ms),
            Demand::Done => return Ok(()),
            Demand::Fail(failure) => return Err(failure.to_string()),
        }
    }
}

/// A world, and what the participants of a script have done and seen in it.
struct Stage {
    world: World,
    /// What each page has shown, by the index of the page.
    seen: Vec<PageSights>,
    /// Whether each agent looks at the conversation.
    focus: [bool; 2],
    /// The engagement that each agent has accepted last.
    engagements: [Option<EngagementId>; 2],
}

impl World {
    /// A world with one page and the agents of the sandbox.
    fn for_script(config: Config, seed: u64) -> Self {
        let (chance, faults) = (Chance::new(seed), FaultPlan::without_faults());
        let mut world = Self::empty(chance, faults, config, None, Log::default());
        world.script = Some(ScriptState::default());
        for (agent, name) in world.agents.iter_mut().zip(AGENT_NAMES) {
            name.clone_into(&mut agent.name);
        }
        world.open_page();
        world
    }

    /// Lets the next thing happen, or lets time pass until `until_ms` if nothing happens before.
    fn step_until(&mut self, until_ms: u64) {
        if self.next_at().is_some_and(|at| at <= until_ms) {
            self.step();
        } else {
            self.now = until_ms;
            self.deliver_answers();
        }
    }

    /// Records what an agent sees in a message, for the script.
    pub(super) fn record_agent_sight(&mut self, index: usize, message: &AgentMessage) {
        let Some(script) = &mut self.script else {
            return;
        };
        let mut see = |sight| script.agent_sights.push((index, sight));
        match message {
            AgentMessage::ChatEngagementAssignment(offer) => {
                let role = offer.kind.as_deref().unwrap_or("LEAD");
                see(AgentSight::Offer(role.to_owned()));
            }
            AgentMessage::ChatPostMessage(posted) => see(AgentSight::Message(posted.body.clone())),
            AgentMessage::ChatActivitySignal(signal) => {
                let preview = signal.sneak_preview.clone();
                if let Some(text) = preview.filter(|text| !text.is_empty()) {
                    see(AgentSight::Preview(text));
                }
                let is_typing = signal.mode == Some(ActivityMode::Responding);
                see(AgentSight::Typing(is_typing));
            }
            AgentMessage::ChatDisconnectNotification(left) => {
                let reason = left.reason.clone().unwrap_or(DisconnectReason::None);
                see(AgentSight::End(reason.as_str().to_owned()));
            }
            _ => {}
        }
    }
}

/// What the participants see.
impl Stage {
    /// Tells the player what has been seen since the last call.
    fn report(&mut self, player: &mut Player) {
        for index in self.world.open_pages() {
            let Some(seen) = self.seen.get_mut(index) else {
                continue;
            };
            for sight in seen.update(&self.world.page(index).shown) {
                player.saw(Observer::Visitor(index + 1), Sight::Visitor(sight));
            }
        }
        let script = self.world.script.as_mut();
        let sights = script.map(|script| std::mem::take(&mut script.agent_sights));
        for (index, sight) in sights.unwrap_or_default() {
            if let Some(name) = AgentName::ALL.get(index) {
                player.saw(Observer::Agent(*name), Sight::Agent(sight));
            }
        }
    }
}

/// What the participants do. An error is a sentence.
impl Stage {
    fn perform(&mut self, deed: &Deed, player: &mut Player) -> Result<(), String> {
        match deed {
            Deed::Visitor(tab, deed) => self.perform_as_visitor(tab - 1, deed, player),
            Deed::Agent(name, deed) => self.perform_as_agent(*name, deed),
            Deed::Server(deed) => self.perform_as_server(deed),
            Deed::Network(deed) => {
                self.perform_as_network(deed);
                Ok(())
            }
        }
    }

    fn perform_as_visitor(
        &mut self,
        page: usize,
        deed: &VisitorDeed,
        player: &mut Player,
    ) -> Result<(), String> {
        let command = match deed {
            VisitorDeed::Start {} => Command::Start(FormAnswers::default()),
            VisitorDeed::Say { text } => Command::Send(text.clone()),
            VisitorDeed::Type { text } => Command::Typed(text.clone()),
            VisitorDeed::AllowPreview { allowed } => Command::AllowSneakPreview(*allowed),
            VisitorDeed::SendAgain { text } => {
                let entry = self.undelivered(page, text);
                Command::SendAgain(
                    entry.ok_or_else(|| format!("No message {text:?} waits to be sent again."))?,
                )
            }
            VisitorDeed::End {} => Command::End,
            VisitorDeed::Reload {} => {
                player.forget_tab(page + 1);
                if let Some(seen) = self.seen.get_mut(page) {
                    *seen = PageSights::default();
                }
                self.world.reload_page(page);
                return Ok(());
            }
            VisitorDeed::OpenTab {} => {
                self.seen.push(PageSights::default());
                self.world.open_page();
                return Ok(());
            }
            VisitorDeed::CloseTab {} => {
                player.forget_tab(page + 1);
                self.world.close_page(page);
                return Ok(());
            }
        };
        self.world.command(page, command);
        Ok(())
    }

    /// The newest message with this text that was not sent, or of which that is not sure.
    fn undelivered(&self, page: usize, text: &str) -> Option<EntryId> {
        let entries = self.world.page(page).shown.transcript.iter();
        let mut undelivered = entries.filter(|entry| {
            matches!(
                &entry.content,
                Content::Visitor { text: it, delivery: Delivery::Unknown | Delivery::Failed(_) }
                    if &**it == text
            )
        });
        undelivered.next_back().map(|entry| entry.id)
    }

    fn perform_as_agent(&mut self, name: AgentName, deed: &AgentDeed) -> Result<(), String> {
        let index = usize::from(name == AgentName::Second);
        match deed {
            AgentDeed::SignIn {} => {
                self.world.log_on(index);
                Ok(())
            }
            AgentDeed::SignOut {} => {
                let request = LogoffRequest {
                    force_logoff: Some(true),
                    ..LogoffRequest::default()
                };
                let is_done = self
                    .world
                    .call_as_agent(index, |agent| agent.logoff(&request));
                if let Some(agent) = self.world.agents.get_mut(index) {
                    agent.log_off();
                }
                accepted(is_done, "logoff")
            }
            AgentDeed::Accept {} => self.acknowledge(index, AssignmentAction::Accept),
            AgentDeed::Decline {} => self.acknowledge(index, AssignmentAction::Decline),
            AgentDeed::Say { text } => self.post(index, text, None),
            AgentDeed::SayHtml { html } => self.post(index, html, Some(true)),
            AgentDeed::Typing { is_typing } => {
                let mode = if *is_typing {
                    ActivityMode::Responding
                } else {
                    ActivityMode::Listening
                };
                self.report_activity_of(index, mode)
            }
            AgentDeed::Looks { has_focus } => {
                if let Some(focus) = self.focus.get_mut(index) {
                    *focus = *has_focus;
                }
                self.report_activity_of(index, ActivityMode::Listening)
            }
            AgentDeed::SendFile {
                name,
                content_type,
                size,
            } => {
                let id = self.needed_engagement(index)?;
                let file = FileAttachment {
                    user_file_name: Some(name.clone()),
                    local_file_name: Some("sandbox".to_owned()),
                    content_type: Some(content_type.clone()),
                    file_size: Some(i64::from(*size)),
                    ..FileAttachment::default()
                };
                let now = self.world.server_now();
                let sent = self.world.server.switchboard.send_file(id, file, now);
                accepted(sent.is_ok(), "the file")
            }
            AgentDeed::TransferToQueue {} => {
                let request = self.engagement_request(index)?;
                let is_done = self
                    .world
                    .call_as_agent(index, |agent| agent.reroute_engagement(&request));
                accepted(is_done, "rerouteEngagement")
            }
            AgentDeed::Conference {} => {
                let id = self.needed_engagement(index)?;
                let other = pipit_wire::AccountId(name.other().account());
                let now = self.world.server_now();
                let invited = self.world.server.switchboard.invite(id, other, now);
                accepted(invited.is_ok(), "the invitation")
            }
            AgentDeed::Conclude {} => {
                let request = self.engagement_request(index)?;
                let is_done = self
                    .world
                    .call_as_agent(index, |agent| agent.conclude_chat(&request))
                    && self
                        .world
                        .call_as_agent(index, |agent| agent.release_chat(&request));
                accepted(is_done, "concludeChat")
            }
            AgentDeed::Disconnect {} => {
                let now = self.world.server_now();
                if let Some(agent) = self.world.agents.get_mut(index) {
                    agent.away_until = u64::MAX;
                    if let Some(poll) = agent.poll.take() {
                        poll.abandon(&mut self.world.server.switchboard, now);
                    }
                }
                Ok(())
            }
            AgentDeed::Reconnect {} => {
                if let Some(agent) = self.world.agents.get_mut(index) {
                    agent.away_until = 0;
                }
                Ok(())
            }
        }
    }

    /// Accepts or declines the engagement that was offered to an agent.
    fn acknowledge(&mut self, index: usize, action: AssignmentAction) -> Result<(), String> {
        let agent = self.world.agents.get(index);
        let offered = agent.and_then(|agent| {
            agent
                .engagements
                .iter()
                .find_map(|(id, stage)| match stage {
                    EngagementStage::Offered(kind) => Some((*id, kind.clone())),
                    _ => None,
                })
        });
        let (engagement_id, assignment_type) =
            offered.ok_or("No conversation is offered to the agent.")?;
        let is_accepted = action == AssignmentAction::Accept;
        let request = AssignmentAcknowledgementRequest {
            action,
            action_type: AssignmentActionType::Manual,
            assignment_type,
            engagement_id,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self
            .world
            .call_as_agent(index, |agent| agent.assignment_acknowledgement(&request));
        accepted(is_done, "assignmentAcknowledgement")?;
        if let Some(agent) = self.world.agents.get_mut(index) {
            agent.engagements.remove(&engagement_id);
        }
        if is_accepted {
            if let Some(place) = self.engagements.get_mut(index) {
                *place = Some(engagement_id);
            }
            self.report_activity_of(index, ActivityMode::Listening)?;
        }
        Ok(())
    }

    fn post(&mut self, index: usize, body: &str, rich_text: Option<bool>) -> Result<(), String> {
        let id = self.needed_engagement(index)?;
        let plain = PostMessageRequest::plain_text(id, body.to_owned(), AgentRequest::default());
        let request = PostMessageRequest { rich_text, ..plain };
        let is_done = self
            .world
            .call_as_agent(index, |agent| agent.post_message(&request));
        accepted(is_done, "postMessage")
    }

    fn report_activity_of(&mut self, index: usize, mode: ActivityMode) -> Result<(), String> {
        let engagement_id = self.needed_engagement(index)?;
        let session = self
            .world
            .agents
            .get(index)
            .and_then(|it| it.session.as_ref());
        let request = SetInteractionStatusRequest {
            client_id: session.map_or(0, |session| session.client_id),
            engagement_id,
            mode,
            sneak_preview: None,
            sneak_preview_focus: self.focus.get(index).copied(),
            sneak_preview_interval: None,
            sneak_preview_state: None,
            visibility: None,
            agent: AgentRequest::default(),
            unknown: Fields::default(),
        };
        let is_done = self
            .world
            .call_as_agent(index, |agent| agent.set_interaction_status(&request));
        accepted(is_done, "setInteractionStatus")
    }

    fn engagement_request(&self, index: usize) -> Result<EngagementRequest, String> {
        let id = self.needed_engagement(index)?;
        Ok(EngagementRequest::new(id, AgentRequest::default()))
    }

    fn needed_engagement(&self, index: usize) -> Result<EngagementId, String> {
        let engagement = self.engagements.get(index).copied().flatten();
        engagement.ok_or_else(|| "The agent has accepted no conversation.".to_owned())
    }

    fn perform_as_server(&mut self, deed: &ServerDeed) -> Result<(), String> {
        match deed {
            ServerDeed::Fail {
                operation,
                status,
                result_type,
                times,
            } => {
                let fault = match (status, result_type) {
                    (Some(status), _) => ScriptFault::Status(*status),
                    (None, result) => ScriptFault::Result(result.clone().unwrap_or_default()),
                };
                self.plan(operation, fault, *times);
            }
            ServerDeed::Configure { settings } => {
                let switchboard = &mut self.world.server.switchboard;
                let config = switchboard.config().with_changes(settings.clone())?;
                switchboard.configure(config);
            }
            ServerDeed::Migrate { pool } => {
                let address = PoolAddress {
                    pool: pool.clone(),
                    domain: None,
                    port: None,
                };
                let now = self.world.server_now();
                self.world.server.switchboard.migrate(address, now);
            }
            ServerDeed::Reset {} => self.world.server.wipe(),
        }
        Ok(())
    }

    fn perform_as_network(&mut self, deed: &NetworkDeed) {
        match deed {
            NetworkDeed::Break {
                operation,
                fault,
                times,
            } => self.plan(operation, ScriptFault::Network(fault.clone()), *times),
            NetworkDeed::Offline {} => {
                self.world.network.offline_until = u64::MAX;
                let held = std::mem::take(&mut self.world.server.held_polls);
                self.world.abandon_polls(held);
                self.world.break_open_connections();
            }
            NetworkDeed::Online {} => self.world.network.offline_until = 0,
        }
    }

    fn plan(&mut self, operation: &str, fault: ScriptFault, times: u32) {
        if let Some(script) = &mut self.world.script {
            script.plan(operation, fault, times);
        }
    }
}

/// The result of an operation that the server has accepted or refused.
fn accepted(is_accepted: bool, operation: &str) -> Result<(), String> {
    if is_accepted {
        Ok(())
    } else {
        Err(format!("The server has refused {operation}."))
    }
}
