//! The component around the panel. It decides how the panel is shown: closed, in a corner, over the whole screen or in
//! the page's content. It also handles the keys that are pressed in the panel.

use web_sys::KeyboardEvent;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_state};

use crate::config::mode::Mode;
use crate::view::context::PanelContext;
use crate::view::conversation_slot::UserAction;
use crate::view::frame::keys::is_escape;
use crate::view::frame::panel::{Panel, PanelVisibility};
use crate::view::frame::screen::{use_small_screen, use_visible_area};
use crate::view::frame::style_sheet::StyleSheet;

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct WidgetProps {
    /// The number of this panel. Each panel that the web page mounts has a different number.
    pub(crate) number: u32,
    pub(crate) context: PanelContext,
    /// Whether the panel takes the focus when it opens. False if it opens without an action of the visitor, such as
    /// after a reload.
    pub(crate) takes_focus: bool,
    /// How often the page has moved the widget, or has removed it and put it back.
    pub(crate) reattach_count: u32,
    /// Whether the visitor has to be able to use the page while the panel is open. The panel is then not modal.
    pub(crate) page_has_precedence: bool,
    /// Where on the web page the panel is.
    pub(crate) mode: Mode,
    /// Receives the position and the height of the visible part of the page.
    pub(crate) style_sheet: StyleSheet,
}

/// The element around the panel, which sets the language, the direction and the keyboard handling. On a small screen it
/// has the class `sheet`, with which `modes.css` lets an open dialog cover the screen.
#[component]
pub(crate) fn Widget(props: &WidgetProps) -> Html {
    let WidgetProps {
        number,
        context,
        takes_focus,
        reattach_count,
        page_has_precedence,
        mode,
        style_sheet,
    } = props;
    // The conversation reports how many redraws it has asked for. A new number makes Yew render this component again.
    let change_count = use_state(|| 0);
    use_effect_with(*number, {
        let change_count = change_count.setter();
        let conversation = context.conversation.clone();
        move |_| conversation.watch(Callback::from(move |count| change_count.set(count)))
    });
    let is_small_screen = use_small_screen();
    use_visible_area(style_sheet);
    let visibility = match mode {
        Mode::Inline | Mode::Page => PanelVisibility::Embedded,
        Mode::Floating if !context.conversation.is_open() => PanelVisibility::Closed,
        Mode::Floating if is_small_screen && !page_has_precedence => PanelVisibility::Modal,
        Mode::Floating => PanelVisibility::NonModal,
    };
    // The panel is not rendered until it is first opened. After that it stays in the document.
    let was_opened = use_mut_ref(|| false);
    *was_opened.borrow_mut() |= visibility != PanelVisibility::Closed;
    let is_rendered = *was_opened.borrow();

    let minimise = mode.can_close().then(|| {
        let conversation = context.conversation.clone();
        Callback::from(move |()| conversation.perform(UserAction::ShowPanel(false)))
    });
    let onkeydown = {
        let minimise = minimise.clone();
        Callback::from(move |event: KeyboardEvent| {
            if let Some(minimise) = minimise.as_ref().filter(|_| is_escape(&event)) {
                event.prevent_default();
                minimise.emit(());
            }
        })
    };
    let texts = &context.texts;
    html! {
        <div class={is_small_screen.then_some("sheet")} translate="no" lang={texts.tag()} dir={texts.direction()}
            {onkeydown}>
            if is_rendered {
                <Panel context={context.clone()} change_count={*change_count} {visibility}
                    takes_focus={*takes_focus} reattach_count={*reattach_count} {minimise} />
            }
        </div>
    }
}
