//! Parts that several views use: click handlers and avatars.

use yew::{Callback, Html, MouseEvent, html};

use crate::desk::{Action, Input};

/// The click handler that dispatches an action.
pub(super) fn on_click(dispatch: &Callback<Input>, action: &Action) -> Callback<MouseEvent> {
    let action = action.clone();
    dispatch.reform(move |_| Input::Action(action.clone()))
}

/// The time of day of a moment, in ms since 1970, as the agent's system writes it.
pub(super) fn clock_time(at: i64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "a time in ms is far below 2^53")]
    let date = js_sys::Date::new(&(at as f64).into());
    let options = js_sys::Object::new();
    // The object is new, so the members can be set.
    let _ = js_sys::Reflect::set(&options, &"timeStyle".into(), &"short".into());
    date.to_locale_time_string_with_options("default", &options)
        .into()
}

/// A circle with a person's initials.
pub(super) fn avatar(name: &str) -> Html {
    html! { <span class="avatar" aria-hidden="true">{ initials(name) }</span> }
}

/// The first letters of a name's first and last word, in upper case. One letter if the name has one word.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (first, last) = (words.first(), words.get(1..).and_then(<[&str]>::last));
    let letters = [first, last].into_iter().flatten();
    letters
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_name() {
        assert_eq!(initials("Ana Marques"), "AM");
        assert_eq!(initials("ana maria de sousa"), "AS");
        assert_eq!(initials("Visitor"), "V");
        assert_eq!(initials(" "), "");
    }
}
