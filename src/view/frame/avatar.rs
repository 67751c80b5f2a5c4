//! The content of an avatar: the initials of a name and, over them, a picture.

use yew::{AttrValue, Html, html};

/// The initials, and the picture over them. A picture that cannot be loaded leaves the initials visible.
pub(crate) fn avatar(name: &str, picture: Option<&AttrValue>) -> Html {
    html! {
        <>
            { initials(name) }
            if let Some(picture) = picture {
                <img src={picture} alt="" />
            }
        </>
    }
}

/// The first letters of a name's first and last word; only one letter if the name has one word, and empty if the name
/// has no word. The style sheet makes the letters capitals.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first.into_iter().chain(last).collect()
}
