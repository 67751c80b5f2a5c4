//! The id of a browser tab among the tabs of one site that show the chat.

use pipit_wire::{Value, WireValue};

/// Identifies a tab for as long as its page is loaded: a number from 0 on, made from a random seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TabId(pub(super) i64);

impl WireValue for TabId {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).map(Self)
    }

    fn write(&self) -> Value {
        self.0.write()
    }
}
