//! Tests of whole messages: of the tree that `parse` reads from HTML, and of the plain text that is written from the tree.

mod bounds;
#[path = "../../corpus/reader.rs"]
mod corpus;
mod hostile;
mod plain_text;
mod properties;
mod tree;
mod tree_queries;
