//! The scripts of the directory `conversations`: typical conversations, which every runner plays.

/// A script of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Conversation {
    /// The name of its file, without `.toml`.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! conversations {
    ($($name:literal)+) => {
        /// The scripts of this crate, by their names.
        pub const CONVERSATIONS: &[Conversation] = &[
            $(Conversation {
                name: $name,
                text: include_str!(concat!("../conversations/", $name, ".toml")),
            },)+
        ];
    };
}

conversations! {
    "agent-comes-back"
    "agent-declines"
    "agent-is-lost"
    "cancel-in-queue"
    "conferee"
    "dequeued"
    "dialogue"
    "expired-token"
    "file"
    "idle-end"
    "lost-answer"
    "no-agents"
    "offline-and-back"
    "out-of-hours"
    "pool-migration"
    "preview-forbidden"
    "preview-off"
    "preview-on"
    "queue-then-chat"
    "queue-timeout"
    "refused-message"
    "refused-token"
    "reload"
    "rich-text"
    "server-restart"
    "slow-answer"
    "somebody-else-answers"
    "spam-ejection"
    "survey-by-mail"
    "survey-cancelled"
    "survey-completed"
    "survey-none"
    "transfer"
    "two-tabs"
    "visitor-leaves"
}
