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

/// The others need not hear more often that the leader is there.
const BEAT_MS: u64 = 10_000;

#[derive(Debug)]
pub(super) struct Leading {
    /// When this tab last ran and led.
    awake: Moment,
    /// What waits for the proof that this tab leads; `None` while that is sure.
    unproven: Option<VecDeque<TabInput>>,
    /// When the others last heard something, in ms.
    said_at: u64,
    /// What the others do not know yet.
    owes: Owed,
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
        if std::mem::take(&mut self.is_behind) {
            self.engine.resume(now, Trust::Behind);
            self.doubt_own(now);
        } else {
            self.engine.resume(now, Trust::Fresh);
            self.grant_own(now);
            self.engine.settle(now);
        }
    }

    /// Another tab leads, or will: this one follows, and asks for what it had not begun.
    pub(super) fn step_down(&mut self, now: Moment) {
        if let Role::Following(Following::Greeting { .. } | Following::Sure { .. }) = self.role {
            return;
        }
        self.role = Role::Following(Following::new(now));
        self.acts.push(TabEffect::AbortAll);
        let kept = self.engine.kept().map(ToOwned::to_owned);
        self.engine.mirror(now, kept.as_deref());
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
            self.engine.settle(now);
            return;
        }
        if leading.unproven.is_none() {
            self.acts.push(TabEffect::Prove);
        }
        let waiting = leading.unproven.get_or_insert_default();
        match input {
            // What the visitor wants is seen meanwhile, and kept.
            TabInput::Engine(Input::Command(command)) => {
                let ask = self.number(now, command);
                self.asks.extend(ask);
            }
            other => waiting.push_back(other),
        }
    }

    /// This tab leads: what has waited for the proof of it is done.
    pub(super) fn proven(&mut self, now: Moment) {
        if let Role::Following(Following::Elect { knows }) = self.role {
            self.take_over(now, knows);
        }
        let Role::Leading(leading) = &mut self.role else {
            return;
        };
        leading.awake = now;
        for input in leading.unproven.take().unwrap_or_default() {
            self.act(now, input);
        }
        self.grant_own(now);
        self.engine.settle(now);
    }

    /// What this tab had asked for may have been done by a leader that is gone.
    fn doubt_own(&mut self, now: Moment) {
        for ask in std::mem::take(&mut self.asks) {
            if let Command::Send(text) = ask.command {
                self.engine.write_down(now, &text, Delivery::Unknown);
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
            TabInput::Engine(input) => self.engine.take(now, input),
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
        if self.engine.kept().is_none()
            && let Some(known) = known
        {
            self.engine
                .mirror(now, known.kept.as_ref().map(Secret::reveal));
            self.engine.resume(now, Trust::Fresh);
            self.words_known = self.words_known.max(known.words);
            self.heard = known.heard;
        }
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
        let is_late = ask.during.is_over(During::of(&self.engine));
        match ask.command {
            Command::Send(text) if is_late => {
                let over = Delivery::Failed(PostFailure::Over);
                self.engine.write_down(now, &text, over);
            }
            Command::End | Command::SendAgain(_) | Command::Typed(_) if is_late => {}
            command => self.engine.take(now, Input::Command(command)),
        }
    }

    /// Says what is new before it is done, and from time to time that this tab is there.
    pub(super) fn speak(&mut self, now: Moment, is_news: bool) {
        let Role::Leading(leading) = &self.role else {
            return;
        };
        let owes = leading.owes;
        let is_silent = now.monotonic >= leading.said_at.saturating_add(BEAT_MS);
        let is_beat_due = is_silent && leading.unproven.is_none();
        self.words_known += i64::from(is_news || owes != Owed::Nothing);
        if owes == Owed::Inauguration {
            self.say_state(now, To::Everyone);
        } else if !self.has_others {
            // Nobody listens.
        } else if is_news || owes == Owed::Receipt {
            self.say_state(now, To::Nobody);
        } else if is_beat_due && self.engine.engagement().is_some() {
            self.said(now);
            let sure_ms = self.sure_ms(now);
            self.say(Message::Beat { sure_ms });
        }
    }

    pub(super) fn say_state(&mut self, now: Moment, to: To) {
        self.engine.save();
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
        let at = self.engine.unheard_at()?;
        Some(at.saturating_sub(now.monotonic))
    }
}
