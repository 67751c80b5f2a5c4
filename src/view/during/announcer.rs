//! Speaks to screen readers, by texts that are added to a live region (an element whose changes a screen reader
//! announces). The region is outside of the panel, so that a closed panel speaks too. Only while the panel is a modal
//! dialog, a region inside the dialog is used, because the browser hides everything else from screen readers.
//!
//! Nothing else in the widget is a live region, so that everything is announced once and in order. What happens within a
//! short time is announced together. The texts are removed after a second.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use pipit_engine::{Conclusion, Content, Conversation, Entry, TabView};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, ShadowRoot};
use yew::{Html, html};

use crate::app::announcement::{Announcement, diff};
use crate::locale::{self, TextKey, Texts};
use crate::view::context::Announce;
use crate::view::during::message_body::MessageBody;

/// The time, in ms, for which announcements are collected before they are spoken together.
const COLLECT_MILLIS: u32 = 150;

/// The time, in ms, from an announcement until its text is removed. It is long enough for screen readers to notice the
/// text, and so short that a visitor who reads the page does not meet it.
const CLEAR_AFTER_MILLIS: u32 = 1_000;

/// At most this many announcements are spoken together: the newest. A screen reader needs minutes for more.
const MAX_ANNOUNCEMENTS: usize = 20;

/// The number of characters after which the text in an announcement is cut. The list of messages has the whole text.
const MAX_CHARACTERS: usize = 300;

/// The time, in ms, from the opening of the panel to its announcement. Screen readers announce only changes of an element
/// that has been visible for some time.
const ANNOUNCE_OPENING_AFTER_MILLIS: u32 = 500;

/// The CSS selector of the live regions.
const REGION: &str = "[part=announcer]";

/// The live region inside the panel. [`Announcer`] fills it while the panel is modal.
pub(crate) fn render_inner_region() -> Html {
    html! { <span part="announcer" class="unseen" aria-live="polite" /> }
}

/// Speaks what happens in the conversations of one panel.
pub(crate) struct Announcer {
    /// The widget's outermost element.
    container: Element,
    /// The live region in the container; `None` if the browser has refused it.
    region: Option<Element>,
    texts: RefCell<Rc<Texts>>,
    /// What was announced last about the state.
    observed: RefCell<ObservedTab>,
    /// What is collected and not spoken yet.
    collected: RefCell<Vec<Utterance>>,
    /// The timer that speaks what is collected.
    speaking: RefCell<Option<Timeout>>,
    /// The timer that announces that the panel has opened.
    opening: RefCell<Option<Timeout>>,
    /// Whether it was announced that an agent writes, and no message of an agent has arrived since. An agent who pauses
    /// is not announced again.
    has_announced_writing: Cell<bool>,
    /// Whether it was announced that the connection is lost, and not yet that it is back.
    has_announced_loss: Cell<bool>,
    /// The text that was spoken last about the wait. An equal text is not spoken again.
    wait_text: RefCell<String>,
    this: Weak<Self>,
}

/// The part of a tab's state whose changes are announced.
#[derive(Default)]
struct ObservedTab {
    conversation: Rc<Conversation>,
    is_open: bool,
    is_elsewhere: bool,
}

/// A collected text.
enum Utterance {
    Sentence(String),
    /// Messages of one agent that have arrived together.
    Messages {
        name: String,
        texts: Vec<String>,
    },
}

impl Announcer {
    /// Adds the live region to `container`, the widget's outermost element. Announces only that the panel is open, and
    /// nothing else that the tab already has.
    pub(crate) fn create(container: Element, texts: Rc<Texts>, tab: &TabView) -> Rc<dyn Announce> {
        // A crash of the WASM may have left a region, which nobody fills any more.
        if let Ok(Some(region)) = container.query_selector(&[":scope > ", REGION].concat()) {
            region.remove();
        }
        let region = create_element("span").filter(|region| {
            let attributes = [
                ("part", "announcer"),
                ("class", "unseen"),
                ("aria-live", "polite"),
            ];
            let are_set = attributes
                .iter()
                .all(|(name, value)| region.set_attribute(name, value).is_ok());
            are_set && container.append_child(region).is_ok()
        });
        Rc::new_cyclic(|this| Self {
            container,
            region,
            texts: RefCell::new(texts),
            observed: RefCell::new(ObservedTab {
                conversation: tab.conversation.clone(),
                ..ObservedTab::default()
            }),
            collected: RefCell::default(),
            speaking: RefCell::default(),
            opening: RefCell::default(),
            has_announced_writing: Cell::default(),
            has_announced_loss: Cell::default(),
            wait_text: RefCell::default(),
            this: this.clone(),
        })
    }
}

impl Announce for Announcer {
    fn set_texts(&self, texts: Rc<Texts>) {
        self.texts.replace(texts);
    }

    fn shut_down(&self) {
        if let Some(region) = &self.region {
            region.remove();
        }
        drop((self.speaking.take(), self.opening.take()));
        self.collected.take();
    }

    fn observe(&self, tab: &TabView) {
        let before = self.observed.replace(ObservedTab {
            conversation: tab.conversation.clone(),
            is_open: tab.is_open,
            is_elsewhere: tab.is_elsewhere,
        });
        for announcement in diff(&before.conversation, &tab.conversation) {
            self.announce(announcement);
        }
        let is_connected = tab.conversation.connection == pipit_engine::Connection::Connected;
        if self.has_announced_loss.get() && (is_connected || !tab.conversation.phase.is_live()) {
            self.has_announced_loss.set(false);
            if tab.conversation.phase.is_live() {
                self.say_text(TextKey::BackOnline);
            }
        }
        if tab.is_elsewhere && !before.is_elsewhere {
            self.say_text(TextKey::Elsewhere);
        }
        if tab.is_open != before.is_open {
            self.opening.replace(self.opening_timer(tab.is_open));
        }
    }

    fn say(&self, text: &str) {
        self.collect(Utterance::Sentence(text.to_owned()));
    }
}

impl Announcer {
    /// Says a sentence of the panel's language.
    fn say_text(&self, key: TextKey) {
        let text = self.texts.borrow().get(key);
        self.say(&text);
    }

    fn announce(&self, announcement: Announcement) {
        let texts = self.texts.borrow().clone();
        match announcement {
            Announcement::Wait(wait) => {
                let mut text = texts.queue_position(&wait).to_string();
                if let Some(expected) = texts.expected_wait(&wait) {
                    text.push('\n');
                    text.push_str(&expected);
                }
                if self.wait_text.replace(text.clone()) != text {
                    self.say(&text);
                }
            }
            Announcement::Entry(entry) => {
                self.wait_text.take();
                self.announce_entry(&texts, &entry);
            }
            Announcement::Delivery(delivery) => {
                // `false`: a message with a problem does not wait for an agent.
                if let Some(key) = locale::delivery_key(delivery, false) {
                    self.say_text(key);
                }
            }
            Announcement::Agent { name, status } => {
                if status == TextKey::AgentWriting && self.has_announced_writing.replace(true) {
                    return;
                }
                let (name, status) = (texts.agent_name(&name), texts.get(status));
                let values = [("name", &*name), ("status", &*status)];
                self.say(&texts.format(TextKey::NameStatus, &values));
            }
            Announcement::Failed(failure) => {
                let failure_text = locale::failure_text(&failure);
                self.say_text(failure_text.title);
                self.say_text(failure_text.detail);
            }
            Announcement::Survey(conclusion) => self.announce_survey(&conclusion),
            Announcement::Sentence(key) => {
                if key == TextKey::Reconnecting {
                    self.has_announced_loss.set(true);
                }
                self.say_text(key);
            }
        }
    }

    fn announce_entry(&self, texts: &Texts, entry: &Entry) {
        let body = MessageBody::of(&entry.content).map(|body| shorten(body.spoken_text()));
        match (&entry.content, body) {
            (Content::Agent { name, .. }, Some(text)) => {
                self.has_announced_writing.set(false);
                self.collect(Utterance::Messages {
                    name: texts.agent_name(name).to_string(),
                    texts: vec![text],
                });
            }
            (Content::Notice(_), Some(text)) => self.say(&text),
            (Content::Notice(notice), None) => self.say(&shorten(texts.notice(notice).to_string())),
            (Content::Visitor { .. } | Content::Agent { .. }, _) => {}
        }
    }

    fn announce_survey(&self, conclusion: &Conclusion) {
        if conclusion.survey.is_some() {
            self.say_text(locale::survey_title_key(conclusion));
            self.say_text(TextKey::SurveyMore);
        }
        if conclusion.survey_by_mail {
            self.say_text(TextKey::SurveyByMail);
        }
    }

    /// Adds a text to what is spoken next. Messages of one agent that follow each other are spoken as one.
    fn collect(&self, utterance: Utterance) {
        let mut collected = self.collected.borrow_mut();
        match (collected.last_mut(), utterance) {
            (
                Some(Utterance::Messages { name, texts }),
                Utterance::Messages {
                    name: other,
                    texts: more,
                },
            ) if *name == other => {
                texts.extend(more);
                let surplus = texts.len().saturating_sub(MAX_ANNOUNCEMENTS);
                texts.drain(..surplus);
            }
            (_, utterance) => collected.push(utterance),
        }
        let surplus = collected.len().saturating_sub(MAX_ANNOUNCEMENTS);
        collected.drain(..surplus);
        drop(collected);
        let mut speaking = self.speaking.borrow_mut();
        if speaking.is_none() {
            let weak = self.this.clone();
            *speaking = Some(Timeout::new(COLLECT_MILLIS, move || {
                if let Some(this) = weak.upgrade() {
                    this.speak();
                }
            }));
        }
    }

    /// Adds what is collected to the live region, in one element, and removes the element later. Single elements may be
    /// announced in another order by some screen readers.
    fn speak(&self) {
        self.speaking.take();
        let collected = self.collected.take();
        let texts = self.texts.borrow().clone();
        let Some(group) = create_element("div") else {
            return;
        };
        // If an attribute cannot be set, the text is spoken in the page's language.
        let _ = group.set_attribute("lang", &texts.tag());
        let _ = group.set_attribute("dir", texts.direction());
        for utterance in collected {
            let text = match utterance {
                Utterance::Sentence(text) => text,
                Utterance::Messages {
                    name,
                    texts: messages,
                } => {
                    let messages = messages.join("\n");
                    let values = [("name", &*name), ("text", &*messages)];
                    texts.format(TextKey::NameSays, &values).to_string()
                }
            };
            if let Some(paragraph) = create_element("p") {
                paragraph.set_text_content(Some(&text));
                let _ = group.append_child(&paragraph);
            }
        }
        if let Some(region) = self.audible_region()
            && region.append_child(&group).is_ok()
        {
            // The timer needs nothing of the widget, so it may outlive it.
            Timeout::new(CLEAR_AFTER_MILLIS, move || group.remove()).forget();
        }
    }

    /// The live region that a screen reader can see now.
    fn audible_region(&self) -> Option<Element> {
        let modal = self.container.query_selector(":modal").ok().flatten();
        match modal {
            Some(dialog) => dialog.query_selector(REGION).ok().flatten(),
            None => self.region.clone(),
        }
    }

    /// The timer that announces that the panel is open, if no element of the widget has the focus then. That happens if
    /// the host (the web page that embeds the chat) opens the panel while the visitor types elsewhere. `None` for a closed
    /// panel.
    fn opening_timer(&self, is_open: bool) -> Option<Timeout> {
        let weak = self.this.clone();
        is_open.then(|| {
            Timeout::new(ANNOUNCE_OPENING_AFTER_MILLIS, move || {
                let Some(this) = weak.upgrade() else {
                    return;
                };
                let root: Option<ShadowRoot> = this.container.get_root_node().dyn_into().ok();
                if root.is_some_and(|root| root.active_element().is_none()) {
                    this.say_text(TextKey::ChatIsOpen);
                }
            })
        })
    }
}

/// Creates an element by the window's document, which is a replacement that no element of the page can disturb
/// (`npm/page-document.ts`).
fn create_element(name: &str) -> Option<Element> {
    let document: Option<Document> = web_sys::window()?.document();
    document?.create_element(name).ok()
}

/// Cuts a text after [`MAX_CHARACTERS`] characters, and marks the cut by `…`.
fn shorten(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
