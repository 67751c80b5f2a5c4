//! The id of a loaded page. In a browser without locks, a tab's stored record contains the id of the page that wrote
//! it, until that page gives up the conversation. A copy of the tab then sees that another page may still run.

use pipit_wire::{Value, WireValue};

/// Identifies a loaded page. A reload gives the page a new id. A new instance of the widget on the same page has the
/// same id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageId(pub i64);

impl WireValue for PageId {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).map(Self)
    }

    fn write(&self) -> Value {
        self.0.write()
    }
}
