//! Holds the polls (`getMessages` requests) of visitors and agents. Each poll waits until there are messages for it, or
//! until the time for which the server holds a poll is over. A poll is also answered, without messages, when its session
//! ends or begins another poll.

use std::future::poll_fn;
use std::task::Poll;

use pipit_switchboard::LongPoll;

use crate::app_state::AppState;

/// Waits until the poll has its answer, and returns the answer. If the client closes the connection, the HTTP library axum
/// drops this future. The poll is then abandoned, and its messages stay for the client's next poll.
pub(crate) async fn wait_for_answer<P: LongPoll>(app: &AppState, poll: P) -> P::Answer {
    let hold_ends_ms = poll.hold_ends_ms();
    let held = AbandonOnDrop { app, poll };
    let mut stopping = app.stopping();
    loop {
        let answered = poll_fn(|context| {
            // Not `app.mutate`: a poll without an answer has changed nothing.
            app.read(|switchboard, now| {
                let answer = held.poll.answer(switchboard, now);
                if answer.is_none() {
                    held.poll.wake_on_change(switchboard, context.waker());
                }
                answer.map_or(Poll::Pending, Poll::Ready)
            })
        });
        tokio::select! {
            answer = answered => return answer,
            // A poll that was abandoned is answered without messages.
            _ = stopping.wait_for(|is_stopping| *is_stopping) => {
                app.read(|switchboard, now| held.poll.abandon(switchboard, now));
            }
            () = app.clock.sleep_until(hold_ends_ms) => {}
        }
    }
}

/// Abandons its poll when it is dropped. This has no effect on a poll that was answered.
struct AbandonOnDrop<'a, P: LongPoll> {
    app: &'a AppState,
    poll: P,
}

impl<P: LongPoll> Drop for AbandonOnDrop<'_, P> {
    fn drop(&mut self) {
        self.app
            .read(|switchboard, now| self.poll.abandon(switchboard, now));
    }
}
