//! The visitor's tab: one engine, driven as the widget's runtime drives it.

use std::collections::BTreeMap;

use pipit_engine::{
    Command, Effect, Engine, Input, Moment, Options, Outcome, Phase, RequestId, SessionRefused,
    Warning,
};
use pipit_wire::consumer::Operation;

use crate::agenda::Event;
use crate::fault::Fault;
use crate::invariant::Invariant;
use crate::mutation::Mutation;
use crate::network::{Packet, PacketId};
use crate::server::{BEGAN, FORBIDDEN_HOST, OTHER_HOST};
use crate::world::{World, note};

#[derive(Debug)]
pub(crate) struct Tab {
    pub(crate) engine: Engine,
    pub(crate) options: Options,
    /// Requests that are neither answered nor given up.
    pub(crate) under_way: BTreeMap<RequestId, PacketId>,
    /// When the one timer fires, in ms.
    timer: Option<u64>,
    /// How late timers fire, in ms.
    pub(crate) lag_ms: u64,
    /// How far the wall clock has been set, in ms.
    pub(crate) wall_skew_ms: i64,
    /// What the tab's storage holds.
    pub(crate) kept: Option<String>,
    /// What has come while the tab was frozen; `None` while it runs.
    pub(crate) frozen: Option<Vec<Event>>,
    /// How often the page has been loaded: what was asked for before comes no more.
    pub(crate) loads: u32,
    /// The page dies behind the next effect.
    pub(crate) is_dying: bool,
}

/// A background tab's timers come once in a second.
pub(crate) const MOST_LAG_MS: u64 = 1_000;

impl Tab {
    pub(crate) fn new(absent_limit_ms: u64, mutation: Option<Mutation>, seed: u64) -> Self {
        let hosts: &[&str] = match mutation {
            Some(Mutation::AllowsEveryHost) => &[OTHER_HOST, FORBIDDEN_HOST],
            _ => &[OTHER_HOST],
        };
        let mut options = Options {
            allowed_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            absent_limit_ms: Some(absent_limit_ms),
            ..Options::default()
        };
        options.survey.base = Some("https://help.example".to_owned());
        Self {
            engine: Engine::new(options.clone(), seed),
            options,
            under_way: BTreeMap::new(),
            timer: None,
            lag_ms: 5,
            wall_skew_ms: 0,
            kept: None,
            frozen: None,
            loads: 0,
            is_dying: false,
        }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// When the timer fires, in ms; never while the tab is frozen.
    pub(crate) fn timer(&self) -> Option<u64> {
        self.timer.filter(|_| !self.is_frozen())
    }

    /// The polls that are out.
    pub(crate) fn polls<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Packet> {
        let open = self.under_way.values();
        open.filter_map(|id| world.network.packet(*id))
            .filter(|packet| packet.request.operation == Operation::GetMessages)
    }
}

/// What comes to the tab.
impl World {
    pub(crate) fn command(&mut self, command: Command) {
        self.note_command(&command);
        match command {
            Command::Send(_) if self.mutation == Some(Mutation::SwallowsTexts) => {}
            command => self.input(Input::Command(command)),
        }
    }

    /// Something has come back to the browser.
    pub(crate) fn come(&mut self, event: Event) {
        if let Event::Return(packet, _) = &event
            && !self.tab.under_way.values().any(|open| open == packet)
        {
            return;
        }
        match (&mut self.tab.frozen, event) {
            (Some(waiting), event) => waiting.push(event),
            (None, Event::Return(packet, outcome)) => self.outcome(packet, *outcome),
            (None, Event::Session(loads, session)) if loads == self.tab.loads => {
                self.input(Input::Session(*session));
            }
            (None, _) => {}
        }
    }

    fn outcome(&mut self, packet: PacketId, mut outcome: Outcome) {
        let mut open = self.tab.under_way.iter();
        let Some(request) = open.find(|(_, it)| **it == packet).map(|(id, _)| *id) else {
            return;
        };
        if !self.has_way(packet, &outcome) {
            return;
        }
        self.tab.under_way.remove(&request);
        self.note_outcome(packet, &outcome);
        self.shorten_interval(&mut outcome);
        self.input(Input::Answer { request, outcome });
    }

    pub(crate) fn tick(&mut self) {
        self.tab.timer = None;
        if self.mutation != Some(Mutation::NoTimers) {
            self.input(Input::Tick);
        }
    }

    pub(crate) fn input(&mut self, input: Input) {
        note!(self, "tab: {}", name(&input));
        let was_over = matches!(self.tab.engine.conversation().phase, Phase::Concluded(_));
        let now = self.moment();
        self.tab.engine.handle(now, input);
        if was_over && self.tab.engine.conversation().phase == Phase::Starting {
            self.note_new_page();
        }
        self.perform_all();
        self.look();
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: BEGAN + self.now.cast_signed() + self.tab.wall_skew_ms,
        }
    }

    pub(crate) fn perform_all(&mut self) {
        while let Some(effect) = self.tab.engine.next_effect() {
            self.perform(effect);
            if std::mem::take(&mut self.tab.is_dying) {
                self.die();
                return;
            }
        }
        let now = self.now;
        let wake_at = self.tab.engine.wake_at();
        if wake_at.is_some_and(|at| at <= now) {
            self.breach(Invariant::NoBusyLoop, || {
                format!("wants a tick at {wake_at:?}")
            });
        }
        self.tab.timer = wake_at.map(|at| at.max(now + 1) + self.tab.lag_ms);
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::GetSession(_) => self.get_session(),
            Effect::Save(kept) => self.tab.kept = kept.map(|kept| kept.reveal().to_owned()),
            Effect::Warn(Warning::MessagesMissing { after, before }) => {
                note!(self, "  missing between {after} and {before}");
                if self.mutation != Some(Mutation::SilentHoles)
                    && let Some(stream) = self.witness.streams.last_mut()
                {
                    stream.told_holes.push((after, before));
                }
            }
            Effect::Warn(_) => {}
            Effect::Abort(_) if self.mutation == Some(Mutation::DeafToAborts) => {}
            Effect::Abort(request) => {
                note!(self, "  gives up #{}", request.0);
                if let Some(packet) = self.tab.under_way.remove(&request) {
                    self.hang_up(packet);
                }
            }
            Effect::Send(mut request) => {
                self.add_preview(&mut request);
                note!(
                    self,
                    "  sends #{} {}",
                    request.id.0,
                    request.operation.name()
                );
                self.check_request(&request);
                self.start_twice(&request);
                let id = request.id;
                let packet = self.depart(request);
                self.tab.under_way.insert(id, packet);
            }
        }
    }

    fn get_session(&mut self) {
        let session = self.server.session();
        let fault = self.weather.strike_page(&mut self.chance);
        let mut after_ms = self.chance.between(5, 300);
        let mut given = Ok(session);
        if let Some(fault) = fault {
            self.struck(fault);
            after_ms = self.chance.between(300, 25_000);
        }
        if fault == Some(Fault::SessionRefused) {
            given = Err(self
                .chance
                .either(SessionRefused::Unavailable, SessionRefused::Unreadable));
        }
        let event = Event::Session(self.tab.loads, Box::new(given));
        self.agenda.put(self.now + after_ms, event);
    }
}

fn name(input: &Input) -> String {
    match input {
        Input::Command(command) => format!("{command:?}"),
        Input::Session(Ok(_)) => "a session".to_owned(),
        Input::Session(Err(refused)) => format!("no session: {refused:?}"),
        Input::Answer { request, .. } => format!("answer to #{}", request.0),
        Input::Tick => "tick".to_owned(),
        Input::Wake => "wake".to_owned(),
    }
}
