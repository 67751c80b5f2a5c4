//! One world, which is one simulated run: a visitor with some tabs, agents, a chat server and the network between them,
//! on one virtual clock.
//!
//! `World` owns the whole state. This file constructs it from a seed, runs it, and dispatches the events. Each file of
//! `world/` is an `impl World` for one subject. No part of the state, such as `Network`, uses `World`, so only these
//! files can combine two parts.

use pipit_engine::{ForgetMarker, Options, TabMode};
use pipit_switchboard::{Config, LongPoll as _, SpamRule};

use crate::agent::SimulatedAgent;
use crate::browser::Browser;
use crate::chance::Chance;
use crate::event_queue::{Event, EventQueue};
use crate::fault::Fault;
use crate::fault_plan::FaultPlan;
use crate::invariant::{Breach, Invariant};
use crate::log::Log;
use crate::mutation::Mutation;
use crate::network::Network;
use crate::page::{Page, options};
use crate::script_state::ScriptState;
use crate::server::{HeldPoll, START_TIME, Server};
use crate::tally::WorldTally;
use crate::visitor::Visitor;
use crate::witness::Witness;

/// Writes a line into the log of the world. The line is formatted only if the log is kept. The macro is defined before
/// the `mod` lines, because the modules can use it only then.
macro_rules! note {
    ($world:expr, $($line:tt)+) => {
        if $world.log.is_kept() {
            let line = format!($($line)+);
            $world.log.add($world.now, &line);
        }
    };
}

mod agent_actions;
mod at_server;
mod check;
mod drive;
mod forgetting;
mod gaps;
mod mutations;
mod pages;
mod record;
mod script;
mod script_faults;
mod sleep;
mod tab_channel;
mod tab_lock;
mod transport;
mod visitor_actions;
mod world_faults;

pub use script::play;

/// The whole state of one simulated run.
pub(crate) struct World {
    /// The virtual time, in ms since the start of the world.
    pub(crate) now: u64,
    pub(crate) tally: WorldTally,
    pub(crate) log: Log,
    chance: Chance,
    events: EventQueue,
    fault_plan: FaultPlan,
    network: Network,
    server: Server,
    browser: Browser,
    /// `Shared` if the tabs of the browser share one conversation. In the other modes the browser has one tab and its
    /// copies.
    tab_mode: TabMode,
    /// The marker in the storage that all tabs of the browser share: the number of times the visitor was forgotten.
    forget_marker: ForgetMarker,
    /// The number of pages that were loaded, reloads included. Each gets its own id.
    loaded_pages: i64,
    /// The engine's options, which are the same for all pages.
    options: Options,
    /// Every page that was ever opened, the closed ones included.
    pages: Vec<Page>,
    visitor: Visitor,
    agents: Vec<SimulatedAgent>,
    /// The number of messages that agents have tried to post. Each text contains this number, so that it is unique.
    agent_message_count: u32,
    /// The number of times the site (the customer's account at the chat service) has moved to another pool (group of
    /// chat servers).
    migration_count: u32,
    /// Whether faults have ceased: no further fault strikes, and the conversation must come to rest.
    is_calm: bool,
    /// The virtual time at which faults have ceased, in ms. Only meaningful if `is_calm`.
    calm_since: u64,
    /// Whether a tab has processed an input (for example, an answer) since the most recent check. If so, the next check
    /// also looks at what the pages show.
    has_unchecked_input: bool,
    /// The record of what has truly happened. The checks compare it with what the pages show.
    witness: Witness,
    /// The defect of the client that this world imitates. `None` if it imitates none.
    mutation: Option<Mutation>,
    /// What a script lets fail, and what its agents have seen. `None` in a random world.
    script: Option<ScriptState>,
    /// The first invariant that did not hold. `None` while all invariants have held.
    breach: Option<Breach>,
}

/// After faults have ceased, the conversation must come to rest within this time, in ms.
const MAX_CALM_MS: u64 = 400_000;
/// After faults have ceased, a world goes on for at least this time, in ms, because each tab needs some time to notice
/// the end of a fault.
const MIN_CALM_MS: u64 = 10_000;

impl World {
    /// Draws a world from a seed.
    pub(crate) fn new(seed: u64, mutation: Option<Mutation>, log: Log) -> Self {
        let mut chance = Chance::new(seed);
        let mut fault_plan = FaultPlan::draw(&mut chance);
        let config = draw_config(&mut chance);
        // The server's spam rule detects repeated texts. In a world with the rule, neither the visitor nor the browser
        // repeats a text, so the rule must never apply.
        let resends_unknown = !config.spam.enabled;
        if !resends_unknown {
            fault_plan.exclude(Fault::Duplicated);
        }
        let modes = [
            TabMode::Shared,
            TabMode::Shared,
            TabMode::Claimed,
            TabMode::Alone,
        ];
        let tab_mode = chance.pick(&modes).unwrap_or(TabMode::Shared);
        let page_count = match tab_mode {
            TabMode::Alone | TabMode::Claimed => 1,
            // A number that occurs twice in this list is twice as likely.
            TabMode::Shared => chance.pick(&[1, 2, 2, 3, 3, 6]).unwrap_or(1),
        };
        let mut world = Self::empty(chance, fault_plan, config, mutation, log);
        world.tab_mode = tab_mode;
        world.visitor.resends_unknown = resends_unknown;
        for _ in 0..page_count {
            world.open_page();
        }
        world.schedule_first_events();
        world
    }

    /// A world in which no page is open and no event is scheduled. Its tabs share one conversation.
    fn empty(
        mut chance: Chance,
        fault_plan: FaultPlan,
        config: Config,
        mutation: Option<Mutation>,
        log: Log,
    ) -> Self {
        // The server ends a chat if the visitor has not polled for this long.
        let max_absence_ms = config.absent_ms.saturating_mul(config.absent_retries);
        Self {
            now: 0,
            events: EventQueue::default(),
            network: Network::default(),
            browser: Browser::default(),
            tab_mode: TabMode::Shared,
            forget_marker: ForgetMarker::default(),
            loaded_pages: 0,
            options: options(max_absence_ms.unsigned_abs(), mutation),
            pages: Vec::new(),
            visitor: Visitor::draw(&mut chance, true),
            server: Server::new(config, chance.next()),
            // The accounts of the two agents. Any two numbers would do.
            agents: vec![SimulatedAgent::new(12), SimulatedAgent::new(13)],
            agent_message_count: 0,
            migration_count: 0,
            is_calm: false,
            calm_since: 0,
            has_unchecked_input: false,
            witness: Witness::default(),
            mutation,
            tally: WorldTally::default(),
            log,
            script: None,
            breach: None,
            chance,
            fault_plan,
        }
    }

    fn schedule_first_events(&mut self) {
        self.events.schedule(1, Event::VisitorActs);
        let calm_at = self.chance.between(15_000, 90_000);
        self.events.schedule(calm_at, Event::CalmBegins);
        let fault_at = self.chance.between(1_000, 20_000);
        self.events.schedule(fault_at, Event::WorldFaultStrikes);
        for index in 0..self.agents.len() {
            let first_act_at = self.chance.between(1, 30_000);
            self.events.schedule(first_act_at, Event::AgentActs(index));
        }
    }

    /// Runs the world until faults have ceased, some time has passed (`MIN_CALM_MS`), and the conversation is at rest.
    ///
    /// # Errors
    /// The first invariant that does not hold.
    pub(crate) fn run(&mut self) -> Result<(), Breach> {
        loop {
            self.step();
            self.check();
            if let Some(breach) = self.breach.take() {
                return Err(breach);
            }
            if self.is_calm && self.now > self.calm_since + MIN_CALM_MS {
                match self.reason_for_unrest() {
                    None => return Ok(()),
                    Some(observation) if self.now > self.calm_since + MAX_CALM_MS => {
                        let invariant = Invariant::ComesToRest;
                        return Err(Breach {
                            invariant,
                            observation,
                        });
                    }
                    Some(_) => {}
                }
            }
        }
    }

    /// Advances the clock to the time of the next event, the next timer of a page or the next deadline of the server,
    /// whichever is first. Then processes one event, or one timer if no event is due, and answers all polls that are
    /// due.
    fn step(&mut self) {
        let next_at = self.next_at();
        let pages = self.pages.iter().enumerate();
        let timers = pages.filter_map(|(index, page)| Some((page.next_tick_at()?, index)));
        let (timer_at, ticking_page) = timers.min().unzip();
        let event_at = self.events.next_at();
        self.now = next_at.unwrap_or(self.now).max(self.now);
        if event_at == next_at {
            if let Some(event) = self.events.pop() {
                self.dispatch(event);
            }
        } else if timer_at == next_at
            && let Some(page) = ticking_page
        {
            self.tick(page);
        }
        self.deliver_answers();
    }

    /// The virtual time of what happens next, in ms. `None` if nothing will.
    fn next_at(&self) -> Option<u64> {
        let timers = self.pages.iter().filter_map(Page::next_tick_at);
        let others = [self.events.next_at(), self.next_server_deadline()];
        others.into_iter().flatten().chain(timers).min()
    }

    /// The virtual time at which the server next answers a poll or changes its state without a request, in ms. `None`
    /// if neither is due.
    fn next_server_deadline(&self) -> Option<u64> {
        let agent_polls = self.agents.iter().filter_map(SimulatedAgent::poll_deadline);
        let deadline = agent_polls.chain(self.server.next_at()).min();
        deadline.map(|at| (at - START_TIME).unsigned_abs())
    }

    fn dispatch(&mut self, event: Event) {
        match event {
            Event::VisitorActs => {
                self.visitor_acts();
                let pause_ms = self.chance.between(100, 6_000);
                self.events
                    .schedule(self.now + pause_ms, Event::VisitorActs);
            }
            Event::AgentActs(index) => {
                self.agent_acts(index);
                let pause_ms = self.chance.between(500, 8_000);
                self.events
                    .schedule(self.now + pause_ms, Event::AgentActs(index));
            }
            // No further fault strikes, and no further one is scheduled.
            Event::WorldFaultStrikes if self.is_calm => {}
            Event::WorldFaultStrikes => {
                self.strike_world();
                let pause_ms = self.chance.between(2_000, 40_000);
                self.events
                    .schedule(self.now + pause_ms, Event::WorldFaultStrikes);
            }
            // The world becomes calm only after every frozen page has resumed.
            Event::CalmBegins if self.pages.iter().any(Page::is_frozen) => {
                self.events.schedule(self.now + 5_000, Event::CalmBegins);
            }
            Event::CalmBegins => self.begin_calm(),
            Event::PageResumes(page) => self.resume_page(page),
            Event::LockIsQueried(page, reload_count) => self.answer_lock_query(page, reload_count),
            Event::SessionArrives(..)
            | Event::OutcomeArrives(..)
            | Event::TabMessageArrives(..)
            | Event::LockInputArrives(..) => self.deliver_to_page(event),
            Event::RequestArrives(packet, transmission) => {
                self.process_at_server(packet, transmission);
            }
            Event::HangUpArrives(packet) => self.notice_hang_up(packet),
        }
    }

    /// Makes the world calm: lets no further fault strike, and ends the outages, the absences of agents and the crashes
    /// that are pending. Late timers, a changed wall clock, and packets with a fault that are on their way stay as they
    /// are: the conversation must come to rest with them.
    fn begin_calm(&mut self) {
        note!(self, "calm");
        self.is_calm = true;
        self.calm_since = self.now;
        self.fault_plan.clear();
        self.network.offline_until = 0;
        self.server.down_until = 0;
        for page in &mut self.pages {
            page.crashes_after_next_effect = false;
        }
        for agent in &mut self.agents {
            agent.away_until = 0;
        }
    }

    /// Answers all polls (requests for new messages) that are due, until none is left: the processing of one answer can
    /// make another poll due.
    fn deliver_answers(&mut self) {
        let now = self.server_now();
        self.server.switchboard.tick(now);
        // `|` and not `||`: both functions must run.
        while self.answer_agent_polls() | self.answer_consumer_polls() {}
        self.record_frozen_leader();
    }

    /// Answers the polls of the visitor's tabs that are due. Returns whether any poll was due.
    fn answer_consumer_polls(&mut self) -> bool {
        let now = self.server_now();
        let mut has_answered = false;
        for held in std::mem::take(&mut self.server.held_polls) {
            match held.poll.answer(&mut self.server.switchboard, now) {
                Some(batch) => {
                    has_answered = true;
                    note!(self, "    server: {} messages", batch.system_messages.len());
                    self.send_batch(held.packet, held.transmission, batch);
                }
                None => self.server.held_polls.push(HeldPoll { ..held }),
            }
        }
        has_answered
    }

    /// The time of the server's wall clock, in ms since 1970.
    fn server_now(&self) -> i64 {
        START_TIME + self.now.cast_signed()
    }

    /// Records that a fault has struck.
    fn record_fault(&mut self, fault: Fault) {
        self.tally.faults.insert(fault);
        self.witness.may_have_missed_preview_rules |= fault.can_hide_preview_rules();
    }

    /// Records that an invariant does not hold. Only the first breach is kept, because others may follow from it.
    fn report_breach(&mut self, invariant: Invariant, describe: impl FnOnce() -> String) {
        if self.breach.is_none() {
            self.breach = Some(Breach {
                invariant,
                observation: describe(),
            });
        }
    }
}

/// Draws the configuration of the chat server. Of the two times in each list, the smaller one is so short that the
/// server's time-out happens within a run.
fn draw_config(chance: &mut Chance) -> Config {
    let mut ms = |choices: &[i64]| chance.pick(choices).unwrap_or(30_000);
    Config {
        hold_ms: ms(&[5_000, 30_000]),
        absent_ms: ms(&[40_000, 120_000]),
        idle_ms: ms(&[30_000, 600_000]),
        queue_timeout_ms: ms(&[40_000, 1_800_000]),
        assignment_ms: ms(&[10_000, 60_000]),
        echo: chance.percent(50),
        spam: SpamRule {
            enabled: chance.percent(50),
            ..SpamRule::default()
        },
        ..Config::default()
    }
}
