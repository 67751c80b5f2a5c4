//! The commands that leaders have applied, so that no command is applied twice.

use std::collections::BTreeMap;

use pipit_wire::Fields;

use super::forwarded::ForwardedCommand;
use super::id::TabId;

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
    pub(super) fn contains(&self, command: &ForwardedCommand) -> bool {
        self.last
            .get(&command.tab)
            .is_some_and(|last| command.number <= *last)
    }

    pub(super) fn insert(&mut self, tab: TabId, number: i64) {
        self.last.insert(tab, number);
        self.order.retain(|it| *it != tab);
        self.order.push(tab);
        if self.order.len() > MAX_TABS {
            let oldest = self.order.remove(0);
            self.last.remove(&oldest);
        }
    }

    pub(super) fn write(&self) -> Vec<Fields> {
        let one = |tab: &TabId| {
            let mut fields = Fields::default();
            fields.put("tab", &tab.0);
            fields.put("number", self.last.get(tab).unwrap_or(&0));
            fields
        };
        self.order.iter().map(one).collect()
    }

    pub(super) fn read(acked: Vec<Fields>) -> Self {
        let mut read = Self::default();
        for mut fields in acked {
            if let (Some(tab), Some(number)) = (fields.take("tab"), fields.take("number")) {
                read.insert(TabId(tab), number);
            }
        }
        read
    }
}
