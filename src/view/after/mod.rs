//! What the visitor sees after a conversation. `ended` draws the survey, the buttons that save the transcript and start
//! a new chat, and the card that explains a failure. `save` hands out the transcript.

pub(crate) mod ended;
pub(crate) mod save;
