//! The id of a loaded page. A stored record contains the id of the page that wrote it.

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
