//! Tests of whole messages: from markup to the tree, and to plain text.

mod bounds;
#[path = "../../corpus/reader.rs"]
mod corpus;
mod hostile;
mod plain;
mod properties;
mod tree;
mod tree_queries;
