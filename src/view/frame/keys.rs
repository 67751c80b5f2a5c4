//! Keys that have the same meaning everywhere in the panel.

use web_sys::KeyboardEvent;

/// Whether a key press is Escape. While an input method composes a character, Escape does not count, because it only
/// cancels the composition.
pub(crate) fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}
