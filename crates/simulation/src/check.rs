//! The invariants, each as a function that says what is wrong, if anything is.

use std::collections::BTreeMap;

use pipit_engine::{Connection, Content, Conversation, Delivery, Outcome, Phase, Request, TabMode};
use pipit_wire::WireObject as _;
use pipit_wire::consumer::{ActivityRequest, Operation};
use pipit_wire::vocabulary::SneakPreviewState;

use crate::agenda::Event;
use crate::invariant::Invariant;
use crate::network::PacketId;
use crate::page::{MOST_LAG_MS, Page, PageNo};
use crate::server::{Address, is_allowed, session};
use crate::watch::words;
use crate::witness::Preview;
use crate::world::World;

/// A poll that has not come back by then is given up: the server's hold of 30 s and a margin.
const DEADLINE_MS: u64 = 45_000;
/// A moment to breathe between an empty answer and the next poll, and a timer that is late.
const MARGIN_MS: u64 = 1_000 + 2 * MOST_LAG_MS;

/// A leader that sleeps is replaced by then: its silence, its answer that does not come, and the
/// last chances of late timers.
const SILENCE_MS: u64 = DEADLINE_MS + 8_000 + 3_000 + 2 * MARGIN_MS;

/// Says what is wrong.
type Check = fn(&World) -> Option<String>;

const AT_EACH_STEP: [(Invariant, Check); 6] = [
    (Invariant::AtMostOnce, at_most_once),
    (Invariant::OneEngagementPerStart, one_engagement_per_start),
    (Invariant::OnePoll, one_poll),
    (Invariant::NeverNoPoll, never_no_poll),
    (Invariant::HonestConnection, honest_connection),
    (Invariant::SleepersAreReplaced, sleepers_are_replaced),
];

/// Of what only the engine can change.
const AT_EACH_CHANGE: [(Invariant, Check); 6] = [
    (Invariant::AcceptedIsThere, accepted_is_there),
    (Invariant::FailedIsNotThere, failed_is_not_there),
    (Invariant::EveryTextIsVisible, every_text_is_visible),
    (
        Invariant::AgentMessagesOnceInOrder,
        agent_messages_once_in_order,
    ),
    (Invariant::HolesAreTold, holes_are_told),
    (Invariant::TabsShowTheSame, tabs_show_the_same),
];

/// Says what is wrong with a request that is about to leave.
type RequestCheck = fn(&World, PageNo, &Request) -> Option<String>;

const AT_EACH_REQUEST: [(Invariant, RequestCheck); 4] = [
    (Invariant::NothingAfterTheEnd, nothing_after_the_end),
    (Invariant::AllowedHosts, allowed_hosts),
    (Invariant::PreviewOnlyWhenAllowed, preview_only_when_allowed),
    (Invariant::PreviewInterval, preview_interval),
];

impl World {
    /// Checks all that must hold between two events.
    pub(crate) fn check(&mut self) {
        self.check_all(&AT_EACH_STEP);
        if std::mem::take(&mut self.has_news) {
            self.check_all(&AT_EACH_CHANGE);
        }
    }

    fn check_all(&mut self, checks: &[(Invariant, Check)]) {
        for (invariant, check) in checks {
            if let Some(what) = check(self) {
                self.breach(*invariant, || what);
            }
        }
    }

    pub(crate) fn check_request(&mut self, number: PageNo, request: &Request) {
        for (invariant, check) in AT_EACH_REQUEST {
            if let Some(what) = check(self, number, request) {
                self.breach(invariant, || what);
            }
        }
        if request.operation == Operation::Activity && preview_text(&request.body).is_some() {
            let sent_at = Some(self.now);
            if let Ok(session) = session(&request.authorization) {
                self.witness.preview(session).text_sent_at = sent_at;
            }
        }
    }

    /// [`Invariant::NothingThrownAway`]; what had come while the tab slept is still wanted.
    pub(crate) fn check_thrown_away(&mut self, number: PageNo, waiting: &[Event]) {
        if !self.page(number).tab.leads() {
            return;
        }
        let is_wanted = |id: &PacketId| self.page(number).under_way.values().any(|it| it == id);
        let thrown_away = waiting.iter().find_map(|event| match event {
            Event::Return(id, outcome) if !is_wanted(id) => {
                let is_good = matches!(**outcome, Outcome::Answered { status: 200, .. });
                let operation = self.network.operation(*id)?;
                let matters = !matches!(
                    operation,
                    Operation::Activity | Operation::ConcludeEngagement
                );
                (is_good && matters && self.has_way(*id, outcome)).then_some(operation)
            }
            _ => None,
        });
        if let Some(operation) = thrown_away {
            self.breach(Invariant::NothingThrownAway, || {
                format!("{} was answered, and is given up", operation.name())
            });
        }
    }

    /// [`Invariant::NoPreviewViolation`]; after each signal that the server has taken.
    pub(crate) fn check_violations(&mut self) {
        let violations = self.server.board.state().preview_violations;
        if violations > 0 && !self.witness.is_unpunctual {
            self.breach(Invariant::NoPreviewViolation, || {
                format!("the server counts {violations} previews that it had forbidden")
            });
        }
    }

    /// [`Invariant::NotTakenForAbuse`]; after each text that the server has taken.
    pub(crate) fn check_abuse(&mut self) {
        let hits = self.server.board.state().spam_hits;
        if hits > 0 {
            self.breach(Invariant::NotTakenForAbuse, || {
                format!("the server has taken {hits} texts for abuse")
            });
        }
    }
}

/// Each thing the visitor sent appears at the agent at most once.
fn at_most_once(world: &World) -> Option<String> {
    let mut texts = world.witness.texts.iter();
    let (text, fate) = texts.find(|(_, fate)| fate.seen > fate.allowed)?;
    Some(format!("{text:?} was seen {} times by agents", fate.seen))
}

/// At most one engagement per start.
fn one_engagement_per_start(world: &World) -> Option<String> {
    let witness = &world.witness;
    if world.tab_mode == TabMode::Shared {
        // Which of two starts in two tabs has led to it, cannot be told.
        let made: u32 = witness.engagements.values().sum();
        let forgiven: u32 = witness.forgiven_engagements.values().sum();
        let starts = witness.starts;
        return (made > starts + forgiven)
            .then(|| format!("{starts} starts have made {made} engagements"));
    }
    let forgiven = |start| witness.forgiven_engagements.get(start).copied();
    let mut made = witness.engagements.iter();
    let (start, made) = made.find(|(start, made)| **made > 1 + forgiven(start).unwrap_or(0))?;
    Some(format!("start {start} has made {made} engagements"))
}

/// At most one poll in flight per conversation.
fn one_poll(world: &World) -> Option<String> {
    let holders = world.open_pages().into_iter();
    let holders = holders.filter(|it| world.tab_mode == TabMode::Alone || world.browser.holds(*it));
    let polls: usize = holders.map(|it| world.page(it).polls(world).count()).sum();
    (polls > 1).then(|| format!("{polls} polls are out"))
}

/// Never none for longer than the deadline while the conversation lives.
fn never_no_poll(world: &World) -> Option<String> {
    let page = world.page(world.leading()?);
    if page.is_frozen() {
        return None;
    }
    let for_long = |since: u64| world.now - since.max(page.awake_since) > DEADLINE_MS + MARGIN_MS;
    if world.witness.no_poll_since.is_some_and(for_long) {
        return Some("no poll has been out for too long".to_owned());
    }
    let mut polls = page.polls(world);
    polls
        .any(|packet| for_long(packet.sent_at))
        .then(|| "a poll has been out for too long".to_owned())
}

/// "Connected" is shown only if a poll has completed within the deadline.
fn honest_connection(world: &World) -> Option<String> {
    let unheard_ms = world.now - world.witness.heard_at;
    let claims = |page: &&Page| {
        let is_awake = page.runs() && world.now > page.awake_since + MARGIN_MS;
        is_awake && page.shown.phase.is_live() && page.shown.connection == Connection::Connected
    };
    let is_wrong = unheard_ms > DEADLINE_MS + MARGIN_MS && world.pages.iter().any(|it| claims(&it));
    is_wrong.then(|| format!("connected is shown, but nothing was heard for {unheard_ms} ms"))
}

/// A dead leader is replaced at once; one that sleeps, when its silence is noticed.
fn sleepers_are_replaced(world: &World) -> Option<String> {
    let since = world.witness.leaderless_since?;
    let for_ms = world.now - since;
    (for_ms > SILENCE_MS).then(|| format!("who leads has slept for {for_ms} ms"))
}

/// Each agent message appears exactly once, in order, in every tab; so does everything else.
fn tabs_show_the_same(world: &World) -> Option<String> {
    let leading = world.leading()?;
    let one = &world.page(leading).shown;
    let is_settled =
        |page: &Page| page.runs() && page.hears_at < world.now && page.tab.is_settled();
    if world.page(leading).is_frozen() || world.page(leading).is_proving {
        return None;
    }
    let mut others = world.pages.iter().enumerate();
    others.find_map(|(number, page)| {
        let differs = page.shown.transcript != one.transcript || page.shown.phase != one.phase;
        (is_settled(page) && differs).then(|| {
            format!(
                "tab {number} shows {:?}, and the leader {leading} {:?}",
                page.shown, one
            )
        })
    })
}

/// What is shown accepted is there, and stays so.
fn accepted_is_there(world: &World) -> Option<String> {
    visitor_texts(&world.page(world.leading()?).shown).find_map(|(text, delivery)| {
        let fate = world.witness.texts.get(text)?;
        if delivery == Delivery::Accepted && fate.taken == 0 {
            return Some(format!(
                "{text:?} is shown accepted, and the server never took it"
            ));
        }
        (fate.was_accepted && delivery != Delivery::Accepted)
            .then(|| format!("{text:?} was accepted, and now is {delivery:?}"))
    })
}

/// What is shown failed is not there.
fn failed_is_not_there(world: &World) -> Option<String> {
    visitor_texts(&world.page(world.leading()?).shown).find_map(|(text, delivery)| {
        let fate = world.witness.texts.get(text)?;
        let is_wrong =
            matches!(delivery, Delivery::Failed(_)) && fate.taken > 0 && !fate.is_uncertain;
        is_wrong.then(|| format!("{text:?} is shown as {delivery:?}, and the server has it"))
    })
}

/// Nothing the visitor wrote is without a visible state; a draft is one too.
fn every_text_is_visible(world: &World) -> Option<String> {
    world.leading()?;
    let open = world.pages.iter().filter(|page| !page.is_closed);
    let mut most: BTreeMap<&str, usize> = BTreeMap::new();
    for page in open {
        let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
        for (text, _) in visitor_texts(&page.shown) {
            *shown.entry(text).or_default() += 1;
        }
        for (text, times) in shown {
            let most = most.entry(text).or_default();
            *most = times.max(*most);
        }
        for line in page.shown.draft.lines() {
            most.entry(line).or_insert(1);
        }
    }
    world.witness.page.iter().find_map(|text| {
        let times = most.get(text.as_str()).copied().unwrap_or(0);
        (times != 1).then(|| format!("{text:?} is shown {times} times"))
    })
}

/// Each agent message that was in a response handed to the client appears exactly once, in order.
fn agent_messages_once_in_order(world: &World) -> Option<String> {
    let conversation = &world.page(world.leading()?).shown;
    let mut lives_elsewhere = world.pages.iter().filter(|page| !page.is_closed);
    if !conversation.phase.is_live() && lives_elsewhere.any(|page| page.shown.phase.is_live()) {
        // A tab that has just come brings the conversation along.
        return None;
    }
    let is_due = |words: &&str| !world.witness.forgotten.contains(*words);
    let shown = conversation
        .transcript
        .iter()
        .filter_map(|it| words(&it.content));
    let mut shown = shown.filter(is_due);
    let streams = world.witness.streams.iter();
    let due = streams.flat_map(|stream| stream.messages.values().flatten());
    let mut due = due.map(String::as_str).filter(is_due);
    loop {
        match (due.next(), shown.next()) {
            (None, None) => return None,
            (due, shown) if due == shown => {}
            (due, shown) => return Some(format!("due is {due:?}, shown is {shown:?}")),
        }
    }
}

/// A message that is missing between two others is told of.
fn holes_are_told(world: &World) -> Option<String> {
    world.witness.streams.iter().find_map(|stream| {
        let numbers = stream.messages.keys();
        let mut pairs = numbers.clone().zip(numbers.skip(1));
        let told = |number: i64| {
            let mut holes = stream.told_holes.iter();
            holes.any(|(after, before)| (after + 1..*before).contains(&number))
        };
        let untold = pairs.find_map(|(one, next)| (one + 1..*next).find(|it| !told(*it)))?;
        Some(format!("number {untold} is missing, and nobody is told"))
    })
}

/// No request after the end (except the one that tells the server of it, and retries of it).
fn nothing_after_the_end(world: &World, number: PageNo, request: &Request) -> Option<String> {
    let name = request.operation.name();
    let Ok(session) = session(&request.authorization) else {
        let starts = world.page(number).shown.phase == Phase::Starting;
        return (!starts).then(|| format!("{name} leaves, though nothing is being started"));
    };
    let is_wrong =
        world.witness.ended.contains(session) && request.operation != Operation::ConcludeEngagement;
    is_wrong.then(|| format!("{name} leaves after the end"))
}

/// No request goes to a host that the page does not allow.
fn allowed_hosts(_: &World, _: PageNo, request: &Request) -> Option<String> {
    let host = Address::read(&request.url).map(|address| address.host);
    let is_wrong = !host.as_deref().is_some_and(is_allowed);
    is_wrong.then(|| format!("a request goes to {host:?}"))
}

/// Typed preview text never leaves when it is not allowed.
fn preview_only_when_allowed(world: &World, number: PageNo, request: &Request) -> Option<String> {
    let is_text = request.operation == Operation::Activity && preview_text(&request.body).is_some();
    let told = told_of_preview(world, request);
    let page = world.page(number);
    let visitor_allows = page.let_previews_leave || page.shown.sneak_preview.is_allowed();
    let is_allowed = visitor_allows
        && told.is_some_and(|told| {
            told.state == Some(SneakPreviewState::Enabled) && told.focus.1 != Some(false)
        });
    (is_text && !is_allowed).then(|| format!("text leaves; visitor: {visitor_allows}, {told:?}"))
}

/// Typed text leaves at most once per interval.
fn preview_interval(world: &World, _: PageNo, request: &Request) -> Option<String> {
    let is_text = request.operation == Operation::Activity && preview_text(&request.body).is_some();
    let interval_ms = world.server.board.config().sneak_preview_interval_ms;
    let last = told_of_preview(world, request).and_then(|told| told.text_sent_at);
    let since_last = last.map(|at| world.now - at);
    let is_wrong = is_text && since_last.is_some_and(|ms| ms < interval_ms.unsigned_abs());
    is_wrong.then(|| format!("text leaves {since_last:?} ms after the last"))
}

fn told_of_preview<'a>(world: &'a World, request: &Request) -> Option<&'a Preview> {
    let session = session(&request.authorization).ok()?;
    world.witness.previews.get(session)
}

impl World {
    /// What keeps the world from rest, once nothing goes wrong any more; `None` when it is at rest.
    pub(crate) fn unrest(&self) -> Option<String> {
        let Some(leading) = self.leading() else {
            return Some("nobody leads".to_owned());
        };
        let asks = self
            .pages
            .iter()
            .enumerate()
            .filter(|(_, page)| !page.is_closed);
        let mut unsure = asks.filter(|(number, page)| *number != leading && !page.tab.is_settled());
        if let Some((number, _)) = unsure.next() {
            return Some(format!("tab {number} has no answer"));
        }
        let page = self.page(leading);
        let conversation = &page.shown;
        let phase = &conversation.phase;
        let is_live = phase.is_live();
        let unsettled = visitor_texts(conversation)
            .find(|(_, delivery)| matches!(delivery, Delivery::Queued | Delivery::Sending));
        let unread = self.witness.texts.iter().find(|(_, fate)| {
            let is_here = fate.session.is_some() && fate.session == self.witness.session;
            is_here && fate.taken > 0 && fate.seen == 0
        });
        let what = match phase {
            _ if !self.visitor.is_done() => "the visitor is not done".to_owned(),
            Phase::Starting => "the start is under way".to_owned(),
            Phase::Failed(failure) if failure.can_try_again() => format!("{failure:?}"),
            Phase::Failed(_) => return None,
            _ if unsettled.is_some() => format!("{unsettled:?}"),
            _ if is_live && conversation.connection != Connection::Connected => {
                format!("{:?}", conversation.connection)
            }
            _ if !is_live && page.tab.wake_at().is_some() => "a timer runs".to_owned(),
            Phase::Chatting(_) if unread.is_some() => format!("no agent has read {unread:?}"),
            _ => return None,
        };
        Some(what)
    }
}

fn visitor_texts(conversation: &Conversation) -> impl Iterator<Item = (&str, Delivery)> {
    conversation
        .transcript
        .iter()
        .filter_map(|entry| match &entry.content {
            Content::Visitor { text, delivery } => Some((text.as_ref(), *delivery)),
            _ => None,
        })
}

/// The text that a signal of writing carries.
fn preview_text(body: &str) -> Option<String> {
    let activity = ActivityRequest::from_json(body).ok()?;
    activity.sneak_preview_text.filter(|text| !text.is_empty())
}
