//! The claim stands in for the tab lock where the browser has no Web Locks, as on a page without HTTPS. A copy of a tab
//! (*Duplicate tab*, `window.open`) has a copy of the tab's storage and looks like the same tab after a reload. Only
//! one of the two pages may talk to the chat server, because each message of the server goes to only one of them.
//!
//! All pages whose storage descends from the same tab are a *group*. Each page of a group asks the others before it
//! leads. The page that holds the claim objects; if no page objects within [`OBJECTION_MS`], the asking page holds the
//! claim. A stored record says whether the page that wrote it has given the claim up. If it has not, its page may still
//! run and only be busy. A page with such a record does not take the claim because of silence: it waits until a page
//! of the group answers, or until the visitor decides.
//!
//! Two pages hold the claim for a moment if one of them takes it from a page that does not run. The page that took the
//! claim later keeps it. The other page gives it up as soon as it runs again: it first *verifies* the claim, which means
//! that it sends itself a message over the channel. When that message arrives, all earlier messages have arrived.

use super::id::TabId;
use crate::Moment;

/// The time, in ms, in which another page of the group can object. A page that runs answers sooner.
const OBJECTION_MS: u64 = 250;

/// The time, in ms, after which the visitor learns that nobody has answered, and can continue here. It must be longer
/// than `UNVERIFIED_AFTER_MS` in `lead`: a page from which the visitor takes the claim then verifies the claim before it
/// does anything.
const OVERDUE_MS: u64 = 2_500;

/// The time, in ms, within which the channel returns a message of this page to it. A channel that does not return it
/// carries no messages at all, so the page then goes on.
const VERIFICATION_MS: u64 = 1_000;

/// A timer that is late by more than this, in ms, shows that this page was busy. Answers of other pages may then wait,
/// so the page waits for this time again.
const LATE_MS: u64 = 100;

/// The page waits again at most this often. Without a limit, a background page, whose timers are always late, would
/// never hold the claim.
const MAX_EXTENSIONS: u8 = 1;

/// The time, in ms, between two questions of a page that nobody has answered.
const ASK_AGAIN_MS: u64 = 5_000;

/// A message about the claim, from one page of a group to the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ClaimMessage {
    /// The sender asks whether another page holds the claim.
    Ask { from: TabId },
    /// The sender holds the claim. `since` is the time at which it took the claim, in ms since 1970; later than the
    /// time of each holder that the sender knew.
    Hold { from: TabId, since: i64 },
    /// The sender has given the claim up.
    Release { from: TabId },
}

/// What has become of the claim of this page. It has the meaning of the browser's reports about the tab lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClaimReport {
    Granted,
    Lost,
    /// No other page of the group objects. This answers [`Claim::verify`].
    Verified,
}

/// The claim of one page.
#[derive(Debug)]
pub(super) struct Claim {
    tab: TabId,
    /// Whether the page has a channel to the other pages of the group. Without a channel nobody can object.
    has_channel: bool,
    state: State,
    /// The latest time at which a page of the group took the claim, as far as this page knows; 0 if it knows none. It
    /// is stored, so that a copy takes the claim later than its original, even if somebody has set the clock back.
    pub(super) latest_since: i64,
    /// Whether this page led and knew of no other page when it left. The stored conversation is then the latest for the
    /// next page of this browser tab.
    pub(super) has_left_alone: bool,
    /// The messages to the other pages that are not sent yet.
    pub(super) outgoing: Vec<ClaimMessage>,
    /// The report that the tab has not taken yet. A new report replaces an older one.
    pub(super) report: Option<ClaimReport>,
}

#[derive(Debug)]
enum State {
    /// The page does not take part: it has not joined yet, or it has left.
    Apart {
        /// Whether the page knows that no other page holds the claim, because this page has given it up.
        has_released: bool,
    },
    /// The page has asked, and nobody has answered. Another page may hold the claim, so this page does not take it.
    Unanswered {
        ask_again_at: u64,
        /// Whether the time for the first answer has passed.
        is_overdue: bool,
    },
    /// Another page holds the claim, or is about to take it.
    Waiting {
        /// The page that said that it holds the claim, and since when; `None` if no page has said so yet.
        holder: Option<(TabId, i64)>,
    },
    /// The page has asked. It takes the claim if nobody objects.
    Asking(Limit),
    Held {
        since: i64,
        /// The time until which the verification has to end. `None` if the page does not verify the claim now.
        verification: Option<Limit>,
    },
}

/// The time until which this page waits for messages.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// On the monotonic clock, in ms.
    until: u64,
    extensions: u8,
}

impl Limit {
    fn new(now: Moment, length_ms: u64) -> Self {
        Self {
            until: now.monotonic.saturating_add(length_ms),
            extensions: 0,
        }
    }

    /// Whether the time has passed. If this page was busy at its end, it waits a little longer.
    fn has_passed(&mut self, now: Moment) -> bool {
        let late_ms = now.monotonic.saturating_sub(self.until);
        if late_ms > LATE_MS && self.extensions < MAX_EXTENSIONS {
            self.extensions += 1;
            self.until = now.monotonic.saturating_add(LATE_MS);
        }
        now.monotonic >= self.until
    }
}

impl Claim {
    pub(super) fn new(tab: TabId, has_channel: bool) -> Self {
        Self {
            tab,
            has_channel,
            state: State::Apart {
                has_released: false,
            },
            latest_since: 0,
            has_left_alone: false,
            outgoing: Vec::new(),
            report: None,
        }
    }

    /// Joins the group. `may_be_held` says whether the stored record leaves open that another page holds the claim.
    pub(super) fn join(&mut self, now: Moment, may_be_held: bool) {
        self.state = if may_be_held {
            State::Unanswered {
                ask_again_at: now.monotonic.saturating_add(OVERDUE_MS),
                is_overdue: false,
            }
        } else if self.has_channel {
            State::Asking(Limit::new(now, OBJECTION_MS))
        } else {
            self.take(now);
            return;
        };
        self.outgoing.push(ClaimMessage::Ask { from: self.tab });
    }

    /// Leaves the group, because the page is unloaded or suspended.
    pub(super) fn leave(&mut self) {
        let has_released = match self.state {
            State::Held { verification, .. } => verification.is_none(),
            State::Apart { has_released } => has_released,
            // The page asks only if the previous holder has given the claim up.
            State::Asking(_) => true,
            State::Unanswered { .. } | State::Waiting { .. } => false,
        };
        if has_released {
            self.outgoing.push(ClaimMessage::Release { from: self.tab });
        }
        self.state = State::Apart { has_released };
        self.report = None;
    }

    /// Takes the claim, whether another page holds it or not. Does nothing if this page does not take part.
    pub(super) fn steal(&mut self, now: Moment) {
        if !matches!(self.state, State::Apart { .. }) {
            self.take(now);
        }
    }

    /// Begins to verify the claim. Returns whether the driver has to send this page a message over the channel, whose
    /// arrival the tab reports with [`Self::end_verification`]. Otherwise the report comes at once.
    pub(super) fn verify(&mut self, now: Moment) -> bool {
        let report = match &mut self.state {
            State::Held { verification, .. } if self.has_channel => {
                *verification = Some(Limit::new(now, VERIFICATION_MS));
                return true;
            }
            State::Held { .. } => ClaimReport::Verified,
            _ => ClaimReport::Lost,
        };
        self.report = Some(report);
        false
    }

    /// Notes that the message for the verification has arrived. If another page had taken the claim, its message would
    /// have arrived before.
    pub(super) fn end_verification(&mut self) {
        if let State::Held {
            verification: verification @ Some(_),
            ..
        } = &mut self.state
        {
            *verification = None;
            self.report = Some(ClaimReport::Verified);
        }
    }

    /// Takes a message of another page of the group.
    pub(super) fn receive(&mut self, now: Moment, message: ClaimMessage) {
        match message {
            ClaimMessage::Ask { from } => self.answer(from),
            ClaimMessage::Hold { from, since } => self.compare(from, since),
            ClaimMessage::Release { .. } => {
                if matches!(self.state, State::Unanswered { .. } | State::Waiting { .. }) {
                    self.join(now, false);
                }
            }
        }
    }

    /// Acts on the times that have passed.
    pub(super) fn check_time(&mut self, now: Moment) {
        match &mut self.state {
            State::Asking(time) => {
                if time.has_passed(now) {
                    self.take(now);
                }
            }
            State::Held { verification, .. } => {
                if verification
                    .as_mut()
                    .is_some_and(|time| time.has_passed(now))
                {
                    *verification = None;
                    self.report = Some(ClaimReport::Verified);
                }
            }
            State::Unanswered {
                ask_again_at,
                is_overdue,
            } => {
                if now.monotonic >= *ask_again_at {
                    *ask_again_at = now.monotonic.saturating_add(ASK_AGAIN_MS);
                    *is_overdue = true;
                    self.outgoing.push(ClaimMessage::Ask { from: self.tab });
                }
            }
            State::Apart { .. } | State::Waiting { .. } => {}
        }
    }

    /// The time at which [`Self::check_time`] must be called again, on the monotonic clock, in ms.
    pub(super) fn wake_at(&self) -> Option<u64> {
        match &self.state {
            State::Asking(time)
            | State::Held {
                verification: Some(time),
                ..
            } => Some(time.until),
            State::Unanswered { ask_again_at, .. } => Some(*ask_again_at),
            State::Apart { .. }
            | State::Waiting { .. }
            | State::Held {
                verification: None, ..
            } => None,
        }
    }

    /// Whether another page may hold the claim and nobody has answered in time.
    pub(super) fn is_unanswered(&self) -> bool {
        matches!(self.state, State::Unanswered { .. })
    }

    /// Whether the visitor has to learn that the conversation may go on in another page.
    pub(super) fn is_overdue(&self) -> bool {
        matches!(
            self.state,
            State::Unanswered {
                is_overdue: true,
                ..
            }
        )
    }

    /// Whether this page held the claim when it left, and has given it up.
    pub(super) fn has_released(&self) -> bool {
        matches!(self.state, State::Apart { has_released: true })
    }

    /// Answers a page that asks. If both pages ask, the page with the lower id goes on.
    fn answer(&mut self, asker: TabId) {
        match self.state {
            State::Held { since, .. } => {
                let from = self.tab;
                self.outgoing.push(ClaimMessage::Hold { from, since });
            }
            // The holder may be busy, so this page answers for it.
            State::Waiting {
                holder: Some((from, since)),
            } => self.outgoing.push(ClaimMessage::Hold { from, since }),
            State::Asking(_) if asker < self.tab => self.state = State::Waiting { holder: None },
            State::Asking(_) => self.outgoing.push(ClaimMessage::Ask { from: self.tab }),
            State::Apart { .. } | State::Unanswered { .. } | State::Waiting { holder: None } => {}
        }
    }

    /// Compares this page with another page that says that it holds the claim.
    fn compare(&mut self, other: TabId, other_since: i64) {
        self.latest_since = self.latest_since.max(other_since);
        let waiting = State::Waiting {
            holder: Some((other, other_since)),
        };
        match self.state {
            State::Held { since, .. } if (since, self.tab) < (other_since, other) => {
                self.state = waiting;
                self.report = Some(ClaimReport::Lost);
            }
            State::Held { since, .. } => {
                let from = self.tab;
                self.outgoing.push(ClaimMessage::Hold { from, since });
            }
            State::Waiting {
                holder: Some((_, since)),
            } if since > other_since => {}
            // Another page may answer for this page, which has the claim no more and asks again.
            State::Asking(_) | State::Unanswered { .. } if other == self.tab => {}
            State::Asking(_) | State::Unanswered { .. } | State::Waiting { .. } => {
                self.state = waiting;
            }
            State::Apart { .. } => {}
        }
    }

    /// Takes the claim. `is_new` says whether the others have just had time to object.
    fn take(&mut self, now: Moment) {
        let since = now.wall.max(self.latest_since.saturating_add(1));
        self.latest_since = since;
        self.state = State::Held {
            since,
            verification: None,
        };
        let from = self.tab;
        self.outgoing.push(ClaimMessage::Hold { from, since });
        self.report = Some(ClaimReport::Granted);
    }
}
