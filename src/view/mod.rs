//! What the visitor sees. Each part is a function from the conversation to nodes; only the parts
//! that hold something of their own (the panel, the transcript's place, the composer) are
//! components.
//!
//! Two rules against page translators, which move text nodes under us: each text that changes has
//! an element of its own, and our own labels are `translate="no"`.

mod announcer;
mod attach;
mod away;
mod banner;
mod composer;
mod day;
mod ended;
mod file;
mod focus;
mod form;
mod header;
mod hooks;
mod icon;
mod look;
mod menu;
mod message;
mod panel;
mod preview;
mod rich;
pub(crate) mod save;
pub(crate) mod scene;
mod screen;
mod scroll;
mod sheet;
mod stretch;
mod transcript;
mod waiting;
mod welcome;
mod widget;

use std::rc::Rc;

use pipit_engine::{Answers, Command, Conversation};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, KeyboardEvent};
use yew::{AppHandle, Callback, Html, Properties, Renderer, component, html};

use crate::form::Form;
use crate::locale::Words;
use crate::options::Parts;
use crate::runtime::Runtime;
use crate::talk::Talk;

pub(crate) use header::Below;
pub(crate) use hooks::Hooks;
pub(crate) use look::Mode;
pub(crate) use sheet::Sheet;
pub(crate) use widget::WidgetProps;

use widget::Widget;

/// The panel's name among the elements, for the button that opens it.
const PANEL: &str = "panel";

/// What is drawn: a panel, or nothing. Yew keeps what a root once held until the page goes, so there
/// is one root for all panels of a page.
pub(crate) type Drawing = AppHandle<Root>;

/// Begins to draw into `root`.
pub(crate) fn draw(root: Element, props: WidgetProps) -> Drawing {
    let shown = Some(props);
    Renderer::<Root>::with_root_and_props(root, RootProps { shown }).render()
}

/// Draws another panel, or the same one anew, or none.
pub(crate) fn redraw(drawing: &mut Drawing, shown: Option<WidgetProps>) {
    drawing.update(RootProps { shown });
}

#[derive(Properties, PartialEq)]
pub(crate) struct RootProps {
    shown: Option<WidgetProps>,
}

#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    match &props.shown {
        // A panel that was there before must leave nothing of itself in the next.
        Some(shown) => html! { <Widget key={shown.number} ..shown.clone() /> },
        None => Html::default(),
    }
}

/// What the panel needs from the first moment: the way to the conversation, and the words.
#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) talk: Talk,
    pub(crate) words: Rc<Words>,
}

impl PartialEq for Front {
    fn eq(&self, other: &Self) -> bool {
        self.talk == other.talk && Rc::ptr_eq(&self.words, &other.words)
    }
}

/// What each part of a scene needs.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) runtime: Rc<Runtime>,
    pub(crate) words: Rc<Words>,
    /// What the visitor is asked before a conversation.
    pub(crate) form: Rc<Form>,
    /// What the visitor is asked when there can be none.
    pub(crate) message_form: Rc<Form>,
    pub(crate) hooks: Rc<Hooks>,
    pub(crate) parts: Parts,
}

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runtime, &other.runtime)
            && Rc::ptr_eq(&self.words, &other.words)
            && Rc::ptr_eq(&self.form, &other.form)
    }
}

impl Link {
    /// Sends a command.
    pub(crate) fn command(&self, command: Command) {
        self.runtime.command(command);
    }

    /// Starts a conversation with what is known of the visitor.
    pub(crate) fn start(&self) {
        self.command(Command::Start(self.form.answers()));
    }

    /// Posts a text, when the page has nothing against it; else it stands in the composer again.
    pub(crate) fn send(&self, text: String) {
        let Some(hook) = self.hooks.before_send.clone() else {
            return self.post(text);
        };
        self.runtime.draft(String::new());
        let link = self.clone();
        spawn_local(async move {
            match hooks::sent(hook, &text).await {
                Some(text) => link.post(text),
                None if link.runtime.conversation().draft.is_empty() => link.runtime.draft(text),
                None => {}
            }
        });
    }

    /// The conversation as it may be shown.
    pub(crate) fn conversation(&self) -> Conversation {
        self.hooks.shown(self.runtime.conversation())
    }

    /// What is known of the visitor goes before it, for the text may begin a conversation; where one
    /// runs, a start changes nothing.
    fn post(&self, text: String) {
        let answers = self.form.answers();
        if answers != Answers::default() {
            self.command(Command::Start(answers));
        }
        self.command(Command::Send(text));
    }

    /// The words of the visitor's locale.
    fn words(&self) -> &Words {
        &self.words
    }

    /// A callback that sends the same command each time.
    fn on<E: 'static>(&self, command: Command) -> Callback<E> {
        let link = self.clone();
        Callback::from(move |_| link.command(command.clone()))
    }
}

/// How many components of the transcript have been drawn.
#[cfg(debug_assertions)]
pub(crate) fn drawn() -> u32 {
    stretch::DRAWN.get()
}

/// Escape, unless it belongs to an input method.
fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}

/// The first letters of the first and the last word; the style sheet makes them capitals.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}
