//! Reads the scripts for two tabs: the steps of `crate::script`, and these.
//!
//! ```text
//! join             the tab joins the others, if it does not lead already
//! lead             the browser grants the lock to the tab
//! alone            the browser refuses the lock or the channel
//! deposed          the browser has given the lock to another tab
//! proven           the browser verifies that the tab holds the lock and that others wait for it
//! proven alone     the same, and nobody waits
//! draft TEXT       the composer contains this
//! open    shut     the panel is opened, or closed
//! heard TEXT       the channel delivers this message
//! load TEXT        the page is loaded with this in its storage
//! reload           the page is loaded with what it has stored
//! other STEP       the step is for the second tab
//! ```
//!
//! In the TEXT of `heard` and `load`, a tab character stands for a line end; JSON has neither.

use pipit_engine::TabInput;
use pipit_wire::Secret;

use crate::script::{Step, parse_step};

/// A step of a script.
pub(super) enum TabStep {
    /// An input from the browser, the visitor or another tab.
    Input(TabInput),
    /// The page is loaded with this text in its storage.
    Load(String),
    /// A step that also exists for an engine alone.
    Engine(Step),
}

/// The steps of a script, each with the index of its tab.
pub(super) fn steps(script: &str) -> impl Iterator<Item = (usize, TabStep)> {
    script
        .lines()
        .filter_map(|line| match line.strip_prefix("other ") {
            Some(line) => Some((1, parse_tab_step(line)?)),
            None => Some((0, parse_tab_step(line)?)),
        })
}

fn parse_tab_step(line: &str) -> Option<TabStep> {
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
        "heard" => TabInput::Message(Secret::new(with_line_ends(rest))),
        "load" => return Some(TabStep::Load(with_line_ends(rest))),
        _ => return parse_step(line).map(TabStep::Engine),
    }))
}

/// Replaces tab characters by line ends.
fn with_line_ends(text: &str) -> String {
    text.replace('\t', "\n")
}
