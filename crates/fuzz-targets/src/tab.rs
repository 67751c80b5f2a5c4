//! The fuzz target for browser tabs that share one conversation: two tabs exchange messages, and each gets any sequence
//! of inputs. The tab that holds a browser lock is the *leader*: it alone talks to the server. The other tab forwards its
//! commands to the leader. A tab to which the browser refuses the channel (which carries the messages) shares nothing,
//! and leads without the lock.

mod driver;
mod reload;
mod script;

use std::collections::VecDeque;
use std::str;

use pipit_engine::{Input, TabInput};

use crate::clock::Clock;
use crate::engine_driver::{MAX_SLEEP_MS, MAX_WAIT_MS};
use crate::limits::max_ticks;
use crate::script::{Step, contains_private_answer};
use driver::TabDriver;
use script::{TabStep, steps};

/// The maximum number of steps that are run. Longer scripts have found no further defects.
const MAX_STEPS: usize = 200;

/// The limit of the messages that the tabs send to each other, for each input that they process.
///
/// A tab that waits for the browser's answer about the lock (see [`Browser::wait`]) holds its inputs back, and processes
/// all of them after the answer. Therefore one call of [`Browser::input`] may process several inputs: those that each of
/// the two tabs holds back, and one more for each tab. The call must send fewer messages than
/// [`MAX_MESSAGES`] times this number.
const MAX_MESSAGES: usize = 20;

/// Runs the bytes as a script (see `tab/script.rs`). Skips the whole input if it is not UTF-8, or if it contains the
/// text by which the checks find the visitor's private answers to the form before the chat: the checks could not tell
/// whether that text comes from the answers.
pub fn tab(data: &[u8]) {
    let Ok(script) = str::from_utf8(data) else {
        return;
    };
    if contains_private_answer(script) {
        return;
    }
    let mut browser = Browser::new();
    for (index, step) in steps(script).take(MAX_STEPS) {
        browser.run(index, step);
    }
}

/// A browser with two tabs and one clock.
struct Browser {
    tabs: [TabDriver; 2],
    clock: Clock,
}

impl Browser {
    fn new() -> Self {
        let clock = Clock::new();
        Self {
            // Each tab makes its id from its seed, and its driver adds 2 to the seed at each load. The seeds are so far
            // apart that the two tabs never have the same id. With the same id, each tab would take the other's messages
            // for its own.
            tabs: [2, 1 << 32].map(|seed| TabDriver::new(seed, clock.moment())),
            clock,
        }
    }

    /// Runs a step for one of the tabs.
    fn run(&mut self, index: usize, step: TabStep) {
        let now = self.clock.moment();
        match step {
            TabStep::Input(input) => self.input(index, input),
            TabStep::Load(stored) => self.tab(index).load(now, Some(stored)),
            TabStep::Engine(Step::Reload) => self.tab(index).reload(now),
            TabStep::Engine(step) => self.run_engine_step(index, step),
        }
    }

    /// Runs a step that also exists for an engine alone.
    fn run_engine_step(&mut self, index: usize, step: Step) {
        let input = match step {
            Step::Input(input) => Some(input),
            Step::Session(session) => Some(self.tab(index).requests.answer_session(session)),
            Step::Serve(nth) => self.tab(index).requests.answer_as_server(nth),
            Step::Messages(messages) => {
                // The server has held the poll (the request for new messages) for this long.
                self.wait(1_000);
                self.tab(index).requests.answer_poll(&messages)
            }
            Step::Answer(nth, outcome) => self.tab(index).requests.answer(nth, outcome),
            Step::Stray(request, outcome) => {
                self.tab(index).requests.answer_stray(request, outcome)
            }
            Step::Wait(millis) => {
                self.wait(millis.min(MAX_WAIT_MS));
                None
            }
            Step::Sleep(millis) => {
                // The browser runs no timer during the sleep. Each tab gets one tick after it.
                self.clock.now += millis.min(MAX_SLEEP_MS);
                self.tick_all();
                None
            }
            Step::Clock(millis) => {
                self.clock.set_wall_clock(millis);
                self.tick_all();
                None
            }
            // `run` handles this step and does not pass it on.
            Step::Reload => None,
        };
        if let Some(input) = input {
            self.input(index, TabInput::Engine(input));
        }
    }

    /// Lets this many ms pass. Each tab gets every tick that it requests. After a tick, the tab may ask the browser
    /// whether the tab still holds the lock. The browser answers at once.
    fn wait(&mut self, millis: u64) {
        let end = self.clock.now + millis;
        let mut ticks = 0;
        while let Some((at, index)) = self.next_tick().filter(|(at, _)| *at <= end) {
            self.clock.now = at;
            self.input(index, TabInput::Engine(Input::Tick));
            if let Some(verification) = self.tab(index).lock_verification() {
                self.input(index, verification);
            }
            ticks += 1;
            // `max_ticks` is the limit for one tab.
            assert!(ticks <= 2 * max_ticks(millis), "a busy loop");
        }
        self.clock.now = end;
    }

    /// The time of the next tick in ms, and the index of the tab that has requested it. `None` if no tab has requested
    /// a tick.
    fn next_tick(&self) -> Option<(u64, usize)> {
        let tabs = self.tabs.iter().enumerate();
        let ticks = tabs.filter_map(|(index, tab)| Some((tab.wake_at()?, index)));
        ticks.min()
    }

    /// Gives each tab a tick.
    fn tick_all(&mut self) {
        for index in 0..self.tabs.len() {
            self.input(index, TabInput::Engine(Input::Tick));
        }
    }

    /// Passes an input to a tab. Then delivers the messages that this tab sends to the other tab, and all further
    /// messages that the deliveries cause.
    fn input(&mut self, index: usize, input: TabInput) {
        let now = self.clock.moment();
        let pending_inputs: usize = self.tabs.iter().map(TabDriver::pending_with_next).sum();
        let mut messages_left = MAX_MESSAGES * pending_inputs;
        let mut inputs = VecDeque::from([(index, input)]);
        while let Some((receiver, input)) = inputs.pop_front() {
            let messages = self.tab(receiver).handle(now, input);
            messages_left = messages_left.saturating_sub(messages.len());
            assert!(messages_left > 0, "messages without end");
            inputs.extend(
                messages
                    .into_iter()
                    .map(|message| (1 - receiver, TabInput::Message(message))),
            );
        }
    }

    fn tab(&mut self, index: usize) -> &mut TabDriver {
        let [first, second] = &mut self.tabs;
        if index == 0 { first } else { second }
    }
}
