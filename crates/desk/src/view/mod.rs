//! What the agent sees. Texts of others are only ever text nodes.

mod bar;
mod conversation;
mod side;

use yew::{Callback, Html, MouseEvent, NodeRef, html};

use crate::desk::{Click, Desk, Input};

/// The whole page. `composer` is where the agent writes.
pub(crate) fn page(desk: &Desk, tell: &Callback<Input>, composer: &NodeRef) -> Html {
    html! {
        <div class="desk" translate="no">
            { bar::bar(desk, tell) }
            { for desk.notice.iter().map(|text| notice(text, tell)) }
            <div class="floor">
                { side::side(desk, tell) }
                { match desk.in_front() {
                    Some(it) => conversation::conversation(it, tell, composer),
                    None => nobody(),
                } }
            </div>
        </div>
    }
}

fn notice(text: &str, tell: &Callback<Input>) -> Html {
    html! {
        <div class="notice" role="alert" data-test="notice">
            <span>{ text }</span>
            <button class="quiet" onclick={on(tell, &Click::DismissNotice)}>{ "Dismiss" }</button>
        </div>
    }
}

fn nobody() -> Html {
    html! {
        <main class="nobody">
            <p>{ "Accept a waiting visitor to begin a conversation." }</p>
        </main>
    }
}

fn on(tell: &Callback<Input>, click: &Click) -> Callback<MouseEvent> {
    let click = click.clone();
    tell.reform(move |_| Input::Click(click.clone()))
}

/// The first letters of a name's first and last word.
fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (first, last) = (words.first(), words.get(1..).and_then(<[&str]>::last));
    let letters = [first, last].into_iter().flatten();
    letters
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect()
}

fn avatar(name: &str) -> Html {
    html! { <span class="avatar" aria-hidden="true">{ initials(name) }</span> }
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
