//! Whole messages: from markup to the tree, and to plain text.

mod ask;
mod bounds;
#[path = "../../corpus/reader.rs"]
mod corpus;
mod hostile;
mod plain;
mod properties;
mod tree;
