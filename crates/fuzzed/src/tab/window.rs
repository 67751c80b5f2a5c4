//! A window that drives a tab by the contract of its text, and checks what the tab promises.

use std::collections::BTreeSet;
use std::iter;

use pipit_engine::{Command, Effect, EntryId, Input, Moment, Tab, TabEffect, TabInput, TabMode};
use pipit_wire::Secret;

use super::again::Record;
use crate::bounds::{Brought, check_size};
use crate::page::options;
use crate::requests::Requests;
use crate::script::tells;

/// The tab's own record is at most so many bytes, and so many more for each thing that happened.
const OF_THE_RECORD: usize = 4_096;
const OF_AN_INPUT: usize = 200;

/// A tab, and what it has asked for.
pub(super) struct Window {
    tab: Tab,
    /// Each tab that is loaded has a seed of its own, and so a name.
    seed: u64,
    pub(super) requests: Requests,
    /// What stands in the tab's storage.
    kept: Option<String>,
    /// The browser was asked whether this tab leads.
    is_proving: bool,
    /// The browser has given the lock to this tab.
    has_lock: bool,
    /// What the tab may not have acted on yet, and of how many inputs that is.
    waiting: Brought,
    waits: usize,
    /// So much may be kept and shown, in bytes.
    came_in: usize,
    /// So many asks may be open; what is typed is outdated before anybody waits for an answer to it.
    asks: usize,
}

impl Window {
    pub(super) fn new(seed: u64, now: Moment) -> Self {
        Self {
            tab: Tab::new(options(), seed, TabMode::Shared, now, None),
            seed,
            requests: Requests::default(),
            kept: None,
            is_proving: false,
            has_lock: false,
            waiting: Brought::default(),
            waits: 0,
            came_in: OF_THE_RECORD,
            asks: 0,
        }
    }

    /// Loads the page with this in its storage.
    pub(super) fn load(&mut self, now: Moment, kept: Option<String>) {
        let seed = self.seed + 2;
        let came_in = self.came_in + kept.as_ref().map_or(0, String::len);
        *self = Self {
            tab: Tab::new(options(), seed, TabMode::Shared, now, kept.as_deref()),
            asks: Record::of(kept.as_deref()).asks(),
            kept,
            came_in,
            ..Self::new(seed, now)
        };
        self.check_size();
    }

    pub(super) fn kept(&self) -> Option<&str> {
        self.kept.as_deref()
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        self.tab.wake_at()
    }

    /// How many inputs the tab has to act on, with the next one.
    pub(super) fn waits(&self) -> usize {
        1 + self.waits
    }

    /// What the browser says of the lock, where it was asked.
    pub(super) fn proof(&self) -> Option<TabInput> {
        self.is_proving.then_some(if self.has_lock {
            TabInput::LockVerified { has_others: true }
        } else {
            TabInput::LockLost
        })
    }

    /// Takes an input; what the tab says to the others.
    pub(super) fn handle(&mut self, now: Moment, input: TabInput) -> Vec<Secret> {
        if self.tab.leads() && matches!(input, TabInput::Join) {
            return Vec::new();
        }
        self.note(&input);
        self.tab.handle(now, input);
        let effects: Vec<TabEffect> = iter::from_fn(|| self.tab.next_effect()).collect();
        let most = self.waiting.most_effects() * self.waits;
        assert!(effects.len() <= most, "{effects:?}");
        let keeps = effects.iter().any(|it| matches!(it, TabEffect::Save(_)));
        let said = effects
            .into_iter()
            .filter_map(|it| self.perform(it))
            .collect();
        if !self.is_proving {
            self.waiting = Brought::default();
            self.waits = 0;
        }
        let wake_at = self.tab.wake_at();
        assert!(
            wake_at.is_none_or(|at| at > now.monotonic),
            "a tick in the past"
        );
        self.check_size();
        if keeps {
            self.check_again(now);
        }
        said
    }

    /// What comes in with an input.
    fn note(&mut self, input: &TabInput) {
        match input {
            TabInput::LockGranted | TabInput::LockRefused => self.has_lock = true,
            TabInput::LockLost => self.has_lock = false,
            TabInput::Engine(Input::Command(Command::Typed(_))) => {}
            TabInput::Engine(Input::Command(_)) => self.asks += 1,
            _ => {}
        }
        let is_proof = matches!(
            input,
            TabInput::LockVerified { .. } | TabInput::LockLost | TabInput::LockRefused
        );
        self.is_proving &= !is_proof;
        let brought = Brought::by_tab(input);
        self.came_in += OF_AN_INPUT + brought.bytes;
        self.waiting = self.waiting.and(brought);
        self.waits += 1;
    }

    /// Performs an effect; what is said is given back.
    fn perform(&mut self, effect: TabEffect) -> Option<Secret> {
        match effect {
            TabEffect::Save(kept) => {
                self.kept = kept.map(|kept| kept.reveal().to_owned());
                assert!(!self.kept().is_some_and(tells), "private, but kept");
            }
            TabEffect::Broadcast(said) => {
                let is_ask = said.reveal().contains(r#""is":"asks""#);
                assert!(is_ask || !tells(said.reveal()), "private, but said");
                return Some(said);
            }
            TabEffect::VerifyLock => self.is_proving = true,
            TabEffect::StealLock => assert!(!self.tab.leads(), "a leader takes its own lock"),
            TabEffect::AbortAll => self.requests = Requests::default(),
            TabEffect::Engine(effect) => self.perform_for_engine(effect),
        }
        None
    }

    fn perform_for_engine(&mut self, effect: Effect) {
        let asks_the_server = matches!(effect, Effect::Send(_) | Effect::GetSession(..));
        let may_ask = self.tab.leads() && !self.is_proving;
        assert!(
            may_ask || !asks_the_server,
            "who does not lead sends {effect:?}"
        );
        match effect {
            Effect::Save(_) => unreachable!("the tab keeps by itself"),
            Effect::GetSession(asked, _) => self.requests.get_session(asked),
            Effect::Send(request) => self.requests.send(request),
            Effect::Abort(request) => self.requests.give_up(request),
            Effect::Warn(_) => {}
        }
    }
}

/// What holds after every input.
impl Window {
    fn check_size(&self) {
        let shown = self.tab.conversation();
        check_size(&shown, self.came_in, self.kept());
        let names: BTreeSet<EntryId> = shown.transcript.iter().map(|entry| entry.id).collect();
        assert_eq!(names.len(), shown.transcript.len(), "names of entries");
        let asks = Record::of(self.kept()).asks();
        assert!(asks <= self.asks, "{asks} asks of {}", self.asks);
    }

    /// What is kept shows the same again.
    fn check_again(&self, now: Moment) {
        let again = Tab::new(options(), 1, TabMode::Shared, now, self.kept());
        let shown = self.tab.conversation();
        Record::of(self.kept()).check_again(&shown, &again.conversation());
    }
}
