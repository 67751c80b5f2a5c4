//! The crate's tests, by subject. Each example body of the five pages has a test of its name in
//! [`pages`] or [`page_004_messages`]; `fixtures/` holds the bodies as printed.

mod batches;
mod enums;
mod errors;
mod numbers;
mod operations;
mod page_004_messages;
mod pages;
mod round_trips;
mod sessions;
mod surveys;
mod templates;
mod times;
mod tolerance;

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::option::of;
use proptest::prelude::{Arbitrary, Strategy, any};
use serde_json::Value;

use crate::{Fields, WireObject};

/// A printed text, by its path under `fixtures/`.
macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!("../../fixtures/", $path))
    };
}
use fixture;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn read<T: WireObject>(text: &str) -> T {
    T::from_json(text).unwrap()
}

/// Reads a body, of which no member may be unread and which must be written as it came.
fn read_whole<T: WireObject>(text: &str) -> T {
    let mut object: T = read(text);
    assert_eq!(*object.unknown_mut(), Fields::default(), "unread members");
    assert_eq!(object.to_value(), json(text), "written differently");
    object
}

// For the property tests, whose own lists and maps have up to a hundred elements: too slow.

/// A short list.
pub(crate) fn few<T: Arbitrary>() -> impl Strategy<Value = Vec<T>> {
    vec(any::<T>(), 0..3)
}

/// A short list or none.
pub(crate) fn maybe_few<T: Arbitrary>() -> impl Strategy<Value = Option<Vec<T>>> {
    of(few())
}

/// A short map or none.
pub(crate) fn maybe_texts() -> impl Strategy<Value = Option<BTreeMap<String, String>>> {
    of(btree_map(any::<String>(), any::<String>(), 0..3))
}
