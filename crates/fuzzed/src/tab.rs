//! Two tabs of a browser that hear each other, under whatever happens to either.

mod again;
mod script;
mod window;

use std::collections::VecDeque;
use std::str;

use pipit_engine::{Input, TabInput};

use crate::bounds::most_ticks;
use crate::clock::Clock;
use crate::page::{MOST_SLEEP_MS, MOST_WAIT_MS};
use crate::script::{Step, tells};
use script::{TabStep, steps};
use window::Window;

/// More steps than this tell nothing new.
const MOST_STEPS: usize = 200;

/// The tabs say so much to each other at most because of an input, and because of each that has
/// waited for it.
const WORDS: usize = 20;

/// The bytes are a script (see `tab/script.rs`).
pub fn tab(data: &[u8]) {
    let Ok(script) = str::from_utf8(data) else {
        return;
    };
    if tells(script) {
        return;
    }
    let mut browser = Browser::new();
    for (number, step) in steps(script).take(MOST_STEPS) {
        browser.take(number, step);
    }
}

struct Browser {
    windows: [Window; 2],
    clock: Clock,
}

impl Browser {
    fn new() -> Self {
        let clock = Clock::new();
        Self {
            windows: [2, 3].map(|seed| Window::new(seed, clock.moment())),
            clock,
        }
    }

    fn take(&mut self, number: usize, step: TabStep) {
        let now = self.clock.moment();
        match step {
            TabStep::Input(input) => self.input(number, input),
            TabStep::Load(kept) => self.window(number).load(now, Some(kept)),
            TabStep::Engine(Step::Reload) => {
                let kept = self.window(number).kept().map(ToOwned::to_owned);
                self.window(number).load(now, kept);
            }
            TabStep::Engine(step) => self.engine(number, step),
        }
    }

    fn engine(&mut self, number: usize, step: Step) {
        let input = match step {
            Step::Input(input) => Some(input),
            Step::Session(session) => Some(self.window(number).requests.session(session)),
            Step::Serve(nth) => self.window(number).requests.served(nth),
            Step::Messages(messages) => {
                self.wait(1_000);
                self.window(number).requests.messages(&messages)
            }
            Step::Answer(nth, outcome) => self.window(number).requests.answered(nth, outcome),
            Step::Stray(request, outcome) => self.window(number).requests.stray(request, outcome),
            Step::Wait(millis) => {
                self.wait(millis.min(MOST_WAIT_MS));
                None
            }
            Step::Sleep(millis) => {
                self.clock.now += millis.min(MOST_SLEEP_MS);
                self.tick_all();
                None
            }
            Step::Clock(millis) => {
                self.clock.set_ahead(millis);
                self.tick_all();
                None
            }
            Step::Reload => None,
        };
        if let Some(input) = input {
            self.input(number, TabInput::Engine(input));
        }
    }

    /// Lets time pass, with a tick whenever a tab wants one. The browser proves at once who leads.
    fn wait(&mut self, millis: u64) {
        let until = self.clock.now + millis;
        let mut ticks = 0;
        while let Some((at, number)) = self.next_tick().filter(|(at, _)| *at <= until) {
            self.clock.now = at;
            self.input(number, TabInput::Engine(Input::Tick));
            if let Some(proof) = self.window(number).proof() {
                self.input(number, proof);
            }
            ticks += 1;
            assert!(ticks <= 2 * most_ticks(millis), "a busy loop");
        }
        self.clock.now = until;
    }

    fn next_tick(&self) -> Option<(u64, usize)> {
        let windows = self.windows.iter().enumerate();
        let ticks = windows.filter_map(|(number, window)| Some((window.wake_at()?, number)));
        ticks.min()
    }

    fn tick_all(&mut self) {
        for number in 0..self.windows.len() {
            self.input(number, TabInput::Engine(Input::Tick));
        }
    }

    /// An input, and all that the tabs say to each other because of it.
    fn input(&mut self, number: usize, input: TabInput) {
        let now = self.clock.moment();
        let mut most = WORDS * self.windows.iter().map(Window::waits).sum::<usize>();
        let mut inputs = VecDeque::from([(number, input)]);
        while let Some((number, input)) = inputs.pop_front() {
            let said = self.window(number).handle(now, input);
            most = most.saturating_sub(said.len());
            assert!(most > 0, "talk without end");
            inputs.extend(
                said.into_iter()
                    .map(|said| (1 - number, TabInput::Message(said))),
            );
        }
    }

    fn window(&mut self, number: usize) -> &mut Window {
        let [first, second] = &mut self.windows;
        if number == 0 { first } else { second }
    }
}
