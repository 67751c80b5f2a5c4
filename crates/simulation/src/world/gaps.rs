//! Checks the notices that a message may be missing (*gaps*): each message that was lost on its way is visible as a gap,
//! and no gap stands where nothing is missing. `check` calls these functions after each input of a tab.
//!
//! The leader is the tab that talks to the server for all tabs. A *poll* is a request for new messages.

use pipit_engine::{Content, Conversation, Notice};

use super::World;
use super::record::agent_text;
use crate::witness::{HandedOver, MessageStream};

/// Checks [`crate::invariant::Invariant::LossesAreVisible`] for the engagement that has most recently received messages.
pub(super) fn losses_are_visible(world: &World) -> Option<String> {
    let leader = world.page(world.leader()?);
    let stream = world.witness.streams.last()?;
    // A leader that does not run, or waits for the confirmation of its lock, has not used all outcomes yet.
    if !leader.is_running() || leader.is_verifying {
        return None;
    }
    let is_lost = |message: &&HandedOver| {
        message.session == stream.session && !stream.messages.contains_key(&message.number)
    };
    let lost = world.witness.handed_over.iter().filter(is_lost);
    lost.into_iter().find_map(|message| {
        let number = message.number;
        let (previous, next) = neighbours(&leader.shown, stream, number);
        let failed_at = world.witness.failed_polls.get(&message.packet);
        let is_noticed = failed_at.is_some_and(|failed_at| message.at <= *failed_at);
        let has_lower = stream.messages.range(..number).next().is_some();
        let can_be_told_by_numbers = next.is_some() && has_lower;
        if !is_noticed && !can_be_told_by_numbers {
            return None;
        }
        let place = previous.map_or(0, |index| index + 1)..next.unwrap_or(usize::MAX);
        let mut gaps = gaps(&leader.shown);
        (!gaps.any(|index| place.contains(&index)))
            .then(|| format!("the message with the number {number} is lost, and no gap is shown"))
    })
}

/// Checks [`crate::invariant::Invariant::GapsAreTakenBack`].
pub(super) fn gaps_are_taken_back(world: &World) -> Option<String> {
    let shown = &world.page(world.leader()?).shown;
    let stream = world.witness.streams.last()?;
    gaps(shown).find_map(|gap| {
        let numbers = stream.messages.keys().copied();
        let place = |number| place_of(shown, stream, number);
        let previous = numbers
            .clone()
            .rfind(|it| place(*it).is_some_and(|it| it < gap))?;
        let next = previous + 1;
        place(next)
            .is_some_and(|it| it > gap)
            .then(|| format!("a gap is shown between the numbers {previous} and {next}"))
    })
}

/// The places of all gaps in the transcript.
fn gaps(shown: &Conversation) -> impl Iterator<Item = usize> {
    let entries = shown.transcript.iter().enumerate();
    entries.filter_map(|(index, entry)| {
        (entry.content == Content::Notice(Notice::Gap)).then_some(index)
    })
}

/// The places of the last shown text of an agent with a lower number, and of the first with a higher number.
fn neighbours(
    shown: &Conversation,
    stream: &MessageStream,
    number: i64,
) -> (Option<usize>, Option<usize>) {
    let place = |(number, _): (&i64, _)| place_of(shown, stream, *number);
    let lower = stream.messages.range(..number).rev();
    let higher = stream.messages.range(number + 1..);
    (
        lower.into_iter().find_map(place),
        higher.into_iter().find_map(place),
    )
}

/// The place at which the leader shows the text of an agent with this number. `None` if the message has no text, or if
/// the text is a greeting, which occurs more than once, or if the leader does not show it.
fn place_of(shown: &Conversation, stream: &MessageStream, number: i64) -> Option<usize> {
    let text = stream.messages.get(&number)?.as_deref()?;
    let mut entries = shown.transcript.iter();
    let place = entries.position(|entry| agent_text(&entry.content) == Some(text))?;
    let mut others = entries;
    let is_unique = others.all(|entry| agent_text(&entry.content) != Some(text));
    is_unique.then_some(place)
}
