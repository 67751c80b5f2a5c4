//! The spam rule. FOUND: excessive length, addresses, duplicates, emoji, bursts; one hit is told
//! with a notice, repeated ones put the visitor out.

use std::collections::VecDeque;

use crate::SpamRule;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offence {
    TooLong,
    Addresses,
    Symbols,
    Duplicate,
    Burst,
}

impl Offence {
    /// What the visitor is told. Nothing in the API marks it as a notice. INFERRED.
    pub(crate) fn notice(self) -> &'static str {
        match self {
            Self::TooLong => "Your message was not sent: it is too long.",
            Self::Addresses => "Your message was not sent: it has too many web addresses.",
            Self::Symbols => "Your message was not sent: it has too many symbols.",
            Self::Duplicate => "Your message was not sent: you have just sent the same text.",
            Self::Burst => "Your message was not sent: too many messages in a short time.",
        }
    }
}

/// What the rule says to a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    Blocked(Offence),
    Ejected(Offence),
}

/// What one visitor has sent lately.
#[derive(Debug, Default)]
pub(crate) struct SpamRecord {
    recent: VecDeque<(i64, String)>,
    hits: u32,
}

impl SpamRecord {
    /// Judges a text and remembers it.
    pub(crate) fn judge(&mut self, rule: &SpamRule, text: &str, now: i64) -> Verdict {
        if !rule.enabled {
            return Verdict::Pass;
        }
        let offence = self.offence(rule, text, now);
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

    fn offence(&self, rule: &SpamRule, text: &str, now: i64) -> Option<Offence> {
        let within = |window: i64| {
            let recent = self.recent.iter().rev();
            recent.take_while(move |(at, _)| now - at < window)
        };
        let duplicate = within(rule.duplicate_ms).any(|(_, earlier)| earlier == text);
        let found = [
            (text.chars().count() > rule.max_length, Offence::TooLong),
            (addresses(text) > rule.max_urls, Offence::Addresses),
            (symbols(text) > rule.max_symbols, Offence::Symbols),
            (duplicate, Offence::Duplicate),
            (
                within(rule.burst_ms).count() >= rule.burst_count,
                Offence::Burst,
            ),
        ];
        found
            .into_iter()
            .find_map(|(hit, offence)| hit.then_some(offence))
    }

    fn remember(&mut self, rule: &SpamRule, text: &str, now: i64) {
        let window = rule.duplicate_ms.max(rule.burst_ms);
        self.recent.retain(|(at, _)| now - at < window);
        self.recent.push_back((now, text.to_owned()));
    }
}

fn addresses(text: &str) -> usize {
    let is_address = |word: &&str| word.contains("://") || word.starts_with("www.");
    text.split_whitespace().filter(is_address).count()
}

/// Emoji, dingbats and the like; not letters, punctuation or digits of any script.
fn symbols(text: &str) -> usize {
    text.chars()
        .filter(|c| matches!(u32::from(*c), 0x2190..=0x2BFF | 0x1F000..=0x1FAFF))
        .count()
}
