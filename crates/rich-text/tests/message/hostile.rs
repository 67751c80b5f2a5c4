//! Tests that read every case of the corpus of attacks (`corpus/hostile.txt`). All code in the corpus calls `alarm(1)`.
//! `tests/hostile_markup.rs` at the top of the repository draws the same cases in a browser.

use std::collections::HashSet;

use pipit_rich_text::{Link, parse, to_plain_text};

use crate::corpus::cases;
use crate::tree_queries::{links, text};

#[test]
fn the_corpus_is_large_and_no_two_cases_have_the_same_name() {
    let names: HashSet<_> = cases().map(|case| case.name).collect();
    assert_eq!(names.len(), cases().count());
    assert!(names.len() >= 500, "{}", names.len());
    assert!(cases().all(|case| !case.html.is_empty() && !case.html.contains(['⟦', '⟧'])));
}

#[test]
fn the_plain_text_is_as_the_corpus_states() {
    let wrong: Vec<_> = cases()
        .filter_map(|case| {
            let remains = to_plain_text(&parse(&case.html).blocks);
            (remains != case.remains?).then(|| format!("{}: {remains:?}", case.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn code_is_shown_only_where_the_corpus_states_it() {
    for case in cases() {
        let may_be_shown = case.remains.is_some_and(|text| text.contains("alarm("));
        let text = text(&parse(&case.html).blocks);
        assert_eq!(
            text.contains("alarm("),
            may_be_shown,
            "{}: {text}",
            case.name
        );
    }
}

#[test]
fn all_links_are_valid_and_none_has_a_name_before_its_host() {
    for case in cases() {
        for link in links(&parse(&case.html).blocks) {
            assert_eq!(
                Link::new(link.href()).as_ref(),
                Some(&link),
                "{}",
                case.name
            );
            let before_path = link
                .href()
                .split(['/', '?', '#'])
                .take(3)
                .collect::<String>();
            assert!(
                link.host().is_none() || !before_path.contains('@'),
                "{}: {}",
                case.name,
                link.href()
            );
        }
    }
}
