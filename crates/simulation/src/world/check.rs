//! Checks the invariants of a world, which is one simulated run. The checks compare what the pages show with the
//! witness, the record of what has truly happened. The *engine*, which the checks test, is the library that runs the
//! visitor's side of the chat in a page.
//!
//! Most checks are functions that return what is wrong, or `None`. `AT_EACH_STEP`, `AFTER_EACH_INPUT` and
//! `AT_EACH_REQUEST` say when these functions run. The other checks are methods that `world.rs` and other files of
//! `world/` call, except that `drive.rs` checks `Invariant::NoBusyLoop` itself.
//!
//! One of the visitor's tabs, the *leader*, talks to the server. The other tabs, the *followers*, show what the leader
//! sends to them, which `tabs_show_the_same` checks. Other checks may therefore look at the leader only. A *poll* is a
//! request that the server answers as soon as it has new messages.

use std::collections::BTreeMap;

use pipit_engine::{Connection, Content, Conversation, Delivery, Phase, Request, TabMode};
use pipit_wire::WireObject as _;
use pipit_wire::consumer::{ActivityRequest, Operation};
use pipit_wire::vocabulary::SneakPreviewState;

use super::World;
use super::forgetting::forgotten_is_gone;
use super::gaps;
use super::record::agent_text;
use crate::event_queue::Event;
use crate::ids::{PacketId, PageIndex};
use crate::invariant::Invariant;
use crate::network::is_answer;
use crate::page::{MAX_TIMER_LAG_MS, Page};
use crate::server::{Address, is_allowed_host, session_id};
use crate::witness::{HELD_AFTER_MS, PreviewRules};

// These times are deliberately not imported from the engine: they state what the visitor may rely on, so a check fails
// if somebody changes the engine's constants by mistake. If the engine's times change on purpose, change these too.

/// The engine aborts a poll that has no answer after this time, in ms. The server holds a poll for up to 30 s.
const POLL_DEADLINE_MS: u64 = 45_000;
/// The time by which a deadline may be exceeded, in ms: the engine pauses for 1 s between an empty answer and the next
/// poll, and two timers may fire late.
const MARGIN_MS: u64 = 1_000 + 2 * MAX_TIMER_LAG_MS;
/// The time in ms after which a follower that has received no message asks whether its leader still runs.
const LEADER_SILENCE_MS: u64 = 45_000;
/// A follower waits at most this long for the leader's answer, in ms.
const LEADER_ANSWER_MS: u64 = 8_000;
/// The time in ms by which the engine may extend a deadline if its timer has fired too late: it adds a grace period of one
/// second, at most three times.
const GRACE_MS: u64 = 3_000;
/// A running tab replaces a frozen leader after at most this time, in ms.
const LEADER_REPLACED_MS: u64 = LEADER_SILENCE_MS + LEADER_ANSWER_MS + GRACE_MS + 2 * MARGIN_MS;

/// A timer that fires later than this, in ms from now, waits for no answer.
const MAX_TIMER_MS: u64 = 120_000;

/// Returns what is wrong with the world. `None` if the invariant holds.
type WorldCheck = fn(&World) -> Option<String>;

/// The checks that run after each step of the world.
const AT_EACH_STEP: [(Invariant, WorldCheck); 6] = [
    (Invariant::SeenAtMostOnce, seen_at_most_once),
    (Invariant::OneEngagementPerStart, one_engagement_per_start),
    (Invariant::AtMostOnePoll, at_most_one_poll),
    (Invariant::PollIsAlwaysOpen, poll_is_always_open),
    (
        Invariant::ConnectedOnlyIfAnswered,
        connected_only_if_answered,
    ),
    (Invariant::FrozenLeaderIsReplaced, frozen_leader_is_replaced),
];

/// The checks that run after a step in which a tab has processed an input. They look at what the pages show, which
/// changes only then.
const AFTER_EACH_INPUT: [(Invariant, WorldCheck); 9] = [
    (Invariant::ForgottenIsGone, forgotten_is_gone),
    (Invariant::AcceptedIsAtServer, accepted_is_at_server),
    (Invariant::FailedIsNotAtServer, failed_is_not_at_server),
    (Invariant::EveryTextIsVisible, every_text_is_visible),
    (
        Invariant::AgentMessagesOnceInOrder,
        agent_messages_once_in_order,
    ),
    (Invariant::GapsAreReported, gaps_are_reported),
    (Invariant::LossesAreVisible, gaps::losses_are_visible),
    (Invariant::GapsAreTakenBack, gaps::gaps_are_taken_back),
    (Invariant::TabsShowTheSame, tabs_show_the_same),
];

/// Returns what is wrong with a request that a page is about to send. `None` if the invariant holds.
type RequestCheck = fn(&World, PageIndex, &Request) -> Option<String>;

/// The checks that run before a page sends a request.
const AT_EACH_REQUEST: [(Invariant, RequestCheck); 4] = [
    (Invariant::NothingAfterTheEnd, nothing_after_the_end),
    (Invariant::AllowedHosts, allowed_hosts),
    (Invariant::PreviewOnlyWhenAllowed, preview_only_when_allowed),
    (Invariant::PreviewInterval, preview_interval),
];

/// When the checks run.
impl World {
    /// Runs the checks that are due after a step of the world.
    pub(super) fn check(&mut self) {
        self.record_held_poll();
        self.check_all(&AT_EACH_STEP);
        if std::mem::take(&mut self.has_unchecked_input) {
            self.check_all(&AFTER_EACH_INPUT);
        }
    }

    /// Records since when an open poll shows that the network is back.
    fn record_held_poll(&mut self) {
        if !self.witness.has_poll_failed_at_once {
            return;
        }
        let pages = self.pages.iter();
        let open_polls = pages.flat_map(|page| page.open_polls(&self.network));
        let held_from = open_polls.map(|packet| packet.sent_at + HELD_AFTER_MS);
        let latest = held_from.filter(|from| *from <= self.now).max();
        let known = self.witness.latest_held_at;
        self.witness.latest_held_at = known.max(latest.unwrap_or_default());
    }

    fn check_all(&mut self, checks: &[(Invariant, WorldCheck)]) {
        for (invariant, check) in checks {
            if let Some(observation) = check(self) {
                self.report_breach(*invariant, || observation);
            }
        }
    }

    /// Checks a request that a page is about to send, and records when a sneak preview is sent.
    pub(super) fn check_request(&mut self, index: PageIndex, request: &Request) {
        for (invariant, check) in AT_EACH_REQUEST {
            if let Some(observation) = check(self, index, request) {
                self.report_breach(invariant, || observation);
            }
        }
        if is_preview(request)
            && let Ok(session) = session_id(&request.authorization)
        {
            self.witness.preview_rules_mut(session).text_sent_at = Some(self.now);
        }
    }

    /// Checks [`Invariant::NoAnswerDiscarded`] for a page that resumes. Call this after the tab's first input since the
    /// freeze, and before `waiting_events` (the events that arrived during the freeze) are delivered. The tab discards
    /// an answer among these events if it has aborted the request, so that it no longer waits for the answer.
    pub(super) fn check_discarded_answers(&mut self, index: PageIndex, waiting_events: &[Event]) {
        if !self.page(index).tab.leads() {
            return;
        }
        let is_awaited = |id: PacketId| self.page(index).awaits_answer(id);
        let discarded = waiting_events.iter().find_map(|event| match event {
            Event::OutcomeArrives(id, outcome) if !is_awaited(*id) => {
                let operation = self.network.operation(*id)?;
                // The engine can do without the answers to these two operations.
                let is_needed = !matches!(
                    operation,
                    Operation::Activity | Operation::ConcludeEngagement
                );
                (is_answer(operation, outcome) && is_needed && self.can_reach_browser(*id, outcome))
                    .then_some(operation)
            }
            _ => None,
        });
        if let Some(operation) = discarded {
            self.report_breach(Invariant::NoAnswerDiscarded, || {
                format!(
                    "{} was answered, and its answer is discarded",
                    operation.name()
                )
            });
        }
    }

    /// Checks [`Invariant::NoPreviewViolation`]. Call this after each `activity` that the server has accepted.
    pub(super) fn check_preview_violations(&mut self) {
        let violations = self.server.switchboard.state().preview_violations;
        if violations > 0 && !self.witness.may_have_missed_preview_rules {
            self.report_breach(Invariant::NoPreviewViolation, || {
                format!("the server counts {violations} forbidden previews")
            });
        }
    }

    /// Checks [`Invariant::SpamRuleNeverApplies`]. Call this after each message that the server has received.
    pub(super) fn check_spam_rule(&mut self) {
        let hits = self.server.switchboard.state().spam_hits;
        if hits > 0 {
            self.report_breach(Invariant::SpamRuleNeverApplies, || {
                format!("the spam rule of the server has applied {hits} times")
            });
        }
    }
}

/// Checks [`Invariant::SeenAtMostOnce`].
fn seen_at_most_once(world: &World) -> Option<String> {
    let mut texts = world.witness.texts.iter();
    let (text, record) = texts.find(|(_, record)| record.seen_count > record.max_seen_count)?;
    Some(format!(
        "{text:?} was seen {} times by agents",
        record.seen_count
    ))
}

/// Checks [`Invariant::OneEngagementPerStart`].
fn one_engagement_per_start(world: &World) -> Option<String> {
    let witness = &world.witness;
    if world.tab_mode == TabMode::Shared || world.forget_marker.0 > 0 {
        // After a forgetting, the request of an earlier start may arrive after the next start. If two tabs start at the
        // same time, it is unknown which start has created an engagement. So only the totals are compared.
        let created: u32 = witness.engagements_by_start.values().sum();
        let extra: u32 = witness.extra_engagements_by_start.values().sum();
        let starts = witness.start_count;
        return (created > starts + extra)
            .then(|| format!("{starts} starts have created {created} engagements"));
    }
    // A request that the browser has sent twice may lead to an engagement in addition to the first.
    let extra = |start| witness.extra_engagements_by_start.get(start).copied();
    let mut engagements = witness.engagements_by_start.iter();
    let (start, created) =
        engagements.find(|(start, created)| **created > 1 + extra(start).unwrap_or(0))?;
    Some(format!("start {start} has created {created} engagements"))
}

/// Checks [`Invariant::AtMostOnePoll`].
fn at_most_one_poll(world: &World) -> Option<String> {
    let open_pages = world.open_pages().into_iter();
    // A tab that has lost the lock, or what stands in for the lock, may still have a poll until it learns of the loss.
    let leading_pages = open_pages.filter(|it| match world.tab_mode {
        TabMode::Shared => world.browser.holds_lock(*it),
        TabMode::Claimed => {
            let page = world.page(*it);
            page.is_running() && !page.tab.is_verifying() && !world.has_unread_messages(*it)
        }
        TabMode::Alone => true,
    });
    let polls: usize = leading_pages
        .map(|it| world.page(it).open_polls(&world.network).count())
        .sum();
    (polls > 1).then(|| format!("{polls} polls are open"))
}

/// Checks [`Invariant::PollIsAlwaysOpen`].
fn poll_is_always_open(world: &World) -> Option<String> {
    let page = world.page(world.leader()?);
    if page.is_frozen() {
        return None;
    }
    let is_too_long =
        |since: u64| world.now - since.max(page.awake_since) > POLL_DEADLINE_MS + MARGIN_MS;
    if world.witness.no_poll_since.is_some_and(is_too_long) {
        return Some("there has been no poll for too long".to_owned());
    }
    let mut polls = page.open_polls(&world.network);
    polls
        .any(|packet| is_too_long(packet.sent_at))
        .then(|| "a poll has been open for too long".to_owned())
}

/// Checks [`Invariant::ConnectedOnlyIfAnswered`]. If polls have failed at once, a poll that then stays open for
/// [`HELD_AFTER_MS`] counts like an answer, because it shows that the network is back. A page that was just opened, reloaded or resumed gets some time to notice the
/// silence.
fn connected_only_if_answered(world: &World) -> Option<String> {
    let witness = &world.witness;
    let latest_sign_at = witness.latest_answer_at.max(witness.latest_held_at);
    let silent_ms = world.now - latest_sign_at;
    let shows_connected = |page: &Page| {
        let is_awake = page.is_running() && world.now > page.awake_since + MARGIN_MS;
        is_awake && page.shown.phase.is_live() && page.shown.connection == Connection::Connected
    };
    let is_wrong =
        silent_ms > POLL_DEADLINE_MS + MARGIN_MS && world.pages.iter().any(shows_connected);
    is_wrong
        .then(|| format!("connected is shown, and the server has not answered for {silent_ms} ms"))
}

/// Checks [`Invariant::FrozenLeaderIsReplaced`].
fn frozen_leader_is_replaced(world: &World) -> Option<String> {
    let since = world.witness.leader_frozen_since?;
    let frozen_ms = world.now - since;
    (frozen_ms > LEADER_REPLACED_MS)
        .then(|| format!("the leader has been frozen for {frozen_ms} ms"))
}

/// Checks [`Invariant::TabsShowTheSame`].
fn tabs_show_the_same(world: &World) -> Option<String> {
    let leader = world.leader()?;
    let leader_shows = &world.page(leader).shown;
    let is_up_to_date = |page: &Page| {
        page.is_running() && page.tab_messages_scheduled_until < world.now && page.tab.is_in_sync()
    };
    // A leader that is frozen or verifies its lock may have lost the lock to a tab that the other tabs follow already.
    if world.page(leader).is_frozen() || world.page(leader).is_verifying {
        return None;
    }
    let mut pages = world.pages.iter().enumerate();
    pages.find_map(|(index, page)| {
        let differs = page.shown.transcript != leader_shows.transcript
            || page.shown.phase != leader_shows.phase;
        // An ended conversation stays in the tabs that have shown it, and is not handed to others.
        let has_ended = |shown: &Conversation| matches!(shown.phase, Phase::Concluded(_));
        let is_blank = |shown: &Conversation| shown.phase == Phase::Idle;
        let stayed = has_ended(&page.shown) && is_blank(leader_shows)
            || is_blank(&page.shown) && has_ended(leader_shows);
        (is_up_to_date(page) && differs && !stayed).then(|| {
            format!(
                "tab {index} shows {:?}, and the leader {leader} {leader_shows:?}",
                page.shown
            )
        })
    })
}

/// Checks [`Invariant::AcceptedIsAtServer`].
fn accepted_is_at_server(world: &World) -> Option<String> {
    visitor_texts(&world.page(world.leader()?).shown).find_map(|(text, delivery)| {
        let record = world.witness.texts.get(text)?;
        if delivery == Delivery::Accepted && record.accepted_count == 0 {
            return Some(format!(
                "{text:?} is shown as accepted, and the server never accepted it"
            ));
        }
        (record.was_shown_accepted && delivery != Delivery::Accepted)
            .then(|| format!("{text:?} was accepted, and now is {delivery:?}"))
    })
}

/// Checks [`Invariant::FailedIsNotAtServer`].
fn failed_is_not_at_server(world: &World) -> Option<String> {
    visitor_texts(&world.page(world.leader()?).shown).find_map(|(text, delivery)| {
        let record = world.witness.texts.get(text)?;
        let is_wrong = matches!(delivery, Delivery::Failed(_))
            && record.accepted_count > 0
            && !record.is_uncertain;
        is_wrong.then(|| format!("{text:?} is shown as {delivery:?}, and the server has it"))
    })
}

/// Checks [`Invariant::EveryTextIsVisible`]. It is enough that one open page shows the text, as a message or in the
/// draft. No page may show the text twice.
fn every_text_is_visible(world: &World) -> Option<String> {
    // While no tab leads, nothing is checked.
    world.leader()?;
    let open = world.pages.iter().filter(|page| !page.is_closed);
    // For each text: the greatest number of times that a single page shows the text.
    let mut shown_counts: BTreeMap<&str, usize> = BTreeMap::new();
    for page in open {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (text, _) in visitor_texts(&page.shown) {
            *counts.entry(text).or_default() += 1;
        }
        for (text, count) in counts {
            let shown_count = shown_counts.entry(text).or_default();
            *shown_count = count.max(*shown_count);
        }
        for line in page.draft.lines() {
            shown_counts.entry(line).or_insert(1);
        }
    }
    world.witness.expected_texts.iter().find_map(|text| {
        let count = shown_counts.get(text.as_str()).copied().unwrap_or(0);
        (count != 1).then(|| format!("{text:?} is shown {count} times"))
    })
}

/// Checks [`Invariant::AgentMessagesOnceInOrder`].
fn agent_messages_once_in_order(world: &World) -> Option<String> {
    let conversation = &world.page(world.leader()?).shown;
    let mut open = world.pages.iter().filter(|page| !page.is_closed);
    if !conversation.phase.is_live() && open.any(|page| page.shown.phase.is_live()) {
        // The leader has just been opened and has no conversation yet. Another tab is about to send the conversation.
        return None;
    }
    if conversation.phase == Phase::Idle && world.witness.is_over() {
        // The leader was opened after the conversation had ended.
        return None;
    }
    let is_required = |text: &&str| !world.witness.optional_messages.contains(*text);
    let entries = conversation.transcript.iter();
    let mut shown = entries
        .filter_map(|it| agent_text(&it.content))
        .filter(is_required);
    let streams = world.witness.streams.iter();
    let received = streams.flat_map(|stream| stream.messages.values().flatten());
    let mut expected = received.map(String::as_str).filter(is_required);
    loop {
        match (expected.next(), shown.next()) {
            (None, None) => return None,
            (expected, shown) if expected == shown => {}
            (expected, shown) => {
                return Some(format!("expected {expected:?}, and {shown:?} is shown"));
            }
        }
    }
}

/// Checks [`Invariant::GapsAreReported`].
fn gaps_are_reported(world: &World) -> Option<String> {
    if world.witness.is_outdated_copy_continued {
        // The copy does not know which messages the other tab has received.
        return None;
    }
    world.witness.streams.iter().find_map(|stream| {
        let numbers = stream.messages.keys();
        let mut pairs = numbers.clone().zip(numbers.skip(1));
        let is_reported = |number: i64| {
            let mut gaps = stream.reported_gaps.iter();
            gaps.any(|(before, after)| (before + 1..*after).contains(&number))
        };
        let unreported = pairs
            .find_map(|(previous, next)| (previous + 1..*next).find(|it| !is_reported(*it)))?;
        Some(format!(
            "number {unreported} is missing, and that is not reported"
        ))
    })
}

/// Checks [`Invariant::NothingAfterTheEnd`].
fn nothing_after_the_end(world: &World, index: PageIndex, request: &Request) -> Option<String> {
    let name = request.operation.name();
    let Ok(session) = session_id(&request.authorization) else {
        let is_starting = world.page(index).shown.phase == Phase::Starting;
        return (!is_starting).then(|| {
            format!("{name} is sent without a session, and the page does not start a conversation")
        });
    };
    let is_wrong = world.witness.ended_sessions.contains(session)
        && request.operation != Operation::ConcludeEngagement;
    is_wrong.then(|| format!("{name} is sent after the end"))
}

/// Checks [`Invariant::AllowedHosts`].
fn allowed_hosts(_: &World, _: PageIndex, request: &Request) -> Option<String> {
    let host = Address::parse(&request.url).map(|address| address.host);
    let is_wrong = !host.as_deref().is_some_and(is_allowed_host);
    is_wrong.then(|| format!("a request is sent to {host:?}"))
}

/// Checks [`Invariant::PreviewOnlyWhenAllowed`].
fn preview_only_when_allowed(world: &World, index: PageIndex, request: &Request) -> Option<String> {
    let rules = preview_rules(world, request);
    let page = world.page(index);
    let visitor_allows =
        page.allowed_previews_before_latest_input || page.shown.sneak_preview.is_allowed();
    let is_allowed = visitor_allows
        && rules.is_some_and(|rules| {
            rules.state == Some(SneakPreviewState::Enabled) && rules.has_agent_focus != Some(false)
        });
    (is_preview(request) && !is_allowed && !world.witness.is_outdated_copy_continued)
        .then(|| format!("a preview is sent; the visitor allows it: {visitor_allows}, {rules:?}"))
}

/// Checks [`Invariant::PreviewInterval`].
fn preview_interval(world: &World, _: PageIndex, request: &Request) -> Option<String> {
    let config = world.server.switchboard.config();
    let interval_ms = config.sneak_preview_interval_ms.unsigned_abs();
    let previous_sent_at = preview_rules(world, request).and_then(|rules| rules.text_sent_at);
    let since_previous_ms = previous_sent_at.map(|at| world.now - at);
    let is_wrong = is_preview(request) && since_previous_ms.is_some_and(|ms| ms < interval_ms);
    is_wrong.then(|| format!("a preview is sent {since_previous_ms:?} ms after the previous one"))
}

/// What the tabs know about the sneak preview in the session of a request. `None` if the request has no session.
fn preview_rules<'a>(world: &'a World, request: &Request) -> Option<&'a PreviewRules> {
    let session = session_id(&request.authorization).ok()?;
    world.witness.preview_rules.get(session)
}

/// Whether a request is a sneak preview: an `activity` with the text that the visitor is typing.
fn is_preview(request: &Request) -> bool {
    request.operation == Operation::Activity
        && ActivityRequest::from_json(&request.body)
            .ok()
            .and_then(|activity| activity.sneak_preview_text)
            .is_some_and(|text| !text.is_empty())
}

/// The visitor's messages in a conversation that a tab shows, each with its delivery.
fn visitor_texts(conversation: &Conversation) -> impl Iterator<Item = (&str, Delivery)> {
    let entries = conversation.transcript.iter();
    entries.filter_map(|entry| match &entry.content {
        Content::Visitor { text, delivery } => Some((text.as_ref(), *delivery)),
        _ => None,
    })
}

/// The check of [`Invariant::ComesToRest`].
impl World {
    /// The reason why the conversation is not at rest, once faults have ceased. `None` if it is at rest.
    pub(super) fn reason_for_unrest(&self) -> Option<String> {
        let Some(leader) = self.leader() else {
            return Some("nobody leads".to_owned());
        };
        let pages = self.pages.iter().enumerate();
        let mut followers = pages.filter(|(index, page)| !page.is_closed && *index != leader);
        // A copy that cannot find out whether its original runs waits for the visitor.
        let is_at_rest = |page: &Page| {
            page.tab.is_in_sync() || self.tab_mode == TabMode::Alone && page.tab.view().is_elsewhere
        };
        if let Some((index, _)) = followers.find(|(_, page)| !is_at_rest(page)) {
            return Some(format!("tab {index} waits for an answer of the leader"));
        }
        let page = self.page(leader);
        let conversation = &page.shown;
        let phase = &conversation.phase;
        let is_live = phase.is_live();
        let undecided = visitor_texts(conversation)
            .find(|(_, delivery)| matches!(delivery, Delivery::Queued | Delivery::Sending));
        let unread = self.witness.texts.iter().find(|(_, record)| {
            let is_current = record.session.is_some() && record.session == self.witness.session;
            is_current && record.accepted_count > 0 && record.seen_count == 0
        });
        let reason = match phase {
            _ if !self.visitor.is_done => "the visitor is not done".to_owned(),
            Phase::Starting => "a start is not finished".to_owned(),
            Phase::Failed(failure) if failure.can_try_again() => format!("{failure:?}"),
            Phase::Failed(_) => return None,
            _ if undecided.is_some() => format!("{undecided:?}"),
            _ if is_live && conversation.connection != Connection::Connected => {
                format!("{:?}", conversation.connection)
            }
            // The timer that drops an ended conversation runs for half an hour.
            _ if !is_live
                && page
                    .tab
                    .wake_at()
                    .is_some_and(|at| at < self.now + MAX_TIMER_MS) =>
            {
                "a timer runs".to_owned()
            }
            Phase::Chatting(_) if unread.is_some() => format!("no agent has read {unread:?}"),
            _ => return None,
        };
        Some(reason)
    }
}
