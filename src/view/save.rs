//! Hands the visitor the transcript: as a file, or on paper.

use gloo_events::EventListener;
use js_sys::{Array, Promise};
use pipit_engine::{Content, Conversation, Delivery, Entry};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, Window};

use super::Link;
use super::rich::Said;
use crate::locale::{self, Word, Words};
use crate::part::{NOT_LOADED, part};
use crate::transcript_file::{Author, Line, TranscriptFile};

/// As what.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Format {
    Text,
    Page,
    /// The page in a tab of its own, with the browser's question for a printer.
    Print,
}

/// Saves or prints what was said until now. A browser that refuses leaves things as they are.
pub(crate) fn save(link: &Link, title: &str, format: Format) {
    let (link, title) = (link.clone(), title.to_owned());
    spawn_local(async move {
        let handed_over = hand_over(link, title, format).await;
        if let Err(error) = handed_over.unwrap_or_else(|_| Err(NOT_LOADED.into())) {
            web_sys::console::warn_2(&"Pipit: the transcript could not be saved.".into(), &error);
        }
    });
}

/// A promise of what was said until now, as a page or as plain text.
pub(crate) fn transcript(link: Link, title: String, is_page: bool) -> Promise {
    future_to_promise(async move {
        let text = write(link, title, is_page).await;
        text.map(JsValue::from).map_err(|_| NOT_LOADED.into())
    })
}

part! {
    saving: fn write(link: Link, title: String, is_page: bool) -> String {
        let file = file(link.words(), &title, &link.conversation());
        if is_page { file.html() } else { file.text() }
    }
}

part! {
    saving: fn hand_over(link: Link, title: String, format: Format) -> Result<(), JsValue> {
        let file = file(link.words(), &title, &link.conversation());
        match format {
            Format::Text => download(&file.text(), "text/plain;charset=utf-8", "chat.txt"),
            Format::Page => download(&file.html(), PAGE, "chat.html"),
            Format::Print => print(&file.html()),
        }
    }
}

const PAGE: &str = "text/html;charset=utf-8";

fn file(words: &Words, title: &str, conversation: &Conversation) -> TranscriptFile {
    let entries = &conversation.transcript;
    TranscriptFile {
        title: title.to_owned(),
        day: entries
            .first()
            .map(|entry| words.day(entry.at))
            .unwrap_or_default(),
        language: words.tag().to_string(),
        direction: words.direction(),
        lines: entries.iter().map(|entry| line(words, entry)).collect(),
    }
}

fn line(words: &Words, entry: &Entry) -> Line {
    let (by, text, remark) = match &entry.content {
        Content::Visitor { text, delivery } => (
            Author::Visitor(words.say(Word::You).to_string()),
            text.to_string(),
            remark(words, *delivery),
        ),
        Content::Agent { name, .. } => (
            Author::Agent(words.agent_name(name).to_string()),
            Said::of(&entry.content).map_or_else(String::new, |said| said.plain()),
            None,
        ),
        Content::Notice(notice) => {
            let own = || words.notice(notice).to_string();
            let text = Said::of(&entry.content).map_or_else(own, |said| said.plain());
            (Author::Nobody, text, None)
        }
    };
    Line {
        at: words.time(entry.at),
        by,
        text,
        remark,
    }
}

/// What did not surely arrive is marked.
fn remark(words: &Words, delivery: Delivery) -> Option<String> {
    match delivery {
        Delivery::Accepted => None,
        Delivery::Queued | Delivery::Sending | Delivery::Unknown | Delivery::Failed(_) => {
            locale::delivery(delivery, false).map(|word| words.say(word).to_string())
        }
    }
}

fn download(text: &str, kind: &str, name: &str) -> Result<(), JsValue> {
    let url = url(text, kind)?;
    let link = page()?
        .document()
        .ok_or(JsValue::NULL)?
        .create_element("a")?
        .dyn_into::<HtmlAnchorElement>()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
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
