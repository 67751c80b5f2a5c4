//! Forgets the conversation, and ties it to a visitor. See `crates/engine/src/tab/forget.rs`: a number that all tabs of the
//! site share, the *marker*, rises with each forgetting.

use std::rc::Rc;

use pipit_engine::{ForgetMarker, TabInput};
use pipit_wire::Secret;

use super::Runtime;
use super::visitor::VisitorName;

impl Runtime {
    /// Forgets the visitor. If the page's TypeScript has removed what was stored, `records` are the texts that it has
    /// removed; otherwise this function removes it. `wanted` is the marker with which the other tabs of the site, or the
    /// TypeScript, have forgotten; `None` if it is not known. Does nothing if this tab has already forgotten with it.
    pub(crate) fn forget(
        self: &Rc<Self>,
        wanted: Option<ForgetMarker>,
        records: Option<Vec<Secret>>,
    ) {
        let known = self.tab.borrow().forget_marker();
        if wanted.is_some_and(|wanted| wanted <= known) && records.is_none() {
            return;
        }
        let records = records.unwrap_or_else(|| self.storage.forget(wanted));
        let stored = self.storage.marker();
        // If the browser stores no marker, the message to the other tabs has one.
        let next = ForgetMarker(known.0.saturating_add(1));
        self.handle(TabInput::Forget(stored.max(wanted.unwrap_or(next))));
        self.conclude_records(records);
    }

    /// The marker of the latest forgetting. It has risen if the visitor of an earlier call was forgotten since, in whichever
    /// tab.
    pub(crate) fn marker(&self) -> ForgetMarker {
        let known = self.tab.borrow().forget_marker();
        known.max(self.storage.marker())
    }

    /// Changes the visitor whose conversation this is. If it is another visitor than before, forgets the conversation of
    /// the visitor before.
    pub(crate) fn set_visitor(self: &Rc<Self>, visitor: Option<VisitorName>) {
        if self.storage.is_visitor(visitor.as_ref()) {
            return;
        }
        // This tab tells the tabs that share its conversation while it still shares their channel.
        self.forget(None, None);
        self.handle(TabInput::Leave { is_frozen: false });
        drop(self.lock.take());
        self.storage.set_visitor(visitor);
        let records = self.storage.remove_others();
        self.conclude_records(records);
        self.join();
    }

    /// Forgets the conversation if another page has raised the marker, and writes the marker again if it was removed.
    /// Called before each input, so that nothing of a forgotten conversation is sent, shown or stored.
    pub(super) fn check_marker(self: &Rc<Self>) {
        let marker = self.storage.marker();
        let known = self.tab.borrow().forget_marker();
        if marker > known {
            self.hand_over(TabInput::Forget(marker));
        } else if marker < known {
            self.storage.repair_marker(known);
        }
    }

    /// Ends the engagements (the chats at the server) of records that were removed from the storage.
    pub(super) fn conclude_records(self: &Rc<Self>, records: Vec<Secret>) {
        for record in records {
            self.handle(TabInput::ConcludeRecord(record));
        }
    }
}
