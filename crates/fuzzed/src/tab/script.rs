//! What happens to two tabs, as text: the lines of `crate::script`, and these.
//!
//! ```text
//! join             the tab is there, if it does not lead already
//! lead             the browser gives it the lock
//! alone            ... refuses it
//! deposed          ... has given it to another
//! proven           ... says that the tab still holds it, and that others wait
//! proven alone     ... and that nobody waits
//! draft TEXT       the composer holds this
//! open    shut     the panel is opened, or closed
//! heard TEXT       somebody else on the channel has said this
//! load TEXT        the tab is loaded with this in its storage
//! reload           ... with what it has kept
//! other LINE       one of these lines, for the second tab
//! ```
//!
//! In TEXT that is heard or loaded, a tabulator is a line end: JSON has neither.

use pipit_engine::TabInput;
use pipit_wire::Secret;

use crate::script::{Step, step};

/// A line of a script.
pub(super) enum TabStep {
    /// Something comes from the browser, the visitor or another tab.
    Input(TabInput),
    /// The page is loaded with this in its storage.
    Load(String),
    /// Something happens to the engine, or to the page.
    Engine(Step),
}

/// The steps of a script, each with the number of its tab.
pub(super) fn steps(script: &str) -> impl Iterator<Item = (usize, TabStep)> {
    script
        .lines()
        .filter_map(|line| match line.strip_prefix("other ") {
            Some(line) => Some((1, tab_step(line)?)),
            None => Some((0, tab_step(line)?)),
        })
}

fn tab_step(line: &str) -> Option<TabStep> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Some(TabStep::Input(match word {
        "join" => TabInput::Join,
        "lead" => TabInput::LockGranted,
        "alone" => TabInput::LockRefused,
        "deposed" => TabInput::LockLost,
        "proven" => TabInput::LockVerified {
            has_others: rest != "alone",
        },
        "draft" => TabInput::Draft(rest.to_owned()),
        "open" => TabInput::ShowPanel(true),
        "shut" => TabInput::ShowPanel(false),
        "heard" => TabInput::Message(Secret::new(lines(rest))),
        "load" => return Some(TabStep::Load(lines(rest))),
        _ => return step(line).map(TabStep::Engine),
    }))
}

fn lines(text: &str) -> String {
    text.replace('\t', "\n")
}
