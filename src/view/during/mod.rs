//! What the visitor sees while a conversation runs: the transcript with its rows, and the composer (the field for the
//! visitor's message) with the button for files and the line about the sneak preview. The transcript also needs the
//! modules that announce messages to screen readers, scroll, name the days, group the rows into chunks and count the
//! renders.

pub(crate) mod announcer;
pub(crate) mod attach_button;
pub(crate) mod chunk;
pub(crate) mod composer;
pub(crate) mod day;
pub(crate) mod message_body;
pub(crate) mod message_link;
mod message_text;
mod picture;
pub(crate) mod render_count;
pub(crate) mod row;
pub(crate) mod row_focus;
pub(crate) mod scroll;
pub(crate) mod shared_file;
pub(crate) mod sneak_preview;
pub(crate) mod time_limits;
pub(crate) mod transcript;
pub(crate) mod writing;
