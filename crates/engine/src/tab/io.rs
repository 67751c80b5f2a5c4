//! The inputs that a tab takes, and the effects that its driver performs.

use std::rc::Rc;

use pipit_wire::Secret;

use crate::{Effect, Input};

/// Something that happened to a tab.
#[derive(Clone, Debug)]
pub enum TabInput {
    /// The page was loaded, or has come back from the back/forward cache.
    Join,
    /// The browser has granted the tab lock to this tab.
    LockGranted,
    /// The browser refuses the tab lock: this tab works alone.
    LockRefused,
    /// The tab lock is lost: another tab has stolen it, or this tab has released it.
    LockLost,
    /// The browser confirms that this tab holds the lock; the answer to [`TabEffect::VerifyLock`].
    LockVerified {
        /// Whether other tabs wait for the lock.
        has_others: bool,
    },
    /// A message of another tab: the text of its [`TabEffect::Broadcast`].
    Message(Secret),
    /// The composer now contains this text.
    Draft(String),
    /// The visitor or the host has opened or closed the panel.
    ShowPanel(bool),
    /// An input for the engine, whichever tab runs it.
    Engine(Input),
}

/// Something that the driver of a tab must do.
#[derive(Clone, Debug, PartialEq)]
pub enum TabEffect {
    /// Store this text for [`Tab::new`](super::Tab::new) in place of the previous one, before any
    /// later effect is performed; with `None`, remove it. It contains the session id.
    Save(Option<Secret>),
    /// Store this draft for [`Tab::new`](super::Tab::new) in place of the previous one; remove it if it
    /// is empty. A draft that is not empty may be stored a little later, but never after a later
    /// [`Self::Save`].
    SaveDraft(Rc<str>),
    /// Send this text to all other tabs of the site. It contains the session id.
    Broadcast(Secret),
    /// Ask the browser whether this tab still holds the lock. The answer is
    /// [`TabInput::LockVerified`] or [`TabInput::LockLost`].
    VerifyLock,
    /// Take the lock from a tab that does not answer. The answer is [`TabInput::LockGranted`].
    StealLock,
    /// An effect of the engine, never its [`Effect::Save`].
    Engine(Effect),
    /// Abort every request; none of them is answered.
    AbortAll,
}

/// Whether a tab can work together with other tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabMode {
    /// The browser has locks and a channel between tabs.
    Shared,
    /// The browser lacks one of them: each tab works alone and knows of no other.
    Alone,
}
