//! What the visitor sees after a conversation. `ended` draws the survey, the buttons that save the transcript and start
//! a new chat, and the card that explains a failure. `save` hands out the transcript. `follow_up` loads
//! what only some hosts ask for, which `loaded_cards` holds: `rating`, and `mail` for the transcript by email.

pub(crate) mod ended;
pub(crate) mod follow_up;
pub(crate) mod loaded_cards;
mod mail;
mod rating;
pub(crate) mod save;
