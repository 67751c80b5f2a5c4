//! A picture in a message, in place of the text of its link. The page says from which hosts pictures may come
//! (`config/picture_hosts.rs`).

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, Url};
use yew::{Callback, Html, html};

/// The size, in px, that the layout reserves before the picture is loaded. The style sheet makes both smaller in a narrow
/// bubble, and keeps their ratio.
const WIDTH: &str = "240";
const HEIGHT: &str = "180";

/// The picture at an address. The browser fetches it when it is nearly in sight, and does not tell the host which page shows
/// it. `alt` is the name of the picture for screen readers. A picture that cannot be loaded is hidden; the style sheet then
/// shows the element after it, which has the text of the link.
pub(crate) fn render(address: &str, alt: String) -> Html {
    let onerror = Callback::from(|event: Event| {
        if let Some(picture) = event.target() {
            // Yew does not know this attribute of the element, so it leaves it there.
            let _ = picture
                .unchecked_ref::<Element>()
                .set_attribute("hidden", "");
        }
    });
    // With the key, another picture is another element, which is not hidden.
    html! {
        <img key={address} class="picture" src={address.to_owned()} {alt} width={WIDTH} height={HEIGHT} loading="lazy"
            decoding="async" referrerpolicy="no-referrer" {onerror} />
    }
}

/// The name of the file at an address, for people: the last part of the path, without escapes.
pub(crate) fn file_name(url: &Url) -> String {
    let path = url.pathname();
    let name = path.rsplit('/').next().unwrap_or_default();
    js_sys::decode_uri_component(name).map_or_else(|_| name.to_owned(), String::from)
}
