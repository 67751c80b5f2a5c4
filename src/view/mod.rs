//! What the visitor sees. Each part is a function from the conversation to nodes; only the parts
//! that hold something of their own (the panel, the transcript's place, the composer) are
//! components.
//!
//! Two rules against page translators, which move text nodes under us: each text that changes has
//! an element of its own, and our own labels are `translate="no"`.

mod composer;
mod ended;
mod header;
mod icon;
mod message;
mod preview;
mod transcript;
mod waiting;
mod welcome;
mod widget;

use std::rc::Rc;

use pipit_engine::Command;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::{Callback, NodeRef, Renderer};

use crate::runtime::Runtime;

/// Draws the widget into `root`.
pub(crate) fn draw(root: Element, runtime: Rc<Runtime>, title: Option<String>) {
    let link = Link(runtime);
    Renderer::<widget::Widget>::with_root_and_props(root, widget::WidgetProps { link, title })
        .render();
}

/// The way from the view to the runtime.
#[derive(Clone)]
pub(crate) struct Link(Rc<Runtime>);

impl PartialEq for Link {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Link {
    /// Sends a command.
    fn command(&self, command: Command) {
        self.0.command(command);
    }

    /// A callback that sends the same command each time.
    fn on<E: 'static>(&self, command: Command) -> Callback<E> {
        let link = self.clone();
        Callback::from(move |_| link.command(command.clone()))
    }
}

/// Gives an element the focus, in answer to a gesture; the page stays where it is scrolled to.
fn focus(to: &NodeRef) {
    if let Some(element) = to.cast::<HtmlElement>() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        // A browser that refuses the focus leaves it where it is.
        let _ = element.focus_with_options(&options);
    }
}
