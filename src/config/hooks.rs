//! The hooks, which are functions of the host (the web team's code on the page). The hook `beforeSend` may change or
//! drop a message of the visitor before it is sent. The hook `beforeRender` may change or drop a message of an agent
//! before it is shown.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use pipit_engine::{Content, Conversation, Entries, Entry, TabView};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::js_object::JsObject;

/// The two hooks; each is `None` if the host has not set it.
#[derive(Default)]
pub(crate) struct HostHooks {
    /// The hook `beforeSend`: gets the text of a message and returns the text to send, or a promise of this text. With
    /// any other result the message is not sent.
    pub(crate) before_send: Option<Function>,
    /// The hook `beforeRender`: gets a message of an agent and returns the text to show. With any other result the
    /// message is not shown.
    pub(crate) before_render: Option<Function>,
    /// What the most recent call of [`Self::apply_before_render`] has made.
    rendered: RefCell<RenderedTranscript>,
}

/// A transcript, and what is shown in its place.
#[derive(Default)]
struct RenderedTranscript {
    transcript: Entries,
    shown: Entries,
    /// The results of `beforeRender` for the agents' messages of the transcript, in the transcript's order. They are
    /// kept, so that the hook is not called again for the same message.
    results: Vec<RenderedMessage>,
}

/// An agent's message, and the message to show in its place; `None` if it must not be shown.
type RenderedMessage = (Rc<Entry>, Option<Rc<Entry>>);

impl HostHooks {
    pub(crate) fn new(before_send: Option<Function>, before_render: Option<Function>) -> Self {
        Self {
            before_send,
            before_render,
            rendered: RefCell::default(),
        }
    }

    /// Replaces each message of an agent in `tab` by the result of the hook `beforeRender`; `tab` is what this browser
    /// tab shows. A result is reused as long as its message stays in the transcript.
    pub(crate) fn apply_before_render(&self, tab: TabView) -> TabView {
        let Some(before_render) = &self.before_render else {
            return tab;
        };
        // Taken out instead of borrowed: the hook may call a command that leads to another call of this function.
        let earlier = self.rendered.take();
        let transcript = &tab.conversation.transcript;
        let (mut rendered, earlier_results, entries) =
            if let Some(new_entries) = appended(&earlier.transcript, transcript) {
                (earlier, Vec::new(), new_entries)
            } else {
                let entries = transcript.iter().cloned().collect();
                (RenderedTranscript::default(), earlier.results, entries)
            };
        rendered.transcript = transcript.clone();
        for entry in entries {
            if !matches!(entry.content, Content::Agent { .. }) {
                rendered.shown.push(entry);
                continue;
            }
            let result = match find_rendered(&earlier_results, rendered.results.len(), &entry) {
                Some((_, result)) => result.clone(),
                None => call_before_render(before_render, &entry),
            };
            if let Some(result) = &result {
                rendered.shown.push(result.clone());
            }
            rendered.results.push((entry, result));
        }
        let shown = rendered.shown.clone();
        self.rendered.replace(rendered);
        TabView {
            conversation: Rc::new(Conversation {
                transcript: shown,
                ..Conversation::clone(&tab.conversation)
            }),
            ..tab
        }
    }
}

/// The entries that follow all entries of the earlier version of a transcript; `None` if the version differs in another
/// way.
fn appended(earlier: &Entries, transcript: &Entries) -> Option<Vec<Rc<Entry>>> {
    let (old, new) = transcript.differences(earlier);
    let mut newest_first = transcript.iter().rev();
    let is_at_end = (new.iter().rev()).all(|entry| {
        newest_first
            .next()
            .is_some_and(|other| Rc::ptr_eq(entry, other))
    });
    (old.is_empty() && is_at_end).then(|| new.into_iter().cloned().collect())
}

/// Finds the earlier result for an entry: usually at the same index, otherwise by the entry's id. `None` for a new
/// entry.
fn find_rendered<'a>(
    earlier_results: &'a [RenderedMessage],
    index: usize,
    entry: &Rc<Entry>,
) -> Option<&'a RenderedMessage> {
    let at_index = earlier_results
        .get(index)
        .filter(|(old, _)| Rc::ptr_eq(old, entry));
    at_index.or_else(|| earlier_results.iter().find(|(old, _)| old.id == entry.id))
}

/// Calls the hook `beforeSend`. Returns the text to send, or `None` if the message must not be sent. A hook that fails
/// also gives `None`, because its purpose may be to keep a text from being sent.
pub(crate) async fn run_before_send(before_send: Function, text: &str) -> Option<String> {
    let result = match before_send.call1(&JsValue::NULL, &text.into()) {
        Ok(value) => JsFuture::from(Promise::resolve(&value)).await,
        Err(error) => Err(error),
    };
    text_result(result)
}

/// Calls the hook `beforeRender` for an agent's message. Returns the message to show; `None` if it must not be shown.
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

/// The text that a hook returned. `None` if the hook failed or returned something other than a text: the message of the
/// visitor is then not sent, or the message of the agent is not shown. The error of a hook that failed is logged.
fn text_result(result: Result<JsValue, JsValue>) -> Option<String> {
    match result {
        Ok(value) => value.as_string(),
        Err(error) => {
            web_sys::console::error_2(&"Pipit: a function of this page failed:".into(), &error);
            None
        }
    }
}
