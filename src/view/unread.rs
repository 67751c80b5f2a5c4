//! What has come while the panel was closed.

use pipit_engine::{Content, Conversation, Notice};
use yew::{hook, use_mut_ref};

/// How many messages of agents have come since the panel was last open. What a reload finds counts
/// as read.
#[hook]
pub(crate) fn use_unread(conversation: &Conversation, is_open: bool) -> u32 {
    let transcript = &conversation.transcript;
    let read = use_mut_ref(|| transcript.len());
    if is_open {
        *read.borrow_mut() = transcript.len();
    }
    let new = transcript.get(*read.borrow()..).unwrap_or_default();
    let of_agents = new.iter().filter(|entry| is_of_agent(&entry.content));
    u32::try_from(of_agents.count()).unwrap_or(u32::MAX)
}

/// Whether an agent has something to tell by it.
pub(crate) fn is_of_agent(content: &Content) -> bool {
    matches!(
        content,
        Content::Agent { .. } | Content::Notice(Notice::File(_))
    )
}
