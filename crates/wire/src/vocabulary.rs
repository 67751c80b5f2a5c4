//! The enums that both sides of the API share.

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
    /// What a participant is doing. The consumer sends LISTENING or RESPONDING (FOUND, activity);
    /// the agent is told NONE, LISTENING, RESPONDING (PAGE 004); the consumer is told all five (FOUND).
    pub enum ActivityMode {
        /// Nothing known.
        None = "NONE",
        /// Not at the desk.
        Away = "AWAY",
        /// Reading.
        Listening = "LISTENING",
        /// Looking something up.
        Researching = "RESEARCHING",
        /// Writing.
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
        /// The agent whose engagement it is.
        Lead = "LEAD",
        /// Somebody who reads along.
        Monitor = "MONITOR",
        /// Somebody who passes through.
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
        /// It waited too long in the queue.
        QueueTimeout = "QUEUE_TIMEOUT",
        /// Nobody was active.
        IdleTimeout = "IDLE_TIMEOUT",
        /// The participant was put out.
        Ejected = "EJECTED",
        /// Back into a queue: not an end.
        TransferredToQueue = "TRANSFERRED_TO_QUEUE",
        /// A participant left: not an end unless it was the last.
        ParticipantLeft = "PARTICIPANT_LEFT",
        /// Nobody can take it.
        NoAgentsAvailable = "NO_AGENTS_AVAILABLE",
    }
}

wire_enum! {
    /// A participant's connection. INFERRED from the older protocol.
    pub enum ConnectionState {
        /// Polling.
        Active = "ACTIVE",
        /// Has not polled for an absent interval.
        Absent = "ABSENT",
        /// Gone.
        Disconnected = "DISCONNECTED",
    }
}
