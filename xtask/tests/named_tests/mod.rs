//! Finds the tests that a document names as links: the text is the name of the test, and the target is its file.

/// The texts and the targets of all links.
pub(crate) fn links(text: &str) -> Vec<(&str, &str)> {
    let parts = text.split('[').skip(1);
    let links = parts.filter_map(|part| part.split_once("]("));
    links
        .filter_map(|(name, rest)| Some((name, rest.split_once(')')?.0)))
        .collect()
}

/// Whether a file has a test of this name. In a Rust file, the line before the function, which may be followed by comments or
/// further attributes, ends with `test]` or contains the attribute of an asynchronous test. In a TypeScript file, the name is the
/// first argument of `test`.
pub(crate) fn has_test(file: &str, name: &str) -> bool {
    if file.contains(&format!("test(\"{name}\"")) {
        return true;
    }
    let lines: Vec<_> = file.lines().map(str::trim).collect();
    let is_function = |line: &str| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let rest = line
            .strip_prefix("fn ")
            .and_then(|it| it.strip_prefix(name));
        rest.is_some_and(|rest| rest.starts_with('('))
    };
    let is_attribute = |line: &str| line.starts_with("#[") && line.contains("test");
    lines.iter().enumerate().any(|(number, line)| {
        let before = lines.get(..number).unwrap_or_default();
        let attributes = before
            .iter()
            .rev()
            .take_while(|it| it.starts_with("#[") || it.starts_with("//"));
        is_function(line) && attributes.clone().any(|it| is_attribute(it))
    })
}
