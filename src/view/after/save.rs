//! Hands the visitor the transcript: as a file, or on paper.

use gloo_events::EventListener;
use js_sys::{Array, Promise};
use pipit_engine::{Content, Conversation, Delivery, Entry};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, Window};

use crate::lazy_module::lazy_module;
use crate::locale::{self, TextKey, Texts};
use crate::page_error::PageError;
use crate::transcript_file::{LineAuthor, TranscriptFile, TranscriptLine};
use crate::view::context::ViewContext;
use crate::view::during::message_body::MessageBody;

/// As what.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TranscriptFormat {
    Text,
    Page,
    /// The page in a tab of its own, with the browser's question for a printer.
    Print,
}

/// Saves or prints what was said until now. A browser that refuses leaves things as they are.
pub(crate) fn save(context: &ViewContext, title: &str, format: TranscriptFormat) {
    let (context, title) = (context.clone(), title.to_owned());
    spawn_local(async move {
        let handed_over = hand_over(context, title, format).await;
        if let Err(error) = handed_over.unwrap_or_else(|_| Err(PageError::not_loaded().into())) {
            web_sys::console::warn_2(&"Pipit: the transcript could not be saved.".into(), &error);
        }
    });
}

/// A promise of what was said until now, as a page or as plain text.
pub(crate) fn transcript(context: ViewContext, title: String, is_page: bool) -> Promise {
    future_to_promise(async move {
        let text = write(context, title, is_page).await;
        text.map(JsValue::from)
            .map_err(|_| PageError::not_loaded().into())
    })
}

lazy_module! {
    saving: fn write(context: ViewContext, title: String, is_page: bool) -> String {
        let file = file(&context.texts, &title, &context.conversation());
        if is_page { file.html() } else { file.text() }
    }
}

lazy_module! {
    saving: fn hand_over(context: ViewContext, title: String, format: TranscriptFormat) -> Result<(), JsValue> {
        let file = file(&context.texts, &title, &context.conversation());
        match format {
            TranscriptFormat::Text => download(&file.text(), "text/plain;charset=utf-8", "chat.txt"),
            TranscriptFormat::Page => download(&file.html(), PAGE, "chat.html"),
            TranscriptFormat::Print => print(&file.html()),
        }
    }
}

const PAGE: &str = "text/html;charset=utf-8";

fn file(texts: &Texts, title: &str, conversation: &Conversation) -> TranscriptFile {
    let entries = &conversation.transcript;
    TranscriptFile {
        title: title.to_owned(),
        day: entries
            .first()
            .map(|entry| texts.day(entry.at))
            .unwrap_or_default(),
        language: texts.tag().to_string(),
        direction: texts.direction(),
        lines: entries.iter().map(|entry| line(texts, entry)).collect(),
    }
}

fn line(texts: &Texts, entry: &Entry) -> TranscriptLine {
    let (by, text, remark) = match &entry.content {
        Content::Visitor { text, delivery } => (
            LineAuthor::Visitor(texts.get(TextKey::You).to_string()),
            text.to_string(),
            remark(texts, *delivery),
        ),
        Content::Agent { name, .. } => (
            LineAuthor::Agent(texts.agent_name(name).to_string()),
            MessageBody::of(&entry.content).map_or_else(String::new, |said| said.plain()),
            None,
        ),
        Content::Notice(notice) => {
            let own = || texts.notice(notice).to_string();
            let text = MessageBody::of(&entry.content).map_or_else(own, |said| said.plain());
            (LineAuthor::Nobody, text, None)
        }
    };
    TranscriptLine {
        at: texts.time(entry.at),
        by,
        text,
        remark,
    }
}

/// What did not surely arrive is marked.
fn remark(texts: &Texts, delivery: Delivery) -> Option<String> {
    match delivery {
        Delivery::Accepted => None,
        Delivery::Queued | Delivery::Sending | Delivery::Unknown | Delivery::Failed(_) => {
            locale::delivery(delivery, false).map(|word| texts.get(word).to_string())
        }
    }
}

fn download(text: &str, kind: &str, name: &str) -> Result<(), JsValue> {
    let url = url(text, kind)?;
    let anchor = page()?
        .document()
        .ok_or(JsValue::NULL)?
        .create_element("a")?
        .dyn_into::<HtmlAnchorElement>()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&url)
}

fn print(html: &str) -> Result<(), JsValue> {
    let url = url(html, PAGE)?;
    let Some(tab) = page()?.open_with_url(&url)? else {
        // The browser takes the tab for a pop-up.
        return download(html, PAGE, "chat.html");
    };
    let sheet = tab.clone();
    let printed = EventListener::once(&tab, "load", move |_| {
        // What became of it is between the visitor and the browser.
        let _ = sheet.print();
        let _ = Url::revoke_object_url(&url);
    });
    printed.forget();
    Ok(())
}

fn url(text: &str, kind: &str) -> Result<String, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    Url::create_object_url_with_blob(&blob)
}

fn page() -> Result<Window, JsValue> {
    web_sys::window().ok_or(JsValue::NULL)
}
