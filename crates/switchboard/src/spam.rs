//! The spam rule. FOUND: excessive length, web addresses, duplicates, emoji and bursts are stopped. The visitor gets a
//! notice at first; after repeated hits the visitor is ejected.
//!
//! PAGE nnn: documented on that page of Oracle's API reference. FOUND: seen in Oracle's own clients or answers.
//! INFERRED: our assumption.

use std::collections::VecDeque;

use crate::SpamRule;

/// The part of the rule that a text violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offence {
    TooLong,
    TooManyAddresses,
    TooManySymbols,
    Duplicate,
    Burst,
}

impl Offence {
    /// The message that the visitor gets. The API does not mark it as a notice. INFERRED.
    pub(crate) fn notice(self) -> &'static str {
        match self {
            Self::TooLong => "Your message was not sent: it is too long.",
            Self::TooManyAddresses => "Your message was not sent: it has too many web addresses.",
            Self::TooManySymbols => "Your message was not sent: it has too many symbols.",
            Self::Duplicate => "Your message was not sent: you have just sent the same text.",
            Self::Burst => "Your message was not sent: too many messages in a short time.",
        }
    }
}

/// What happens to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Blocked(Offence),
    Ejected(Offence),
}

/// The recent texts of one visitor, and how many were stopped.
#[derive(Debug, Default)]
pub(crate) struct SpamRecord {
    /// Time in ms since 1970 and text, oldest first.
    recent: VecDeque<(i64, String)>,
    hits: u32,
}

impl SpamRecord {
    /// Judges a text and remembers it.
    pub(crate) fn judge(&mut self, rule: &SpamRule, text: &str, now: i64) -> Verdict {
        if !rule.enabled {
            return Verdict::Pass;
        }
        let offence = self.find_offence(rule, text, now);
        self.remember(rule, text, now);
        let Some(offence) = offence else {
            return Verdict::Pass;
        };
        self.hits += 1;
        if self.hits >= rule.eject_at {
            Verdict::Ejected(offence)
        } else {
            Verdict::Blocked(offence)
        }
    }

    fn find_offence(&self, rule: &SpamRule, text: &str, now: i64) -> Option<Offence> {
        let within = |window: i64| {
            let recent = self.recent.iter().rev();
            recent.take_while(move |(at, _)| now - at < window)
        };
        let is_duplicate = within(rule.duplicate_ms).any(|(_, earlier)| earlier == text);
        let checks = [
            (text.chars().count() > rule.max_length, Offence::TooLong),
            (
                count_addresses(text) > rule.max_urls,
                Offence::TooManyAddresses,
            ),
            (
                count_symbols(text) > rule.max_symbols,
                Offence::TooManySymbols,
            ),
            (is_duplicate, Offence::Duplicate),
            (
                within(rule.burst_ms).count() >= rule.burst_count,
                Offence::Burst,
            ),
        ];
        checks
            .into_iter()
            .find_map(|(is_hit, offence)| is_hit.then_some(offence))
    }

    fn remember(&mut self, rule: &SpamRule, text: &str, now: i64) {
        let window = rule.duplicate_ms.max(rule.burst_ms);
        self.recent.retain(|(at, _)| now - at < window);
        self.recent.push_back((now, text.to_owned()));
    }
}

fn count_addresses(text: &str) -> usize {
    let is_address = |word: &&str| word.contains("://") || word.starts_with("www.");
    text.split_whitespace().filter(is_address).count()
}

/// Counts emoji, dingbats and similar symbols. Letters, punctuation and digits of any script do not count.
fn count_symbols(text: &str) -> usize {
    text.chars()
        .filter(|c| matches!(u32::from(*c), 0x2190..=0x2BFF | 0x1F000..=0x1FAFF))
        .count()
}
