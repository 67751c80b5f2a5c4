//! Holds the polls (`getMessages` requests) of visitors and agents. Each poll waits until there are messages for it, or
//! until the time for which the server holds a poll is over. A poll is also answered, without messages, when its session
//! ends or begins another poll.

use pipit_switchboard::LongPoll;

use crate::app_state::AppState;

/// Waits until the poll has its answer, and returns the answer. If the client closes the connection, the HTTP library axum
/// drops this future. The poll is then abandoned, and its messages stay for the client's next poll.
pub(crate) async fn wait_for_answer<P: LongPoll>(app: &AppState, poll: P) -> P::Answer {
    // Reports every later change of the switchboard, which may bring the answer.
    let mut changes = app.changes();
    let hold_ends_ms = poll.hold_ends_ms();
    let held = AbandonOnDrop { app, poll };
    let mut stopping = app.stopping();
    loop {
        // Not `app.mutate`, which would wake all the other held polls after each attempt.
        if let Some(answer) = app.read(|switchboard, now| held.poll.answer(switchboard, now)) {
            return answer;
        }
        tokio::select! {
            _ = changes.changed() => {}
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
