//! The open tags that determine how a text looks: its style, its link, and whether its white space is kept. `parse.rs`
//! opens and closes them. Containers (lists, items and quotes) are in `containers.rs` instead.

use crate::steps::count_steps;
use crate::tag::{Role, StyleChange};
use crate::{Link, Style};

/// The maximum number of tags that are stored. Further tags inside them are only counted, and have no effect on the
/// text.
const MAX_OPEN: usize = 64;

/// The open tags of a message that is being read.
#[derive(Default)]
pub(crate) struct OpenTags<'a> {
    /// The stored tags, from the outermost to the innermost.
    tags: Vec<OpenTag<'a>>,
    /// The number of open tags that are not stored, because the maximum was reached. Their end tags must not close a
    /// stored tag.
    not_stored: usize,
}

/// A tag that is open.
pub(crate) struct OpenTag<'a> {
    /// The name of the tag, as the markup has it.
    pub(crate) name: &'a str,
    /// The effect of the tag's name.
    pub(crate) role: Role,
    /// The effect of the tag's style attribute.
    pub(crate) change: StyleChange,
    /// The target, if the tag is an anchor with a valid address.
    pub(crate) link: Option<Link>,
    /// The number of containers (lists, items and quotes) around the tag.
    pub(crate) depth: usize,
}

/// How a text looks.
#[derive(Default)]
pub(crate) struct Format {
    pub(crate) style: Style,
    /// The target, if the text is in a link.
    pub(crate) link: Option<Link>,
    /// Whether the white space of the text is kept.
    pub(crate) is_preformatted: bool,
}

impl<'a> OpenTags<'a> {
    /// The format of the next text, which is inside all open tags. An inner tag takes precedence over an outer tag.
    pub(crate) fn format(&self) -> Format {
        let mut format = Format::default();
        for tag in &self.tags {
            count_steps(1);
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

    /// Opens a tag, or only counts it if the maximum is reached.
    pub(crate) fn open(&mut self, tag: OpenTag<'a>) {
        if self.tags.len() < MAX_OPEN {
            self.tags.push(tag);
        } else {
            self.not_stored += 1;
        }
    }

    /// Closes the innermost tag with this name, because its end tag was read. See [`Self::close_stored`] for the tags
    /// inside it. If some open tags are not stored, only reduces their number.
    pub(crate) fn close(&mut self, name: &str) {
        if let Some(remaining) = self.not_stored.checked_sub(1) {
            self.not_stored = remaining;
        } else {
            self.close_stored(name);
        }
    }

    /// Closes the innermost stored tag with this name. A formatting tag (such as `<b>`) or an anchor (`<a>`) is closed
    /// alone. Any other tag is closed together with the tags inside it. Formatting tags and anchors inside it stay
    /// open, because they outlive the block around them.
    pub(crate) fn close_stored(&mut self, name: &str) {
        count_steps(self.tags.len());
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

    /// Closes the tags that were opened inside containers that are closed now. `depth` is the number of containers that
    /// are still open. Tags that outlive blocks (formatting tags and anchors) stay open.
    pub(crate) fn leave_containers(&mut self, depth: usize) {
        self.tags
            .retain(|tag| tag.depth <= depth || tag.role.outlives_blocks());
    }
}
