//! The enums that the consumer API (the visitor's side) and the agent API share. `wire_enum!` (in `object.rs`) adds the
//! variant `Unknown` to each enum. This variant holds any text that is not in the enum's list.
//!
//! An *engagement* is one chat at the server. A *participant* is the visitor or an agent. A *site* is one customer's
//! installation of Oracle B2C Service.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use crate::object::wire_enum;

wire_enum! {
    /// Whether the sneak preview is enabled: whether the agent sees what the visitor types before the visitor sends it.
    /// (PAGE 001.)
    pub enum SneakPreviewState {
        /// The value is not set.
        None = "NONE",
        /// The sneak preview is enabled. Only in this state may the visitor's client send unfinished text.
        Enabled = "ENABLED",
        /// The sneak preview is disabled on the visitor's interface (the site in one language and design).
        Disabled = "DISABLED",
        /// The sneak preview is disabled for the site.
        SiteUnavailable = "SITE_UNAVAILABLE",
        /// The sneak preview is disabled for all sites.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
    }
}

wire_enum! {
    /// What a participant is doing. The visitor's client sends LISTENING or RESPONDING (FOUND in the request
    /// `activity`). An agent receives NONE, LISTENING or RESPONDING (PAGE 004). The visitor's client receives all five
    /// (FOUND).
    pub enum ActivityMode {
        /// The server does not know what the participant is doing.
        None = "NONE",
        /// The agent is not at the agent console.
        Away = "AWAY",
        /// The participant is reading, or is doing nothing.
        Listening = "LISTENING",
        /// The agent is looking something up.
        Researching = "RESEARCHING",
        /// The participant is writing.
        Responding = "RESPONDING",
    }
}

wire_enum! {
    /// A participant's role in an engagement (PAGE 004).
    pub enum Role {
        /// The value is not set.
        None = "NONE",
        /// The visitor.
        EndUser = "END_USER",
        /// An agent who takes part beside the lead (the next variant).
        Conferee = "CONFEREE",
        /// The agent who is responsible for the engagement.
        Lead = "LEAD",
        /// Somebody who reads the chat and does not take part, for example a supervisor.
        Monitor = "MONITOR",
        /// Somebody who takes part for a moment only.
        Transient = "TRANSIENT",
    }
}

wire_enum! {
    /// The reason why a participant left or an engagement ended (PAGE 004).
    pub enum DisconnectReason {
        /// The value is not set.
        None = "NONE",
        /// An agent ended the engagement.
        AgentConcluded = "AGENT_CONCLUDED",
        /// The visitor ended the engagement.
        EndUserConcluded = "END_USER_CONCLUDED",
        /// The engagement waited too long in the queue.
        QueueTimeout = "QUEUE_TIMEOUT",
        /// The time without a message from any participant became too long.
        IdleTimeout = "IDLE_TIMEOUT",
        /// The participant was removed from the engagement.
        Ejected = "EJECTED",
        /// The engagement went back into a queue. It has not ended.
        TransferredToQueue = "TRANSFERRED_TO_QUEUE",
        /// A participant left. The engagement ends only if no other participant remains.
        ParticipantLeft = "PARTICIPANT_LEFT",
        /// No agent can take the engagement.
        NoAgentsAvailable = "NO_AGENTS_AVAILABLE",
    }
}

wire_enum! {
    /// The state of a participant's connection to the server. INFERRED (from the protocol that preceded this API).
    pub enum ConnectionState {
        /// The participant's client polls the server for messages.
        Active = "ACTIVE",
        /// The participant's client has stopped polling, and may still come back.
        Absent = "ABSENT",
        /// The server no longer expects the participant to come back.
        Disconnected = "DISCONNECTED",
    }
}
