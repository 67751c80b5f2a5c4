//! What the visitor sees. Each part is a function from the conversation to nodes; only the parts
//! that hold something of their own (the panel, the transcript's place, the composer) are
//! components.
//!
//! Two rules against page translators, which move text nodes under us: each text that changes has
//! an element of its own, and our own labels are `translate="no"`.

mod accent;
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
mod icon;
mod launcher;
mod look;
mod menu;
mod message;
mod panel;
mod preview;
mod rich;
mod save;
mod screen;
mod scroll;
mod sheet;
mod stretch;
mod transcript;
mod unread;
mod waiting;
mod welcome;
mod widget;

use std::rc::Rc;

use pipit_engine::{Answers, Command};
use web_sys::{Element, KeyboardEvent};
use yew::{Callback, Renderer};

use crate::form::Form;
use crate::locale::Words;
use crate::options::Parts;
use crate::runtime::Runtime;

pub(crate) use accent::Colour;
pub(crate) use look::{Look, Mode, Side, Theme};

use sheet::Sheet;
use widget::{Widget, WidgetProps};

/// The panel's name among the elements, for the button that opens it.
const PANEL: &str = "panel";

/// Draws the widget into `root`.
pub(crate) fn draw(root: Element, link: Link, title: Option<String>, look: Look) {
    let sheet = Sheet::beside(&root);
    look.paint(&sheet);
    let props = WidgetProps {
        link,
        title,
        look,
        sheet,
    };
    Renderer::<Widget>::with_root_and_props(root, props).render();
}

/// What each part of the view needs.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) runtime: Rc<Runtime>,
    pub(crate) words: Rc<Words>,
    /// What the visitor is asked before a conversation.
    pub(crate) form: Rc<Form>,
    /// What the visitor is asked when there can be none.
    pub(crate) message_form: Rc<Form>,
    pub(crate) parts: Parts,
}

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.runtime, &other.runtime)
    }
}

impl Link {
    /// Sends a command.
    fn command(&self, command: Command) {
        self.runtime.command(command);
    }

    /// Starts a conversation with what is known of the visitor.
    fn start(&self) {
        self.command(Command::Start(self.form.answers()));
    }

    /// Posts a text. What is known of the visitor goes before it, for the text may begin a conversation;
    /// where one runs, a start changes nothing.
    fn send(&self, text: String) {
        let answers = self.form.answers();
        if answers != Answers::default() {
            self.command(Command::Start(answers));
        }
        self.command(Command::Send(text));
    }

    /// Tells what stands in the composer.
    fn draft(&self, text: String) {
        self.runtime.draft(text);
    }

    /// Opens or closes the panel.
    fn show_panel(&self, is_open: bool) {
        self.runtime.show_panel(is_open);
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

/// Escape, unless it belongs to an input method.
fn is_escape(event: &KeyboardEvent) -> bool {
    event.key() == "Escape" && !event.is_composing()
}
