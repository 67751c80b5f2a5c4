//! The tests of `wire`, the crate that reads and writes the JSON bodies of Oracle's chat APIs. There is one module for
//! each subject. The crate uses five pages of Oracle's API reference. Each example body on these
//! pages has a test in [`pages`] or [`page_004_messages`]. The test's name begins with the number of the page, for
//! example with `page_004`. The directory `fixtures/` contains the bodies as the pages print them.

mod answers;
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
mod tolerant_json;

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{Arbitrary, Strategy, any};
use serde_json::Value;

use crate::object::TextMap;
use crate::{Fields, WireObject};

/// The text of a file in `fixtures/`.
macro_rules! fixture {
    ($path:literal) => {
        include_str!(concat!("../../fixtures/", $path))
    };
}
use fixture;

/// Parses a text that is known to be JSON.
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Reads a body that is known to be readable.
fn read<T: WireObject>(text: &str) -> T {
    T::from_json(text).unwrap()
}

/// Reads a body. Checks that no member of the outermost object is unknown, and that writing the object again gives the
/// same JSON.
fn read_whole<T: WireObject>(text: &str) -> T {
    let mut object: T = read(text);
    assert_eq!(*object.unknown_mut(), Fields::default(), "unread members");
    assert_eq!(object.to_value(), json(text), "written differently");
    object
}

// Strategies for the property tests. By default, the lists and maps of proptest have up to a hundred elements, and the
// tests would be too slow.

/// A strategy for a short list.
pub(crate) fn few<T: Arbitrary>() -> impl Strategy<Value = Vec<T>> {
    vec(any::<T>(), 0..3)
}

/// A strategy for an optional short list.
pub(crate) fn maybe_few<T: Arbitrary>() -> impl Strategy<Value = Option<Vec<T>>> {
    of(few())
}

/// A strategy for an optional short map of texts.
pub(crate) fn maybe_texts() -> impl Strategy<Value = Option<TextMap>> {
    let texts = vec((any::<String>(), any::<String>()), 0..3);
    of(texts.prop_map(TextMap::from_iter))
}
