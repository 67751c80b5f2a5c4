//! The host's hooks: functions that may change or drop a message before it is sent, or before it is shown.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use pipit_engine::{Content, Conversation, Entry, TabView};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::js_object::JsObject;

/// The two hooks, as far as the host has given them.
#[derive(Default)]
pub(crate) struct HostHooks {
    pub(crate) before_send: Option<Function>,
    pub(crate) before_render: Option<Function>,
    /// The results for the messages of the current transcript, in its order. The hook is called once for each message.
    rendered: RefCell<Vec<RenderedMessage>>,
}

/// An agent's message, and what the hook made of it; `None` if it is not to be shown.
type RenderedMessage = (Rc<Entry>, Option<Rc<Entry>>);

impl HostHooks {
    pub(crate) fn new(before_send: Option<Function>, before_render: Option<Function>) -> Self {
        Self {
            before_send,
            before_render,
            rendered: RefCell::default(),
        }
    }

    /// Applies the hook `beforeRender` to the agents' messages that it has not seen yet, and replaces all of them by
    /// its results.
    pub(crate) fn apply_before_render(&self, tab: TabView) -> TabView {
        let Some(before_render) = &self.before_render else {
            return tab;
        };
        // Taken out, not borrowed: the hook may call a command that leads here again.
        let known = self.rendered.take();
        let mut rendered = Vec::new();
        let entries = tab.conversation.transcript.iter().cloned();
        let shown_entries = entries
            .filter_map(|entry| {
                if !matches!(entry.content, Content::Agent { .. }) {
                    return Some(entry);
                }
                let result = match find_rendered(&known, rendered.len(), &entry) {
                    Some((_, result)) => result.clone(),
                    None => call_before_render(before_render, &entry),
                };
                rendered.push((entry, result.clone()));
                result
            })
            .collect();
        self.rendered.replace(rendered);
        TabView {
            conversation: Rc::new(Conversation {
                transcript: Rc::new(shown_entries),
                ..Conversation::clone(&tab.conversation)
            }),
            ..tab
        }
    }
}

/// Finds an entry's result: mostly at the same index as before, otherwise by the entry's id.
fn find_rendered<'a>(
    known: &'a [RenderedMessage],
    index: usize,
    entry: &Rc<Entry>,
) -> Option<&'a RenderedMessage> {
    let at_index = known.get(index).filter(|(old, _)| Rc::ptr_eq(old, entry));
    at_index.or_else(|| known.iter().find(|(old, _)| old.id == entry.id))
}

/// Calls the hook `beforeSend`. Returns the text to send; `None` if nothing is to be sent. That includes a hook that
/// fails, because its purpose may be to hold something back.
pub(crate) async fn run_before_send(before_send: Function, text: &str) -> Option<String> {
    let result = match before_send.call1(&JsValue::NULL, &text.into()) {
        Ok(value) => JsFuture::from(Promise::resolve(&value)).await,
        Err(error) => Err(error),
    };
    text_result(result)
}

fn call_before_render(before_render: &Function, entry: &Rc<Entry>) -> Option<Rc<Entry>> {
    let Content::Agent {
        client_id,
        name,
        body,
        rich,
    } = &entry.content
    else {
        return None;
    };
    let message = JsObject::new()
        .with("id", entry.id.0.to_string())
        .with("name", &**name)
        .with("text", &**body)
        .with("isHtml", *rich);
    let text = text_result(before_render.call1(&JsValue::NULL, &message.into()))?;
    if *text == **body {
        return Some(entry.clone());
    }
    Some(Rc::new(Entry {
        content: Content::Agent {
            client_id: *client_id,
            name: name.clone(),
            body: text.into(),
            rich: *rich,
        },
        ..(**entry).clone()
    }))
}

/// The text that a hook returned. Anything else means that nothing is to be sent or shown; an error is logged.
fn text_result(result: Result<JsValue, JsValue>) -> Option<String> {
    match result {
        Ok(value) => value.as_string(),
        Err(error) => {
            web_sys::console::error_2(&"Pipit: a function of this page failed:".into(), &error);
            None
        }
    }
}
