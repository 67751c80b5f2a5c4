//! Functions with which the tests examine a tree.

use pipit_rich_text::{Block, Link, Phrase, Span};

/// All spans of the tree, in order.
pub(crate) fn spans(blocks: &[Block]) -> Vec<&Span> {
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Paragraph(spans) => spans.iter().collect(),
            Block::Quote(blocks) => spans(blocks),
            Block::List(_, items) => items.iter().flat_map(|item| spans(item)).collect(),
        })
        .collect()
}

/// All links of the tree, in order.
pub(crate) fn links(blocks: &[Block]) -> Vec<Link> {
    spans(blocks)
        .into_iter()
        .filter_map(|span| span.link.clone())
        .collect()
}

/// All texts of the tree, joined.
pub(crate) fn text(blocks: &[Block]) -> String {
    let phrases = spans(blocks).into_iter().flat_map(|span| &span.phrases);
    phrases
        .filter_map(|phrase| {
            if let Phrase::Text(text, _) = phrase {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect()
}

/// The number of blocks, items, spans and phrases.
pub(crate) fn count_nodes(blocks: &[Block]) -> usize {
    let count_in_block = |block: &Block| match block {
        Block::Paragraph(spans) => spans.iter().map(|span| 1 + span.phrases.len()).sum(),
        Block::Quote(blocks) => count_nodes(blocks),
        Block::List(_, items) => items.iter().map(|item| 1 + count_nodes(item)).sum(),
    };
    blocks.iter().map(|block| 1 + count_in_block(block)).sum()
}

/// The number of lists and quotes around the deepest block.
pub(crate) fn depth(blocks: &[Block]) -> usize {
    let depth_in_block = |block: &Block| match block {
        Block::Paragraph(_) => 0,
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::List(_, items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
    };
    blocks.iter().map(depth_in_block).max().unwrap_or(0)
}

/// Whether no block, item, span or text is empty.
pub(crate) fn has_no_empty_part(blocks: &[Block]) -> bool {
    blocks.iter().all(|block| match block {
        Block::Paragraph(spans) => {
            !spans.is_empty()
                && spans.iter().all(|span| {
                    !span.phrases.is_empty()
                        && span.phrases.iter().all(
                            |phrase| !matches!(phrase, Phrase::Text(text, _) if text.is_empty()),
                        )
                })
        }
        Block::Quote(blocks) => !blocks.is_empty() && has_no_empty_part(blocks),
        Block::List(_, items) => {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| !item.is_empty() && has_no_empty_part(item))
        }
    })
}
