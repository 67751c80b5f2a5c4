//! The whole: the launcher, and the panel once it was opened.

use pipit_engine::Phase;
use web_sys::{Event, KeyboardEvent};
use yew::{
    Callback, Html, Properties, component, html, use_effect_with, use_mut_ref, use_node_ref,
    use_state,
};

use super::away::use_availability;
use super::launcher::Entrance;
use super::look::{Look, Mode};
use super::panel::{Panel, Shown};
use super::screen::{use_seen_part, use_small_screen};
use super::sheet::Sheet;
use super::unread::use_unread;
use super::{Link, focus, is_escape, launcher};
use crate::availability::{Availability, Then};

#[derive(Properties, PartialEq)]
pub(crate) struct WidgetProps {
    pub(crate) link: Link,
    pub(crate) title: Option<String>,
    pub(crate) look: Look,
    pub(crate) sheet: Sheet,
}

#[component]
pub(crate) fn Widget(props: &WidgetProps) -> Html {
    let WidgetProps {
        link,
        title,
        look,
        sheet,
    } = props;
    let conversation = use_state(|| link.runtime.conversation());
    {
        let conversation = conversation.clone();
        use_effect_with(link.clone(), move |link| {
            link.runtime.watch(move |now| conversation.set(now));
        });
    }
    let is_small_screen = use_small_screen();
    use_seen_part(sheet);
    let shown = match look.mode {
        Mode::Inline | Mode::Page => Shown::Always,
        Mode::Floating if !conversation.is_open => Shown::Closed,
        Mode::Floating if is_small_screen => Shown::Over,
        Mode::Floating => Shown::Beside,
    };
    let is_open = shown != Shown::Closed;
    let availability = use_availability(link, is_open);
    // A conversation that there is can be gone on with, whoever is there.
    let entrance = match availability {
        _ if conversation.phase != Phase::Idle || conversation.is_open => Entrance::Open,
        Availability::Unknown | Availability::Away(_, Then::Hide) => Entrance::None,
        Availability::Away(why, Then::Disable) => Entrance::Closed(why),
        Availability::Open | Availability::Away(_, Then::Inform | Then::Form) => Entrance::Open,
    };
    let was_opened = use_mut_ref(|| false);
    *was_opened.borrow_mut() |= is_open;
    let was_opened = *was_opened.borrow();

    let by_gesture = use_state(|| false);
    let button = use_node_ref();
    let toggle = {
        let (link, by_gesture) = (link.clone(), by_gesture.clone());
        Callback::from(move |()| {
            by_gesture.set(true);
            link.show_panel(!is_open);
        })
    };
    {
        let button = button.clone();
        use_effect_with((is_open, *by_gesture), move |(is_open, by_gesture)| {
            if *by_gesture && !is_open {
                focus::give(&button);
            }
        });
    }
    // Keys typed here would reach the page retargeted to our host element, where its shortcuts do
    // not see that they were typed into a field.
    let stop = Callback::from(|event: Event| event.stop_propagation());
    let minimise = (look.mode == Mode::Floating).then(|| toggle.clone());
    let onkeydown = {
        let minimise = minimise.clone().filter(|_| is_open);
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            if let Some(minimise) = minimise.as_ref().filter(|_| is_escape(&event)) {
                event.prevent_default();
                minimise.emit(());
            }
        })
    };
    let unread = use_unread(link, &conversation, is_open);
    let words = link.words();
    html! {
        <div class={look.classes(is_small_screen)} translate="no" lang={words.tag()} dir={words.direction()}
            {onkeydown} onkeyup={stop.reform(Into::into)} onkeypress={stop.reform(Into::into)}>
            if was_opened && (look.mode == Mode::Floating || entrance != Entrance::None) {
                <Panel link={link.clone()} conversation={(*conversation).clone()} title={title.clone()} {availability}
                    keeps={link.runtime.keeps()} {shown} takes_focus={*by_gesture} {minimise} />
            }
            if look.mode == Mode::Floating && entrance != Entrance::None {
                { launcher::button(link, &button, entrance, is_open, unread, &toggle) }
            }
        </div>
    }
}
