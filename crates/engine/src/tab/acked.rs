//! Records which forwarded commands have been applied. One tab of a site leads: only its engine talks to the
//! chat server. The other tabs follow: they number the visitor's commands and forward them to the leader. A
//! following tab repeats a command until the leader acknowledges it. The leader uses this record to acknowledge
//! commands, and to apply no command twice.

use pipit_wire::{Value, WireValue};

use super::forwarded::ForwardedCommand;
use super::id::TabId;
use crate::stored::stored_object;

/// The record has at most this many tabs, because it is stored and sent. When another tab would exceed this number, the
/// tab with the oldest acknowledgement is removed. A command of that tab that is repeated later is applied again.
const MAX_TABS: usize = 32;

/// For each tab, the highest number of a command that a leader has applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct AckedCommands {
    /// One element for each tab, in the order of their most recent acknowledgements, oldest first.
    tabs: Vec<AckedCommand>,
}

/// A tab, and the highest number of its commands that a leader has applied.
#[derive(Clone, Copy, Debug, PartialEq)]
struct AckedCommand {
    tab: TabId,
    number: i64,
}

impl AckedCommands {
    /// Whether a leader has applied this command. A leader applies the commands of a tab in order, so a command with
    /// a lower number than the highest one counts as applied.
    pub(super) fn contains(&self, command: &ForwardedCommand) -> bool {
        self.tabs
            .iter()
            .any(|acked| acked.tab == command.tab && command.number <= acked.number)
    }

    /// Notes that a leader has applied the command of `tab` with this number. The number must be higher than
    /// the number that the record has for that tab.
    pub(super) fn insert(&mut self, tab: TabId, number: i64) {
        self.tabs.retain(|acked| acked.tab != tab);
        self.tabs.push(AckedCommand { tab, number });
        if self.tabs.len() > MAX_TABS {
            self.tabs.remove(0);
        }
    }
}

// After each member come its mode and its JSON name. `required` means that an object without the member cannot be read;
// the module `stored` explains all modes. The names in quotes are part of the format in storage and between tabs.
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
        self.tabs.write()
    }
}
