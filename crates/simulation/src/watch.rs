//! How the witness learns what happens: from what the visitor does, from what comes to the browser,
//! and from what the page shows.

use std::collections::BTreeMap;

use pipit_engine::{
    Command, Content, Conversation, Delivery, Entry, EntryId, Notice, Outcome, Phase,
};
use pipit_wire::consumer::{ActivityResponse, Operation, RequestEngagementResponse};
use pipit_wire::{Fields, WireObject};

use crate::network::PacketId;
use crate::page::{Page, PageNo};
use crate::server::session;
use crate::world::{World, note};

impl World {
    pub(crate) fn note_command(&mut self, number: PageNo, command: &Command) {
        if matches!(command, Command::Send(_) | Command::Typed(_)) {
            self.forget_draft(number);
        }
        let shown = self.page(number).shown.clone();
        let rests = matches!(
            shown.phase,
            Phase::Idle | Phase::Failed(_) | Phase::Concluded(_)
        );
        if rests && matches!(command, Command::Start(_) | Command::Send(_)) {
            self.witness.starts += 1;
        }
        match command {
            Command::Send(text) => {
                self.witness.text(text).writer = number;
                self.witness.page.push(text.clone());
            }
            Command::SendAgain(entry) if shown.phase.is_live() => {
                if let Some(text) = text_of(&shown, *entry) {
                    let text = self.witness.text(&text);
                    text.allowed += u32::from(text.is_uncertain);
                }
            }
            Command::Discard(entry) => {
                let text = text_of(&shown, *entry);
                self.witness.page.retain(|it| Some(it) != text.as_ref());
            }
            _ => {}
        }
    }

    /// Whether some tab shows a text, or holds it as a draft.
    fn is_shown(&self, text: &str) -> bool {
        let mut open = self.pages.iter().filter(|page| !page.is_closed);
        open.any(|page| shows(&page.shown, text, false))
    }

    /// The visitor writes something else: what a reload had made a draft again is taken back.
    fn forget_draft(&mut self, number: PageNo) {
        let shown = self.page(number).shown.clone();
        let draft = shown.draft.clone();
        self.witness
            .page
            .retain(|text| !draft.lines().any(|line| line == text));
    }

    /// A new conversation clears the page of the one before; so does one that another tab has
    /// brought along. What was written with this very step stays. One step may bring the end of the
    /// one and begin the next: then nobody has seen it concluded.
    pub(crate) fn note_page_turn(&mut self, number: PageNo, is_word: bool) {
        if self.leading() != Some(number) {
            return;
        }
        let after = self.page(number).shown.phase.clone();
        let before = std::mem::replace(&mut self.witness.phase, after.clone());
        let was_over =
            matches!(before, Phase::Concluded(_)) || (before.is_live() && self.witness.is_over());
        let begins = was_over && matches!(after, Phase::Starting | Phase::Idle);
        let is_brought = is_word && !before.is_live() && after.is_live();
        if begins {
            self.keep_what_is_shown(number);
            let streams = std::mem::take(&mut self.witness.streams);
            let said = streams
                .into_iter()
                .flat_map(|stream| stream.messages.into_values());
            self.witness.forgotten.extend(said.flatten());
        } else if is_brought {
            self.tally.sights.insert("a conversation is brought along");
            self.forget_unknown();
        }
    }

    /// Another tab leads. What only a tab knew that is gone, or slept too long, is lost with it.
    pub(crate) fn note_new_leader(&mut self, number: PageNo) {
        let page = self.page(number);
        if page.shown.phase.is_live() && page.loads == 0 {
            self.tally.sights.insert("another tab takes over");
        }
        self.forget_unknown();
    }

    /// What no tab shows that runs, nobody can know.
    fn forget_unknown(&mut self) {
        let pages = self.pages.iter().filter(|page| page.runs());
        let shown: Vec<Conversation> = pages.map(|page| page.shown.clone()).collect();
        let knows = |text: &String| shown.iter().any(|it| shows(it, text, false));
        self.witness.page.retain(knows);
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for conversation in &shown {
            let mut here: BTreeMap<&str, usize> = BTreeMap::new();
            for words in conversation
                .transcript
                .iter()
                .filter_map(|it| words(&it.content))
            {
                *here.entry(words).or_default() += 1;
            }
            for (words, times) in here {
                let most = known.entry(words).or_default();
                *most = times.max(*most);
            }
        }
        let forgotten = &mut self.witness.forgotten;
        let streams = self.witness.streams.iter_mut();
        for words in streams.flat_map(|stream| stream.messages.values_mut()) {
            let is_lost = |told: &mut String| match known.get_mut(told.as_str()) {
                Some(left @ 1..) => {
                    *left -= 1;
                    false
                }
                Some(0) | None => true,
            };
            forgotten.extend(words.take_if(is_lost));
        }
        for (text, fate) in &mut self.witness.texts {
            fate.was_accepted &= shown.iter().any(|it| is_accepted(it, text));
        }
    }

    /// What only a closed tab had, nobody can know.
    pub(crate) fn forget_unheard(&mut self, number: PageNo) {
        let writer = |text: &String| self.witness.texts.get(text).map(|it| it.writer);
        let gone = self.witness.page.iter().cloned();
        let gone: Vec<String> = gone
            .filter(|text| writer(text) == Some(number) && !self.is_shown(text))
            .collect();
        self.witness.page.retain(|text| !gone.contains(text));
    }

    /// What this tab shows stays on the page, and what others have not told it yet.
    fn keep_what_is_shown(&mut self, number: PageNo) {
        let page = std::mem::take(&mut self.witness.page);
        let stays = |text: &String| {
            let was_led = self
                .witness
                .texts
                .get(text)
                .is_some_and(|text| text.was_led);
            let mut pages = self.pages.iter().enumerate();
            pages.any(|(it, page)| {
                let may_count = it == number || (!page.is_closed && !was_led);
                may_count && shows(&page.shown, text, it != number)
            })
        };
        self.witness.page = page.into_iter().filter(stays).collect();
    }

    /// Whether the tab that holds the lock sleeps while one runs that shows a living conversation.
    pub(crate) fn note_sleepers(&mut self) {
        let sleeps = |number: &PageNo| self.page(*number).is_frozen();
        let waits = |page: &Page| page.runs() && page.shown.phase.is_live();
        let is_leaderless = self.browser.holders.iter().any(sleeps) && self.pages.iter().any(waits);
        self.witness.leaderless_since = match self.witness.leaderless_since {
            since @ Some(_) if is_leaderless => since,
            _ => is_leaderless.then_some(self.now),
        };
    }

    pub(crate) fn note_outcome(&mut self, packet: PacketId, outcome: &Outcome) {
        note!(self, "  {}", outcome_text(outcome));
        let (
            Outcome::Answered {
                status: 200, body, ..
            },
            Some(request),
        ) = (
            outcome,
            self.network.packet(packet).map(|packet| &packet.request),
        )
        else {
            return;
        };
        let session = session(&request.authorization).map(str::to_owned);
        match (request.operation, session) {
            (Operation::RequestEngagement, _) => {
                if let Ok(answer) = RequestEngagementResponse::from_json(body) {
                    self.witness.begin(&answer, self.now);
                    self.network.forget_batches();
                }
            }
            (Operation::GetMessages, Ok(session)) if Fields::from_json(body).is_ok() => {
                self.witness.heard_at = self.now;
                self.witness.hand(&session, self.network.brings(packet));
                self.handed(packet);
            }
            (Operation::Activity, Ok(session)) => {
                if let Ok(answer) = ActivityResponse::from_json(body)
                    && answer.sneak_preview_state.is_some()
                {
                    self.witness.preview(&session).state = answer.sneak_preview_state;
                }
            }
            _ => {}
        }
    }

    /// Looks at the pages after each step.
    pub(crate) fn look(&mut self) {
        self.has_news = true;
        let Some(leading) = self.leading() else {
            return;
        };
        let conversation = self.page(leading).shown.clone();
        self.tally.saw(&conversation);
        for entry in conversation.transcript.iter() {
            if let Content::Visitor { text, delivery } = &entry.content
                && let Some(text) = self.witness.texts.get_mut(&**text)
            {
                text.was_led |= entry.id.0 <= u64::MAX / 2;
                text.was_accepted |= *delivery == Delivery::Accepted;
                text.is_uncertain |= *delivery == Delivery::Unknown;
            }
        }
        let is_live = conversation.phase.is_live();
        let mut open = self.pages.iter().filter(|page| !page.is_closed);
        let lives_anywhere = open.any(|page| page.shown.phase.is_live() || page.has_unheard());
        if !lives_anywhere && let Some(session) = self.witness.session.take() {
            self.witness.ended.insert(session);
            self.poll_after_the_end();
        }
        let polls = self.page(leading).polls(self).next().is_some();
        self.witness.no_poll_since = match self.witness.no_poll_since {
            _ if polls || !is_live => None,
            since => since.or(Some(self.now)),
        };
        self.send_unknown_again();
    }
}

/// What an entry shows of an agent's words.
pub(crate) fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Agent { body, .. } | Content::Notice(Notice::Server { text: body, .. }) => {
            Some(body)
        }
        _ => None,
    }
}

/// Whether a tab shows a text, or holds it as a draft; only what its leader has not heard yet, if so
/// wanted.
fn shows(shown: &Conversation, text: &str, only_unheard: bool) -> bool {
    let mut drafts = shown.draft.lines();
    let mut entries = shown.transcript.iter();
    let is_it = |entry: &Entry| matches!(&entry.content, Content::Visitor { text: shown, .. } if **shown == *text);
    let counts = |entry: &Entry| !only_unheard || entry.id.0 > u64::MAX / 2;
    drafts.any(|line| line == text) || entries.any(|entry| counts(entry) && is_it(entry))
}

fn is_accepted(shown: &Conversation, text: &str) -> bool {
    let mut entries = shown.transcript.iter();
    entries.any(|entry| matches!(&entry.content, Content::Visitor { text: shown, delivery: Delivery::Accepted } if **shown == *text))
}

fn text_of(conversation: &Conversation, entry: EntryId) -> Option<String> {
    let mut entries = conversation.transcript.iter();
    match &entries.find(|it| it.id == entry)?.content {
        Content::Visitor { text, .. } => Some(text.as_ref().to_owned()),
        _ => None,
    }
}

fn outcome_text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered { status, body, .. } => format!("{status}, {} bytes", body.len()),
        other => format!("{other:?}"),
    }
}
