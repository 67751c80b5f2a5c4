//! Drives the engine's `Tab` of a page as the real widget does: passes inputs to the tab, performs its effects
//! (requests, saves, messages to other tabs) and sets its timer. Also updates the witness (the record of what has truly
//! happened), with which the checks compare what the pages show.
//!
//! The *engine* is the library that runs the visitor's side of the chat; each page has one `Tab` of the engine. A
//! *world* is one simulated run. A *mutation* is a defect of the client that the simulation imitates, to show that the
//! checks detect it; a world has at most one mutation. The macro `note!` writes a line into the log of the world.

use pipit_engine::{
    Command, Effect, Input, Moment, Outcome, Request, RequestId, SessionRefused, TabEffect,
    TabInput, TabMode, Warning,
};
use pipit_wire::consumer::Operation;
use pipit_wire::{Secret, UnexpectedBody};

use super::World;
use crate::event_queue::Event;
use crate::fault::Fault;
use crate::ids::{PacketId, PageIndex};
use crate::invariant::Invariant;
use crate::mutation::Mutation;
use crate::server::START_TIME;

/// Inputs of a tab.
impl World {
    /// Passes a command of the visitor to the tab of the page on which the visitor gives it.
    pub(super) fn command(&mut self, index: PageIndex, command: Command) {
        self.record_command(index, &command);
        match command {
            Command::Send(_) if self.mutation == Some(Mutation::DropsMessages) => {}
            Command::Typed(text) => self.tab_input(index, TabInput::Draft(text), None),
            command => self.engine_input(index, Input::Command(command)),
        }
    }

    pub(super) fn engine_input(&mut self, index: PageIndex, input: Input) {
        self.tab_input(index, TabInput::Engine(input), None);
    }

    /// Passes an event to the page for which the event is meant. The event is dropped if the page is closed, has been
    /// reloaded, or no longer waits for the answer that the event delivers. If the page is frozen, the event is kept
    /// until the page resumes.
    pub(super) fn deliver_to_page(&mut self, event: Event) {
        let (index, reload_count) = match &event {
            Event::OutcomeArrives(packet, _) => match self.network.packet(*packet) {
                Some(packet) => (packet.page, packet.reload_count),
                None => return,
            },
            Event::SessionArrives(index, reload_count, ..)
            | Event::TabMessageArrives(index, reload_count, _)
            | Event::LockInputArrives(index, reload_count, _) => (*index, *reload_count),
            _ => return,
        };
        let page = self.page_mut(index);
        let is_obsolete =
            matches!(&event, Event::OutcomeArrives(packet, _) if !page.awaits_answer(*packet));
        if page.is_closed || page.reload_count != reload_count || is_obsolete {
            return;
        }
        match (&mut page.events_while_frozen, event) {
            (Some(waiting_events), event) => waiting_events.push(event),
            (None, Event::OutcomeArrives(packet, outcome)) => {
                self.deliver_outcome(index, packet, *outcome);
            }
            (None, Event::SessionArrives(_, _, request, session)) => {
                self.engine_input(index, Input::Session(request, *session));
            }
            (None, Event::TabMessageArrives(_, _, message)) => {
                self.tab_input(index, TabInput::Message(message), None);
            }
            (None, Event::LockInputArrives(_, _, input)) => self.tab_input(index, *input, None),
            (None, _) => {}
        }
    }

    /// Passes the outcome of a request to the tab that sent the request. If the connection is broken, only the outcome
    /// `Lost` reaches the tab.
    fn deliver_outcome(&mut self, index: PageIndex, packet: PacketId, mut outcome: Outcome) {
        let mut open_requests = self.page(index).open_requests.iter();
        let open_request = open_requests.find(|(_, it)| **it == packet);
        let Some(request) = open_request.map(|(id, _)| *id) else {
            return;
        };
        if !self.can_reach_browser(packet, &outcome) {
            return;
        }
        self.page_mut(index).open_requests.remove(&request);
        let original_outcome = outcome.clone();
        // Mutations, each of which changes the outcome only in a world that has it.
        self.shorten_interval(&mut outcome);
        if let Some(operation) = self.network.operation(packet) {
            self.trust_any_success(operation, &mut outcome);
            self.falsify_poll(operation, &mut outcome);
        }
        let input = TabInput::Engine(Input::Answer { request, outcome });
        self.tab_input(index, input, Some((packet, original_outcome)));
    }

    /// Lets the timer of a page fire.
    pub(super) fn tick(&mut self, index: PageIndex) {
        self.page_mut(index).timer = None;
        if self.mutation != Some(Mutation::NoTimers) {
            self.engine_input(index, Input::Tick);
        }
    }

    /// Passes an input to a tab, records the consequences in the witness, and performs the effects of the tab. If the
    /// input contains the outcome of a request, `answer` is that outcome before any mutation; otherwise `answer` is
    /// `None`.
    ///
    /// While the tab verifies the lock (asks the browser whether the tab still holds it), the tab does not use
    /// the answers that arrive. The witness records them after the verification, if the tab still leads.
    pub(super) fn tab_input(
        &mut self,
        index: PageIndex,
        input: TabInput,
        answer: Option<(PacketId, Outcome)>,
    ) {
        note!(self, "tab {index}: {}", describe(&input));
        let is_tab_message = matches!(input, TabInput::Message(_));
        let now = self.moment();
        let has_locks = self.tab_mode == TabMode::Shared;
        let page = self.page_mut(index);
        let was_leader = page.tab.leads();
        let was_verifying = page.is_verifying;
        let ends_verification = matches!(input, TabInput::LockVerified { .. } | TabInput::LockLost);
        page.allowed_previews_before_latest_input = page.shown.sneak_preview.is_allowed();
        let has_forgotten = self.hand_over_marker(index);
        let page = self.page_mut(index);
        // An answer for the conversation that the tab has just forgotten changes nothing.
        let answer = answer.filter(|_| !has_forgotten);
        page.tab.handle(now, input);
        let effects: Vec<TabEffect> = std::iter::from_fn(|| page.tab.next_effect()).collect();
        page.update_shown();
        page.is_verifying &= !ends_verification;
        // If the browser has taken too long to confirm the lock, the tab asks the browser once more.
        page.is_verifying |= effects.contains(&TabEffect::VerifyLock);
        // Without locks, the tabs find out by messages and time which of them leads.
        if !has_locks {
            page.is_verifying = page.tab.is_verifying();
        }
        let is_over = if has_locks {
            ends_verification
        } else {
            was_verifying
        };
        let verified_answers = if is_over && !page.is_verifying {
            std::mem::take(&mut page.unverified_answers)
        } else {
            Vec::new()
        };
        let is_leader = page.tab.leads();
        for (packet, outcome) in verified_answers.iter().filter(|_| is_leader) {
            self.record_outcome(*packet, outcome);
        }
        let page = self.page_mut(index);
        match answer {
            Some(answer) if page.is_verifying => page.unverified_answers.push(answer),
            // A tab that does not lead ignores answers.
            Some((packet, outcome)) if was_leader => self.record_outcome(packet, &outcome),
            _ => {}
        }
        if !was_leader && self.page(index).tab.leads() {
            self.record_new_leader(index);
        }
        self.record_conversation_change(index, is_tab_message);
        self.perform_all(index, effects);
        self.record_shown();
    }

    /// The current time on the browser's monotonic clock and on its wall clock.
    pub(super) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: START_TIME + self.now.cast_signed() + self.browser.wall_skew_ms,
        }
    }
}

/// Effects of a tab.
impl World {
    /// Performs effects and sets the timer. A page that must crash does so after the first effect that is no broadcast,
    /// and loses the others.
    fn perform_all(&mut self, index: PageIndex, effects: Vec<TabEffect>) {
        let mut remaining = effects.into_iter();
        while let Some(effect) = remaining.next() {
            // A broadcast and the save that follows it count as one effect, so the page does not crash between them.
            let is_broadcast = matches!(effect, TabEffect::Broadcast(_));
            self.perform(index, effect);
            if !is_broadcast && std::mem::take(&mut self.page_mut(index).crashes_after_next_effect)
            {
                self.crash_page(index, remaining);
                return;
            }
        }
        let now = self.now;
        let page = self.page_mut(index);
        let wake_at = page.tab.wake_at();
        page.timer = wake_at.map(|at| at.max(now + 1) + page.timer_lag_ms);
        if wake_at.is_some_and(|at| at <= now) {
            self.report_breach(Invariant::NoBusyLoop, || {
                format!("a tick is requested for {wake_at:?}, which has passed")
            });
        }
    }

    /// Performs an effect of a tab.
    fn perform(&mut self, index: PageIndex, effect: TabEffect) {
        match effect {
            TabEffect::SaveDraft(draft) => self.page_mut(index).stored_draft = draft,
            TabEffect::Save(record) => {
                let page = self.page_mut(index);
                let is_last = page.crashes_after_next_effect;
                let writer = &mut page.record_writer;
                page.storage.save(writer, record.as_ref(), is_last);
            }
            TabEffect::Broadcast(message) => {
                note!(self, "  broadcasts {}", first_line(&message));
                self.check_broadcast(&message);
                let message = self.without_marker(message);
                self.broadcast(index, &message);
            }
            TabEffect::VerifyLock => self.query_lock(index),
            TabEffect::VerifyChannel => self.send_to_itself(index),
            TabEffect::StealLock => {
                note!(self, "  steals the lock");
                self.steal_lock(index);
            }
            TabEffect::AbortAllExcept(awaited) => {
                let page = self.page_mut(index);
                let aborted = page
                    .open_requests
                    .extract_if(.., |request, _| !awaited.contains(request));
                let aborted: Vec<PacketId> = aborted.map(|(_, packet)| packet).collect();
                for packet in aborted {
                    self.hang_up(packet);
                }
            }
            TabEffect::Engine(effect) => self.perform_for_engine(index, effect),
        }
    }

    fn perform_for_engine(&mut self, index: PageIndex, effect: Effect) {
        match effect {
            Effect::GetSession(request, _) => self.request_session(index, request),
            Effect::Warn(Warning::MessagesMissing { after, before }) => {
                note!(self, "  missing between {after} and {before}");
                if self.mutation != Some(Mutation::HidesGaps)
                    && let Some(stream) = self.witness.streams.last_mut()
                {
                    stream.reported_gaps.push((after, before));
                }
            }
            // Other warnings do not matter to the checks. `Effect::Save` never gets here, because the tab replaces it
            // by `TabEffect::Save`.
            Effect::Warn(_) | Effect::Save => {}
            Effect::Abort(_) if self.mutation == Some(Mutation::IgnoresAborts) => {}
            Effect::Abort(request) => {
                note!(self, "  aborts #{}", request.0);
                if let Some(packet) = self.page_mut(index).open_requests.remove(&request) {
                    // A poll that is aborted while the conversation goes on has taken too long.
                    if self.network.operation(packet) == Some(Operation::GetMessages)
                        && self.page(index).shown.phase.is_live()
                    {
                        self.witness.has_poll_failed_at_once = false;
                        self.witness.failed_polls.insert(packet, self.now);
                    }
                    self.hang_up(packet);
                }
            }
            Effect::Send(request) => self.send_request(index, request),
        }
    }

    /// Sends a request of a tab. Before that, carries out the mutations that concern requests, and checks the request.
    fn send_request(&mut self, index: PageIndex, mut request: Request) {
        self.add_preview(&mut request);
        note!(
            self,
            "  sends #{} {}",
            request.id.0,
            request.operation.name()
        );
        self.check_request(index, &request);
        self.start_twice(index, &request);
        let id = request.id;
        let packet = self.send_packet(index, request);
        self.page_mut(index).open_requests.insert(id, packet);
    }

    /// Asks the web page that embeds Pipit for a session.
    fn request_session(&mut self, index: PageIndex, request: RequestId) {
        let session = self.server.issue_session();
        let fault = self.fault_plan.draw_for_session(&mut self.chance);
        let mut after_ms = self.chance.between(5, 300);
        let mut answer = Ok(session);
        if let Some(fault) = fault {
            self.record_fault(fault);
            // A refusal may come as late as a slow session.
            after_ms = self.chance.between(300, 25_000);
        }
        if fault == Some(Fault::SessionRefused) {
            let body = self.chance.pick(&UnexpectedBody::ALL);
            answer = Err(match body {
                Some(body) if self.chance.percent(50) => SessionRefused::Unreadable(body),
                _ => SessionRefused::Unavailable,
            });
        }
        let reload_count = self.page(index).reload_count;
        let event = Event::SessionArrives(index, reload_count, request, Box::new(answer));
        self.events.schedule(self.now + after_ms, event);
    }
}

/// Describes an input in a few words, for the log.
fn describe(input: &TabInput) -> String {
    match input {
        TabInput::Engine(Input::Command(command)) => format!("{command:?}"),
        TabInput::Engine(Input::Session(_, Ok(_))) => "a session".to_owned(),
        TabInput::Engine(Input::Session(_, Err(refused))) => format!("no session: {refused:?}"),
        TabInput::Engine(Input::Answer { request, .. }) => format!("answer to #{}", request.0),
        TabInput::Message(message) => format!("receives {}", first_line(message)),
        other => format!("{other:?}"),
    }
}

/// The first line of a message between tabs. The other lines contain the conversation, which is too long for the log.
fn first_line(message: &Secret) -> &str {
    message.reveal().split('\n').next().unwrap_or_default()
}
