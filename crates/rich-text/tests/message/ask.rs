//! What tests ask a tree.

use pipit_rich_text::{Block, Link, Phrase, Span};

/// All spans, in order.
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

/// All links, in order.
pub(crate) fn links(blocks: &[Block]) -> Vec<Link> {
    spans(blocks)
        .into_iter()
        .filter_map(|span| span.link.clone())
        .collect()
}

/// All texts, one behind the other.
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

/// How many blocks, items, spans and phrases there are.
pub(crate) fn nodes(blocks: &[Block]) -> usize {
    let of_block = |block: &Block| match block {
        Block::Paragraph(spans) => spans.iter().map(|span| 1 + span.phrases.len()).sum(),
        Block::Quote(blocks) => nodes(blocks),
        Block::List(_, items) => items.iter().map(|item| 1 + nodes(item)).sum(),
    };
    blocks.iter().map(|block| 1 + of_block(block)).sum()
}

/// How many lists and quotes the deepest block stands in.
pub(crate) fn depth(blocks: &[Block]) -> usize {
    let of_block = |block: &Block| match block {
        Block::Paragraph(_) => 0,
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::List(_, items) => 1 + items.iter().map(|item| depth(item)).max().unwrap_or(0),
    };
    blocks.iter().map(of_block).max().unwrap_or(0)
}

/// Whether nothing is empty that must not be.
pub(crate) fn is_whole(blocks: &[Block]) -> bool {
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
        Block::Quote(blocks) => !blocks.is_empty() && is_whole(blocks),
        Block::List(_, items) => {
            !items.is_empty() && items.iter().all(|item| !item.is_empty() && is_whole(item))
        }
    })
}
