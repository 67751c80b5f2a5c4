//! The wait: where in line, how long, whether it gets shorter, and the way out.

use std::cmp::Ordering;

use pipit_engine::{Command, Wait};
use yew::{AttrValue, Html, Properties, component, html, use_mut_ref};

use super::Link;
use crate::locale::{Word, Words};

#[derive(Properties, PartialEq)]
pub(crate) struct WaitingProps {
    pub(crate) link: Link,
    pub(crate) wait: Wait,
}

#[component]
pub(crate) fn Waiting(props: &WaitingProps) -> Html {
    let WaitingProps { link, wait } = props;
    let words = link.words();
    let trend = use_mut_ref(Trend::default);
    trend.borrow_mut().goes_on(wait);
    let expected = expected(words, wait, &trend.borrow());
    let position = wait.position.map(|position| words.number(position));
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
                        <strong class="place">{ words.position(wait) }</strong>
                        <span class="expected">{ expected }</span>
                    </div>
                    { leave(link, Word::LeaveQueue) }
                </div>
            </div>
            <p class="note">{ words.say(Word::WriteWhileWaiting) }</p>
        </>
    }
}

/// While the server is asked for a place in line.
pub(crate) fn connecting(link: &Link) -> Html {
    html! {
        <div part="waiting" class="wait">
            { dots() }
            <div class="line">
                <strong class="place">{ link.words().say(Word::Connecting) }</strong>
                { leave(link, Word::Cancel) }
            </div>
        </div>
    }
}

fn dots() -> Html {
    html! { <span class="dots" aria-hidden="true"><i /><i /><i /></span> }
}

fn leave(link: &Link, word: Word) -> Html {
    html! {
        <button part="leave" class="quiet leave" type="button" onclick={link.on(Command::End)}>
            { link.words().say(word) }
        </button>
    }
}

fn expected(words: &Words, wait: &Wait, trend: &Trend) -> Option<AttrValue> {
    let expected = words.expected_wait(wait)?;
    let word = match trend.direction {
        Ordering::Less => Word::GettingShorter,
        Ordering::Greater => Word::GettingLonger,
        Ordering::Equal => return Some(expected),
    };
    Some(words.say_with(word, &[("wait", &expected)]))
}

/// How what is expected has changed since it was last told otherwise.
struct Trend {
    last_seconds: Option<u32>,
    direction: Ordering,
}

impl Default for Trend {
    fn default() -> Self {
        Self {
            last_seconds: None,
            direction: Ordering::Equal,
        }
    }
}

impl Trend {
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
        let mut trend = Trend::default();
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
