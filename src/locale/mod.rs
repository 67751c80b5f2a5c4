//! Every word the visitor reads, in English. No other file of the widget holds a sentence.

mod time;
mod words;

pub(crate) use time::clock_time;
pub(crate) use words::*;
