//! What the visitor sees while a conversation runs: the transcript, its rows, and the composer.

pub(crate) mod announcer;
pub(crate) mod attach_button;
pub(crate) mod chunk;
pub(crate) mod composer;
pub(crate) mod day;
pub(crate) mod message_body;
pub(crate) mod render_count;
pub(crate) mod row;
pub(crate) mod scroll;
pub(crate) mod shared_file;
pub(crate) mod sneak_preview;
pub(crate) mod transcript;
