//! What the participants of a script can do. Each word of the format is the name of a variant, in camel case.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::network_fault::NetworkFault;

/// Something that a row of a script lets somebody do.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// The visitor does something, in the browser tab with this number, from 1.
    Visitor(usize, VisitorDeed),
    /// An agent does something.
    Agent(AgentName, AgentDeed),
    /// The chat server, or the people who run it, do something.
    Server(ServerDeed),
    /// Something happens to the network between the visitor and the chat server.
    Network(NetworkDeed),
}

/// One of the two agents of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentName {
    /// The agent of the sandbox with the account 12, Ana Marques.
    First,
    /// The agent of the sandbox with the account 13, Ben Okafor.
    Second,
}

impl AgentName {
    /// Both agents.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    /// The agent's account at the sandbox.
    pub fn account(self) -> i64 {
        match self {
            Self::First => 12,
            Self::Second => 13,
        }
    }

    /// The other agent.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }
}

/// What a visitor can do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum VisitorDeed {
    /// Starts a conversation: `requestEngagement`.
    Start {},
    /// Sends a text: `postMessage`.
    Say {
        /// The text.
        text: String,
    },
    /// Types a text and does not send it: `activity`.
    Type {
        /// The whole text in the field.
        text: String,
    },
    /// Allows or forbids that agents see what is typed and not sent.
    AllowPreview {
        /// Whether it is allowed.
        allowed: bool,
    },
    /// Sends a text again whose delivery has failed or is unknown.
    SendAgain {
        /// The text.
        text: String,
    },
    /// Ends the conversation, or leaves the queue: `concludeEngagement`.
    End {},
    /// Loads the page again. The tab then sees everything anew.
    Reload {},
    /// Opens the page in one more tab, whose number is one higher than that of the tab before.
    OpenTab {},
    /// Closes the tab.
    CloseTab {},
}

/// What an agent can do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum AgentDeed {
    /// Logs on and is available: `createAutomatedAgentSession`, `setActivityStatus`, `requestAssignment`.
    SignIn {},
    /// Logs off: `logoff`.
    SignOut {},
    /// Waits for the offer of the conversation and accepts it: `assignmentAcknowledgement`.
    Accept {},
    /// Waits for the offer of the conversation and declines it: `assignmentAcknowledgement`.
    Decline {},
    /// Sends a plain text: `postMessage`.
    Say {
        /// The text.
        text: String,
    },
    /// Sends a text in HTML: `postMessage` with `richText`.
    SayHtml {
        /// The HTML.
        html: String,
    },
    /// Begins or stops to type: `setInteractionStatus` with the mode RESPONDING or LISTENING.
    Typing {
        /// Whether the agent types.
        #[serde(rename = "isTyping")]
        is_typing: bool,
    },
    /// Looks at the conversation or away: `setInteractionStatus` with `sneakPreviewFocus`.
    Looks {
        /// Whether the agent looks at the conversation.
        #[serde(rename = "hasFocus")]
        has_focus: bool,
    },
    /// Sends a file. Only a sandbox can do this.
    SendFile {
        /// The file's name.
        name: String,
        /// The file's type, such as `application/pdf`.
        #[serde(rename = "type")]
        content_type: String,
        /// The size in bytes.
        size: u32,
    },
    /// Puts the conversation back into the queue: `rerouteEngagement`.
    TransferToQueue {},
    /// Asks the other agent into the conversation. Only a sandbox can do this.
    Conference {},
    /// Ends the conversation: `concludeChat` and `releaseChat`.
    Conclude {},
    /// Stops to poll, as if the agent's computer had lost its network.
    Disconnect {},
    /// Polls again.
    Reconnect {},
}

/// What the chat server, or the people who run it, can do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum ServerDeed {
    /// Lets the next calls of an operation fail, without performing them.
    Fail {
        /// The operation, as *side*/*name*, such as `consumer/postMessage`.
        operation: String,
        /// The HTTP status of the answer.
        status: Option<u16>,
        /// The `resultType` of the answer to `requestEngagement`, with status 200.
        #[serde(rename = "resultType")]
        result_type: Option<String>,
        /// The number of calls that fail.
        #[serde(default = "once")]
        times: u32,
    },
    /// Changes settings.
    Configure {
        /// The settings, by their names in `docs/sandbox.md`.
        settings: Map<String, Value>,
    },
    /// Moves the site to another pool (group of chat servers).
    Migrate {
        /// The id of the new pool, such as `298:1`.
        pool: String,
    },
    /// Loses all conversations and sessions.
    Reset {},
}

/// What can happen to the network between the visitor and the chat server.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum NetworkDeed {
    /// A fault strikes the next calls of an operation of the visitor.
    Break {
        /// The operation, such as `consumer/postMessage`.
        operation: String,
        /// The fault.
        fault: NetworkFault,
        /// The number of calls.
        #[serde(default = "once")]
        times: u32,
    },
    /// The visitor has no network from now on.
    Offline {},
    /// The visitor has a network again.
    Online {},
}

fn once() -> u32 {
    1
}
