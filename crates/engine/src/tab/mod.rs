//! One tab among others of the same site: of all that show a conversation, one *leads*.
//!
//! ```text
//!   TabInput ──► Tab::handle ──► Tab::conversation   what this tab draws
//!      ▲                    └──► Tab::next_effect    what its driver performs
//!      │                              │
//!      └───── the others' news ◄──────┘ Say: to all other tabs
//! ```
//!
//! The tab that holds the browser's lock leads: its [`Engine`] alone polls and posts. The others
//! *follow*: they show what the leader says, each with a draft and a panel of its own, and ask the
//! leader for what their visitor wants. An ask has a number, and the leader says which it has heard
//! together with what came of them; so a new leader knows what is still to be done, and nothing is
//! done twice.
//!
//! The leader says what it keeps before it sends anything: whoever takes over knows what was on its
//! way, and shows it as *unknown*. A leader that answers nobody is deposed: its lock is taken. It may
//! only have been frozen, so a leader that has not run for a while has the browser prove that it still
//! leads before it does anything at all.

mod ask;
mod follow;
mod lead;
mod message;
mod record;
mod word;

use std::collections::VecDeque;
use std::rc::Rc;

use pipit_wire::Secret;

use crate::conversation::{Connection, Conversation, Phase};
use crate::kept::Trust;
use crate::transcript::{Content, Delivery, Entry, EntryId};
use crate::{Command, Effect, Engine, Input, Moment, Options};

use ask::{Ask, Heard};
use follow::Following;
use lead::Leading;
use message::Message;
use word::Word;

/// Something that happened to a tab.
#[derive(Clone, Debug)]
pub enum TabInput {
    /// The tab is there: loaded, or back from the back/forward cache.
    Join,
    /// The browser has given the lock to this tab.
    Lead,
    /// The browser refuses the lock: this tab is alone.
    Alone,
    /// The lock is lost: another tab has taken it, or this one has given it back.
    Deposed,
    /// The browser says that this tab still holds the lock; the answer to [`TabEffect::Prove`].
    Proven {
        /// Whether other tabs wait for it.
        has_others: bool,
    },
    /// Another tab has said this.
    Heard(Secret),
    /// The composer holds this text now.
    Draft(String),
    /// The panel is open, or not.
    ShowPanel(bool),
    /// Something for the engine, wherever it runs.
    Engine(Input),
}

/// Something that the driver of a tab must do.
#[derive(Clone, Debug, PartialEq)]
pub enum TabEffect {
    /// Keep this for [`Tab::new`] in place of what was kept before, and before the effects behind
    /// it are performed; `None` when nothing is worth keeping. Holds the session id.
    Keep(Option<Secret>),
    /// Say this to all other tabs of the site. Holds the session id.
    Say(Secret),
    /// Ask the browser whether this tab still holds the lock; answered by [`TabInput::Proven`] or
    /// [`TabInput::Deposed`].
    Prove,
    /// Take the lock from a tab that answers nobody; answered by [`TabInput::Lead`].
    Steal,
    /// What the engine wants; never its [`Effect::Save`].
    Engine(Effect),
    /// Give up every request; none is answered.
    AbortAll,
}

/// Whether a tab has others beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Company {
    /// The browser has locks and a channel between tabs.
    Tabs,
    /// It has not: each tab is alone, and knows of no other.
    Alone,
}

/// Names a tab for as long as it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TabId(i64);

/// One tab. See the [module's text](self).
#[derive(Debug)]
pub struct Tab {
    id: TabId,
    company: Company,
    /// Whether somebody may listen: another tab waits for the lock, or was heard since.
    has_others: bool,
    role: Role,
    /// Whose word was last an answer to this tab.
    leader: Option<TabId>,
    /// Runs while this tab leads; otherwise it shows what the leader says, and does nothing.
    engine: Engine,
    /// What stands in the composer.
    draft: Rc<str>,
    is_open: bool,
    /// What this tab wants and no leader has heard.
    asks: VecDeque<Ask>,
    /// How many asks there have been.
    asked: i64,
    heard: Heard,
    /// The last word of a leader that this tab knows.
    last_word: Word,
    /// When this tab last ran.
    ran: Moment,
    /// Whether what is shown is the last word: a page that had others beside it may have kept less.
    trust: Trust,
    /// What is to be said to the others.
    words: Vec<Message>,
    /// What is to be done when all is kept and said.
    acts: Vec<TabEffect>,
    effects: VecDeque<TabEffect>,
    /// What the driver was last told to keep.
    kept: Option<Secret>,
}

#[derive(Debug)]
enum Role {
    Leading(Leading),
    Following(Following),
}

impl Tab {
    /// A tab that shows what was kept, until it joins. `seed` names it among the others and feeds
    /// the jitter of its engine.
    pub fn new(
        options: Options,
        seed: u64,
        company: Company,
        now: Moment,
        kept: Option<&str>,
    ) -> Self {
        let mut tab = Self {
            engine: Engine::new(options, seed),
            id: TabId((seed >> 1).cast_signed()),
            company,
            has_others: false,
            leader: None,
            role: Role::Following(Following::new(now)),
            draft: "".into(),
            is_open: false,
            asks: VecDeque::new(),
            asked: 0,
            heard: Heard::default(),
            last_word: Word::default(),
            ran: now,
            trust: Trust::Fresh,
            words: Vec::new(),
            acts: Vec::new(),
            effects: VecDeque::new(),
            kept: kept.map(Secret::new),
        };
        if let Some(kept) = kept {
            tab.read(now, kept);
        }
        tab
    }

    /// Takes one input; after it drain [`Self::next_effect`] and set one timer for
    /// [`Self::wake_at`], as with an [`Engine`].
    pub fn handle(&mut self, now: Moment, input: TabInput) {
        self.last_word.age(self.ran, now);
        self.ran = now;
        match input {
            TabInput::Join => self.join(now),
            TabInput::Lead => self.inherit(now),
            TabInput::Alone => {
                self.company = Company::Alone;
                self.lead(now);
            }
            TabInput::Deposed => self.step_down(now),
            TabInput::Proven { has_others } => {
                self.has_others = has_others;
                self.proven(now);
            }
            TabInput::ShowPanel(is_open) => self.is_open = is_open,
            TabInput::Draft(text) => {
                self.draft = text.as_str().into();
                self.pass(now, TabInput::Engine(Input::Command(Command::Typed(text))));
            }
            input @ (TabInput::Heard(_) | TabInput::Engine(_)) => {
                if let TabInput::Engine(Input::Command(Command::Send(_))) = input {
                    self.draft = "".into();
                }
                self.pass(now, input);
            }
        }
        self.lose_patience(now);
        self.tell(now);
    }

    /// The next effect to perform; `None` when there is none left.
    pub fn next_effect(&mut self) -> Option<TabEffect> {
        self.effects.pop_front()
    }

    /// When the tab wants an [`Input::Tick`], on the monotonic clock, in ms.
    pub fn wake_at(&self) -> Option<u64> {
        match &self.role {
            Role::Leading(leading) => leading.wake_at(&self.engine),
            Role::Following(following) => following.wake_at(),
        }
    }

    /// What to draw: the leader's conversation, with what this tab has asked for and no leader has
    /// heard yet.
    pub fn conversation(&self) -> Conversation {
        let mut conversation = self.engine.conversation().clone();
        conversation.draft = self.draft.clone();
        conversation.is_open = self.is_open;
        if let Role::Following(following) = &self.role
            && following.is_in_doubt()
        {
            conversation.connection = Connection::Asking;
        }
        for (index, ask) in (0..).zip(&self.asks) {
            if ask.begins() && !conversation.phase.is_live() {
                if matches!(conversation.phase, Phase::Concluded(_)) {
                    conversation.transcript.clear();
                }
                conversation.phase = Phase::Starting;
            }
            if let Command::AllowSneakPreview(is_allowed) = ask.command {
                conversation.sneak_preview.allow(is_allowed);
            }
            if let Command::Send(text) = &ask.command {
                conversation.transcript.push(Rc::new(Entry {
                    id: EntryId(u64::MAX - index),
                    at: ask.at,
                    sequence: None,
                    content: Content::Visitor {
                        text: text.trim().into(),
                        delivery: Delivery::Queued,
                    },
                }));
            }
        }
        conversation
    }

    /// Whether this tab leads.
    pub fn leads(&self) -> bool {
        matches!(self.role, Role::Leading(_))
    }

    /// Whether another tab could lead in place of this one.
    pub fn has_others(&self) -> bool {
        self.has_others
    }

    /// Whether this tab follows, and awaits nothing of its leader.
    pub fn is_settled(&self) -> bool {
        let is_sure = matches!(self.role, Role::Following(Following::Sure { .. }));
        is_sure && self.asks.is_empty()
    }

    fn join(&mut self, now: Moment) {
        match self.company {
            Company::Alone => self.lead(now),
            Company::Tabs => self.introduce(now),
        }
    }

    /// Hands an input to the part that this tab plays.
    fn pass(&mut self, now: Moment, input: TabInput) {
        self.has_others |= matches!(input, TabInput::Heard(_));
        match self.role {
            Role::Leading(_) => self.pass_leading(now, input),
            Role::Following(_) => self.pass_following(now, input),
        }
    }

    /// What has changed is said and kept before it is done. A leader says first, so that what it
    /// keeps is nothing that the next leader does not know; who follows keeps first, for what it
    /// asks is nobody else's yet.
    fn tell(&mut self, now: Moment) {
        let mut is_news = false;
        while let Some(effect) = self.engine.next_effect() {
            match effect {
                Effect::Save(_) => is_news = true,
                effect => self.acts.push(TabEffect::Engine(effect)),
            }
        }
        if self.leads() {
            self.speak(now, is_news);
            self.say_all();
            self.keep();
        } else {
            self.keep();
            self.say_all();
        }
        self.effects.extend(self.acts.drain(..));
    }

    fn say(&mut self, message: Message) {
        self.words.push(message);
    }

    fn say_all(&mut self) {
        for message in std::mem::take(&mut self.words) {
            if self.company == Company::Tabs {
                self.effects.push_back(TabEffect::Say(message.write()));
            }
        }
    }
}
