//! The number by which the tabs of a site find out that they have to forget their conversation. The module `forget` says
//! how.

use pipit_wire::{Value, WireValue};

/// The number of the latest forgetting in this browser; 0 before the first one. It says nothing about a visitor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForgetMarker(pub i64);

impl WireValue for ForgetMarker {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).map(Self)
    }

    fn write(&self) -> Value {
        self.0.write()
    }
}
