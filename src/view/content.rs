//! What can_start in the panel, by where the conversation can_start: head, banners, messages, and what is below.

use std::cell::Cell;
use std::rc::Rc;

use pipit_engine::{Connection, Conversation, Phase};
use yew::{Callback, Html, html};

use crate::config::availability::{Availability, UnavailableAction, UnavailableReason};
use crate::locale::Texts;
use crate::view::after::ended;
use crate::view::before::away;
use crate::view::before::form_card;
use crate::view::before::waiting;
use crate::view::before::waiting::Waiting;
use crate::view::before::welcome;
use crate::view::context::ViewContext;
use crate::view::conversation_slot::ConversationSlot;
use crate::view::during::attach::AttachButton;
use crate::view::during::sneak_preview;
use crate::view::during::transcript::{self, TranscriptOverlay};
use crate::view::frame::banner::{self, Banner};
use crate::view::frame::header;
use crate::view::frame::header::HeaderPopover;
use crate::view::panel_content::{PanelContent, PanelEnvironment, PanelFooter};

/// The scene of a conversation.
pub(crate) fn of(
    asking: &PreChatFlow,
    conversation: &Conversation,
    environment: &PanelEnvironment,
) -> PanelContent {
    let context = &asking.context;
    let phase = &conversation.phase;
    let connection = if phase.is_live() {
        conversation.connection
    } else {
        Connection::Asking
    };
    let part = ContentKind::of(phase, asking);
    let entries = match part {
        ContentKind::Form | ContentKind::Away(..) => Vec::new(),
        ContentKind::Conversation => conversation.transcript.clone(),
    };
    let keeps = context.runtime.survives_reload();
    let PanelEnvironment { title, list } = environment;
    PanelContent {
        header: header::of(
            context,
            &asking.conversation,
            &asking.popover,
            conversation,
            title,
        ),
        banners: html! {
            <>
                <Banner context={context.clone()} {connection} />
                { banner::kept(&context.texts, phase.is_live() && !keeps) }
            </>
        },
        above_messages: opening(context, conversation, part, asking),
        messages: transcript::rows(context, &entries, is_waiting(phase)),
        below_messages: last(&context.texts, phase, part),
        overlay: html! {
            <TranscriptOverlay context={context.clone()} {entries} is_begun={*phase != Phase::Idle} list={list.clone()} />
        },
        footer: foot(context, conversation, title, part, asking),
    }
}

/// Whether the conversation can_start still until the visitor starts one.
pub(crate) fn can_start(phase: &Phase) -> bool {
    matches!(phase, Phase::Idle | Phase::Concluded(_) | Phase::Failed(_))
}

fn is_waiting(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
}

/// What of the panel there is.
#[derive(Clone, Copy, PartialEq)]
enum ContentKind {
    /// Nobody is there for one.
    Away(UnavailableReason, UnavailableAction),
    /// The visitor is asked before a conversation.
    Form,
    Conversation,
}

impl ContentKind {
    fn of(phase: &Phase, asking: &PreChatFlow) -> Self {
        let is_before = can_start(phase) && (*phase == Phase::Idle || asking.is_asked.get());
        match asking.availability {
            Availability::Unavailable(why, then) if is_before => Self::Away(why, then),
            _ if is_before && asking.context.form.is_needed() => Self::Form,
            _ => Self::Conversation,
        }
    }
}

/// Asks the visitor first, where that is needed.
#[derive(Clone)]
pub(crate) struct PreChatFlow {
    pub(crate) is_asked: Rc<Cell<bool>>,
    pub(crate) popover: HeaderPopover,
    pub(crate) availability: Availability,
    pub(crate) context: ViewContext,
    pub(crate) conversation: ConversationSlot,
}

impl PreChatFlow {
    /// For the first conversation, and each new one.
    fn anew(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            if matches!(this.availability, Availability::Unavailable(..)) {
                this.ask(true);
            } else if this.context.form.is_needed() {
                this.context.form.clear_question();
                this.ask(true);
            } else {
                this.context.start();
            }
        })
    }

    /// For one that did not come about: what was filled in is good for another try.
    fn again(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            if this.context.form.is_needed() && !this.context.form.is_complete() {
                this.ask(true);
            } else {
                this.context.start();
            }
        })
    }

    fn done(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| {
            this.ask(false);
            this.context.start();
        })
    }

    fn back(&self) -> Callback<()> {
        let this = self.clone();
        Callback::from(move |()| this.ask(false))
    }

    fn ask(&self, is_asked: bool) {
        self.is_asked.set(is_asked);
        self.conversation.redraw();
    }
}

/// What can_start above the messages.
fn opening(
    context: &ViewContext,
    conversation: &Conversation,
    part: ContentKind,
    asking: &PreChatFlow,
) -> Html {
    if let ContentKind::Away(why, then) = part {
        return away::card(context, why, then);
    }
    if part == ContentKind::Form {
        let back = (conversation.phase != Phase::Idle).then(|| asking.back());
        return html! { <form_card::FormCard context={context.clone()} purpose={form_card::FormPurpose::Start} {back} done={asking.done()} /> };
    }
    match &conversation.phase {
        Phase::Idle => welcome::card(&context.texts, &asking.anew()),
        Phase::Starting => waiting::connecting(context),
        Phase::Queued(wait) | Phase::Requeued(wait) => {
            html! { <Waiting context={context.clone()} wait={*wait} /> }
        }
        Phase::Failed(failure) if conversation.transcript.is_empty() => {
            ended::failed(context, failure, false, &asking.again())
        }
        Phase::Chatting(_) | Phase::Concluded(_) | Phase::Failed(_) => Html::default(),
    }
}

/// What can_start behind the last message, and scrolls with it.
fn last(texts: &Texts, phase: &Phase, part: ContentKind) -> Html {
    match phase {
        Phase::Concluded(conclusion) if part == ContentKind::Conversation => {
            ended::survey(texts, conclusion)
        }
        _ => Html::default(),
    }
}

/// What can_start below the messages: the composer, or what comes after.
fn foot(
    context: &ViewContext,
    conversation: &Conversation,
    title: &str,
    part: ContentKind,
    asking: &PreChatFlow,
) -> PanelFooter {
    if part != ContentKind::Conversation {
        return PanelFooter::Other(Html::default());
    }
    match &conversation.phase {
        Phase::Concluded(_) => PanelFooter::Other(ended::concluded(context, title, &asking.anew())),
        Phase::Failed(_) if conversation.transcript.is_empty() => {
            PanelFooter::Other(Html::default())
        }
        Phase::Failed(failure) => {
            PanelFooter::Other(ended::failed(context, failure, true, &asking.again()))
        }
        phase => PanelFooter::Composer {
            notice: if matches!(phase, Phase::Chatting(_)) {
                sneak_preview::notice(context, &conversation.sneak_preview)
            } else {
                Html::default()
            },
            beside: if phase.is_live() {
                html! { <AttachButton context={context.clone()} /> }
            } else {
                Html::default()
            },
            draft: conversation.draft.clone(),
        },
    }
}
