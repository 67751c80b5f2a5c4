//! Parts that several views use: click handlers and avatars.

use yew::{Callback, Html, MouseEvent, html};

use crate::desk::{Action, Input};

/// The click handler that dispatches an action.
pub(super) fn on_click(dispatch: &Callback<Input>, action: &Action) -> Callback<MouseEvent> {
    let action = action.clone();
    dispatch.reform(move |_| Input::Action(action.clone()))
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
