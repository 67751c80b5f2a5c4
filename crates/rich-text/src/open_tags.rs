//! The tags around a text that say how it looks.

use crate::tag::{Change, Role};
use crate::{Link, Style};

/// How many of them are held; those within are not looked at.
const MAX_OPEN: usize = 64;

/// Tags that are open, the outermost first. Containers (lists, items, quotes) are not among them.
#[derive(Default)]
pub(crate) struct OpenTags<'a> {
    tags: Vec<OpenTag<'a>>,
    /// How many were opened and not closed since there was no place for more.
    not_held: usize,
}

/// A tag that is open.
pub(crate) struct OpenTag<'a> {
    /// As written.
    pub(crate) name: &'a str,
    pub(crate) role: Role,
    /// What its style attribute does to the text in it.
    pub(crate) change: Change,
    pub(crate) link: Option<Link>,
    /// How many containers it stands in.
    pub(crate) depth: usize,
}

/// How a text is drawn.
#[derive(Default)]
pub(crate) struct Format {
    pub(crate) style: Style,
    pub(crate) link: Option<Link>,
    /// Whether white space in it counts.
    pub(crate) preformatted: bool,
}

impl<'a> OpenTags<'a> {
    /// How a text looks that stands in all of them.
    pub(crate) fn format(&self) -> Format {
        let mut format = Format::default();
        for tag in &self.tags {
            format.style = format
                .style
                .with(tag.role.style())
                .without(tag.change.removes)
                .with(tag.change.adds);
            format.preformatted |= tag.role == Role::Preformatted;
            if tag.link.is_some() {
                format.link.clone_from(&tag.link);
            }
        }
        format
    }

    pub(crate) fn open(&mut self, tag: OpenTag<'a>) {
        if self.tags.len() < MAX_OPEN {
            self.tags.push(tag);
        } else {
            self.not_held += 1;
        }
    }

    /// Closes the innermost tag of this name, if there is one, as its end tag does.
    pub(crate) fn close(&mut self, name: &str) {
        if let Some(not_held) = self.not_held.checked_sub(1) {
            self.not_held = not_held;
        } else {
            self.close_held(name);
        }
    }

    /// Closes the innermost tag of this name, if there is one, as another tag does that ends it.
    pub(crate) fn close_held(&mut self, name: &str) {
        let Some(closed) = self
            .tags
            .iter()
            .rposition(|tag| tag.name.eq_ignore_ascii_case(name))
        else {
            return;
        };
        let alone = self
            .tags
            .get(closed)
            .is_some_and(|tag| tag.role.outlives_blocks());
        let mut at = 0;
        self.tags.retain(|tag| {
            let stays = at < closed || at > closed && (alone || tag.role.outlives_blocks());
            at += 1;
            stays
        });
    }

    /// Closes what cannot outlive the containers that have just been closed; so many are open.
    pub(crate) fn leave_containers(&mut self, depth: usize) {
        self.tags
            .retain(|tag| tag.depth <= depth || tag.role.outlives_blocks());
    }
}
