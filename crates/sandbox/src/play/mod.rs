//! Plays a script against a sandbox without a network. A [`Performance`] plays the agents, the server and the faults, and
//! [`play`] adds a bare client of the API as the visitor. The clock jumps from one event to the next, so an hour of a
//! conversation takes milliseconds.

mod agent;
mod connection;
mod performance;
mod visitor;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

use pipit_script::{Script, VisitorDeed};

use crate::local_server::LocalServer;
use crate::options::Options;
pub use performance::{Performance, Turn};
use visitor::Visitor;

/// The time at which every conversation begins, in ms since 1970: a Monday at 08:00 UTC.
const START_MS: i64 = 1_800_259_200_000;

/// The most turns in which requests and answers may follow each other without any time between. More means that a client
/// repeats a request without a pause.
const MAX_TURNS: usize = 10_000;

/// Plays a script to its end, with a bare client of the API as the visitor.
///
/// # Errors
/// A text that names the line of the step that failed, and says what was seen instead.
pub fn play(script: &Script) -> Result<(), String> {
    let mut stage = Stage::new(script)?;
    loop {
        stage.settle()?;
        match stage.performance.next_turn()? {
            Turn::Visitor(tab, deed) => stage
                .perform(tab, &deed)
                .map_err(|text| stage.performance.failure(text))?,
            Turn::Offline(is_offline) => stage.visitor.set_offline(is_offline),
            Turn::Wait { until_ms } => stage.pass_time(until_ms),
            Turn::Done => return Ok(()),
        }
    }
}

/// A sandbox, and the visitor.
struct Stage {
    server: Rc<LocalServer>,
    /// The background tasks of the sandbox.
    tasks: Vec<Pin<Box<dyn Future<Output = ()> + Send>>>,
    performance: Performance,
    visitor: Visitor,
    /// The number of tabs that the visitor has ever opened.
    tab_count: usize,
    /// The tabs that are open. A bare client has one connection for all of them, so they see the same.
    open_tabs: Vec<usize>,
}

impl Stage {
    fn new(script: &Script) -> Result<Self, String> {
        let options = Options {
            seed: Some(1),
            ..Options::default()
        };
        let (server, tasks) = LocalServer::new(&options, ("chat.invalid", None), START_MS)?;
        let server = Rc::new(server);
        let tasks = tasks
            .into_iter()
            .map(|task| -> Pin<Box<dyn Future<Output = ()> + Send>> { Box::pin(task) });
        Ok(Self {
            performance: Performance::new(script.clone(), Rc::clone(&server))?,
            server,
            tasks: tasks.collect(),
            visitor: Visitor::default(),
            tab_count: 1,
            open_tabs: vec![1],
        })
    }

    /// Sets the clock to the next time at which something happens, at most to `until_ms`.
    fn pass_time(&self, until_ms: i64) {
        let next = [self.server.next_wake(), self.visitor.next_wake()];
        let next = next.into_iter().flatten().min();
        let soonest = self.server.now() + 1;
        let next = next.map_or(until_ms, |at_ms| at_ms.max(soonest).min(until_ms));
        self.server.set_time(next);
    }

    /// Lets everything happen that needs no time.
    fn settle(&mut self) -> Result<(), String> {
        let mut context = Context::from_waker(Waker::noop());
        // A task may wake another one, which makes no request. The second idle turn lets the other one run.
        let mut idle_turns = 0;
        for _ in 0..MAX_TURNS {
            self.tasks
                .retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            let is_busy =
                self.visitor.proceed(self.performance.connection()) | self.performance.proceed();
            for sight in self.visitor.take_sights() {
                for tab in &self.open_tabs {
                    self.performance.saw(*tab, sight.clone());
                }
            }
            idle_turns = if is_busy { 0 } else { idle_turns + 1 };
            if idle_turns == 2 {
                return Ok(());
            }
        }
        Err("A client and the sandbox have exchanged requests without end.".to_owned())
    }

    /// Lets the visitor do what a step says. The error is a sentence.
    fn perform(&mut self, tab: usize, deed: &VisitorDeed) -> Result<(), String> {
        match deed {
            VisitorDeed::OpenTab {} => {
                self.tab_count += 1;
                self.open_tabs.push(self.tab_count);
                self.see_again(self.tab_count);
            }
            VisitorDeed::CloseTab {} => {
                self.open_tabs.retain(|open| *open != tab);
                self.performance.forget_tab(tab);
            }
            VisitorDeed::Reload {} => {
                self.visitor.hang_up();
                self.performance.forget_tab(tab);
                self.see_again(tab);
            }
            deed => self.visitor.perform(deed)?,
        }
        Ok(())
    }

    /// Lets a tab see everything that has happened, as a page does that is loaded.
    fn see_again(&mut self, tab: usize) {
        for sight in self.visitor.history() {
            self.performance.saw(tab, sight.clone());
        }
    }
}
