//! The wait for an agent: the position in the queue, the expected time and its trend, and the button that leaves the
//! queue.

use std::cmp::Ordering;

use pipit_engine::{Command, Wait};
use yew::{AttrValue, Html, Properties, component, html, use_mut_ref};

use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;

#[derive(Properties, PartialEq)]
pub(crate) struct WaitingProps {
    pub(crate) context: ViewContext,
    pub(crate) wait: Wait,
}

/// The card that a visitor in the queue sees.
#[component]
pub(crate) fn Waiting(props: &WaitingProps) -> Html {
    let WaitingProps { context, wait } = props;
    let texts = &context.texts;
    let trend = use_mut_ref(WaitTrend::default);
    trend.borrow_mut().update(wait);
    let expected_wait = expected_wait_text(texts, wait, &trend.borrow());
    let position = wait.position.map(|position| texts.number(position));
    html! {
        <>
            <div part="waiting" class="wait">
                if let Some(position) = position {
                    <b class="position" aria-hidden="true">{ position }</b>
                } else {
                    { render_dots() }
                }
                <div class="line">
                    <div class="line">
                        <strong class="place">{ texts.queue_position(wait) }</strong>
                        <span class="expected">{ expected_wait }</span>
                    </div>
                    { render_leave_button(context, TextKey::LeaveQueue) }
                </div>
            </div>
            <p class="note">{ texts.get(TextKey::WriteWhileWaiting) }</p>
        </>
    }
}

/// The card that the visitor sees until the server has assigned a place in the queue.
pub(crate) fn render_connecting(context: &ViewContext) -> Html {
    html! {
        <div part="waiting" class="wait">
            { render_dots() }
            <div class="line">
                <strong class="place">{ context.texts.get(TextKey::Connecting) }</strong>
                { render_leave_button(context, TextKey::Cancel) }
            </div>
        </div>
    }
}

/// Animated dots, shown as long as no position is known.
pub(crate) fn render_dots() -> Html {
    html! { <span class="dots" aria-hidden="true"><i /><i /><i /></span> }
}

/// The button that ends the wait.
fn render_leave_button(context: &ViewContext, label: TextKey) -> Html {
    html! {
        <button part="leave" class="quiet leave" type="button" onclick={context.command_callback(Command::End)}>
            { context.texts.get(label) }
        </button>
    }
}

/// The expected wait and its trend; `None` if the server has not sent a time.
fn expected_wait_text(texts: &Texts, wait: &Wait, trend: &WaitTrend) -> Option<AttrValue> {
    let expected_wait = texts.expected_wait(wait)?;
    let sentence = match trend.direction {
        Ordering::Less => TextKey::GettingShorter,
        Ordering::Greater => TextKey::GettingLonger,
        Ordering::Equal => return Some(expected_wait),
    };
    Some(texts.format(sentence, &[("wait", &expected_wait)]))
}

/// Whether the expected wait became shorter or longer at its most recent change.
struct WaitTrend {
    /// The most recent expected wait in seconds; `None` until the server has sent an expected wait.
    newest_seconds: Option<u32>,
    /// `Less` if the wait became shorter, `Greater` if it became longer, `Equal` if it has not changed yet.
    direction: Ordering,
}

impl Default for WaitTrend {
    fn default() -> Self {
        Self {
            newest_seconds: None,
            direction: Ordering::Equal,
        }
    }
}

impl WaitTrend {
    /// Compares the expected wait with the previous expected wait. If the server states no expected wait, or only an
    /// average wait, the trend stays as it is.
    fn update(&mut self, wait: &Wait) {
        let Some(seconds) = wait.expected_seconds else {
            return;
        };
        let previous_seconds = self.newest_seconds.replace(seconds).unwrap_or(seconds);
        if seconds != previous_seconds {
            self.direction = seconds.cmp(&previous_seconds);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_stays_until_the_wait_changes_in_the_other_direction() {
        let mut trend = WaitTrend::default();
        let mut direction_after = |seconds| {
            trend.update(&Wait {
                expected_seconds: seconds,
                ..Wait::default()
            });
            trend.direction
        };
        assert_eq!(direction_after(Some(180)), Ordering::Equal);
        assert_eq!(direction_after(Some(180)), Ordering::Equal);
        assert_eq!(direction_after(Some(120)), Ordering::Less);
        assert_eq!(direction_after(None), Ordering::Less);
        assert_eq!(direction_after(Some(120)), Ordering::Less);
        assert_eq!(direction_after(Some(150)), Ordering::Greater);
    }
}
