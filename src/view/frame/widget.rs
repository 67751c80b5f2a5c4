//! The panel's surroundings: whether it is there, and how, and what becomes of keys in it.

use web_sys::{Event, KeyboardEvent};
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_state};

use crate::config::mode::Mode;
use crate::view::context::PanelContext;
use crate::view::conversation_slot::UserAction;
use crate::view::frame::keys::is_escape;
use crate::view::frame::panel::{Panel, PanelVisibility};
use crate::view::frame::screen::{use_seen_part, use_small_screen};
use crate::view::frame::style_sheet::StyleSheet;

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct WidgetProps {
    /// Counts the panels of this page.
    pub(crate) number: u32,
    pub(crate) context: PanelContext,
    /// Whether the panel was last opened by the visitor: then it takes the focus.
    pub(crate) takes_focus: bool,
    pub(crate) title: Option<String>,
    pub(crate) mode: Mode,
    pub(crate) style_sheet: StyleSheet,
}

#[component]
pub(crate) fn Widget(props: &WidgetProps) -> Html {
    let WidgetProps {
        number,
        context,
        takes_focus,
        title,
        mode,
        style_sheet,
    } = props;
    let turn = use_state(|| 0);
    {
        let (turn, conversation) = (turn.setter(), context.conversation.clone());
        use_effect_with(*number, move |_| {
            conversation.watch(Callback::from(move |now| turn.set(now)));
        });
    }
    let is_small_screen = use_small_screen();
    use_seen_part(style_sheet);
    let shown = match mode {
        Mode::Inline | Mode::Page => PanelVisibility::Always,
        Mode::Floating if !context.conversation.is_open() => PanelVisibility::Closed,
        Mode::Floating if is_small_screen => PanelVisibility::Modal,
        Mode::Floating => PanelVisibility::NonModal,
    };
    let was_opened = use_mut_ref(|| false);
    *was_opened.borrow_mut() |= shown != PanelVisibility::Closed;
    let was_opened = *was_opened.borrow();

    let minimise = mode.can_close().then(|| {
        let conversation = context.conversation.clone();
        Callback::from(move |()| conversation.perform(UserAction::ShowPanel(false)))
    });
    // Keys typed here would reach the page retargeted to our host element, where its shortcuts do
    // not see that they were typed into a field.
    let stop = Callback::from(|event: Event| event.stop_propagation());
    let onkeydown = {
        let minimise = minimise.clone();
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if let Some(minimise) = minimise.as_ref().filter(|_| is_escape(&event)) {
                event.prevent_default();
                minimise.emit(());
            }
        })
    };
    let texts = &context.texts;
    html! {
        <div class={is_small_screen.then_some("sheet")} translate="no" lang={texts.tag()} dir={texts.direction()}
            {onkeydown} onkeyup={stop.reform(Into::into)} onkeypress={stop.reform(Into::into)}>
            if was_opened {
                <Panel context={context.clone()} turn={*turn} title={title.clone()} {shown}
                    takes_focus={*takes_focus} {minimise} />
            }
        </div>
    }
}
