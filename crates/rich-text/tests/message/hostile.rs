//! The hostile corpus, natively: what is left of each case. A browser runs it too.

use std::collections::HashSet;

use pipit_rich_text::{Link, parse, plain};

use crate::ask::{links, text};
use crate::corpus::cases;

#[test]
fn the_corpus_is_large_and_each_case_has_a_name_of_its_own() {
    let names: HashSet<_> = cases().map(|case| case.name).collect();
    assert_eq!(names.len(), cases().count());
    assert!(names.len() >= 500, "{}", names.len());
    assert!(cases().all(|case| !case.html.is_empty() && !case.html.contains(['⟦', '⟧'])));
}

#[test]
fn what_remains_is_as_told() {
    let wrong: Vec<_> = cases()
        .filter_map(|case| {
            let remains = plain(&parse(&case.html).blocks);
            (remains != case.remains?).then(|| format!("{}: {remains:?}", case.name))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_code_is_seen() {
    for case in cases() {
        let may_be_seen = case.remains.is_some_and(|text| text.contains("alarm("));
        let text = text(&parse(&case.html).blocks);
        assert_eq!(
            text.contains("alarm("),
            may_be_seen,
            "{}: {text}",
            case.name
        );
    }
}

#[test]
fn all_links_pass_and_none_has_another_name_in_it() {
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
