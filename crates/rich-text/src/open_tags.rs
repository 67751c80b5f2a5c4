//! The open tags around a text that determine how it looks.

use crate::tag::{Role, StyleChange};
use crate::{Link, Style};

/// The maximum number of tags that are stored. Tags inside them are only counted.
const MAX_OPEN: usize = 64;

/// The open tags, from the outermost to the innermost. Containers (lists, items, quotes) are not among them.
#[derive(Default)]
pub(crate) struct OpenTags<'a> {
    tags: Vec<OpenTag<'a>>,
    /// The number of open tags that are not stored, because there are too many.
    not_stored: usize,
}

/// A tag that is open.
pub(crate) struct OpenTag<'a> {
    /// The name of the tag, as written.
    pub(crate) name: &'a str,
    pub(crate) role: Role,
    /// The effect of its style attribute.
    pub(crate) change: StyleChange,
    pub(crate) link: Option<Link>,
    /// The number of containers around the tag.
    pub(crate) depth: usize,
}

/// How a text looks.
#[derive(Default)]
pub(crate) struct Format {
    pub(crate) style: Style,
    pub(crate) link: Option<Link>,
    /// Whether its white space is kept.
    pub(crate) is_preformatted: bool,
}

impl<'a> OpenTags<'a> {
    /// How a text looks that is inside all open tags.
    pub(crate) fn format(&self) -> Format {
        let mut format = Format::default();
        for tag in &self.tags {
            format.style = format
                .style
                .with(tag.role.style())
                .without(tag.change.removes)
                .with(tag.change.adds);
            format.is_preformatted |= tag.role == Role::Preformatted;
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
            self.not_stored += 1;
        }
    }

    /// Closes the innermost tag with this name, because its end tag was read.
    pub(crate) fn close(&mut self, name: &str) {
        if let Some(not_stored) = self.not_stored.checked_sub(1) {
            self.not_stored = not_stored;
        } else {
            self.close_stored(name);
        }
    }

    /// Closes the innermost stored tag with this name, because another tag ends it.
    pub(crate) fn close_stored(&mut self, name: &str) {
        let Some(closed) = self
            .tags
            .iter()
            .rposition(|tag| tag.name.eq_ignore_ascii_case(name))
        else {
            return;
        };
        let closes_alone = self
            .tags
            .get(closed)
            .is_some_and(|tag| tag.role.outlives_blocks());
        let mut index = 0;
        self.tags.retain(|tag| {
            let stays =
                index < closed || index > closed && (closes_alone || tag.role.outlives_blocks());
            index += 1;
            stays
        });
    }

    /// Closes the tags that end with the containers that were just closed. `depth` is the number of containers
    /// that are still open.
    pub(crate) fn leave_containers(&mut self, depth: usize) {
        self.tags
            .retain(|tag| tag.depth <= depth || tag.role.outlives_blocks());
    }
}
