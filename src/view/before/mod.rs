//! What the visitor sees before an agent answers: the welcome, the form, the queue, and what is offered when nobody
//! is available.

pub(crate) mod form_card;
pub(crate) mod starters;
pub(crate) mod unavailable;
pub(crate) mod waiting;
pub(crate) mod welcome;
