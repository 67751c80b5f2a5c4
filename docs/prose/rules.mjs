// The rules of this project for the language of its documents, as rules of textlint.

/** Words that readers stumble over, and what to write instead. */
const UNCLEAR = [
  [/\b(INFERRED|FOUND)\b/, "write *not confirmed on a live site*, and link to docs/unconfirmed.md", ["unconfirmed.md", "CONTRIBUTING.md"]],
  [/(^|[.:] )Whose\b/, "begin with the subject of the sentence"],
  [/, for (it|they|he|she|this|these|the|a|an|no|nobody) /, "write *because*, if *for* means that"],
  [/\b(but for|all but|none but|nobody but|nothing but|anything but|save that)\b/, "write *except*"],
  [/\b(so many|and its like|and the like|as it were)\b/, "name what you mean"],
  [/\bfor ever\b/, "write *without end*, or a time"],
  [/\b(stands|stand) (in|on|there|at|before|below|above|around|between|beside)\b(?! for)/, "write *is*"],
  [/\b(is|are) (told|said|asked) (whole|so)\b/, "name the operation"],
  [/\b(no sooner|ere|thereof|whereby|wherein|whence|hence|thus|lest)\b/i, "use a usual word"],
  [/\b(simply|obviously|of course|basically|actually|very|really|clearly|needless to say)\b/i, "leave it out"],
  [/\b(in order to|utilize|leverage|prior to|in the event that|due to the fact)\b/i, "use a shorter word"],
  [/\b(outside|inside) of (the|its|them|it)\b/, "leave *of* out"],
  [/\b(a good|the good) (while|deal|many)\b/, "give a number"],
];

/** Finds unclear words outside of code. */
export function plainWords(context) {
  const { Syntax, RuleError, report, getSource, getFilePath } = context;
  const file = getFilePath() ?? "";
  return {
    [Syntax.Str](node) {
      const text = getSource(node);
      for (const [pattern, advice, exceptions = []] of UNCLEAR) {
        const found = pattern.exec(text);
        if (found && !exceptions.some((name) => file.endsWith(name))) {
          report(node, new RuleError(`"${found[0].trim()}": ${advice}.`, { index: found.index }));
        }
      }
    },
  };
}

/** Finds tables whose columns have no names. The first column needs none. */
export function tableHeadings(context) {
  const { Syntax, RuleError, report, getSource } = context;
  return {
    [Syntax.Table](node) {
      const [, ...cells] = node.children[0].children;
      if (cells.some((cell) => getSource(cell).replaceAll("|", "").trim() === "")) {
        report(node, new RuleError("a column of this table has no heading."));
      }
    },
  };
}
