//! The identifiers of the API. All are int64. Each kind has its own type, because the pages' samples
//! use one number for different things (PAGE 001: engagement 34, client 34).

use serde_json::Value;

use crate::object::{Int64, WireValue};

/// Declares identifier types around an `i64`.
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
    /// An engagement: one chat at the server. PAGE 001, 002, 004.
    EngagementId;
    /// A participant's connection: the consumer's, or an agent's for one agent session. PAGE 001, 003.
    ClientId;
    /// An agent's account. PAGE 004; sent as the header `X-AID`.
    AccountId;
    /// A queue. PAGE 004.
    QueueId;
    /// The number of a system message in its stream, or of an agent's request in its session. PAGE 003,
    /// 004.
    SequenceNumber;
    /// A survey; 0 means *no survey*. PAGE 001.
    SurveyId;
}
