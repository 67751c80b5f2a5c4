//! Warns the visitor a minute before the server ends a chat in which nobody writes, or a wait in the queue: by a banner, by
//! the screen reader, by a sound and by the page's title. In a chat, the visitor can answer with one button, which sends a
//! message, because only a message counts for the server.

use std::cell::{Cell, RefCell};

use gloo_timers::callback::Timeout;
use pipit_engine::{Entries, EntryId, Phase, TabView};
use yew::{Callback, Html, MouseEvent, html};

use crate::app::widget_state::{DrawTime, EndingSoon, WidgetInput};
use crate::browser_clock;
use crate::locale::TextKey;
use crate::view::context::ViewContext;

/// The time, in ms, from the warning to the end.
const WARNING_MILLIS: u32 = 60_000;

/// The limit of a chat in which nobody writes, in s, if the host sets none.
const DEFAULT_IDLE_SECONDS: u32 = 600;

/// The limit of a wait in the queue, in s, if the host sets none.
const DEFAULT_QUEUE_SECONDS: u32 = 1_800;

/// Watches the time limits of the conversations of one panel.
pub(crate) struct TimeLimits {
    idle_seconds: u32,
    queue_seconds: u32,
    /// What the running time limit belongs to. A change starts the time again.
    watched: Cell<Option<Watched>>,
    /// The timer until the warning.
    timer: RefCell<Option<Timeout>>,
}

/// A stretch of time that the server limits. Each message begins another stretch.
#[derive(Clone, Copy, PartialEq)]
struct Watched {
    ends: EndingSoon,
    /// The newest message of the visitor.
    newest_of_visitor: Option<EntryId>,
    /// The number of messages of agents.
    from_agents: usize,
}

impl TimeLimits {
    /// Takes the limits in seconds. `None` stands for the default, and 0 for no warning.
    pub(crate) fn new(idle_seconds: Option<u32>, queue_seconds: Option<u32>) -> Self {
        Self {
            idle_seconds: idle_seconds.unwrap_or(DEFAULT_IDLE_SECONDS),
            queue_seconds: queue_seconds.unwrap_or(DEFAULT_QUEUE_SECONDS),
            watched: Cell::default(),
            timer: RefCell::default(),
        }
    }

    /// Starts the time again if the phase has changed or somebody has written, and removes the warning then.
    pub(crate) fn observe(&self, context: &ViewContext, tab: &TabView) {
        let conversation = &tab.conversation;
        let watched = watched(&conversation.phase, &conversation.transcript);
        let before = self.watched.replace(watched);
        if before == watched {
            return;
        }
        if context.state().ending_soon.is_some() {
            set_warning(context, None);
        }
        let timer = watched.and_then(|watched| {
            let is_idle_limit = watched.ends == EndingSoon::Chat;
            let limit_seconds = if is_idle_limit {
                self.idle_seconds
            } else {
                self.queue_seconds
            };
            // Nothing was watched before: the conversation may have been restored after a reload.
            let passed = if before.is_none() && is_idle_limit {
                millis_since_newest(&conversation.transcript)
            } else {
                0
            };
            let delay = delay_of_warning(limit_seconds)?.saturating_sub(passed);
            let context = context.clone();
            let warn = move || set_warning(&context, Some(watched.ends));
            Some(Timeout::new(delay, warn))
        });
        self.timer.replace(timer);
    }

    /// Stops the timer.
    pub(crate) fn shut_down(&self) {
        self.timer.take();
    }
}

/// The stretch of time that runs in this phase; `None` if the phase has no time limit.
fn watched(phase: &Phase, transcript: &Entries) -> Option<Watched> {
    let summary = transcript.summary();
    match phase {
        Phase::Chatting(_) => Some(Watched {
            ends: EndingSoon::Chat,
            newest_of_visitor: summary.newest_of_visitor,
            from_agents: summary.from_agents,
        }),
        // Messages do not extend the wait.
        Phase::Queued(_) | Phase::Requeued(_) => Some(Watched {
            ends: EndingSoon::Wait,
            newest_of_visitor: None,
            from_agents: 0,
        }),
        Phase::Idle | Phase::Starting | Phase::Concluded(_) | Phase::Failed(_) => None,
    }
}

/// The time, in ms, from the beginning of a stretch to its warning; `None` without a limit. A limit that is hardly longer
/// than the usual time of the warning gets its warning at half of the limit.
fn delay_of_warning(limit_seconds: u32) -> Option<u32> {
    let limit = limit_seconds
        .checked_mul(1_000)
        .filter(|limit| *limit > 0)?;
    Some(limit - WARNING_MILLIS.min(limit / 2))
}

/// The time, in ms, since the newest entry; 0 if there is none, or if the clocks do not agree.
fn millis_since_newest(entries: &Entries) -> u32 {
    let newest = entries
        .blocks()
        .last()
        .and_then(|block| block.members().last())
        .and_then(|chunk| chunk.members().last());
    #[allow(
        clippy::cast_possible_truncation,
        reason = "the clock's ms since 1970 are far from the limit of an i64"
    )]
    let now = browser_clock::wall_millis() as i64;
    newest
        .and_then(|entry| u32::try_from(now - entry.at).ok())
        .unwrap_or_default()
}

/// Shows a warning everywhere, or removes it.
fn set_warning(context: &ViewContext, ending_soon: Option<EndingSoon>) {
    let input = WidgetInput::SetEndingSoon(ending_soon);
    context.store.update(input, DrawTime::NextFrame);
    let title = match ending_soon {
        Some(ending_soon) => {
            context.say_text(TextKey::StillThere);
            context.say_text(explanation(ending_soon));
            context.texts.get(TextKey::StillThere).to_string()
        }
        None => String::new(),
    };
    if let Some(notifications) = &context.services.notifications {
        // If this fails, the visitor still sees the banner.
        let _ = notifications.warn(&title, context.runtime.leads());
    }
}

fn explanation(ending_soon: EndingSoon) -> TextKey {
    match ending_soon {
        EndingSoon::Chat => TextKey::ChatEndsSoon,
        EndingSoon::Wait => TextKey::QueueEndsSoon,
    }
}

/// The banner with the warning. Nothing extends the wait in the queue, so only the warning of a chat has a button.
pub(crate) fn render_banner(context: &ViewContext, ending_soon: Option<EndingSoon>) -> Html {
    let Some(ending_soon) = ending_soon else {
        return Html::default();
    };
    let texts = &context.texts;
    let stay = Callback::from({
        let context = context.clone();
        move |_: MouseEvent| context.send(context.texts.get(TextKey::StillHere).to_string())
    });
    html! {
        <div part="ending-soon" class="banner">
            <p>{ texts.get(TextKey::StillThere) }{ " " }{ texts.get(explanation(ending_soon)) }</p>
            if ending_soon == EndingSoon::Chat {
                <p>
                    <button part="still-here" class="quiet strong" type="button" onclick={stay}>
                        { texts.get(TextKey::StillHere) }
                    </button>
                </p>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warning_comes_a_minute_before_the_end_or_at_half_of_a_short_limit() {
        for (limit, delay) in [
            (600, Some(540_000)),
            (1_800, Some(1_740_000)),
            (120, Some(60_000)),
            (60, Some(30_000)),
            (2, Some(1_000)),
            (0, None),
            (u32::MAX, None),
        ] {
            assert_eq!(delay_of_warning(limit), delay, "{limit} s");
        }
    }
}
