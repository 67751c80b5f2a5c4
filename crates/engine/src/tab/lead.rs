//! A tab that leads: its engine runs, and the others hear of it.

use std::collections::VecDeque;

use pipit_wire::Secret;

use super::ask::{Ask, During};
use super::follow::Following;
use super::message::{Known, Message, State, To};
use super::{Company, Role, Tab, TabEffect, TabId, TabInput};
use crate::kept::Trust;
use crate::{Command, Delivery, Engine, Input, Moment, PostFailure};

/// A leader that has not run for so long may have been deposed meanwhile. Shorter than any other tab
/// waits for it.
const AWAKE_MS: u64 = 2_000;

/// Who wanted to begin so long ago may not want it any more.
const BEGIN_MS: u64 = 30_000;

/// The others need not hear more often that the leader is there.
const BEAT_MS: u64 = 10_000;

#[derive(Debug)]
pub(super) struct Leading {
    /// When this tab last ran and led.
    awake: Moment,
    /// What waits for the proof that this tab leads; `None` while that is sure.
    unproven: Option<Unproven>,
    /// When the others last heard something, in ms.
    said_at: u64,
    /// What the others do not know yet.
    owes: Owed,
}

/// What waits for a proof.
#[derive(Debug)]
struct Unproven {
    asked: Moment,
    waiting: VecDeque<TabInput>,
}

/// What a leader owes to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owed {
    Nothing,
    /// That it leads.
    Inauguration,
    /// What it has heard.
    Receipt,
}

impl Leading {
    pub(super) fn wake_at(&self, engine: &Engine) -> Option<u64> {
        match self.unproven {
            Some(_) => None,
            None => engine.wake_at(),
        }
    }
}

/// Whether a proof that was asked for then still holds: this tab may have slept since it was given.
fn is_proof(asked: Moment, now: Moment) -> bool {
    now.since(asked) <= AWAKE_MS
}

/// Whether an input that has waited goes before what this tab's visitor wanted meanwhile.
fn comes_first(input: &TabInput) -> bool {
    matches!(
        input,
        TabInput::Engine(Input::Answer { .. } | Input::Command(Command::Typed(_)))
    )
}

/// Whether it goes behind what any visitor wanted: who has left meanwhile needs no engagement.
fn comes_last(input: &TabInput) -> bool {
    matches!(input, TabInput::Engine(Input::Session(..)))
}

impl Tab {
    /// What is shown goes on here.
    pub(super) fn lead(&mut self, now: Moment) {
        if self.leads() {
            return;
        }
        self.role = Role::Leading(Leading {
            awake: now,
            unproven: None,
            said_at: now.monotonic,
            owes: Owed::Inauguration,
        });
        let trust = std::mem::replace(&mut self.trust, Trust::Fresh);
        self.engine.resume(now, trust);
        match trust {
            Trust::Behind => self.doubt_own(now),
            Trust::Fresh => {
                self.grant_own(now);
                self.engine.advance(now);
            }
        }
    }

    /// Another tab leads, or will: this one follows, and asks for what it had not begun.
    pub(super) fn step_down(&mut self, now: Moment) {
        if let Role::Following(Following::Greeting { .. } | Following::Sure { .. }) = self.role {
            return;
        }
        self.role = Role::Following(Following::new(now));
        self.acts.push(TabEffect::AbortAll);
        let kept = self.engine.snapshot().map(ToOwned::to_owned);
        self.engine.load_snapshot(now, kept.as_deref());
        self.leader = None;
        self.greet(now);
    }

    pub(super) fn pass_leading(&mut self, now: Moment, input: TabInput) {
        let Role::Leading(leading) = &mut self.role else {
            return;
        };
        let is_sure = self.company == Company::Alone || now.since(leading.awake) <= AWAKE_MS;
        if is_sure && leading.unproven.is_none() {
            leading.awake = now;
            self.act(now, input);
            self.engine.advance(now);
            return;
        }
        if leading.unproven.is_none() {
            self.acts.push(TabEffect::Prove);
        }
        let unproven = leading.unproven.get_or_insert_with(|| Unproven {
            asked: now,
            waiting: VecDeque::new(),
        });
        match input {
            // Soon outdated, it waits here alone: who follows awaits an answer to each ask.
            TabInput::Engine(Input::Command(Command::Typed(_))) => {
                unproven.waiting.push_back(input);
            }
            // What the visitor wants is seen meanwhile, and kept.
            TabInput::Engine(Input::Command(command)) => {
                let ask = self.number(now, command);
                self.asks.extend(ask);
            }
            other => unproven.waiting.push_back(other),
        }
    }

    /// This tab leads: what has waited for the proof of it is done.
    pub(super) fn proven(&mut self, now: Moment) {
        if let Role::Following(Following::Elect { knows, asked }) = self.role {
            if is_proof(asked, now) {
                self.take_over(now, knows);
            } else {
                self.stand(now, knows);
            }
            return;
        }
        let Role::Leading(leading) = &mut self.role else {
            return;
        };
        let Some(unproven) = &mut leading.unproven else {
            return;
        };
        if !is_proof(unproven.asked, now) {
            unproven.asked = now;
            self.acts.push(TabEffect::Prove);
            return;
        }
        leading.awake = now;
        let waiting = std::mem::take(&mut unproven.waiting);
        leading.unproven = None;
        // What has come is not given up for what was wanted meanwhile; and what was wanted, here or
        // in another tab, is not outrun by what the page has to say.
        let (first, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(comes_first);
        let (last, heard): (Vec<_>, Vec<_>) = rest.into_iter().partition(comes_last);
        for input in first {
            self.act(now, input);
        }
        self.grant_own(now);
        for input in heard.into_iter().chain(last) {
            self.act(now, input);
        }
        self.engine.advance(now);
    }

    /// What this tab had asked for may have been done by a leader that is gone.
    fn doubt_own(&mut self, now: Moment) {
        for ask in std::mem::take(&mut self.asks) {
            if let Command::Send(text) = ask.command {
                self.engine.show_unsent(now, &text, Delivery::Unknown);
            }
        }
    }

    fn grant_own(&mut self, now: Moment) {
        for ask in std::mem::take(&mut self.asks) {
            self.grant(now, ask);
        }
    }

    /// Takes an input; the engine has to settle after it.
    fn act(&mut self, now: Moment, input: TabInput) {
        match input {
            TabInput::Engine(input) => self.engine.apply(now, input),
            TabInput::Heard(said) => match Message::read(said.reveal()) {
                Some(Message::Hello { from, known }) => self.welcome(now, from, known),
                Some(Message::Asks(asks)) => {
                    for ask in asks {
                        self.grant(now, ask);
                    }
                }
                Some(Message::State(_) | Message::Beat { .. }) | None => {}
            },
            _ => {}
        }
    }

    /// Another tab is there. What it knows goes on here, where this one knows of nothing.
    fn welcome(&mut self, now: Moment, from: TabId, known: Option<Known>) {
        if self.engine.snapshot().is_none()
            && let Some(known) = known
        {
            self.engine
                .load_snapshot(now, known.kept.as_ref().map(Secret::reveal));
            self.engine.resume(now, known.trust);
            self.last_word = known.word.behind(self.last_word);
            self.heard = known.heard;
        }
        // What other inputs have changed in the same breath is kept only when all are settled.
        self.engine.save();
        self.say_state(now, To::Tab(from));
    }

    /// Does what another tab's visitor wants; once.
    fn grant(&mut self, now: Moment, ask: Ask) {
        if self.heard.knows(&ask) {
            return;
        }
        if !ask.is_passing() {
            self.heard.hear(ask.tab, ask.number);
            if let Role::Leading(leading) = &mut self.role
                && leading.owes == Owed::Nothing
            {
                leading.owes = Owed::Receipt;
            }
        }
        let is_old = ask.begins() && now.wall.abs_diff(ask.at) > BEGIN_MS;
        let is_late = is_old || ask.during.is_over(During::of(&self.engine));
        match ask.command {
            Command::Send(text) if is_late => {
                let over = Delivery::Failed(PostFailure::Over);
                self.engine.show_unsent(now, &text, over);
            }
            Command::Start(_) | Command::End | Command::SendAgain(_) | Command::Typed(_)
                if is_late => {}
            command => self.engine.apply(now, Input::Command(command)),
        }
    }

    /// Says what is new before it is done, and from time to time that this tab is there.
    pub(super) fn speak(&mut self, now: Moment, is_news: bool) {
        let Role::Leading(leading) = &self.role else {
            return;
        };
        if leading.unproven.is_some() {
            return;
        }
        let owes = leading.owes;
        let is_silent = now.monotonic >= leading.said_at.saturating_add(BEAT_MS);
        if is_news || owes != Owed::Nothing {
            let has_conversation = self.engine.snapshot().is_some();
            self.last_word = self.last_word.next(self.id, has_conversation, now);
        }
        if owes == Owed::Inauguration {
            self.say_state(now, To::Everyone);
        } else if !self.has_others {
            self.said(now);
        } else if is_news || owes == Owed::Receipt {
            self.say_state(now, To::Nobody);
        } else if is_silent && self.engine.engagement().is_some() {
            self.said(now);
            let sure_ms = self.sure_ms(now);
            self.say(Message::Beat { sure_ms });
        }
    }

    /// Says what the engine keeps.
    pub(super) fn say_state(&mut self, now: Moment, to: To) {
        self.said(now);
        self.say(Message::State(State {
            from: self.id,
            to,
            sure_ms: self.sure_ms(now),
            known: self.known(),
        }));
    }

    fn said(&mut self, now: Moment) {
        if let Role::Leading(leading) = &mut self.role {
            leading.said_at = now.monotonic;
            leading.owes = Owed::Nothing;
        }
    }

    /// For how long the server counts as reached, in ms.
    fn sure_ms(&self, now: Moment) -> Option<u64> {
        let at = self.engine.connected_until()?;
        Some(at.saturating_sub(now.monotonic))
    }
}
