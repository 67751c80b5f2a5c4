//! A page driven as the widget's runtime drives it: what comes to its tab, and what the tab wants done.

use pipit_engine::{
    Command, Effect, Input, Moment, Outcome, Request, RequestId, SessionRefused, TabEffect,
    TabInput, Warning,
};
use pipit_wire::Secret;

use crate::agenda::Event;
use crate::fault::Fault;
use crate::invariant::Invariant;
use crate::mutation::Mutation;
use crate::network::PacketId;
use crate::page::PageNo;
use crate::server::BEGAN;
use crate::world::{World, note};

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
            (None, Event::Heard(_, _, said)) => self.input(number, TabInput::Message(said), None),
            (None, Event::Lock(_, _, news)) => self.input(number, *news, None),
            (None, _) => {}
        }
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
        let is_word = matches!(input, TabInput::Message(_));
        let now = self.moment();
        let page = self.page_mut(number);
        let led = page.tab.leads();
        let is_verdict = matches!(input, TabInput::LockVerified { .. } | TabInput::LockLost);
        page.let_previews_leave = page.shown.sneak_preview.is_allowed();
        page.tab.handle(now, input);
        let effects: Vec<TabEffect> = std::iter::from_fn(|| page.tab.next_effect()).collect();
        page.shown = page.tab.conversation();
        page.is_proving &= !is_verdict;
        page.is_proving |= effects.contains(&TabEffect::VerifyLock);
        // A proof that is too old is asked for again.
        let unproven = if is_verdict && !page.is_proving {
            std::mem::take(&mut page.unproven)
        } else {
            Vec::new()
        };
        let leads = page.tab.leads();
        for (packet, outcome) in unproven.iter().filter(|_| leads) {
            self.note_outcome(*packet, outcome);
        }
        let page = self.page_mut(number);
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
            let is_said = matches!(effect, TabEffect::Broadcast(_));
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
            TabEffect::Save(kept) => {
                self.page_mut(number).kept = kept.map(|kept| kept.reveal().to_owned());
            }
            TabEffect::Broadcast(said) => {
                note!(self, "  says {}", head(&said));
                self.spread(number, &said);
            }
            TabEffect::VerifyLock => self.prove(number),
            TabEffect::StealLock => {
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
        TabInput::Message(said) => format!("hears {}", head(said)),
        other => format!("{other:?}"),
    }
}

/// A word of a tab's, without the conversation that it may carry.
fn head(said: &Secret) -> &str {
    said.reveal().split('\n').next().unwrap_or_default()
}
