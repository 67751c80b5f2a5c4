//! Keys that mean the same everywhere in the panel.

use web_sys::KeyboardEvent;

/// Whether a key press is Escape and does not belong to an input method that composes a character.
pub(crate) fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}
