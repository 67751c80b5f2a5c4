//! The spam rule. A visitor's text is stopped if it is too long, if it contains too many web addresses or emoji, if it
//! repeats a recent text, or if too many texts came in a short time (a *burst*). The visitor then gets a notice. After
//! a number of stopped texts of one visitor (the setting `eject_at`), the engagement (the visitor's chat, with an agent or
//! still in the queue) ends: the visitor is *ejected*.
//!
//! FOUND: seen in Oracle's own clients or answers. INFERRED: our assumption.

use std::collections::VecDeque;

use crate::SpamRule;

/// Why a text counts as spam. (FOUND)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Offence {
    TooLong,
    TooManyAddresses,
    TooManySymbols,
    Duplicate,
    Burst,
}

impl Offence {
    /// The message that the visitor gets. The API does not mark it as a notice, so it looks like any other message.
    /// (INFERRED)
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
    /// The text is delivered.
    Pass,
    /// The text is not delivered, and the visitor gets a notice.
    Blocked(Offence),
    /// The text is not delivered, the visitor gets a notice, and the engagement ends.
    Ejected(Offence),
}

/// The recent texts of one visitor, and the number of the visitor's texts that were stopped.
#[derive(Debug, Default)]
pub(crate) struct SpamRecord {
    /// The time in ms since 1970 and the text of each recent message, oldest first: as many as the checks for repeated texts
    /// and bursts need. Stopped texts are included.
    recent: VecDeque<(i64, String)>,
    /// The number of texts that were stopped.
    hits: u32,
}

impl SpamRecord {
    /// Decides what happens to a text, and remembers the text for later decisions. If the rule is disabled, every text
    /// passes and none is remembered.
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

    /// The first offence of a text, in the order of the checks; `None` if the text passes.
    fn find_offence(&self, rule: &SpamRule, text: &str, now: i64) -> Option<Offence> {
        let texts_within = |window_ms: i64| {
            let newest_first = self.recent.iter().rev();
            newest_first.take_while(move |(sent_ms, _)| now - sent_ms < window_ms)
        };
        let is_duplicate = texts_within(rule.duplicate_ms).any(|(_, earlier)| earlier == text);
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
                texts_within(rule.burst_ms).count() >= rule.burst_count,
                Offence::Burst,
            ),
        ];
        checks
            .into_iter()
            .find_map(|(is_violated, offence)| is_violated.then_some(offence))
    }

    /// Adds a text to the recent texts, and forgets those that no check needs any more.
    fn remember(&mut self, rule: &SpamRule, text: &str, now: i64) {
        let window_ms = rule.duplicate_ms.max(rule.burst_ms);
        self.recent.retain(|(sent_ms, _)| now - sent_ms < window_ms);
        self.recent.push_back((now, text.to_owned()));
    }
}

/// Counts the words that look like web addresses.
fn count_addresses(text: &str) -> usize {
    let is_address = |word: &&str| word.contains("://") || word.starts_with("www.");
    text.split_whitespace().filter(is_address).count()
}

/// Counts the characters between U+2190 and U+2BFF (arrows, dingbats and similar symbols) and between U+1F000 and
/// U+1FAFF (most emoji). An emoji that consists of several of these characters counts several times.
fn count_symbols(text: &str) -> usize {
    text.chars()
        .filter(|character| matches!(u32::from(*character), 0x2190..=0x2BFF | 0x1F000..=0x1FAFF))
        .count()
}
