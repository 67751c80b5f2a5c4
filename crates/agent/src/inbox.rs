//! The messages that an [`Agent`](crate::Agent) has received and that no wait has taken yet, and the one loop that fetches
//! them. Several waits may be pending at the same time: all of them wait for the same poll.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Shared};
use pipit_wire::agent::AgentMessage;

use crate::{AgentError, MessageReceiver, Transport};

/// The pause after a poll that failed for a transient reason, and after one that a server answered without messages, in ms.
/// Without it, a server that holds no polls would be asked without end.
const PAUSE_MS: u32 = 250;

/// The messages of one session, and the receiver that fetches more of them.
pub(crate) struct Inbox {
    contents: Rc<Contents>,
    transport: Rc<dyn Transport>,
    /// The fetch that is running, which ends with the result of its poll. `None` between two fetches.
    fetch: RefCell<Option<Fetch>>,
}

/// One poll, whose messages are put into the inbox. Any number of waits may wait for it.
type Fetch = Shared<LocalBoxFuture<'static, Result<(), AgentError>>>;

/// What a fetch needs. It outlives the wait that began the fetch.
struct Contents {
    messages: RefCell<VecDeque<AgentMessage>>,
    /// The receiver; `None` while a fetch uses it.
    receiver: RefCell<Option<MessageReceiver>>,
}

impl Inbox {
    pub(crate) fn new(receiver: MessageReceiver, transport: Rc<dyn Transport>) -> Self {
        Self {
            contents: Rc::new(Contents {
                messages: RefCell::default(),
                receiver: RefCell::new(Some(receiver)),
            }),
            transport,
            fetch: RefCell::new(None),
        }
    }

    /// Takes the first message for which `select` returns a value. The other messages stay.
    pub(crate) fn take<T>(&self, select: impl Fn(&AgentMessage) -> Option<T>) -> Option<T> {
        let mut messages = self.contents.messages.borrow_mut();
        let (index, found) = messages
            .iter()
            .enumerate()
            .find_map(|(index, message)| Some((index, select(message)?)))?;
        messages.remove(index);
        Some(found)
    }

    /// Describes each message that nobody has taken.
    pub(crate) fn describe(&self) -> Vec<String> {
        let messages = self.contents.messages.borrow();
        messages.iter().map(crate::describe).collect()
    }

    /// Waits until the running fetch has ended, or begins one. A transient failure is followed by a pause, so that the
    /// caller may fetch again at once.
    pub(crate) fn fetch(&self) -> Fetch {
        let mut running = self.fetch.borrow_mut();
        match running.as_ref() {
            // `peek` is `Some` if the fetch has ended.
            Some(fetch) if fetch.peek().is_none() => fetch.clone(),
            _ => {
                let contents = Rc::clone(&self.contents);
                let fetch = fetch(contents, Rc::clone(&self.transport));
                running.insert(fetch.boxed_local().shared()).clone()
            }
        }
    }
}

/// Polls once, and puts the messages into the inbox.
async fn fetch(contents: Rc<Contents>, transport: Rc<dyn Transport>) -> Result<(), AgentError> {
    let receiver = contents.receiver.borrow_mut().take();
    let Some(mut receiver) = receiver else {
        // `Inbox::fetch` begins no fetch while another one is running.
        return Ok(());
    };
    let result = receiver.next().await;
    *contents.receiver.borrow_mut() = Some(receiver);
    match result {
        Ok(messages) if !messages.is_empty() => {
            contents.messages.borrow_mut().extend(messages);
            Ok(())
        }
        Err(error) if !error.is_transient() => Err(error),
        result => {
            transport.sleep(PAUSE_MS).await;
            result.map(drop)
        }
    }
}
