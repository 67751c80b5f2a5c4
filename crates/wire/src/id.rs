//! The identifiers of the API. In JSON each of them is an int64. Each kind of identifier has its own type, because
//! one number can identify different things: in a sample of Oracle's API reference, the engagement and the client both
//! have the id 34.
//!
//! PAGE nnn: documented on that page of Oracle's API reference.

use serde_json::Value;

use crate::object::{Int64, WireValue};

/// Declares identifier types around an `i64`. An identifier implements [`Int64`], because a response may send it as a
/// *twin*: as a number and again as a text. (The module `object` explains twins.)
macro_rules! id {
    ($( $(#[$meta:meta])* $name:ident; )+) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(test, derive(proptest_derive::Arbitrary))]
        pub struct $name(pub i64);

        impl Int64 for $name {
            fn int64(&self) -> i64 {
                self.0
            }
        }

        impl WireValue for $name {
            fn read(value: &Value) -> Option<Self> {
                i64::read(value).map(Self)
            }
            fn write(&self) -> Value {
                self.0.write()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )+ };
}

id! {
    /// The id of an engagement, which is one chat at the server (PAGE 001, 002, 004).
    EngagementId;
    /// The id of a participant's connection. A visitor gets a client id for each engagement, an agent for each agent
    /// session. (PAGE 001, 003.)
    ClientId;
    /// The id of an agent's account (PAGE 004). The agent's requests send it in the header `X-AID`.
    AccountId;
    /// The id of a queue, in which engagements wait for an agent (PAGE 004).
    QueueId;
    /// The number of a message among all messages that `getMessages` returns in a session, or the number of an
    /// agent's request in the agent's session (PAGE 003, 004).
    SequenceNumber;
    /// The id of a survey; 0 means *no survey*. (PAGE 001.)
    SurveyId;
}
