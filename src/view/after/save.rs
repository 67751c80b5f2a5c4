//! Hands out the transcript: to the visitor as a file or by the print dialog, and to the host (the web page that embeds
//! the chat) as a text.

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

/// The form in which the visitor receives the transcript.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum TranscriptFormat {
    /// A file with plain text.
    Text,
    /// An HTML file.
    Html,
    /// The HTML document in a new tab, with the browser's print dialog.
    Print,
}

/// Saves or prints the transcript, with the headline `title`. A failure is only logged, because it does not affect the
/// chat.
pub(crate) fn save(context: &ViewContext, title: &str, format: TranscriptFormat) {
    let context = context.clone();
    let title = title.to_owned();
    spawn_local(async move {
        let result = hand_over(context, title, format).await;
        if let Err(error) = result.unwrap_or_else(|_| Err(PageError::not_loaded().into())) {
            web_sys::console::warn_2(&"Pipit: the transcript could not be saved.".into(), &error);
        }
    });
}

/// Returns a promise of the transcript for the host: an HTML document if `is_html` is true, otherwise plain text.
pub(crate) fn transcript_promise(context: ViewContext, title: String, is_html: bool) -> Promise {
    future_to_promise(async move {
        let text = write(context, title, is_html).await;
        text.map(JsValue::from)
            .map_err(|_| PageError::not_loaded().into())
    })
}

/// The transcript as plain text and as an HTML document; `None` if its code cannot be loaded.
pub(crate) async fn transcript_texts(
    context: ViewContext,
    title: String,
) -> Option<(String, String)> {
    let text = write(context.clone(), title.clone(), false).await.ok()?;
    let html = write(context, title, true).await.ok()?;
    Some((text, html))
}

// `write` returns the transcript as a text. `hand_over` gives the transcript to the visitor as a file or by the print
// dialog. Both are compiled into the WASM module `content`, because the conversation part calls one of them;
// `lazy_module.rs` explains the macro.

lazy_module! {
    content: fn write(context: ViewContext, title: String, is_html: bool) -> String {
        let file = transcript_file(&context.texts, &title, &context.state().tab.conversation);
        if is_html { file.html() } else { file.text() }
    }
}

lazy_module! {
    content: fn hand_over(context: ViewContext, title: String, format: TranscriptFormat) -> Result<(), JsValue> {
        let file = transcript_file(&context.texts, &title, &context.state().tab.conversation);
        match format {
            TranscriptFormat::Text => download(&file.text(), "text/plain;charset=utf-8", "chat.txt"),
            TranscriptFormat::Html => download(&file.html(), HTML_TYPE, "chat.html"),
            TranscriptFormat::Print => print(&file.html()),
        }
    }
}

const HTML_TYPE: &str = "text/html;charset=utf-8";

/// The transcript as the content of a file, with the messages as the panel shows them and with the addresses of links. `day` is the day of the first
/// entry.
fn transcript_file(texts: &Texts, title: &str, conversation: &Conversation) -> TranscriptFile {
    let entries = &conversation.transcript;
    TranscriptFile {
        title: title.to_owned(),
        day: entries
            .first()
            .map(|entry| texts.day(entry.at))
            .unwrap_or_default(),
        language: texts.tag().to_string(),
        direction: texts.direction(),
        lines: entries
            .iter()
            .map(|entry| transcript_line(texts, entry))
            .collect(),
    }
}

/// One entry of the transcript as a line of the file.
fn transcript_line(texts: &Texts, entry: &Entry) -> TranscriptLine {
    let plain_text =
        || MessageBody::of(&entry.content).map(|body| body.plain_text_with_addresses());
    let (author, text, remark) = match &entry.content {
        Content::Visitor { delivery, .. } => (
            LineAuthor::Visitor(texts.get(TextKey::You).to_string()),
            plain_text().unwrap_or_default(),
            delivery_remark(texts, *delivery),
        ),
        Content::Agent { name, .. } => (
            LineAuthor::Agent(texts.agent_name(name).to_string()),
            plain_text().unwrap_or_default(),
            None,
        ),
        Content::Notice(notice) => (
            LineAuthor::Nobody,
            plain_text().unwrap_or_else(|| texts.notice(notice).to_string()),
            None,
        ),
    };
    TranscriptLine {
        time: texts.time(entry.at),
        author,
        text,
        remark,
    }
}

/// The remark about a message of the visitor that the server has not accepted; `None` for an accepted message.
fn delivery_remark(texts: &Texts, delivery: Delivery) -> Option<String> {
    match delivery {
        Delivery::Accepted => None,
        Delivery::Queued | Delivery::Sending | Delivery::Unknown | Delivery::Failed(_) => {
            // `false` says that the message does not wait for an agent. It affects only the text of an accepted
            // message.
            locale::delivery_key(delivery, false).map(|key| texts.get(key).to_string())
        }
    }
}

/// Makes the browser save a text as a file.
fn download(text: &str, mime_type: &str, file_name: &str) -> Result<(), JsValue> {
    let url = blob_url(text, mime_type)?;
    let anchor = window()?
        .document()
        .ok_or(JsValue::NULL)?
        .create_element("a")?
        .dyn_into::<HtmlAnchorElement>()?;
    anchor.set_href(&url);
    anchor.set_download(file_name);
    anchor.click();
    // The browser has looked the address up during the click, so it may become invalid now.
    Url::revoke_object_url(&url)
}

/// Opens an HTML document in a new tab and prints it. If the browser blocks the tab, the document is saved instead.
fn print(html: &str) -> Result<(), JsValue> {
    let url = blob_url(html, HTML_TYPE)?;
    let Some(tab) = window()?.open_with_url(&url)? else {
        return download(html, HTML_TYPE, "chat.html");
    };
    let loaded_tab = tab.clone();
    let listener = EventListener::once(&tab, "load", move |_| {
        // If the browser refuses to print, the visitor still sees the transcript in the tab.
        let _ = loaded_tab.print();
        let _ = Url::revoke_object_url(&url);
    });
    // Without this call the listener would be removed at once, because dropping it removes it.
    listener.forget();
    Ok(())
}

/// An address at which the browser serves the text until [`Url::revoke_object_url`] is called.
fn blob_url(text: &str, mime_type: &str) -> Result<String, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime_type);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    Url::create_object_url_with_blob(&blob)
}

fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or(JsValue::NULL)
}
