//! The inputs, the effects and the mode of a [`Tab`](super::Tab) (one browser tab that shows the chat). If the browser
//! permits it ([`TabMode::Shared`]), all tabs of a site share one conversation. One tab leads: it holds the *tab lock*,
//! a lock of the browser (Web Locks API), and only its engine (the state machine of the conversation) talks to the chat
//! server. Messages between the tabs go over a *channel* of the browser. The *driver* is the code that runs a tab:
//! `src/runtime` in the widget; in tests, a simulated browser.

use std::rc::Rc;

use pipit_wire::Secret;

use super::marker::ForgetMarker;
use crate::{Effect, Input, RequestId, SavedRecord};

/// Something that has happened, which the driver hands to the tab.
#[derive(Clone, Debug)]
pub enum TabInput {
    /// This tab joins the tabs of its site: its page has loaded, or runs again after it was suspended.
    Join,
    /// The browser has granted the tab lock to this tab, which will lead.
    LockGranted,
    /// The browser refuses the request for the tab lock, does not answer it, or does not report which tab holds the lock.
    /// From now on this tab works as in [`TabMode::Claimed`].
    LockRefused,
    /// The browser refuses the channel between the tabs. From now on this tab works as in [`TabMode::Alone`].
    ChannelRefused,
    /// This tab does not hold the tab lock any more, usually because another tab has stolen it.
    LockLost,
    /// The page stops running: it is unloaded or suspended, or the chat is taken off the page. The driver then releases
    /// the tab lock and closes the channel. If the page runs again, the driver hands over [`Self::Reread`] and
    /// [`Self::Join`].
    Leave {
        /// Whether the page is only frozen. The visitor can copy a tab while its page is frozen. The copy may then act
        /// before this page runs again or is loaded again.
        is_frozen: bool,
    },
    /// The page runs again, and this record is in its storage. Another page of the same browser tab may have written
    /// the record meanwhile.
    Reread(Option<Secret>),
    /// The visitor wants to continue the conversation in this tab, although it may go on in another tab
    /// ([`TabView::is_elsewhere`](super::TabView::is_elsewhere)).
    TakeOver,
    /// The browser confirms that this tab holds the lock. This answers [`TabEffect::VerifyLock`].
    LockVerified {
        /// Whether other tabs wait for the lock.
        has_others: bool,
    },
    /// The message that this tab has sent to itself has arrived. This answers [`TabEffect::VerifyChannel`].
    ChannelVerified,
    /// The text of another tab's [`TabEffect::Broadcast`].
    Message(Secret),
    /// The visitor has typed, and the composer (the field in which the visitor types) now contains this text. Agents may
    /// see the text in the sneak preview.
    Draft(String),
    /// The host (the web team's code on the page) or another script has put this text into the composer. Agents do not
    /// see the text before the visitor types or sends it.
    ReplaceDraft(String),
    /// The visitor, or the page that embeds the chat, has opened or closed the panel (the dialog with the chat).
    ShowPanel(bool),
    /// This is the marker of the latest forgetting in this browser. If it is higher than the marker that this tab knows,
    /// the tab forgets its conversation. The driver hands over the current marker before every other input, and at once
    /// when another page has changed it.
    Forget(ForgetMarker),
    /// Other code of this page has removed this record from the storage before this tab was created, because the
    /// conversation is forgotten. The tab ends the record's engagement (the chat at the server).
    ConcludeRecord(Secret),
    /// An input for the engine. A tab that does not lead forwards commands to the leader's engine.
    Engine(Input),
}

/// Something that the driver of a tab must do.
#[derive(Clone, Debug, PartialEq)]
pub enum TabEffect {
    /// Store this record in place of the previous one; with `None`, remove the previous one. The driver does so before
    /// it performs the next effect. [`crate::RecordWriter`] does it in such an order that a crash leaves one of the two
    /// records. After a reload the driver hands the text of the record to [`Tab::new`](super::Tab::new). The record
    /// contains the conversation with its session id, the state of the panel, and the commands that no leader has
    /// acknowledged.
    Save(Option<Rc<SavedRecord>>),
    /// Store this draft (the text in the composer) in place of the previous one; if the draft is empty, remove the
    /// previous one. After a reload the driver hands the draft to [`Tab::new`](super::Tab::new). The driver may delay
    /// the write of a draft that is not empty, but it performs the delayed write before the next [`Self::Save`]. The
    /// reason is that a text can move from the record to the draft. If the driver stored the record first and then
    /// crashed, the text would be in neither.
    SaveDraft(Rc<str>),
    /// Send this text to all other tabs of the site. It may contain the session id.
    Broadcast(Secret),
    /// Ask the browser whether this tab still holds the lock. The answer is
    /// [`TabInput::LockVerified`] or [`TabInput::LockLost`].
    VerifyLock,
    /// Send a message over the channel to this tab itself. It arrives after every message that other tabs have sent
    /// earlier. Its arrival is [`TabInput::ChannelVerified`].
    VerifyChannel,
    /// Take the lock from the leader, which has not answered in time. The answer is
    /// [`TabInput::LockGranted`], or [`TabInput::LockRefused`] if the browser refuses.
    StealLock,
    /// An effect of the engine other than [`Effect::Save`], which the tab replaces with [`Self::Save`].
    Engine(Effect),
    /// Abort every open request except these. The driver does not pass the answers of aborted requests to the tab.
    AbortAllExcept(Vec<RequestId>),
}

/// With which other tabs a tab shares its conversation, and how they agree which of them leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TabMode {
    /// The browser has locks and a channel between tabs. All tabs of the site share one conversation.
    Shared,
    /// The browser has the channel, and no locks that can be used. Each tab has a conversation of its own, which it
    /// shares only with its copies: the browser can copy a tab with everything that it has stored (*Duplicate tab*).
    /// The copies agree over the channel which of them holds the *claim*. Only that tab talks to the chat server.
    Claimed,
    /// The browser has no channel. Each tab has a conversation of its own. A copy of a tab cannot ask the original
    /// whether the original still runs. Unless the stored record says that it does not, the copy does nothing until
    /// [`TabInput::TakeOver`].
    Alone,
}
