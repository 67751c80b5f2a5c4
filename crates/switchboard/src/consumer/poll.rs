//! The consumer's long poll.

use pipit_wire::consumer::{Echo, GetMessagesResponse, SystemMessage};
use pipit_wire::{EngagementId, ServiceTime};

use crate::Switchboard;
use crate::engagement::Engagement;
use crate::stream::{Hold, LongPoll};

/// A consumer's poll that waits for its answer.
#[derive(Clone, Debug)]
pub struct ConsumerPoll {
    pub(super) engagement: EngagementId,
    pub(super) hold: Hold,
    pub(super) echo: Echo,
}

impl LongPoll for ConsumerPoll {
    type Answer = GetMessagesResponse;

    fn until_ms(&self) -> i64 {
        self.hold.until_ms
    }

    fn answer(&self, board: &mut Switchboard, now: i64) -> Option<GetMessagesResponse> {
        board.tick(now);
        let system_messages = match board.engagements.get_mut(&self.engagement) {
            Some(engagement) => engagement.hand_over(self.hold, now)?,
            None => Vec::new(),
        };
        board.forget_if_done(self.engagement);
        Some(GetMessagesResponse {
            system_messages,
            echo: Echo {
                service_finish_time: Some(ServiceTime::Iso(now)),
                ..self.echo.clone()
            },
            ..GetMessagesResponse::default()
        })
    }

    fn abandon(&self, board: &mut Switchboard, now: i64) {
        board.tick(now);
        if let Some(engagement) = board.engagements.get_mut(&self.engagement) {
            engagement.stream.end(self.hold, now);
        }
    }
}

impl Engagement {
    /// Takes the messages for a poll; what the consumer learns by them counts as known. With the
    /// message of its end the session is over.
    fn hand_over(&mut self, hold: Hold, now: i64) -> Option<Vec<SystemMessage>> {
        let messages = self.stream.answer(hold, now)?;
        for message in &messages {
            match message {
                SystemMessage::ActivityChanged(it) => {
                    if let Some(state) = &it.sneak_preview_state {
                        self.preview.learn_state(state.clone(), now);
                    }
                    self.preview.learn_focus(it.sneak_preview_focus, now);
                }
                SystemMessage::Concluded(_) => self.session = None,
                _ => {}
            }
        }
        Some(messages)
    }
}
