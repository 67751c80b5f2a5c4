//! Decides by messages between pages which page *leads*, that is, talks to the chat server. Where the browser has Web
//! Locks, the page with the *tab lock* leads. Elsewhere, as on a page without HTTPS, the page with the *claim* leads.
//!
//! A copy of a tab (*Duplicate tab*, `window.open`) has a copy of the tab's storage, so it looks like the same tab
//! after a reload. Only one of the two pages may talk to the chat server, because each message of the server goes to
//! only one of them. All pages whose storage descends from the same tab are a *group*.
//!
//! Each page of a group asks the others before it takes the claim. The page that holds the claim objects. If no page
//! objects within [`OBJECTION_MS`], the asking page takes the claim. There is one exception: the record in the storage
//! may come from another page that has not given up the claim. That page may still run and be too busy to object.
//! Therefore silence is not enough: the asking page waits until a page of the group says that it holds the claim or has
//! given it up, or until the visitor decides to continue here.
//!
//! Two pages hold the claim for a moment if one of them takes it from a page that does not run. The page that took the
//! claim later keeps it. The other page gives it up as soon as it runs again: a page that has not run for a while
//! *verifies* its claim before it does anything else. It sends itself a message over the channel. When that message
//! arrives, all earlier messages have arrived, also the one that says that another page has taken the claim.

use super::id::TabId;
use crate::Moment;

/// The time, in ms, in which another page of the group can object. A page that runs answers sooner.
const OBJECTION_MS: u64 = 250;

/// The time, in ms, after which the visitor learns that nobody has answered, and can continue here. It must be longer
/// than `UNVERIFIED_AFTER_MS` in `lead`. A page that has not run for so long verifies its claim before it does
/// anything, so it notices that the visitor has continued here.
const OVERDUE_MS: u64 = 2_500;

/// The time, in ms, within which the message that this page sends to itself must arrive. If it does not arrive, the
/// channel carries no messages at all. No page can then object, so the claim counts as verified.
const VERIFICATION_MS: u64 = 1_000;

/// A timer that is late by more than this, in ms, shows that this page was busy. Messages of other pages may then not
/// be delivered yet, so the page waits for `LATE_MS` more.
const LATE_MS: u64 = 100;

/// The greatest number of times that a page waits for [`LATE_MS`] more. Without a limit, a background page, whose
/// timers are always late, would never hold the claim.
const MAX_EXTENSIONS: u8 = 1;

/// The time, in ms, between two questions of a page that nobody answers. Only the second question comes earlier,
/// [`OVERDUE_MS`] after the first.
const ASK_AGAIN_MS: u64 = 5_000;

/// A message about the claim, from one page of a group to the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ClaimMessage {
    /// The sender asks whether another page holds the claim.
    Ask { from: TabId },
    /// The page `from` holds the claim. That page sends this message itself, or another page of the group sends it in
    /// its place. `since` is the time at which `from` took the claim, in ms since 1970. It is later than every earlier
    /// `since` that `from` knew, even if the clock of `from` showed an earlier time.
    Hold { from: TabId, since: i64 },
    /// The sender knows that a page took the claim at `since`, and does not know whether that page still holds it.
    MayBeHeld { from: TabId, since: i64 },
    /// The sender stops, and as far as it knows no page holds the claim: it has given the claim up, or was about to
    /// take it.
    Release { from: TabId },
}

/// What has become of the claim of this page. The tab acts on these reports as on `LockGranted`, `LockLost` and
/// `LockVerified`, the browser's reports about the tab lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ClaimReport {
    /// This page has taken the claim.
    Granted,
    /// Another page holds the claim.
    Lost,
    /// This page still holds the claim: no message says that another page has taken it. This answers [`Claim::verify`].
    Verified,
}

/// The claim of one page.
#[derive(Debug)]
pub(super) struct Claim {
    /// The tab in this page. Each load of a page gives its tab a new id, so the id stands for the page in messages.
    tab: TabId,
    /// Whether the page has a channel to the other pages of the group. Without a channel nobody can object.
    has_channel: bool,
    state: State,
    /// The latest time at which a page of the group took the claim, as far as this page knows, in ms since 1970; 0 if
    /// it knows none. The time is stored. A copy of the tab therefore takes the claim at a later time than its
    /// original, even if somebody has set the clock back.
    pub(super) latest_since: i64,
    /// Whether the visitor has made this page take the claim, which another page may still hold. False again when this page
    /// leads.
    pub(super) is_taken_over: bool,
    /// The messages to the other pages that are not sent yet.
    pub(super) outgoing: Vec<ClaimMessage>,
    /// The report that the tab has not taken yet. A new report replaces an older one.
    pub(super) report: Option<ClaimReport>,
}

#[derive(Debug)]
enum State {
    /// The page does not take part: it has not joined yet, or it has left.
    Apart {
        /// Whether no page held the claim after this page left, as far as this page knows: it gave the claim up, or was
        /// about to take it.
        has_released: bool,
    },
    /// The page has asked, and nobody has answered. Another page may hold the claim, so this page takes it only if the
    /// visitor demands that ([`Claim::steal`]).
    Unanswered {
        /// When the page asks again, on the monotonic clock, in ms.
        ask_again_at: u64,
        /// Whether [`OVERDUE_MS`] have passed since the first question.
        is_overdue: bool,
    },
    /// Another page holds the claim, or is about to take it.
    Waiting {
        /// The page that holds the claim according to a [`ClaimMessage::Hold`], and since when; `None` before such a
        /// message.
        holder: Option<(TabId, i64)>,
    },
    /// The page has asked. It takes the claim if nobody objects.
    Asking(Limit),
    /// This page holds the claim.
    Held {
        /// When this page took the claim; see [`ClaimMessage::Hold`].
        since: i64,
        /// The time until which the verification has to end. `None` if the page does not verify the claim now.
        verification: Option<Limit>,
    },
}

impl State {
    /// The state of a page that has just asked, and that does not take silence for permission.
    fn unanswered(now: Moment) -> Self {
        Self::Unanswered {
            ask_again_at: now.monotonic.saturating_add(OVERDUE_MS),
            is_overdue: false,
        }
    }
}

/// The time until which this page waits for messages.
#[derive(Clone, Copy, Debug)]
struct Limit {
    /// On the monotonic clock, in ms.
    until: u64,
    /// How many times this page has waited for [`LATE_MS`] more.
    extensions: u8,
}

impl Limit {
    fn new(now: Moment, length_ms: u64) -> Self {
        Self {
            until: now.monotonic.saturating_add(length_ms),
            extensions: 0,
        }
    }

    /// Whether the time has passed. If this call is so late that the page must have been busy, moves the limit to
    /// [`LATE_MS`] from now and returns false, at most [`MAX_EXTENSIONS`] times.
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
            is_taken_over: false,
            outgoing: Vec::new(),
            report: None,
        }
    }

    /// Joins the group, and asks the other pages whether they hold the claim. If another page may hold it
    /// (`may_be_held`), silence is not enough to take it. If no other page can hold it and there is no channel, takes
    /// it at once.
    pub(super) fn join(&mut self, now: Moment, may_be_held: bool) {
        self.state = if may_be_held {
            State::unanswered(now)
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
            // A page has this state only if, as far as it knows, no page holds the claim.
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

    /// Begins to verify the claim. If the result is true, the driver must send this page a message over the channel,
    /// and the tab calls [`Self::end_verification`] when that message arrives. If the result is false, [`Self::report`]
    /// already has the answer.
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

    /// Notes that the message that this page sent to itself has arrived. If another page had taken the claim, that
    /// page's message would have arrived earlier.
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
            ClaimMessage::MayBeHeld { since, .. } => self.note_possible_holder(now, since),
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

    /// The time at which [`Self::check_time`] must be called again, on the monotonic clock, in ms. `None` if this page
    /// waits for no time.
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

    /// Whether another page may hold the claim, and nobody has answered the question yet.
    pub(super) fn is_unanswered(&self) -> bool {
        matches!(self.state, State::Unanswered { .. })
    }

    /// Whether nobody has answered for so long that the visitor must learn that the conversation may go on in another
    /// page.
    pub(super) fn is_overdue(&self) -> bool {
        matches!(
            self.state,
            State::Unanswered {
                is_overdue: true,
                ..
            }
        )
    }

    /// Whether this page has left, and as far as it knows no page held the claim afterwards: this page gave it up, or
    /// was about to take it.
    pub(super) fn has_released(&self) -> bool {
        matches!(self.state, State::Apart { has_released: true })
    }

    /// Answers a page that asks whether another page holds the claim. If this page is about to take the claim itself,
    /// the page with the lower id goes on, and the other page waits.
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
            State::Unanswered { .. } => self.outgoing.push(ClaimMessage::MayBeHeld {
                from: self.tab,
                since: self.latest_since,
            }),
            State::Apart { .. } | State::Waiting { holder: None } => {}
        }
    }

    /// Takes a message that a page took the claim at `since`, and may still hold it. If this page has not known of that,
    /// its own conversation is older, and nobody's silence shows that it may take the claim.
    fn note_possible_holder(&mut self, now: Moment, since: i64) {
        if since <= self.latest_since {
            return;
        }
        self.latest_since = since;
        if let State::Asking(_) = self.state {
            self.state = State::unanswered(now);
        }
    }

    /// Takes a message that the page `other` has held the claim since `other_since`. If this page holds the claim too,
    /// the page that took it later keeps it; at the same time, the page with the higher id.
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
            // The holder that this page knows took the claim later, so the message is outdated.
            State::Waiting {
                holder: Some((_, since)),
            } if since > other_since => {}
            // A page that names this page as the holder is not up to date: this page has left, and asks again.
            State::Asking(_) | State::Unanswered { .. } if other == self.tab => {}
            State::Asking(_) | State::Unanswered { .. } | State::Waiting { .. } => {
                self.state = waiting;
            }
            State::Apart { .. } => {}
        }
    }

    /// Takes the claim, even if another page holds it, and tells the other pages and the tab.
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
