//! Keys that have the same meaning everywhere in the panel.

use web_sys::KeyboardEvent;

/// Whether a key press is Escape. Escape that only cancels the composition of a character by an input method is
/// excluded.
pub(crate) fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}
