//! What the visitor sees when a conversation is over: the survey, the way to save the transcript, and the failure card.

pub(crate) mod ended;
pub(crate) mod save;
