//! Cleans a text that is shared, such as a name that many entries of a transcript have.

use std::rc::Rc;

/// The result of a function for a text. The same text stays shared if the function does not change it.
pub fn changed_by(change: fn(&str) -> String, text: Rc<str>) -> Rc<str> {
    let changed = change(&text);
    if *text == *changed {
        text
    } else {
        changed.into()
    }
}
