//! The WASM entry: links the widget's exports (see `lib.rs`) so that cargo optimises the whole widget.
use pipit as _;

fn main() {}
