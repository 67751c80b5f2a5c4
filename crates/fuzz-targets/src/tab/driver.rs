//! Drives the engine's `Tab` as a web page does: passes inputs to it, performs its effects and stores what it saves.
//! Checks after each input what the tab promises. The fuzz target `tab` has two tabs, each with a driver.
//!
//! The *lock* is the browser lock that makes a tab the *leader*. Only the leader sends requests to the server; the other
//! tab forwards its commands to the leader. A tab that is refused the channel (over which the tabs exchange messages)
//! leads without the lock.

use std::collections::BTreeSet;
use std::iter;

use pipit_engine::{
    Command, Effect, EntryId, Input, Moment, PageId, Tab, TabEffect, TabInput, TabMode,
};
use pipit_wire::Secret;
use pipit_wire::consumer::Operation;

use super::reload::TabRecord;
use crate::engine_driver::options;
use crate::limits::{InputSize, check_size};
use crate::open_requests::OpenRequests;
use crate::script::contains_private_answer;

/// The number of bytes that a tab may store about itself, such as the commands that it has forwarded.
const RECORD_BYTES: usize = 4_096;
/// The number of bytes that a tab may store about itself in addition for each input.
const RECORD_BYTES_PER_INPUT: usize = 200;

/// The id of the page in every load. It is always the same, so no record that a tab has stored comes from another page.
const PAGE: PageId = PageId(0);

/// A tab with its open requests and its storage.
pub(super) struct TabDriver {
    tab: Tab,
    /// The seed of the tab's random numbers. Each load of the page has another seed, and therefore another tab id.
    seed: u64,
    /// The open requests of the tab's engine.
    pub(super) requests: OpenRequests,
    /// The text that the tab has stored for a reload. `None` if it has stored none.
    stored: Option<String>,
    /// The draft that the tab has stored for a reload. Empty if it has stored none.
    stored_draft: String,
    /// Whether the tab has asked the browser whether the tab still holds the lock, and waits for the answer.
    is_verifying: bool,
    /// Whether the tab holds the lock, or needs none because it shares nothing, according to the inputs so far.
    has_lock: bool,
    /// The size of the inputs that the tab may not have processed yet, because it waits for the answer about the lock.
    pending_size: InputSize,
    /// The number of inputs that the tab may not have processed yet.
    pending_inputs: usize,
    /// The size of all inputs so far, plus the size of what the tab may store about itself, in bytes. The sum limits
    /// what is shown and stored.
    input_bytes: usize,
    /// The maximum number of forwarded commands that the tab may have stored. Text that the visitor types does not
    /// count, because the tab does not store it as a command.
    max_forwarded_commands: usize,
}

impl TabDriver {
    /// Creates a tab with an empty storage.
    pub(super) fn new(seed: u64, now: Moment) -> Self {
        Self {
            tab: Tab::new(options(), seed, TabMode::Shared, PAGE, now, None, None),
            seed,
            requests: OpenRequests::default(),
            stored: None,
            stored_draft: String::new(),
            is_verifying: false,
            has_lock: false,
            pending_size: InputSize::default(),
            pending_inputs: 0,
            input_bytes: RECORD_BYTES,
            max_forwarded_commands: 0,
        }
    }

    /// Loads the page with this text and no draft in its storage.
    pub(super) fn load(&mut self, now: Moment, stored: Option<String>) {
        self.load_with_draft(now, stored, String::new());
    }

    /// Reloads the page with what it has stored.
    pub(super) fn reload(&mut self, now: Moment) {
        self.load_with_draft(now, self.stored.clone(), self.stored_draft.clone());
    }

    fn load_with_draft(&mut self, now: Moment, stored: Option<String>, stored_draft: String) {
        // Any small number would do instead of 2: the first seeds of the two tabs, in `tab.rs`, are so far apart that the
        // tabs never have the same seed.
        let seed = self.seed + 2;
        let input_bytes = self.input_bytes + stored.as_ref().map_or(0, String::len);
        *self = Self {
            tab: load_tab(seed, now, stored.as_deref(), &stored_draft),
            stored_draft,
            max_forwarded_commands: TabRecord::parse(stored.as_deref()).forwarded_commands(),
            stored,
            input_bytes,
            ..Self::new(seed, now)
        };
        self.check_size();
    }

    pub(super) fn stored(&self) -> Option<&str> {
        self.stored.as_deref()
    }

    /// The time of the next tick that the tab has requested, in ms on the monotonic clock. `None` if it has requested
    /// none.
    pub(super) fn wake_at(&self) -> Option<u64> {
        self.tab.wake_at()
    }

    /// The number of inputs that the tab may process together if it gets one more input.
    pub(super) fn pending_with_next(&self) -> usize {
        1 + self.pending_inputs
    }

    /// The browser's answer to the question whether the tab holds the lock. `None` if the tab has not asked. If
    /// the tab holds the lock, the answer also says that another tab waits for it, because there are two tabs.
    pub(super) fn lock_verification(&self) -> Option<TabInput> {
        self.is_verifying.then_some(if self.has_lock {
            TabInput::LockVerified { has_others: true }
        } else {
            TabInput::LockLost
        })
    }

    /// Passes an input to the tab, performs the effects, and checks what must hold afterwards. Returns the messages for
    /// the other tab. Ignores the input `Join` if the tab is the leader, because a page never sends it then.
    pub(super) fn handle(&mut self, now: Moment, input: TabInput) -> Vec<Secret> {
        if self.tab.leads() && matches!(input, TabInput::Join) {
            return Vec::new();
        }
        self.count_input(&input);
        self.tab.handle(now, input);
        let effects: Vec<TabEffect> = iter::from_fn(|| self.tab.next_effect()).collect();
        let max_effects = self.pending_size.max_effects() * self.pending_inputs;
        assert!(effects.len() <= max_effects, "{effects:?}");
        let has_saved = effects
            .iter()
            .any(|effect| matches!(effect, TabEffect::Save(_) | TabEffect::SaveDraft(_)));
        let messages = effects
            .into_iter()
            .filter_map(|effect| self.perform(effect))
            .collect();
        if !self.is_verifying {
            self.pending_size = InputSize::default();
            self.pending_inputs = 0;
        }
        let wake_at = self.tab.wake_at();
        assert!(
            wake_at.is_none_or(|at| at > now.monotonic),
            "a tick in the past"
        );
        self.check_size();
        if has_saved {
            self.check_reload(now);
        }
        messages
    }

    /// Updates the limits and the state of the lock before the tab gets an input.
    fn count_input(&mut self, input: &TabInput) {
        match input {
            // A tab that is refused the channel shares nothing with other tabs. It leads without the lock.
            TabInput::LockGranted | TabInput::ChannelRefused => self.has_lock = true,
            TabInput::LockLost => self.has_lock = false,
            TabInput::Engine(Input::Command(Command::Typed(_))) => {}
            TabInput::Engine(Input::Command(_)) => self.max_forwarded_commands += 1,
            _ => {}
        }
        let ends_verification = matches!(
            input,
            TabInput::LockVerified { .. } | TabInput::LockLost | TabInput::ChannelRefused
        );
        self.is_verifying &= !ends_verification;
        let size = InputSize::of_tab_input(input);
        self.input_bytes += RECORD_BYTES_PER_INPUT + size.bytes;
        self.pending_size = self.pending_size.plus(size);
        self.pending_inputs += 1;
    }

    /// Performs an effect. Returns the message if the effect is a broadcast, and `None` otherwise.
    fn perform(&mut self, effect: TabEffect) -> Option<Secret> {
        match effect {
            TabEffect::Save(stored) => {
                self.stored = stored.map(|record| record.text().reveal().to_owned());
                assert!(
                    !self.stored().is_some_and(contains_private_answer),
                    "private, but stored"
                );
            }
            TabEffect::SaveDraft(draft) => {
                self.stored_draft = draft.to_string();
                assert!(!contains_private_answer(&draft), "private, but stored");
            }
            TabEffect::Broadcast(message) => {
                // `"is":"asks"` marks a message with forwarded commands. Only the forwarded start of a conversation may
                // contain the answers to the form.
                let is_forwarded = message.reveal().contains(r#""is":"asks""#);
                assert!(
                    is_forwarded || !contains_private_answer(message.reveal()),
                    "private, but broadcast"
                );
                return Some(message);
            }
            TabEffect::VerifyLock => self.is_verifying = true,
            // Only a tab in `TabMode::Claimed` has this effect. These tabs begin in `TabMode::Shared`, and no step of a
            // script refuses them the lock.
            TabEffect::VerifyChannel => unreachable!("a question of tabs without a lock"),
            TabEffect::StealLock => assert!(!self.tab.leads(), "a leader steals its own lock"),
            TabEffect::AbortAllExcept(awaited) => self.requests.abort_all_except(&awaited),
            TabEffect::Engine(effect) => self.perform_for_engine(effect),
        }
        None
    }

    /// Performs an effect of the tab's engine. Checks that only a leader whose lock is not in doubt sends requests. Any tab
    /// concludes the engagement of a start that it has left.
    fn perform_for_engine(&mut self, effect: Effect) {
        let needs_lead = match &effect {
            Effect::Send(request) => request.operation != Operation::ConcludeEngagement,
            Effect::GetSession(..) => true,
            Effect::Save | Effect::Abort(_) | Effect::Warn(_) => false,
        };
        let may_lead = self.tab.leads() && !self.is_verifying;
        assert!(
            may_lead || !needs_lead,
            "a tab that does not lead sends {effect:?}"
        );
        match effect {
            Effect::Save => unreachable!("the tab saves for its engine"),
            Effect::GetSession(request, _) => self.requests.add_session_request(request),
            Effect::Send(request) => self.requests.add(request),
            Effect::Abort(request) => self.requests.abort(request),
            Effect::Warn(_) => {}
        }
    }
}

/// The checks after every input.
impl TabDriver {
    /// Checks the limits on what is shown and stored, and that no two entries have the same id.
    fn check_size(&self) {
        let shown = self.tab.view().conversation;
        check_size(&shown, self.input_bytes, self.stored());
        let ids: BTreeSet<EntryId> = shown.transcript.iter().map(|entry| entry.id).collect();
        assert_eq!(ids.len(), shown.transcript.len(), "ids of entries");
        let forwarded = TabRecord::parse(self.stored()).forwarded_commands();
        assert!(
            forwarded <= self.max_forwarded_commands,
            "{forwarded} forwarded commands of {}",
            self.max_forwarded_commands
        );
    }

    /// Checks that a tab which is loaded with the stored text shows the same as this tab.
    fn check_reload(&self, now: Moment) {
        // The seed is arbitrary: it does not change what the tab shows.
        let reloaded = load_tab(1, now, self.stored(), &self.stored_draft);
        TabRecord::parse(self.stored()).check_reload(&self.tab.view(), &reloaded.view());
    }
}

/// Creates a tab with this text and this draft in its storage. An empty draft means that none is stored.
fn load_tab(seed: u64, now: Moment, stored: Option<&str>, draft: &str) -> Tab {
    let draft = Some(draft).filter(|draft| !draft.is_empty());
    Tab::new(options(), seed, TabMode::Shared, PAGE, now, stored, draft)
}
