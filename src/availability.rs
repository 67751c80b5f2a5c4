//! Whether somebody is there before a conversation, and what the panel does when not. Found out by the page's
//! TypeScript (`npm/away.ts`), for the launcher may depend on it.

/// What is known of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Availability {
    /// Somebody is there, as far as is known.
    #[default]
    Open,
    Away(Why, Then),
}

/// Why nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Out of hours.
    Closed,
    NoAgents,
}

/// What is done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// The panel says so.
    Inform,
    /// The panel takes a message.
    Form,
}

impl Availability {
    /// The state and what is done in it, as `closed form`; anything else is open.
    pub(crate) fn read(text: &str) -> Self {
        let Some((why, then)) = text.split_once(' ') else {
            return Self::Open;
        };
        let why = match why {
            "closed" => Why::Closed,
            "noAgents" => Why::NoAgents,
            _ => return Self::Open,
        };
        let then = match then {
            "inform" => Then::Inform,
            "form" => Then::Form,
            _ => return Self::Open,
        };
        Self::Away(why, then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_and_a_choice_are_read_and_anything_else_is_open() {
        let read = Availability::read;
        assert_eq!(
            read("closed inform"),
            Availability::Away(Why::Closed, Then::Inform)
        );
        assert_eq!(
            read("noAgents form"),
            Availability::Away(Why::NoAgents, Then::Form)
        );
        for text in [
            "",
            "closed",
            "closed wave",
            "open inform",
            "closed  form",
            "closed hide",
        ] {
            assert_eq!(read(text), Availability::Open, "{text}");
        }
    }
}
