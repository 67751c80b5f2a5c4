//! The long poll of the consumer (the visitor's client): a `getMessages` request that the server holds until there is a
//! message for the consumer, or until the time for which it holds a poll is over.

use std::task::Waker;

use pipit_wire::consumer::{Echo, GetMessagesResponse, SystemMessage};
use pipit_wire::{EngagementId, ServiceTime};

use crate::Switchboard;
use crate::engagement::Engagement;
use crate::long_poll::LongPoll;
use crate::message_stream::HeldPoll;

/// A consumer's poll that has not been answered yet.
#[derive(Clone, Debug)]
pub struct ConsumerPoll {
    /// The engagement whose consumer polls.
    pub(super) engagement: EngagementId,
    /// The poll's number and the end of its hold. The engagement's stream has the same value while it holds the poll.
    pub(super) held: HeldPoll,
    /// The members of the request that the answer repeats.
    pub(super) echo: Echo,
}

impl LongPoll for ConsumerPoll {
    type Answer = GetMessagesResponse;

    fn hold_ends_ms(&self) -> i64 {
        self.held.hold_ends_ms
    }

    fn answer(&self, switchboard: &mut Switchboard, now: i64) -> Option<GetMessagesResponse> {
        // Runs the time-outs that are due. They may add messages.
        switchboard.tick(now);
        let system_messages = match switchboard.engagements.get_mut(&self.engagement) {
            Some(engagement) => engagement.take_for_poll(self.held, now)?,
            // The session is over, and the engagement was removed.
            None => Vec::new(),
        };
        // Removes the engagement if the messages contained its end, so that the session is over, and if no agent is in
        // wrap-up (busy with the engagement after its end).
        switchboard.remove_if_unused(self.engagement);
        Some(GetMessagesResponse {
            system_messages,
            echo: Echo {
                service_finish_time: Some(ServiceTime::Iso(now)),
                ..self.echo.clone()
            },
            ..GetMessagesResponse::default()
        })
    }

    fn wake_on_change(&self, switchboard: &mut Switchboard, waker: &Waker) {
        match switchboard.engagements.get_mut(&self.engagement) {
            Some(session) => session.stream.wake_on_change(waker),
            None => waker.wake_by_ref(),
        }
    }

    fn abandon(&self, switchboard: &mut Switchboard, now: i64) {
        switchboard.tick(now);
        if let Some(engagement) = switchboard.engagements.get_mut(&self.engagement) {
            engagement.stream.end_poll(self.held, now);
        }
    }
}

impl Engagement {
    /// Takes the messages for a poll, and records what the consumer learns from them about sneak previews (texts that
    /// the agents see while the visitor types them). The session ends when the consumer fetches the message that
    /// concludes the engagement. `None` while the poll has to be held.
    fn take_for_poll(&mut self, poll: HeldPoll, now: i64) -> Option<Vec<SystemMessage>> {
        if self.session.is_none() {
            // A displaced poll need not be held any more.
            self.stream.end_all_polls();
        }
        let messages = self.stream.take_for_poll(poll, now)?;
        for message in &messages {
            match message {
                SystemMessage::ActivityChanged(activity) => {
                    if let Some(state) = &activity.sneak_preview_state {
                        self.preview.record_announced_state(state.clone(), now);
                    }
                    self.preview
                        .record_announced_focus(activity.sneak_preview_focus, now);
                }
                SystemMessage::Concluded(_) => self.session = None,
                _ => {}
            }
        }
        Some(messages)
    }
}
