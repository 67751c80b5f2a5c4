//! What the page may change: what the visitor sends, and what an agent says before it is shown.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use pipit_engine::{Content, Conversation, Entry};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::js_object::JsObject;

/// The page's two functions, where it has given them.
#[derive(Default)]
pub(crate) struct HostHooks {
    pub(crate) before_send: Option<Function>,
    pub(crate) before_render: Option<Function>,
    /// What was asked already, in the transcript's order.
    asked: RefCell<Vec<Asked>>,
}

/// An agent's message, and what is shown of it.
type Asked = (Rc<Entry>, Option<Rc<Entry>>);

impl HostHooks {
    pub(crate) fn new(before_send: Option<Function>, before_render: Option<Function>) -> Self {
        Self {
            before_send,
            before_render,
            asked: RefCell::default(),
        }
    }

    /// The conversation as the page lets it be shown.
    pub(crate) fn shown(&self, mut conversation: Conversation) -> Conversation {
        let Some(hook) = &self.before_render else {
            return conversation;
        };
        let mut asked = Vec::new();
        let before = self.asked.take();
        conversation.transcript = conversation
            .transcript
            .into_iter()
            .filter_map(|entry| {
                if !matches!(entry.content, Content::Agent { .. }) {
                    return Some(entry);
                }
                let known = before
                    .get(asked.len())
                    .filter(|(old, _)| Rc::ptr_eq(old, &entry));
                let known = known.or_else(|| before.iter().find(|(old, _)| old.id == entry.id));
                let shown = match known {
                    Some((_, shown)) => shown.clone(),
                    None => rendered(hook, &entry),
                };
                asked.push((entry, shown.clone()));
                shown
            })
            .collect();
        self.asked.replace(asked);
        conversation
    }
}

/// What is to be sent in place of a text. A function that fails sends nothing: it may be there to keep
/// something back.
pub(crate) async fn sent(hook: Function, text: &str) -> Option<String> {
    let given = hook.call1(&JsValue::NULL, &text.into());
    let given = match given {
        Ok(given) => JsFuture::from(Promise::resolve(&given)).await,
        Err(error) => Err(error),
    };
    told(given)
}

/// An agent's message as the page lets it be shown.
fn rendered(hook: &Function, entry: &Rc<Entry>) -> Option<Rc<Entry>> {
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
    let text = told(hook.call1(&JsValue::NULL, &message.into()))?;
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

fn told(given: Result<JsValue, JsValue>) -> Option<String> {
    match given {
        Ok(given) => given.as_string(),
        Err(error) => {
            web_sys::console::error_2(&"Pipit: a function of this page failed:".into(), &error);
            None
        }
    }
}
