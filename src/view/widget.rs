//! The panel's surroundings: whether it is there, and how, and what becomes of keys in it.

use web_sys::{Event, KeyboardEvent};
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_state};

use super::look::Mode;
use super::panel::{Panel, Shown};
use super::screen::{use_seen_part, use_small_screen};
use super::sheet::Sheet;
use super::{Link, is_escape};

#[derive(Clone, Properties, PartialEq)]
pub(crate) struct WidgetProps {
    /// Counts the panels of this page.
    pub(crate) number: u32,
    pub(crate) link: Link,
    pub(crate) title: Option<String>,
    pub(crate) mode: Mode,
    pub(crate) sheet: Sheet,
}

#[component]
pub(crate) fn Widget(props: &WidgetProps) -> Html {
    let WidgetProps {
        number,
        link,
        title,
        mode,
        sheet,
    } = props;
    let conversation = use_state(|| link.conversation());
    {
        let (conversation, link) = (conversation.clone(), link.clone());
        use_effect_with(*number, move |_| {
            let hooks = link.hooks.clone();
            link.runtime
                .watch(move |now| conversation.set(hooks.shown(now)));
        });
    }
    let is_small_screen = use_small_screen();
    use_seen_part(sheet);
    let shown = match mode {
        Mode::Inline | Mode::Page => Shown::Always,
        Mode::Floating if !conversation.is_open => Shown::Closed,
        Mode::Floating if is_small_screen => Shown::Over,
        Mode::Floating => Shown::Beside,
    };
    let was_opened = use_mut_ref(|| false);
    *was_opened.borrow_mut() |= shown != Shown::Closed;
    let was_opened = *was_opened.borrow();

    let minimise = mode.can_close().then(|| {
        let runtime = link.runtime.clone();
        Callback::from(move |()| runtime.show_panel(false))
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
    let words = link.words();
    html! {
        <div class={is_small_screen.then_some("sheet")} translate="no" lang={words.tag()} dir={words.direction()}
            {onkeydown} onkeyup={stop.reform(Into::into)} onkeypress={stop.reform(Into::into)}>
            if was_opened {
                <Panel link={link.clone()} conversation={(*conversation).clone()} title={title.clone()}
                    keeps={link.runtime.keeps()} {shown} takes_focus={link.takes_focus.get()} {minimise} />
            }
        </div>
    }
}
