//! The enums that the consumer API and the agent API share.

use crate::object::wire_enum;

wire_enum! {
    /// The current state of the sneak preview, from the end user's perspective. PAGE 001.
    pub enum SneakPreviewState {
        /// Not set.
        None = "NONE",
        /// Enabled: the only state in which typed text may be sent.
        Enabled = "ENABLED",
        /// Disabled on the end user interface.
        Disabled = "DISABLED",
        /// Disabled for the site.
        SiteUnavailable = "SITE_UNAVAILABLE",
        /// Disabled globally.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
    }
}

wire_enum! {
    /// What a participant is doing. The consumer sends LISTENING or RESPONDING (FOUND, activity). The
    /// agent receives NONE, LISTENING or RESPONDING (PAGE 004); the consumer receives all five (FOUND).
    pub enum ActivityMode {
        /// Nothing is known.
        None = "NONE",
        /// The agent is not at the desk.
        Away = "AWAY",
        /// The participant reads.
        Listening = "LISTENING",
        /// The agent looks something up.
        Researching = "RESEARCHING",
        /// The participant writes.
        Responding = "RESPONDING",
    }
}

wire_enum! {
    /// A participant's role. PAGE 004.
    pub enum Role {
        /// Not set.
        None = "NONE",
        /// The visitor.
        EndUser = "END_USER",
        /// A second agent.
        Conferee = "CONFEREE",
        /// The agent who holds the engagement.
        Lead = "LEAD",
        /// Somebody who reads the chat and does not take part, for example a supervisor.
        Monitor = "MONITOR",
        /// Somebody who takes part for a moment only.
        Transient = "TRANSIENT",
    }
}

wire_enum! {
    /// Why a participant left or an engagement ended. PAGE 004.
    pub enum DisconnectReason {
        /// Not set.
        None = "NONE",
        /// The agent ended it.
        AgentConcluded = "AGENT_CONCLUDED",
        /// The visitor ended it.
        EndUserConcluded = "END_USER_CONCLUDED",
        /// The engagement waited too long in the queue.
        QueueTimeout = "QUEUE_TIMEOUT",
        /// Nobody wrote for too long.
        IdleTimeout = "IDLE_TIMEOUT",
        /// The participant was removed.
        Ejected = "EJECTED",
        /// The engagement went back into a queue. It has not ended.
        TransferredToQueue = "TRANSFERRED_TO_QUEUE",
        /// A participant left. The engagement ends only if it was the last one.
        ParticipantLeft = "PARTICIPANT_LEFT",
        /// No agent can take the engagement.
        NoAgentsAvailable = "NO_AGENTS_AVAILABLE",
    }
}

wire_enum! {
    /// A participant's connection. INFERRED from the older protocol.
    pub enum ConnectionState {
        /// The participant polls.
        Active = "ACTIVE",
        /// The participant has not polled for one absence interval of the server.
        Absent = "ABSENT",
        /// The server has given the participant up.
        Disconnected = "DISCONNECTED",
    }
}
