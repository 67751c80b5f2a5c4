//! The forwarded commands that the leading tab has applied. Following tabs repeat a command until the
//! leader acknowledges it, so the leader needs this list to apply no command twice.

use std::collections::BTreeMap;

use pipit_wire::{Value, WireValue};

use super::forwarded::ForwardedCommand;
use super::id::TabId;
use crate::stored::stored_object;

/// At most this many tabs are remembered. The tabs with the oldest acknowledgements are forgotten.
const MAX_TABS: usize = 32;

/// For each tab, the highest number of a command that a leader has applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AckedCommands {
    highest: BTreeMap<TabId, i64>,
    /// The tabs in the order of their most recent acknowledgements, oldest first.
    order: Vec<TabId>,
}

impl AckedCommands {
    /// Whether a leader has applied this command.
    pub(super) fn contains(&self, command: &ForwardedCommand) -> bool {
        self.highest
            .get(&command.tab)
            .is_some_and(|highest| command.number <= *highest)
    }

    /// Notes that a leader has applied the command with this number.
    pub(super) fn insert(&mut self, tab: TabId, number: i64) {
        self.highest.insert(tab, number);
        self.order.retain(|it| *it != tab);
        self.order.push(tab);
        if self.order.len() > MAX_TABS {
            let oldest = self.order.remove(0);
            self.highest.remove(&oldest);
        }
    }
}

/// The highest number of a command of one tab that a leader has applied.
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

/// Stored as a list in the order of the acknowledgements, oldest first.
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
            number: self.highest.get(tab).copied().unwrap_or(0),
        });
        commands.collect::<Vec<_>>().write()
    }
}
