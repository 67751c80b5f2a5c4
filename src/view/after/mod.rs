//! What the visitor sees after a conversation. `ended` draws the survey, the buttons that save the transcript and start
//! a new chat, and the card that explains a failure. `save` hands out the transcript. `follow_up` loads
//! what only some hosts ask for: `rating`, and `mail` for the transcript by email.

pub(crate) mod ended;
mod follow_up;
mod mail;
mod rating;
pub(crate) mod save;
