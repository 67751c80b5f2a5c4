"""Prints the first syntax error of a C# file, and fails if there is one. The file's names and types are not checked."""

import sys

import tree_sitter_c_sharp
from tree_sitter import Language, Node, Parser


def find_error(node: Node) -> Node | None:
    if node.is_error or node.is_missing:
        return node
    return next(filter(None, map(find_error, node.children)), None)


tree = Parser(Language(tree_sitter_c_sharp.language())).parse(open(sys.argv[1], "rb").read())
error = find_error(tree.root_node)
if error is not None:
    sys.exit(f"{sys.argv[1]}:{error.start_point.row + 1}: syntax error at {error.text.decode()[:60]!r}")
