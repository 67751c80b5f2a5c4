//! One world: a visitor with some tabs, agents, a server and the network between, on one virtual clock.

use pipit_engine::{Options, TabMode};
use pipit_switchboard::{Config, LongPoll as _, SpamRule};

use crate::agenda::{Agenda, Event};
use crate::browser::Browser;
use crate::chance::Chance;
use crate::clerk::Clerk;
use crate::fault::Fault;
use crate::invariant::{Breach, Invariant};
use crate::log::Log;
use crate::mutation::Mutation;
use crate::network::Network;
use crate::page::{Page, PageNo, options};
use crate::server::{BEGAN, Held, Server};
use crate::tally::Sights;
use crate::visitor::Visitor;
use crate::weather::Weather;
use crate::witness::Witness;

pub(crate) struct World {
    /// The virtual time, in ms.
    pub(crate) now: u64,
    pub(crate) chance: Chance,
    pub(crate) agenda: Agenda,
    pub(crate) weather: Weather,
    pub(crate) network: Network,
    pub(crate) server: Server,
    pub(crate) browser: Browser,
    pub(crate) tab_mode: TabMode,
    pub(crate) options: Options,
    /// Every tab that there ever was.
    pub(crate) pages: Vec<Page>,
    pub(crate) visitor: Visitor,
    pub(crate) clerks: Vec<Clerk>,
    /// How many messages agents have posted.
    pub(crate) said: u32,
    /// How often the site has moved.
    pub(crate) pools: u32,
    pub(crate) is_calm: bool,
    calm_since: u64,
    /// Whether the engine has done anything since the last check.
    pub(crate) has_news: bool,
    pub(crate) witness: Witness,
    pub(crate) mutation: Option<Mutation>,
    pub(crate) tally: Sights,
    pub(crate) log: Log,
    pub(crate) breach: Option<Breach>,
}

/// Writes a line into the log; makes it only where one is kept.
macro_rules! note {
    ($world:expr, $($line:tt)+) => {
        if $world.log.is_kept() {
            let line = format!($($line)+);
            $world.log.add($world.now, &line);
        }
    };
}
pub(crate) use note;

/// Once all is calm, everything must be at rest within this time.
const REST_MS: u64 = 400_000;
/// Nothing is at rest before everybody has had the time to notice the calm.
const LEAST_CALM_MS: u64 = 10_000;

impl World {
    pub(crate) fn new(seed: u64, mutation: Option<Mutation>, log: Log) -> Self {
        let mut chance = Chance::new(seed);
        let mut weather = Weather::draw(&mut chance);
        let config = draw_config(&mut chance);
        // Where the server knows abuse, nobody repeats a text: then it must find none.
        let insists = !config.spam.enabled;
        if !insists {
            weather.rule_out(Fault::Duplicated);
        }
        let absent_ms = config.absent_ms.saturating_mul(config.absent_retries);
        let tab_mode = chance.either(TabMode::Alone, TabMode::Shared);
        let tabs = match tab_mode {
            TabMode::Alone => 1,
            TabMode::Shared => chance.pick(&[1, 2, 2, 3, 3, 6]).unwrap_or(1),
        };
        let mut world = Self {
            now: 0,
            agenda: Agenda::default(),
            network: Network::default(),
            browser: Browser::default(),
            tab_mode,
            options: options(absent_ms.unsigned_abs(), mutation),
            pages: Vec::new(),
            visitor: Visitor::draw(&mut chance, insists),
            server: Server::new(config, chance.next()),
            clerks: vec![Clerk::new(12), Clerk::new(13)],
            said: 0,
            pools: 0,
            is_calm: false,
            calm_since: 0,
            has_news: false,
            witness: Witness::default(),
            mutation,
            tally: Sights::default(),
            log,
            breach: None,
            chance,
            weather,
        };
        for _ in 0..tabs {
            world.open();
        }
        world.agenda.put(1, Event::Visitor);
        let calm_at = world.chance.between(15_000, 90_000);
        world.agenda.put(calm_at, Event::Calm);
        let trouble_at = world.chance.between(1_000, 20_000);
        world.agenda.put(trouble_at, Event::Trouble);
        for number in 0..world.clerks.len() {
            let comes_at = world.chance.between(1, 30_000);
            world.agenda.put(comes_at, Event::Clerk(number));
        }
        world
    }

    /// Runs until all is at rest, or something is wrong.
    pub(crate) fn run(&mut self) -> Result<(), Breach> {
        loop {
            self.step();
            self.check();
            if let Some(breach) = self.breach.take() {
                return Err(breach);
            }
            if self.is_calm && self.now > self.calm_since + LEAST_CALM_MS {
                let unrest = self.unrest();
                match unrest {
                    None => return Ok(()),
                    Some(what) if self.now > self.calm_since + REST_MS => {
                        let invariant = Invariant::ComesToRest;
                        return Err(Breach { invariant, what });
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn step(&mut self) {
        let by_itself = self.clerks.iter().filter_map(Clerk::next_at);
        let by_itself = by_itself.chain(self.server.next_at()).min();
        let by_itself = by_itself.map(|at| (at - BEGAN).unsigned_abs());
        let pages = self.pages.iter().enumerate();
        let timers = pages.filter_map(|(number, page)| Some((page.ticks_at()?, number)));
        let (timer, ticking) = timers.min().unzip();
        let planned = self.agenda.next_at();
        let next = [planned, timer, by_itself].into_iter().flatten().min();
        self.now = next.unwrap_or(self.now).max(self.now);
        if planned == next {
            if let Some(event) = self.agenda.take() {
                self.happen(event);
            }
        } else if timer == next
            && let Some(number) = ticking
        {
            self.tick(number);
        }
        self.settle();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Visitor => {
                self.visitor_acts();
                let pause_ms = self.chance.between(100, 6_000);
                self.agenda.put(self.now + pause_ms, Event::Visitor);
            }
            Event::Clerk(number) => {
                self.clerk_acts(number);
                let pause_ms = self.chance.between(500, 8_000);
                self.agenda.put(self.now + pause_ms, Event::Clerk(number));
            }
            Event::Trouble if self.is_calm => {}
            Event::Trouble => {
                self.trouble();
                let pause_ms = self.chance.between(2_000, 40_000);
                self.agenda.put(self.now + pause_ms, Event::Trouble);
            }
            // A frozen tab sees no calm.
            Event::Calm if self.pages.iter().any(Page::is_frozen) => {
                self.agenda.put(self.now + 5_000, Event::Calm);
            }
            Event::Calm => self.calm(),
            Event::Thaw(number) => self.thaw(number),
            Event::Query(number, loads) => self.queried(number, loads),
            Event::Session(..) | Event::Return(..) | Event::Heard(..) | Event::Lock(..) => {
                self.come(event);
            }
            Event::Arrival(packet, copy) => self.arrive(packet, copy),
            Event::HangUp(packet) => self.hung_up(packet),
        }
    }

    fn calm(&mut self) {
        note!(self, "calm");
        self.is_calm = true;
        self.calm_since = self.now;
        self.weather.calm();
        self.network.offline_until = 0;
        self.server.down_until = 0;
        for page in &mut self.pages {
            page.is_dying = false;
        }
        for clerk in &mut self.clerks {
            clerk.away_until = 0;
        }
    }

    /// Lets everybody fetch what the last event has brought.
    fn settle(&mut self) {
        let now = self.server_now();
        self.server.board.tick(now);
        while self.clerks_listen() | self.polls_are_answered() {}
        self.note_sleepers();
    }

    fn polls_are_answered(&mut self) -> bool {
        let now = self.server_now();
        let mut any = false;
        for held in std::mem::take(&mut self.server.held) {
            match held.poll.answer(&mut self.server.board, now) {
                Some(batch) => {
                    any = true;
                    note!(self, "    server: {} messages", batch.system_messages.len());
                    self.bring(held.packet, held.copy, batch);
                }
                None => self.server.held.push(Held { ..held }),
            }
        }
        any
    }

    /// A tab that runs, if one does.
    pub(crate) fn any_tab(&mut self) -> Option<PageNo> {
        let open = self.open_pages().into_iter();
        let running: Vec<PageNo> = open.filter(|number| self.page(*number).runs()).collect();
        self.chance.pick(&running)
    }

    /// A fault has struck.
    pub(crate) fn struck(&mut self, fault: Fault) {
        self.tally.faults.insert(fault);
        self.witness.is_unpunctual |= fault.excuses_previews();
    }

    /// Something is wrong. The first wrong thing counts.
    pub(crate) fn breach(&mut self, invariant: Invariant, what: impl FnOnce() -> String) {
        if self.breach.is_none() {
            let what = what();
            self.breach = Some(Breach { invariant, what });
        }
    }
}

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
