//! A tab of the visitor's, driven as the widget's runtime drives it.

use std::collections::BTreeMap;

use pipit_engine::{
    Command, Company, Conversation, Effect, Input, Moment, Options, Outcome, Request, RequestId,
    SessionRefused, Tab, TabEffect, TabInput, Warning,
};
use pipit_wire::consumer::Operation;

use crate::agenda::Event;
use crate::fault::Fault;
use crate::invariant::Invariant;
use crate::mutation::Mutation;
use crate::network::{Packet, PacketId};
use crate::server::{BEGAN, FORBIDDEN_HOST, OTHER_HOST};
use crate::world::{World, note};

/// Names a page: the how manieth of the world.
pub(crate) type PageNo = usize;

#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an independent fact of what the world does to the page"
)]
pub(crate) struct Page {
    pub(crate) tab: Tab,
    /// What it shows.
    pub(crate) shown: Conversation,
    /// Whether it let previews leave before the last input.
    pub(crate) let_previews_leave: bool,
    /// Requests that are neither answered nor given up.
    pub(crate) under_way: BTreeMap<RequestId, PacketId>,
    /// Answers that wait for the proof that the tab leads.
    unproven: Vec<(PacketId, Outcome)>,
    pub(crate) is_proving: bool,
    /// When the one timer fires, in ms.
    timer: Option<u64>,
    /// How late timers fire, in ms.
    pub(crate) lag_ms: u64,
    /// What the tab's storage holds.
    pub(crate) kept: Option<String>,
    /// What has come while the tab was frozen; `None` while it runs.
    pub(crate) frozen: Option<Vec<Event>>,
    /// When the tab last began to run, in ms.
    pub(crate) awake_since: u64,
    /// How often the page has been loaded: what was asked for before comes no more.
    pub(crate) loads: u32,
    /// The last word of another tab comes then, in ms.
    pub(crate) hears_at: u64,
    /// The last news of the lock come then, in ms.
    pub(crate) knows_at: u64,
    /// It was loaded again before it had heard all that was said.
    pub(crate) has_missed: bool,
    /// The page dies behind the next effect.
    pub(crate) is_dying: bool,
    pub(crate) is_closed: bool,
}

/// A background tab's timers come once in a second.
pub(crate) const MOST_LAG_MS: u64 = 1_000;

/// What every page of the world configures.
pub(crate) fn options(absent_limit_ms: u64, mutation: Option<Mutation>) -> Options {
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
    options
}

impl Page {
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    /// Whether something can happen in it.
    pub(crate) fn runs(&self) -> bool {
        !self.is_closed && !self.is_frozen()
    }

    /// When the timer fires, in ms; never while the tab is frozen.
    pub(crate) fn timer(&self) -> Option<u64> {
        self.timer.filter(|_| self.runs())
    }

    /// The polls that are out.
    pub(crate) fn polls<'a>(&'a self, world: &'a World) -> impl Iterator<Item = &'a Packet> {
        let open = self.under_way.values();
        open.filter_map(|id| world.network.packet(*id))
            .filter(|packet| packet.request.operation == Operation::GetMessages)
    }
}

/// Pages come and go.
impl World {
    /// Another tab is opened.
    pub(crate) fn open(&mut self) {
        let number = self.pages.len();
        note!(self, "tab {number} is opened");
        let tab = self.load(None);
        self.pages.push(Page {
            shown: tab.conversation(),
            tab,
            let_previews_leave: true,
            under_way: BTreeMap::new(),
            unproven: Vec::new(),
            is_proving: false,
            timer: None,
            lag_ms: 5,
            kept: None,
            frozen: None,
            awake_since: self.now,
            loads: 0,
            hears_at: 0,
            knows_at: 0,
            has_missed: false,
            is_dying: false,
            is_closed: false,
        });
        self.enter(number);
    }

    /// The page is loaded again: what was under way comes no more, what was kept is there.
    pub(crate) fn reload(&mut self, number: PageNo) {
        note!(self, "tab {number} is loaded again");
        self.unload(number);
        let kept = self.page(number).kept.clone();
        let tab = self.load(kept.as_deref());
        let now = self.now;
        let page = self.page_mut(number);
        page.shown = tab.conversation();
        page.tab = tab;
        page.awake_since = now;
        self.enter(number);
    }

    /// The tab is closed for good.
    pub(crate) fn close(&mut self, number: PageNo) {
        note!(self, "tab {number} is closed");
        self.unload(number);
        self.page_mut(number).is_closed = true;
        self.forget_unheard(number);
    }

    fn load(&mut self, kept: Option<&str>) -> Tab {
        let (now, seed) = (self.moment(), self.chance.next());
        Tab::new(self.options.clone(), seed, self.company, now, kept)
    }

    fn enter(&mut self, number: PageNo) {
        if self.company == Company::Tabs {
            self.want_lock(number);
        }
        self.input(number, TabInput::Join, None);
    }

    fn unload(&mut self, number: PageNo) {
        let page = self.page_mut(number);
        let waiting = page.frozen.take().unwrap_or_default();
        page.has_missed |= waiting.iter().any(|it| matches!(it, Event::Heard(..)));
        page.loads += 1;
        page.timer = None;
        page.is_proving = false;
        page.unproven.clear();
        let open: Vec<PacketId> = std::mem::take(&mut page.under_way).into_values().collect();
        for packet in open {
            self.hang_up(packet);
        }
        self.leave_lock(number);
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever taken out of the list"
    )]
    pub(crate) fn page(&self, number: PageNo) -> &Page {
        &self.pages[number]
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "no page is ever taken out of the list"
    )]
    pub(crate) fn page_mut(&mut self, number: PageNo) -> &mut Page {
        &mut self.pages[number]
    }

    pub(crate) fn open_pages(&self) -> Vec<PageNo> {
        let open = |number: &PageNo| !self.page(*number).is_closed;
        (0..self.pages.len()).filter(open).collect()
    }

    /// The page whose word counts: it leads, and the browser says so too.
    pub(crate) fn leading(&self) -> Option<PageNo> {
        let open = self.open_pages().into_iter();
        let holds = |number: &PageNo| self.company == Company::Alone || self.browser.holds(*number);
        let mut leading = open.filter(holds);
        leading.find(|number| self.page(*number).tab.leads() && !self.is_deposed(*number))
    }

    /// Whether it sleeps, and will hear that it leads no more.
    fn is_deposed(&self, number: PageNo) -> bool {
        let waiting = self.page(number).frozen.iter().flatten();
        waiting
            .into_iter()
            .any(|it| matches!(it, Event::Lock(_, _, news) if matches!(**news, TabInput::Deposed)))
    }
}

/// What comes to a tab.
impl World {
    pub(crate) fn command(&mut self, number: PageNo, command: Command) {
        self.note_command(number, &command);
        match command {
            Command::Send(_) if self.mutation == Some(Mutation::SwallowsTexts) => {}
            Command::Typed(text) => self.input(number, TabInput::Draft(text), None),
            command => self.engine(number, Input::Command(command)),
        }
    }

    pub(crate) fn engine(&mut self, number: PageNo, input: Input) {
        self.input(number, TabInput::Engine(input), None);
    }

    /// Something has come to the browser.
    pub(crate) fn come(&mut self, event: Event) {
        let (number, loads) = match &event {
            Event::Return(packet, _) => match self.network.packet(*packet) {
                Some(packet) => (packet.page, packet.loads),
                None => return,
            },
            Event::Session(number, loads, ..)
            | Event::Heard(number, loads, _)
            | Event::Lock(number, loads, _) => (*number, *loads),
            _ => return,
        };
        let page = self.page_mut(number);
        let is_unwanted = matches!(&event, Event::Return(packet, _) if !page.under_way.values().any(|it| it == packet));
        if page.is_closed || page.loads != loads || is_unwanted {
            return;
        }
        match (&mut page.frozen, event) {
            (Some(waiting), event) => waiting.push(event),
            (None, Event::Return(packet, outcome)) => self.outcome(number, packet, *outcome),
            (None, Event::Session(_, _, request, session)) => {
                self.engine(number, Input::Session(request, *session));
            }
            (None, Event::Heard(_, _, said)) => self.input(number, TabInput::Heard(said), None),
            (None, Event::Lock(_, _, news)) => self.lock_came(number, *news),
            (None, _) => {}
        }
    }

    fn lock_came(&mut self, number: PageNo, news: TabInput) {
        let page = self.page_mut(number);
        let proves = matches!(news, TabInput::Proven { .. });
        let waiting = match news {
            TabInput::Proven { .. } | TabInput::Deposed => {
                page.is_proving = false;
                std::mem::take(&mut page.unproven)
            }
            _ => Vec::new(),
        };
        for (packet, outcome) in waiting.iter().filter(|_| proves) {
            self.note_outcome(*packet, outcome);
        }
        self.input(number, news, None);
    }

    fn outcome(&mut self, number: PageNo, packet: PacketId, mut outcome: Outcome) {
        let mut open = self.page(number).under_way.iter();
        let Some(request) = open.find(|(_, it)| **it == packet).map(|(id, _)| *id) else {
            return;
        };
        if !self.has_way(packet, &outcome) {
            return;
        }
        self.page_mut(number).under_way.remove(&request);
        let told = outcome.clone();
        self.shorten_interval(&mut outcome);
        let input = TabInput::Engine(Input::Answer { request, outcome });
        self.input(number, input, Some((packet, told)));
    }

    pub(crate) fn tick(&mut self, number: PageNo) {
        self.page_mut(number).timer = None;
        if self.mutation != Some(Mutation::NoTimers) {
            self.engine(number, Input::Tick);
        }
    }

    /// One input, of which an answer may be a part.
    pub(crate) fn input(
        &mut self,
        number: PageNo,
        input: TabInput,
        answer: Option<(PacketId, Outcome)>,
    ) {
        note!(self, "tab {number}: {}", name(&input));
        let is_word = matches!(input, TabInput::Heard(_));
        let now = self.moment();
        let page = self.page_mut(number);
        let led = page.tab.leads();
        page.let_previews_leave = page.shown.sneak_preview.is_allowed();
        page.tab.handle(now, input);
        let effects: Vec<TabEffect> = std::iter::from_fn(|| page.tab.next_effect()).collect();
        page.shown = page.tab.conversation();
        page.is_proving |= effects.contains(&TabEffect::Prove);
        match answer {
            Some(answer) if page.is_proving => page.unproven.push(answer),
            Some((packet, outcome)) if led => self.note_outcome(packet, &outcome),
            _ => {}
        }
        if !led && self.page(number).tab.leads() {
            self.note_new_leader(number);
        }
        self.note_page_turn(number, is_word);
        self.perform_all(number, effects);
        self.look();
    }

    pub(crate) fn moment(&self) -> Moment {
        Moment {
            monotonic: self.now,
            wall: BEGAN + self.now.cast_signed() + self.browser.wall_skew_ms,
        }
    }

    fn perform_all(&mut self, number: PageNo, effects: Vec<TabEffect>) {
        let mut effects = effects.into_iter();
        while let Some(effect) = effects.next() {
            // What is said is kept in the same breath.
            let is_said = matches!(effect, TabEffect::Say(_));
            self.perform(number, effect);
            if !is_said && std::mem::take(&mut self.page_mut(number).is_dying) {
                self.die(number, effects);
                return;
            }
        }
        let now = self.now;
        let page = self.page_mut(number);
        let wake_at = page.tab.wake_at();
        page.timer = wake_at.map(|at| at.max(now + 1) + page.lag_ms);
        if wake_at.is_some_and(|at| at <= now) {
            self.breach(Invariant::NoBusyLoop, || {
                format!("wants a tick at {wake_at:?}")
            });
        }
    }

    fn perform(&mut self, number: PageNo, effect: TabEffect) {
        match effect {
            TabEffect::Keep(kept) => {
                self.page_mut(number).kept = kept.map(|kept| kept.reveal().to_owned());
            }
            TabEffect::Say(said) => self.spread(number, &said),
            TabEffect::Prove => self.prove(number),
            TabEffect::Steal => {
                note!(self, "  takes the lock");
                self.steal_lock(number);
            }
            TabEffect::AbortAll => {
                let page = self.page_mut(number);
                for packet in std::mem::take(&mut page.under_way).into_values() {
                    self.hang_up(packet);
                }
            }
            TabEffect::Engine(effect) => self.perform_for_engine(number, effect),
        }
    }

    fn perform_for_engine(&mut self, number: PageNo, effect: Effect) {
        match effect {
            Effect::GetSession(request, _) => self.get_session(number, request),
            Effect::Warn(Warning::MessagesMissing { after, before }) => {
                note!(self, "  missing between {after} and {before}");
                if self.mutation != Some(Mutation::SilentHoles)
                    && let Some(stream) = self.witness.streams.last_mut()
                {
                    stream.told_holes.push((after, before));
                }
            }
            Effect::Warn(_) | Effect::Save(_) => {}
            Effect::Abort(_) if self.mutation == Some(Mutation::DeafToAborts) => {}
            Effect::Abort(request) => {
                note!(self, "  gives up #{}", request.0);
                if let Some(packet) = self.page_mut(number).under_way.remove(&request) {
                    self.hang_up(packet);
                }
            }
            Effect::Send(request) => self.send(number, request),
        }
    }

    fn send(&mut self, number: PageNo, mut request: Request) {
        self.add_preview(&mut request);
        note!(
            self,
            "  sends #{} {}",
            request.id.0,
            request.operation.name()
        );
        self.check_request(number, &request);
        self.start_twice(number, &request);
        let id = request.id;
        let packet = self.depart(number, request);
        self.page_mut(number).under_way.insert(id, packet);
    }

    fn get_session(&mut self, number: PageNo, request: RequestId) {
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
        let loads = self.page(number).loads;
        let event = Event::Session(number, loads, request, Box::new(given));
        self.agenda.put(self.now + after_ms, event);
    }
}

fn name(input: &TabInput) -> String {
    match input {
        TabInput::Engine(Input::Command(command)) => format!("{command:?}"),
        TabInput::Engine(Input::Session(_, Ok(_))) => "a session".to_owned(),
        TabInput::Engine(Input::Session(_, Err(refused))) => format!("no session: {refused:?}"),
        TabInput::Engine(Input::Answer { request, .. }) => format!("answer to #{}", request.0),
        TabInput::Heard(said) => {
            let said = said.reveal();
            let head = said.split('\n').next().unwrap_or_default();
            format!("hears {head}")
        }
        other => format!("{other:?}"),
    }
}
