//! Renders the links of messages. A link shows where it leads, unless its text says so already.

use pipit_rich_text::{Link, LinkLabel, hidden_destination};
use web_sys::Url;
use yew::{Html, html};

use crate::config::picture_hosts::{PictureHosts, is_picture_name};
use crate::view::during::picture;

/// A link. `content` is the rendered text of the link. If the text does not say where the link leads, that follows in
/// parentheses, so that no text can hide it. If the browser does not accept the address, only the text is rendered. A link to
/// a picture of one of the hosts shows the picture in place of the text.
pub(crate) fn render_link(
    link: &Link,
    label: &LinkLabel<'_>,
    content: Html,
    hosts: &PictureHosts,
) -> Html {
    let Ok(url) = Url::new(link.href()) else {
        return content;
    };
    let destination = hidden_destination(link, label, ascii_host);
    let content = if hosts.allow(&url) && is_picture_name(&url.pathname()) {
        let alt = picture::file_name(&url);
        html! { <>{ picture::render(&url.href(), alt) }<span>{ content }</span></> }
    } else {
        content
    };
    html! {
        <>
            <a href={link.href().to_owned()} target="_blank" rel="noopener noreferrer" dir="auto">{ content }</a>
            if let Some(destination) = destination {
                // The space is outside of the element, because it would be at the wrong side in right-to-left text.
                { " " }
                <small class="link-host" dir="ltr" translate="no">{ ["(", &destination, ")"].concat() }</small>
            }
        </>
    }
}

/// The address to write behind a link in the transcript file; `None` if the text of the link is that address. The host is in
/// the browser's form.
pub(crate) fn transcript_address(link: &Link, text: &str) -> Option<String> {
    let is_ascii = link.href().is_ascii();
    // The browser writes the host as punycode, and other letters beyond ASCII as escaped bytes.
    let address = Url::new(link.href())
        .ok()
        .filter(|_| !is_ascii)
        .map_or_else(|| link.href().to_owned(), |url| url.href());
    let without_scheme = |address: &str| -> String {
        let lower_case = address.trim().to_ascii_lowercase();
        let schemes = ["https://", "http://", "mailto:", "tel:"];
        let rest = schemes
            .iter()
            .find_map(|scheme| lower_case.strip_prefix(scheme))
            .unwrap_or(&lower_case);
        rest.trim_end_matches('/').to_owned()
    };
    (without_scheme(&address) != without_scheme(text)).then_some(address)
}

/// The browser's form of a host; `None` if the browser refuses it. A host with letters beyond ASCII is written as punycode
/// (`xn--…`).
fn ascii_host(host: &str) -> Option<String> {
    let url = Url::new(&["https://", host].concat()).ok()?;
    Some(url.hostname())
}
