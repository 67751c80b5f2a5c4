//! Parses the scripts of the fuzz target for two tabs. A script has the steps of `crate::script`, and the steps below.
//! A step is for the first tab unless `other` precedes it. The *lock* is a browser lock: the tab that holds it is the
//! *leader*, which alone talks to the server. The *channel* carries messages between the tabs.
//!
//! ```text
//! join             the page has loaded, so the tab joins the other tab; ignored if the tab is the leader
//! lead             the browser grants the lock to the tab, which makes it the leader
//! alone            the browser refuses the channel, so the tab shares nothing and leads without the lock
//! deposed          the browser reports that the tab has lost the lock
//! proven           the browser verifies that the tab holds the lock, and that other tabs wait for it
//! proven alone     the browser verifies that the tab holds the lock, and that no tab waits for it
//! draft TEXT       the visitor has changed the text of the composer to this
//! open    shut     the panel is opened, or closed
//! heard TEXT       the channel delivers this message
//! load TEXT        the page is loaded with this text in its storage
//! reload           the page is reloaded with what it has stored
//! other STEP       the step is for the second tab instead of the first
//! ```
//!
//! In the TEXT of `heard` and `load`, a tab character stands for a line end, because a step is one line. No text is lost
//! by this: the JSON that a tab writes escapes both characters.

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

/// Parses a script. Returns each step with the index of its tab, and skips lines that are not steps.
pub(super) fn steps(script: &str) -> impl Iterator<Item = (usize, TabStep)> {
    script
        .lines()
        .filter_map(|line| match line.strip_prefix("other ") {
            Some(step) => Some((1, parse_tab_step(step)?)),
            None => Some((0, parse_tab_step(line)?)),
        })
}

/// Parses a line without `other`. `None` if it is not a step.
fn parse_tab_step(line: &str) -> Option<TabStep> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    Some(TabStep::Input(match word {
        "join" => TabInput::Join,
        "lead" => TabInput::LockGranted,
        "alone" => TabInput::ChannelRefused,
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
