//! The forwarded commands that the leading tab has applied. Following tabs repeat a command until the
//! leader acknowledges it, so the leader needs this list to apply no command twice.

use std::collections::BTreeMap;

use pipit_wire::{Value, WireValue};

use super::forwarded::ForwardedCommand;
use super::id::TabId;
use crate::stored::stored_object;

/// At most this many tabs are remembered. The tabs with the oldest acknowledgements are forgotten.
const MAX_TABS: usize = 32;

/// The number of the last command of each tab that a leader has applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AckedCommands {
    last: BTreeMap<TabId, i64>,
    /// The tab with the newest acknowledgement is the last.
    order: Vec<TabId>,
}

impl AckedCommands {
    /// Whether a leader has applied this command.
    pub(super) fn contains(&self, command: &ForwardedCommand) -> bool {
        self.last
            .get(&command.tab)
            .is_some_and(|last| command.number <= *last)
    }

    /// Notes that a leader has applied the command with this number.
    pub(super) fn insert(&mut self, tab: TabId, number: i64) {
        self.last.insert(tab, number);
        self.order.retain(|it| *it != tab);
        self.order.push(tab);
        if self.order.len() > MAX_TABS {
            let oldest = self.order.remove(0);
            self.last.remove(&oldest);
        }
    }
}

/// The number of the last command of one tab.
struct AckedCommand {
    tab: TabId,
    number: i64,
}

stored_object! {
    AckedCommand {
        tab: required "tab",
        number: required "number",
    }
}

/// A list in the order of the acknowledgements.
impl WireValue for AckedCommands {
    fn read(value: &Value) -> Option<Self> {
        let mut acked = Self::default();
        for AckedCommand { tab, number } in Vec::read(value)? {
            acked.insert(tab, number);
        }
        Some(acked)
    }

    fn write(&self) -> Value {
        let commands = self.order.iter().map(|tab| AckedCommand {
            tab: *tab,
            number: self.last.get(tab).copied().unwrap_or(0),
        });
        commands.collect::<Vec<_>>().write()
    }
}
