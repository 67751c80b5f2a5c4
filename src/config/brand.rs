//! What the host says about itself below the greeting.

use yew::AttrValue;

use super::options::ConversationOptions;

/// The lines and the starters below the greeting.
#[derive(Default)]
pub(crate) struct Brand {
    /// The team, when an answer can be expected, and the hours. A line is empty if the host has not set it.
    pub(crate) lines: [AttrValue; 3],
    /// Texts that the visitor can send as the first message by one press.
    pub(crate) starters: Vec<AttrValue>,
}

impl Brand {
    pub(crate) fn new(options: &ConversationOptions) -> Self {
        let lines = [&options.team_name, &options.reply_time, &options.hours];
        let starters = options.starters.iter().flatten();
        Self {
            lines: lines.map(|line| AttrValue::from(line.clone().unwrap_or_default())),
            starters: starters.cloned().map(AttrValue::from).collect(),
        }
    }
}
