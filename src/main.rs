//! The binary from which the widget's WASM is built. It has no code of its own: it links the library, whose exports
//! JavaScript calls (see `lib.rs`). The WASM is not built from the library, because cargo applies no link-time
//! optimisation to a library that is both an rlib and a cdylib.
use pipit as _;

fn main() {}
