//! [`Agent`]: an agent as a test needs one. Its methods have the words of a person at work: sign in, accept, say, conclude.
//! An *engagement* is one conversation with a visitor.

mod sandbox;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_util::future::{Either, select};
use pipit_wire::agent::{
    AgentMessage, AgentRequest, AssignmentAction, AssignmentType, ChatDisconnectNotification,
    PostMessageRequest,
};
use pipit_wire::vocabulary::ActivityMode;
use pipit_wire::{AccountId, EngagementId};

use crate::inbox::Inbox;
use crate::{AgentError, AgentSession, Failure, LogOn, Transport, WaitError};

/// The limit of a wait until [`Agent::set_wait_limit`] changes it, in ms.
const WAIT_LIMIT_MS: u32 = 15_000;

/// How many engagements the agent takes at the same time.
const MAX_ENGAGEMENTS: i32 = 3;

/// An agent who is logged on and takes engagements. No method needs the agent exclusively, so a test may say something
/// while a wait is pending.
///
/// The agent polls while at least one wait is pending, with one poll for all of them. A test that waits for nothing for
/// longer than 120 s should run [`keep_polling`](Self::keep_polling), because the server takes an agent who does not poll
/// for absent.
///
/// A wait takes the first message that fits and that no other wait has taken. All other messages stay for later waits.
///
/// What the agent says goes to the engagement that the agent has accepted last, or that [`select`](Self::select) has chosen.
pub struct Agent {
    session: AgentSession,
    account: AccountId,
    transport: Rc<dyn Transport>,
    inbox: Inbox,
    engagement: Cell<Option<EngagementId>>,
    /// What the agent has reported about the engagement most recently.
    activity: RefCell<Activity>,
    wait_limit_ms: Cell<u32>,
}

/// What an agent does in an engagement.
#[derive(Clone)]
struct Activity {
    mode: ActivityMode,
    /// Whether the agent is looking at the engagement. If not, the visitor's client sends no sneak preview.
    has_focus: bool,
}

impl Agent {
    /// Logs the agent on, makes the agent available, and asks for engagements.
    ///
    /// # Errors
    /// [`AgentError`] if one of the three requests fails.
    pub async fn sign_in(transport: Rc<dyn Transport>, log_on: LogOn) -> Result<Self, AgentError> {
        let account = log_on.account;
        let logged_on = AgentSession::log_on(Rc::clone(&transport), log_on).await?;
        let (session, receiver) = logged_on;
        session.set_available(true).await?;
        session.request_assignment(0, MAX_ENGAGEMENTS).await?;
        Ok(Self {
            session,
            account,
            inbox: Inbox::new(receiver, Rc::clone(&transport)),
            transport,
            engagement: Cell::new(None),
            activity: RefCell::new(Activity {
                mode: ActivityMode::Listening,
                has_focus: true,
            }),
            wait_limit_ms: Cell::new(WAIT_LIMIT_MS),
        })
    }

    /// Logs the agent off, also out of open engagements.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn sign_out(&self) -> Result<(), AgentError> {
        self.session.log_off(true).await
    }

    /// The session, with every operation of the API.
    pub fn session(&self) -> &AgentSession {
        &self.session
    }

    /// The agent's account.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The engagement to which the agent speaks; `None` before the first was accepted.
    pub fn engagement(&self) -> Option<EngagementId> {
        self.engagement.get()
    }

    /// Makes the agent speak to another of the agent's engagements.
    pub fn select(&self, engagement: EngagementId) {
        self.engagement.set(Some(engagement));
    }

    /// Sets the limit of the waits that begin from now on, in ms.
    pub fn set_wait_limit(&self, limit_ms: u32) {
        self.wait_limit_ms.set(limit_ms);
    }
}

/// What an agent does.
impl Agent {
    /// Waits for the offer of an engagement, accepts it, and reports that the agent is looking at it.
    ///
    /// # Errors
    /// [`WaitError`] if no offer arrives, or if the server refuses.
    pub async fn accept(&self) -> Result<EngagementId, WaitError> {
        let (id, kind) = self.next_offer().await?;
        let accepted = self.session.acknowledge(id, AssignmentAction::Accept, kind);
        accepted.await?;
        self.select(id);
        *self.activity.borrow_mut() = Activity {
            mode: ActivityMode::Listening,
            has_focus: true,
        };
        self.report().await?;
        Ok(id)
    }

    /// Waits for the offer of an engagement, and declines it.
    ///
    /// # Errors
    /// [`WaitError`] if no offer arrives, or if the server refuses.
    pub async fn decline(&self) -> Result<EngagementId, WaitError> {
        let (id, kind) = self.next_offer().await?;
        let declined = self
            .session
            .acknowledge(id, AssignmentAction::Decline, kind);
        declined.await?;
        Ok(id)
    }

    /// Says a plain text to the visitor. The agent has stopped typing then.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn say(&self, text: &str) -> Result<(), AgentError> {
        self.post(text, None).await
    }

    /// Says something to the visitor in HTML.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn say_html(&self, html: &str) -> Result<(), AgentError> {
        self.post(html, Some(true)).await
    }

    /// Shows the visitor that the agent is typing, or has stopped.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn set_typing(&self, is_typing: bool) -> Result<(), AgentError> {
        self.activity.borrow_mut().mode = if is_typing {
            ActivityMode::Responding
        } else {
            ActivityMode::Listening
        };
        self.report().await
    }

    /// Looks at the engagement, or away. While the agent looks away, the visitor's client sends no sneak preview (text
    /// that is typed and not sent).
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn set_focus(&self, has_focus: bool) -> Result<(), AgentError> {
        self.activity.borrow_mut().has_focus = has_focus;
        self.report().await
    }

    /// Puts the engagement back into a queue: the escalation queue of the site's rules.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn transfer_to_queue(&self) -> Result<(), AgentError> {
        let id = self.needed_engagement("rerouteEngagement")?;
        self.session.reroute(id).await
    }

    /// Ends the engagement. It occupies the agent (*wrap-up*) until [`release`](Self::release).
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn conclude(&self) -> Result<(), AgentError> {
        let id = self.needed_engagement("concludeChat")?;
        self.session.conclude(id).await
    }

    /// Ends the wrap-up, after which the agent has room for another engagement.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn release(&self) -> Result<(), AgentError> {
        let id = self.needed_engagement("releaseChat")?;
        self.session.release(id).await
    }

    async fn post(&self, body: &str, rich_text: Option<bool>) -> Result<(), AgentError> {
        let id = self.needed_engagement("postMessage")?;
        let plain = PostMessageRequest::plain_text(id, body.to_owned(), AgentRequest::default());
        let request = PostMessageRequest { rich_text, ..plain };
        self.activity.borrow_mut().mode = ActivityMode::Listening;
        self.session.post_message(request).await.map(drop)
    }

    /// Reports the agent's activity.
    async fn report(&self) -> Result<(), AgentError> {
        let id = self.needed_engagement("setInteractionStatus")?;
        let Activity { mode, has_focus } = self.activity.borrow().clone();
        let reported = self
            .session
            .set_interaction_status(id, mode, has_focus, None);
        reported.await
    }

    /// The engagement to which the agent speaks.
    fn needed_engagement(&self, operation: &'static str) -> Result<EngagementId, AgentError> {
        self.engagement.get().ok_or(AgentError {
            operation,
            failure: Failure::NoEngagement,
        })
    }
}

/// What an agent waits for.
impl Agent {
    /// Waits for the first message for which `select` returns a value, and takes it. `expected` names it in the error, as
    /// in "Waited 5000 ms for …".
    ///
    /// # Errors
    /// [`WaitError::NotSeen`], with what arrived instead, after the limit; [`WaitError::Failed`] if the session ends.
    pub async fn wait_for<T>(
        &self,
        expected: &str,
        select_message: impl Fn(&AgentMessage) -> Option<T>,
    ) -> Result<T, WaitError> {
        let limit_ms = self.wait_limit_ms.get();
        let mut limit = self.transport.sleep(limit_ms);
        let mut failure = None;
        loop {
            if let Some(found) = self.inbox.take(&select_message) {
                return Ok(found);
            }
            match select(self.inbox.fetch(), limit).await {
                Either::Left((fetched, rest_of_limit)) => {
                    limit = rest_of_limit;
                    failure = fetched.err();
                    if let Some(error) = failure.take_if(|error| !error.is_transient()) {
                        return Err(WaitError::Failed(error));
                    }
                }
                Either::Right(_) => {
                    return Err(WaitError::NotSeen {
                        expected: expected.to_owned(),
                        limit_ms,
                        seen: self.inbox.describe(),
                        failure,
                    });
                }
            }
        }
    }

    /// Waits for the next message of any kind, without a limit.
    ///
    /// # Errors
    /// [`AgentError`] if the session has ended.
    pub async fn next_message(&self) -> Result<AgentMessage, AgentError> {
        loop {
            if let Some(message) = self.inbox.take(|message| Some(message.clone())) {
                return Ok(message);
            }
            match self.inbox.fetch().await {
                Err(error) if !error.is_transient() => return Err(error),
                _ => {}
            }
        }
    }

    /// Polls until the session ends, without taking any message. Run it beside a test that waits for nothing for long, so
    /// that the server does not take the agent for absent.
    pub async fn keep_polling(&self) {
        while self
            .inbox
            .fetch()
            .await
            .err()
            .is_none_or(|error| error.is_transient())
        {}
    }

    /// Waits until a participant has written exactly this text.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn wait_for_message(&self, text: &str) -> Result<(), WaitError> {
        let expected = format!("the message {text:?}");
        self.wait_for(&expected, |message| match message {
            AgentMessage::ChatPostMessage(posted) => (posted.body == text).then_some(()),
            _ => None,
        })
        .await
    }

    /// Waits until the visitor types.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn wait_for_typing(&self) -> Result<(), WaitError> {
        self.wait_for("the visitor to type", |message| match message {
            AgentMessage::ChatActivitySignal(signal) => {
                (signal.mode == Some(ActivityMode::Responding)).then_some(())
            }
            _ => None,
        })
        .await
    }

    /// Waits until the agent sees exactly this text of the visitor before it is sent (the *sneak preview*).
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn wait_for_preview(&self, text: &str) -> Result<(), WaitError> {
        let expected = format!("the preview {text:?}");
        self.wait_for(&expected, |message| match message {
            AgentMessage::ChatActivitySignal(signal) => {
                (signal.sneak_preview.as_deref() == Some(text)).then_some(())
            }
            _ => None,
        })
        .await
    }

    /// Waits until somebody leaves the agent's engagement, or until it ends, and returns the message.
    ///
    /// # Errors
    /// [`WaitError`].
    pub async fn wait_for_end(&self) -> Result<ChatDisconnectNotification, WaitError> {
        let engagement = self.needed_engagement("getMessages")?;
        self.wait_for("the end of the conversation", |message| match message {
            AgentMessage::ChatDisconnectNotification(left) => {
                (left.engagement_id == Some(engagement)).then(|| (**left).clone())
            }
            _ => None,
        })
        .await
    }

    /// Waits for the offer of an engagement, and takes it.
    async fn next_offer(&self) -> Result<(EngagementId, AssignmentType), WaitError> {
        self.wait_for("the offer of a conversation", |message| match message {
            AgentMessage::ChatEngagementAssignment(offer) => {
                // An offer without a type is taken for one to lead. (INFERRED)
                let kind = offer.kind.as_deref().map(AssignmentType::from);
                Some((offer.engagement_id, kind.unwrap_or(AssignmentType::Lead)))
            }
            _ => None,
        })
        .await
    }
}
