//! The proof of the proof: a mutation takes away one promise of the engine, at its boundary, and the
//! invariant of that promise must fail.

use pipit_engine::{Authorization, Command, Content, Delivery, Input, Outcome, Request, RequestId};
use pipit_wire::consumer::Operation;
use pipit_wire::{Fields, WireValue as _};

use crate::Invariant;
use crate::page::PageNo;
use crate::world::World;

/// One promise that is not kept. The engine itself has no such switch: what it is told, or what it
/// has asked for, is changed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// Messages that come again come under new numbers, so that nothing drops them.
    NoDeduplication,
    /// What is *unknown* is sent again at once, without asking the visitor.
    NoUnknownState,
    /// A request that was given up stays out.
    DeafToAborts,
    /// No timer ever fires.
    NoTimers,
    /// A poll leaves after the end.
    PollsAfterTheEnd,
    /// Each start asks for two engagements.
    StartsTwice,
    /// Each signal of writing carries the text.
    AlwaysPreviews,
    /// The page is told of a shorter interval than the server's.
    ShortInterval,
    /// Posts are answered with 200 that the server never got.
    AcceptsUnseen,
    /// Posts are answered with 400 that the server took.
    DeniesTheTaken,
    /// What the visitor sends does not reach the engine.
    SwallowsTexts,
    /// Holes in the numbers are not told.
    SilentHoles,
    /// The page allows every host.
    AllowsEveryHost,
    /// Each tab is given the lock.
    NoLeaderLock,
}

impl Mutation {
    /// Every mutation.
    pub const ALL: [Self; 14] = [
        Self::NoDeduplication,
        Self::NoUnknownState,
        Self::DeafToAborts,
        Self::NoTimers,
        Self::PollsAfterTheEnd,
        Self::StartsTwice,
        Self::AlwaysPreviews,
        Self::ShortInterval,
        Self::AcceptsUnseen,
        Self::DeniesTheTaken,
        Self::SwallowsTexts,
        Self::SilentHoles,
        Self::AllowsEveryHost,
        Self::NoLeaderLock,
    ];

    /// The invariants that fail by it, each sooner or later.
    pub fn breaks(self) -> &'static [Invariant] {
        match self {
            Self::NoDeduplication => &[Invariant::AgentMessagesOnceInOrder],
            Self::NoUnknownState => &[Invariant::AtMostOnce, Invariant::NotTakenForAbuse],
            Self::DeafToAborts | Self::NoLeaderLock => &[Invariant::OnePoll],
            Self::NoTimers => &[
                Invariant::NeverNoPoll,
                Invariant::HonestConnection,
                Invariant::ComesToRest,
            ],
            Self::PollsAfterTheEnd => &[Invariant::NothingAfterTheEnd],
            Self::StartsTwice => &[Invariant::OneEngagementPerStart],
            Self::AlwaysPreviews => &[Invariant::PreviewOnlyWhenAllowed],
            Self::ShortInterval => &[Invariant::PreviewInterval],
            Self::AcceptsUnseen => &[Invariant::AcceptedIsThere],
            Self::DeniesTheTaken => &[Invariant::FailedIsNotThere],
            Self::SwallowsTexts => &[Invariant::EveryTextIsVisible],
            Self::SilentHoles => &[Invariant::HolesAreTold],
            Self::AllowsEveryHost => &[Invariant::AllowedHosts],
        }
    }
}

/// What some mutations do by themselves; without them these do nothing.
impl World {
    fn is_mutated(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// [`Mutation::NoUnknownState`]
    pub(crate) fn send_unknown_again(&mut self) {
        let Some(number) = self.leading().filter(|it| self.page(*it).runs()) else {
            return;
        };
        let conversation = &self.page(number).shown;
        let mut entries = conversation.transcript.iter();
        let is_unknown = |content: &Content| matches!(content, Content::Visitor { delivery, .. } if *delivery == Delivery::Unknown);
        let unknown = entries.find(|entry| is_unknown(&entry.content));
        if self.is_mutated(Mutation::NoUnknownState)
            && conversation.phase.is_live()
            && let Some(entry) = unknown.map(|entry| entry.id)
        {
            self.engine(number, Input::Command(Command::SendAgain(entry)));
        }
    }

    /// [`Mutation::PollsAfterTheEnd`]
    pub(crate) fn poll_after_the_end(&mut self) {
        let last_poll = self.network.last_poll();
        if self.is_mutated(Mutation::PollsAfterTheEnd)
            && let Some((number, poll)) = last_poll
        {
            self.check_request(number, &poll);
        }
    }

    /// [`Mutation::StartsTwice`]
    pub(crate) fn start_twice(&mut self, number: PageNo, request: &Request) {
        if self.is_mutated(Mutation::StartsTwice)
            && request.operation == Operation::RequestEngagement
        {
            let token = self.server.session().jwt;
            self.depart(
                number,
                Request {
                    id: RequestId(u64::MAX),
                    authorization: Authorization::Bearer(token),
                    ..request.clone()
                },
            );
        }
    }

    /// [`Mutation::ShortInterval`]
    pub(crate) fn shorten_interval(&self, outcome: &mut Outcome) {
        if self.is_mutated(Mutation::ShortInterval)
            && let Outcome::Answered { body, .. } = outcome
        {
            *body = body.replace(":3000", ":300");
        }
    }

    /// [`Mutation::AlwaysPreviews`]
    pub(crate) fn add_preview(&self, request: &mut Request) {
        if self.is_mutated(Mutation::AlwaysPreviews)
            && request.operation == Operation::Activity
            && let Ok(mut fields) = Fields::from_json(&request.body)
        {
            fields.put("sneakPreviewText", &"all of it".to_owned());
            request.body = fields.write().to_string();
        }
    }
}
