//! What the visitor sees after a conversation: the survey, the button that saves the transcript, and the failure card.

pub(crate) mod ended;
pub(crate) mod save;
