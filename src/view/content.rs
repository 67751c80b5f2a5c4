//! Decides what the panel shows in each phase of a conversation, and whether the visitor sees a form before the
//! conversation.

use pipit_engine::{Connection, Entries, Phase};
use yew::{Callback, Html, html};

use crate::app::widget_state::{WidgetInput, WidgetState, can_start};
use crate::config::availability::{Availability, UnavailableAction, UnavailableReason};
use crate::form::FormInput;
use crate::view::after::{ended, follow_up};
use crate::view::before::form_card::{FormCard, FormPurpose};
use crate::view::before::waiting::{self, Waiting};
use crate::view::before::{starters, unavailable};
use crate::view::context::ViewContext;
use crate::view::during::attach_button::AttachButton;
use crate::view::during::sneak_preview;
use crate::view::during::time_limits;
use crate::view::during::transcript::{self, TranscriptOverlay};
use crate::view::during::writing;
use crate::view::frame::banner::{self, ConnectionBanner};
use crate::view::frame::header;
use crate::view::panel_content::{PanelContent, PanelEnvironment, PanelFooter};

/// The content of the panel for the current state.
pub(crate) fn render(context: &ViewContext, environment: &PanelEnvironment) -> PanelContent {
    let state = context.state();
    let conversation = &state.tab.conversation;
    let phase = &conversation.phase;
    // The banner reports a lost connection only while a conversation runs. Otherwise it gets `Asking` (not known yet),
    // for which it shows nothing.
    let connection = if phase.is_live() {
        conversation.connection
    } else {
        Connection::Asking
    };
    let main = MainContent::of(&state);
    let entries = match main {
        MainContent::Form | MainContent::Unavailable(..) => Entries::default(),
        MainContent::Conversation => conversation.transcript.clone(),
    };
    let shows_storage_warning = phase.is_live() && !context.runtime.survives_reload();
    PanelContent {
        header: header::render(context, &state, environment),
        banners: html! {
            <>
                <ConnectionBanner context={context.clone()} {connection} />
                { banner::render_storage_warning(&context.texts, shows_storage_warning) }
                { banner::render_elsewhere(context, state.tab.is_elsewhere) }
                { time_limits::render_banner(context, state.ending_soon) }
                { banner::render_waiting_for_page(context, !state.waiting_texts.is_empty()) }
            </>
        },
        above_messages: render_above_messages(context, &state, environment, main),
        messages: transcript::render(context, &entries, is_queued(phase)),
        below_messages: render_below_messages(context, phase, main, &environment.title),
        overlay: html! {
            <TranscriptOverlay context={context.clone()} {entries} list={environment.list.clone()} />
        },
        footer: render_footer(context, &state, &environment.title, main),
    }
}

/// Whether the visitor waits for an agent, for the first time or again.
fn is_queued(phase: &Phase) -> bool {
    matches!(phase, Phase::Queued(_) | Phase::Requeued(_))
}

/// What the panel shows below its header. The footer depends on it too.
#[derive(Clone, Copy, PartialEq)]
enum MainContent {
    /// A card or a form, because nobody can answer.
    Unavailable(UnavailableReason, UnavailableAction),
    /// The form that the visitor fills in before a conversation.
    Form,
    /// The messages, with the wait for an agent or a failure; the welcome if no conversation has begun.
    Conversation,
}

impl MainContent {
    /// Chooses the content by the phase, the form and the availability.
    fn of(state: &WidgetState) -> Self {
        let phase = &state.tab.conversation.phase;
        // An ended conversation stays visible until the visitor asks for a new conversation.
        let is_before_conversation =
            *phase == Phase::Idle || can_start(phase) && state.is_form_requested;
        match state.availability {
            _ if !is_before_conversation => Self::Conversation,
            Availability::Unavailable(reason, action) => Self::Unavailable(reason, action),
            Availability::Open if state.form.is_needed() => Self::Form,
            Availability::Open => Self::Conversation,
        }
    }
}

/// What is shown above the first message, for example the welcome, a form or the position in the queue; empty if the
/// phase needs nothing there.
fn render_above_messages(
    context: &ViewContext,
    state: &WidgetState,
    environment: &PanelEnvironment,
    main: MainContent,
) -> Html {
    let render_welcome =
        || starters::render_welcome(context, environment.logo.as_ref(), &start_new_chat(context));
    let phase = &state.tab.conversation.phase;
    match main {
        MainContent::Unavailable(reason, action) => {
            return unavailable::render(context, state, reason, action);
        }
        MainContent::Form => {
            let cancel = (*phase != Phase::Idle).then(|| dismiss_form(context));
            return html! {
                <FormCard context={context.clone()} form={state.form.clone()} purpose={FormPurpose::StartChat} {cancel}
                    submit={submit_form(context)} />
            };
        }
        MainContent::Conversation => {}
    }
    match phase {
        Phase::Idle => render_welcome(),
        Phase::Starting => waiting::render_connecting(context),
        Phase::Queued(wait) | Phase::Requeued(wait) => {
            html! { <Waiting context={context.clone()} wait={*wait} /> }
        }
        Phase::Failed(_) if state.is_failure_dismissed => render_welcome(),
        Phase::Failed(failure) if state.tab.conversation.transcript.is_empty() => {
            let is_below_messages = false;
            ended::render_failed(context, failure, is_below_messages, &try_again(context))
        }
        Phase::Chatting(_) | Phase::Concluded(_) | Phase::Failed(_) => Html::default(),
    }
}

/// What is shown below the last message: that an agent writes, or the survey and the
/// rating after a conversation.
fn render_below_messages(
    context: &ViewContext,
    phase: &Phase,
    main: MainContent,
    title: &str,
) -> Html {
    match phase {
        Phase::Concluded(conclusion) if main == MainContent::Conversation => {
            html! {
                <>
                    { ended::render_survey(&context.texts, conclusion) }
                    { follow_up::render(context, conclusion, title) }
                </>
            }
        }
        Phase::Chatting(agents) => writing::render(context, agents),
        _ => Html::default(),
    }
}

/// The composer. After a conversation, a card or buttons replace it. The footer is empty if the panel shows a form,
/// says that nobody can answer, or shows a failure without messages.
fn render_footer(
    context: &ViewContext,
    state: &WidgetState,
    title: &str,
    main: MainContent,
) -> PanelFooter {
    let conversation = &state.tab.conversation;
    if main != MainContent::Conversation {
        return PanelFooter::Other(Html::default());
    }
    match &conversation.phase {
        Phase::Concluded(_) => PanelFooter::Other(ended::render_concluded(
            context,
            title,
            &start_new_chat(context),
        )),
        Phase::Failed(_) if conversation.transcript.is_empty() && !state.is_failure_dismissed => {
            PanelFooter::Other(Html::default())
        }
        Phase::Failed(failure) if !state.is_failure_dismissed => {
            let is_below_messages = true;
            let card =
                ended::render_failed(context, failure, is_below_messages, &try_again(context));
            PanelFooter::Other(card)
        }
        phase => PanelFooter::Composer {
            preview_switch: if matches!(phase, Phase::Chatting(_)) {
                sneak_preview::render_switch(context, &conversation.sneak_preview)
            } else {
                Html::default()
            },
            attachment: if phase.is_live() {
                html! { <AttachButton context={context.clone()} /> }
            } else {
                Html::default()
            },
            draft: state.tab.draft.clone(),
        },
    }
}

/// A callback that starts a new conversation. If the visitor has to fill in the form first, the callback shows the form
/// instead, with the question reset, because the visitor asked it in an earlier conversation. If nobody can answer, the
/// callback shows what [`unavailable::render`] renders.
fn start_new_chat(context: &ViewContext) -> Callback<()> {
    let context = context.clone();
    Callback::from(move |()| {
        let is_unavailable = context.state().availability != Availability::Open;
        let is_form_needed = context.state().form.is_needed();
        if is_form_needed && !is_unavailable {
            context.update(WidgetInput::Form(FormInput::ClearQuestion));
        }
        if is_form_needed || is_unavailable {
            context.update(WidgetInput::RequestForm(true));
        } else {
            context.start();
        }
    })
}

/// A callback that starts a conversation again after a failure. The form keeps its values. It is shown only if it is
/// needed and not complete.
fn try_again(context: &ViewContext) -> Callback<()> {
    let context = context.clone();
    Callback::from(move |()| {
        let form = context.state().form.clone();
        if form.is_needed() && !form.is_complete() {
            context.update(WidgetInput::RequestForm(true));
        } else {
            context.start();
        }
    })
}

/// A callback for a complete form: it hides the form and starts the conversation.
fn submit_form(context: &ViewContext) -> Callback<()> {
    let context = context.clone();
    Callback::from(move |()| {
        context.update(WidgetInput::RequestForm(false));
        context.start();
    })
}

/// A callback that hides the form without starting a conversation.
fn dismiss_form(context: &ViewContext) -> Callback<()> {
    let context = context.clone();
    Callback::from(move |()| context.update(WidgetInput::RequestForm(false)))
}
