//! The wait: where in line, how long, whether it gets shorter, and the way out.

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

#[component]
pub(crate) fn Waiting(props: &WaitingProps) -> Html {
    let WaitingProps { context, wait } = props;
    let texts = &context.texts;
    let trend = use_mut_ref(WaitTrend::default);
    trend.borrow_mut().goes_on(wait);
    let expected = expected(texts, wait, &trend.borrow());
    let position = wait.position.map(|position| texts.number(position));
    html! {
        <>
            <div part="waiting" class="wait">
                if let Some(position) = position {
                    <b class="position" aria-hidden="true">{ position }</b>
                } else {
                    { dots() }
                }
                <div class="line">
                    <div class="line" role="status">
                        <strong class="place">{ texts.queue_position(wait) }</strong>
                        <span class="expected">{ expected }</span>
                    </div>
                    { leave(context, TextKey::LeaveQueue) }
                </div>
            </div>
            <p class="note">{ texts.get(TextKey::WriteWhileWaiting) }</p>
        </>
    }
}

/// While the server is asked for a place in line.
pub(crate) fn connecting(context: &ViewContext) -> Html {
    html! {
        <div part="waiting" class="wait">
            { dots() }
            <div class="line">
                <strong class="place">{ context.texts.get(TextKey::Connecting) }</strong>
                { leave(context, TextKey::Cancel) }
            </div>
        </div>
    }
}

fn dots() -> Html {
    html! { <span class="dots" aria-hidden="true"><i /><i /><i /></span> }
}

fn leave(context: &ViewContext, word: TextKey) -> Html {
    html! {
        <button part="leave" class="quiet leave" type="button" onclick={context.command_callback(Command::End)}>
            { context.texts.get(word) }
        </button>
    }
}

fn expected(texts: &Texts, wait: &Wait, trend: &WaitTrend) -> Option<AttrValue> {
    let expected = texts.expected_wait(wait)?;
    let word = match trend.direction {
        Ordering::Less => TextKey::GettingShorter,
        Ordering::Greater => TextKey::GettingLonger,
        Ordering::Equal => return Some(expected),
    };
    Some(texts.format(word, &[("wait", &expected)]))
}

/// How what is expected has changed since it was last told otherwise.
struct WaitTrend {
    last_seconds: Option<u32>,
    direction: Ordering,
}

impl Default for WaitTrend {
    fn default() -> Self {
        Self {
            last_seconds: None,
            direction: Ordering::Equal,
        }
    }
}

impl WaitTrend {
    fn goes_on(&mut self, wait: &Wait) {
        let Some(now) = wait.expected_seconds else {
            return;
        };
        let last = self.last_seconds.replace(now).unwrap_or(now);
        if now != last {
            self.direction = now.cmp(&last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_stays_until_it_turns() {
        let mut trend = WaitTrend::default();
        let mut after = |seconds| {
            trend.goes_on(&Wait {
                expected_seconds: seconds,
                ..Wait::default()
            });
            trend.direction
        };
        assert_eq!(after(Some(180)), Ordering::Equal);
        assert_eq!(after(Some(180)), Ordering::Equal);
        assert_eq!(after(Some(120)), Ordering::Less);
        assert_eq!(after(None), Ordering::Less);
        assert_eq!(after(Some(120)), Ordering::Less);
        assert_eq!(after(Some(150)), Ordering::Greater);
    }
}
