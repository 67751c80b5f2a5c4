//! A file that an agent sent: its name, its size and a link that downloads it.

use std::rc::Rc;

use pipit_engine::SharedFile;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Url;
use yew::{Html, MouseEvent, Properties, component, html, use_state_eq};

use crate::config::picture_hosts::is_picture_name;
use crate::locale::TextKey;
use crate::view::context::ViewContext;
use crate::view::during::picture;
use crate::view::frame::icon;

#[derive(Properties, PartialEq)]
pub(crate) struct SharedFileLinkProps {
    pub(crate) context: ViewContext,
    pub(crate) file: Rc<SharedFile>,
}

/// A link that downloads the file, and shows it if it is a picture of an allowed host. If the file has no address that can be used, its name and (if known) its size are
/// shown without a link.
#[component]
pub(crate) fn SharedFileLink(props: &SharedFileLinkProps) -> Html {
    let SharedFileLinkProps { context, file } = props;
    // Whether the visitor's last attempt to download the file has failed.
    let has_failed = use_state_eq(|| false);
    let texts = &context.texts;
    let name = texts.file_name(&file.name);
    let description = html! {
        <>
            { icon::file() }
            <span class="what">
                // From left to right, so that the end of the name is shown at its end.
                <bdi dir="ltr">{ name.clone() }</bdi>
                if let Some(bytes) = file.bytes {
                    <small>{ texts.file_size(bytes) }</small>
                }
            </span>
        </>
    };
    let Some(url) = &file.url else {
        return html! { <div part="file" class="bubble file">{ description }</div> };
    };
    let hosts = &context.services.picture_hosts;
    let is_picture =
        is_picture_name(&file.name) && Url::new(url).is_ok_and(|url| hosts.allow(&url));
    // A click on a plain link would fail, because Oracle's server only answers requests that accept JSON. Therefore
    // `npm/file-transfer.ts` fetches the file.
    let onclick = context.services.attachments.clone().map(|attachments| {
        let url = url.clone();
        let name = name.clone();
        let has_failed = has_failed.setter();
        let context = context.clone();
        move |event: MouseEvent| {
            // If `download` throws, the browser follows the link.
            if let Ok(download) = attachments.download(&url, &name) {
                event.prevent_default();
                has_failed.set(false);
                let has_failed = has_failed.clone();
                let context = context.clone();
                spawn_local(async move {
                    let is_error = JsFuture::from(download).await.is_err();
                    if is_error {
                        context.say_text(TextKey::FileNotFetched);
                    }
                    has_failed.set(is_error);
                });
            }
        }
    });
    html! {
        <>
            <a part="file" class="bubble file" href={url.to_string()} download={name.clone()} target="_blank"
                rel="noopener noreferrer" {onclick}>
                // The description names the picture.
                if is_picture { { picture::render(url, String::new()) } }
                { description }
            </a>
            <p class="wrong">
                if *has_failed { <span>{ texts.get(TextKey::FileNotFetched) }</span> }
            </p>
        </>
    }
}
