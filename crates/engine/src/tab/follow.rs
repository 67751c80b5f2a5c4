//! A tab that follows: it shows what the leader says, and asks for what its visitor wants.

use pipit_wire::Secret;

use super::ask::{Ask, During};
use super::message::{Known, Message, State, To};
use super::{Role, Tab, TabEffect, TabId, TabInput};
use crate::deadline::Deadline;
use crate::{Command, Input, Moment};

/// A leader that has not answered by then is deposed. Longer than a leader acts without a proof that
/// it leads.
const ANSWER_MS: u64 = 6_000;

/// By so much tabs differ in their patience.
const SPREAD_MS: u64 = 2_000;

/// After so long without a word of the leader of a living conversation it is asked for one.
const SILENCE_MS: u64 = 45_000;

/// A leader that is there has answered by then; nobody needs to see that it was asked.
const DOUBT_MS: u64 = 1_000;

/// So long the last words of a leader may still be on their way when the lock is there already.
const LAST_WORDS_MS: u64 = 100;

/// Where what an elect tab shows is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    /// From the leader before.
    Leader,
    /// From its own storage.
    Storage,
}

/// What a following tab knows of its leader.
#[derive(Debug)]
pub(super) enum Following {
    /// It was greeted. Until it answers, its other words may be from before the greeting.
    Greeting {
        patience: Deadline,
        /// From then on what is shown may be old, on the monotonic clock, in ms.
        doubt_at: u64,
        /// What is shown may be old.
        in_doubt: bool,
        /// A conversation that this tab brings along is not given up for what the leader has said
        /// before it knows of it.
        brings: bool,
    },
    /// It has answered.
    Sure {
        /// When its silence becomes doubtful; `None` where it has no reason to speak.
        silent_at: Option<u64>,
        /// It was asked for something.
        asked: Option<Deadline>,
    },
    /// It is gone: this tab leads as soon as its last words are heard.
    Heir { patience: Deadline },
    /// They are, or there were none: this tab leads as soon as the browser proves it.
    Elect { knows: Knows, asked: Moment },
    /// It would lead, but others may know more than it has kept: they are asked.
    Canvassing { patience: Deadline },
}

impl Following {
    /// What is shown may be old, and nobody was greeted yet.
    pub(super) fn new(now: Moment) -> Self {
        Self::greeting(now, Deadline::new(now, ANSWER_MS), true)
    }

    fn greeting(now: Moment, patience: Deadline, in_doubt: bool) -> Self {
        Self::Greeting {
            patience,
            doubt_at: now.monotonic.saturating_add(DOUBT_MS),
            in_doubt,
            brings: false,
        }
    }

    pub(super) fn wake_at(&self) -> Option<u64> {
        match self {
            Self::Greeting {
                patience,
                doubt_at,
                in_doubt: false,
                ..
            } => Some(patience.wake_at().min(*doubt_at)),
            Self::Greeting { patience, .. }
            | Self::Heir { patience }
            | Self::Canvassing { patience } => Some(patience.wake_at()),
            Self::Elect { .. } => None,
            Self::Sure {
                silent_at, asked, ..
            } => {
                let asked = asked.as_ref().map(Deadline::wake_at);
                asked.into_iter().chain(*silent_at).min()
            }
        }
    }

    pub(super) fn is_in_doubt(&self) -> bool {
        match self {
            Self::Greeting { in_doubt, .. } => *in_doubt,
            Self::Elect { .. } | Self::Canvassing { .. } => true,
            Self::Sure { .. } | Self::Heir { .. } => false,
        }
    }
}

impl Tab {
    /// How long this tab waits for its leader: not all are to lose patience at once.
    fn patience(&self, now: Moment) -> Deadline {
        Deadline::new(now, ANSWER_MS + self.id.0.unsigned_abs() % SPREAD_MS)
    }

    /// Says that this tab is there, and awaits the leader's answer.
    pub(super) fn greet(&mut self, now: Moment) {
        let in_doubt = match &self.role {
            Role::Leading(_)
            | Role::Following(
                Following::Heir { .. } | Following::Elect { .. } | Following::Canvassing { .. },
            ) => return,
            Role::Following(Following::Greeting { in_doubt, .. }) => *in_doubt,
            Role::Following(Following::Sure { silent_at, .. }) => {
                silent_at.is_some_and(|at| now.monotonic >= at)
            }
        };
        let greeting = Following::greeting(now, self.patience(now), in_doubt);
        self.role = Role::Following(greeting);
        self.say(Message::Hello {
            from: self.id,
            known: None,
        });
    }

    /// Says that this tab is there, and what it knows of a conversation.
    pub(super) fn introduce(&mut self, now: Moment) {
        let known = Some(self.known()).filter(|known| known.kept.is_some());
        let mut greeting = Following::greeting(now, self.patience(now), true);
        if let Following::Greeting { brings, .. } = &mut greeting {
            *brings = known.is_some();
        }
        self.role = Role::Following(greeting);
        let from = self.id;
        self.say(Message::Hello { from, known });
    }

    /// The lock is this tab's: it leads, when all that the leader before it has said is heard.
    pub(super) fn inherit(&mut self, now: Moment) {
        match &self.role {
            Role::Following(Following::Sure { .. }) => {
                let patience = Deadline::new(now, LAST_WORDS_MS);
                self.role = Role::Following(Following::Heir { patience });
            }
            Role::Following(Following::Greeting { .. }) => self.stand(now, Knows::Storage),
            Role::Following(
                Following::Heir { .. } | Following::Elect { .. } | Following::Canvassing { .. },
            )
            | Role::Leading(_) => {}
        }
    }

    /// Has the browser prove that this tab leads.
    pub(super) fn stand(&mut self, now: Moment, knows: Knows) {
        let asked = now;
        self.role = Role::Following(Following::Elect { knows, asked });
        self.acts.push(TabEffect::Prove);
    }

    /// It leads, says the browser. What it shows from its storage may be old, if there are others.
    pub(super) fn take_over(&mut self, now: Moment, knows: Knows) {
        if knows == Knows::Leader || !self.has_others {
            self.lead(now);
            return;
        }
        let patience = Deadline::new(now, LAST_WORDS_MS);
        self.role = Role::Following(Following::Canvassing { patience });
        self.say_state(now, To::Everyone);
    }

    pub(super) fn pass_following(&mut self, now: Moment, input: TabInput) {
        match input {
            TabInput::Heard(text) => match Message::read(text.reveal()) {
                Some(Message::State(state)) => self.state_came(now, state),
                Some(Message::Beat { sure_ms }) => self.leader_spoke(now, sure_ms),
                Some(Message::Hello {
                    known: Some(known), ..
                }) => self.learn(now, known),
                Some(Message::Hello { .. } | Message::Asks(_)) | None => {}
            },
            TabInput::Engine(Input::Command(command)) => self.ask(now, command),
            TabInput::Engine(Input::Wake) => self.greet(now),
            _ => {}
        }
    }

    /// Wants something of the leader.
    pub(super) fn ask(&mut self, now: Moment, command: Command) {
        // What was forbidden, though the leader may not have heard it yet, does not leave.
        if matches!(command, Command::Typed(_)) && !self.conversation().sneak_preview.is_allowed() {
            return;
        }
        let Some(ask) = self.number(now, command) else {
            return;
        };
        let asks = self.asks.iter().cloned().chain([ask.clone()]);
        self.words.push(Message::Asks(asks.collect()));
        if !ask.is_passing() {
            self.asks.push_back(ask);
            let patience = self.patience(now);
            if let Role::Following(Following::Sure { asked, .. }) = &mut self.role {
                asked.get_or_insert(patience);
            }
        }
    }

    /// A command as one of this tab's asks; `None` when it means nothing.
    pub(super) fn number(&mut self, now: Moment, command: Command) -> Option<Ask> {
        let is_void = match &command {
            Command::Send(text) => text.trim().is_empty(),
            Command::Start(_) => During::of(&self.engine) != During::Rest,
            _ => false,
        };
        if is_void {
            return None;
        }
        self.asked += 1;
        Some(Ask {
            tab: self.id,
            number: self.asked,
            at: now.wall,
            during: During::of(&self.engine),
            command,
        })
    }

    fn state_came(&mut self, now: Moment, state: State) {
        let is_answer = state.to == To::Tab(self.id);
        let brings = matches!(
            self.role,
            Role::Following(Following::Greeting { brings: true, .. })
        );
        match state.to {
            // Who has just begun to lead may know less than this tab.
            To::Everyone if self.last_word.is_newer_than(&state.known.word) => self.introduce(now),
            To::Everyone => {
                self.show(now, state.known);
                self.role = Role::Following(Following::new(now));
                self.greet(now);
            }
            To::Tab(_) | To::Nobody if brings && !is_answer => {}
            To::Tab(_) | To::Nobody => {
                self.show(now, state.known);
                if is_answer {
                    self.answered(now, state.from);
                }
                self.leader_spoke(now, state.sure_ms);
            }
        }
    }

    /// Shows what the leader knows.
    fn show(&mut self, now: Moment, known: Known) {
        let kept = known.kept.as_ref().map(Secret::reveal);
        if self.engine.snapshot() != kept {
            self.engine.load_snapshot(now, kept);
        }
        self.trust = known.trust;
        self.last_word = known.word;
        self.heard = known.heard;
        self.asks.retain(|ask| !self.heard.knows(ask));
    }

    /// Another tab that follows knows something; it counts where this one is about to lead.
    fn learn(&mut self, now: Moment, known: Known) {
        let canvasses = matches!(self.role, Role::Following(Following::Canvassing { .. }));
        if canvasses && known.word.is_newer_than(&self.last_word) {
            self.show(now, known);
        }
    }

    /// What this tab knows.
    pub(super) fn known(&self) -> Known {
        Known {
            word: self.last_word,
            heard: self.heard.clone(),
            trust: self.trust,
            kept: self.engine.snapshot().map(Secret::new),
        }
    }

    /// The greeting is answered. What another leader may not have heard is asked again.
    fn answered(&mut self, now: Moment, leader: TabId) {
        let patience = self.patience(now);
        if let Role::Following(following @ Following::Greeting { .. }) = &mut self.role {
            *following = Following::Sure {
                silent_at: None,
                asked: Some(patience),
            };
        }
        if self.leader.replace(leader) != Some(leader) && !self.asks.is_empty() {
            let asks = self.asks.iter().cloned().collect();
            self.words.push(Message::Asks(asks));
        }
    }

    /// The leader is there; the server counts as reached for so long, in ms.
    fn leader_spoke(&mut self, now: Moment, sure_ms: Option<u64>) {
        let is_live = self.engine.engagement().is_some();
        let has_asks = !self.asks.is_empty();
        if let Role::Following(Following::Sure {
            silent_at, asked, ..
        }) = &mut self.role
        {
            let for_ms = sure_ms.unwrap_or(SILENCE_MS).min(SILENCE_MS);
            *silent_at = is_live.then(|| now.monotonic.saturating_add(for_ms));
            if !has_asks {
                *asked = None;
            }
        }
    }

    /// Asked behind every input, not only a tick: one that comes before an overdue timer would leave
    /// the tab wanting to be woken in the past.
    pub(super) fn lose_patience(&mut self, now: Moment) {
        let again = self.patience(now);
        let Role::Following(following) = &mut self.role else {
            return;
        };
        if let Following::Greeting {
            doubt_at, in_doubt, ..
        } = following
        {
            *in_doubt |= now.monotonic >= *doubt_at;
        }
        let patience = match following {
            Following::Greeting { patience, .. }
            | Following::Heir { patience }
            | Following::Canvassing { patience } => Some(patience),
            Following::Sure { asked, .. } => asked.as_mut(),
            Following::Elect { .. } => None,
        };
        let is_over = patience.is_some_and(|patience| patience.has_expired(now));
        match following {
            Following::Heir { .. } if is_over => self.stand(now, Knows::Leader),
            Following::Canvassing { .. } if is_over => self.lead(now),
            Following::Greeting { patience, .. } if is_over => {
                *patience = again;
                self.acts.push(TabEffect::Steal);
            }
            Following::Sure {
                asked, silent_at, ..
            } if is_over => {
                *asked = Some(again);
                *silent_at = silent_at.map(|_| now.monotonic.saturating_add(SILENCE_MS));
                self.acts.push(TabEffect::Steal);
            }
            Following::Sure {
                silent_at: Some(at),
                ..
            } if now.monotonic >= *at => self.greet(now),
            Following::Greeting { .. }
            | Following::Sure { .. }
            | Following::Heir { .. }
            | Following::Elect { .. }
            | Following::Canvassing { .. } => {}
        }
    }
}
