//! Tests that modules do not depend on each other in a cycle, neither in a Rust crate nor among the scripts of `npm/`.
//! A failed test names the shortest cycle.
//!
//! The tests read tokens and do not compile anything. An import of a re-exported name (`pub use`) counts as an import
//! from the module that defines the name, so re-exports neither hide a cycle nor cause one. Code that is only compiled
//! for tests does not count.

#![allow(clippy::expect_used, reason = "a test fails by a panic")]

mod repository;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use repository::{read, root};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
};

/// The path of a module from the crate's root, such as `["a", "b"]` for `crate::a::b`. Empty for the root itself.
type ModulePath = Vec<String>;

/// For each module, the modules that it imports from.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// The directories of the crates that may have cycles, each with the reason. An entry without a cycle fails the test.
const ALLOWED_CYCLES: [(&str, &str); 0] = [];

#[test]
fn no_modules_of_a_crate_depend_on_each_other_in_a_cycle() {
    let mut crates = vec![String::new(), "xtask".to_owned()];
    for name in names(&root().join("crates")) {
        crates.push(format!("crates/{name}"));
    }
    let mut problems = Vec::new();
    for directory in crates {
        let sources = root().join(&directory).join("src");
        let cycles = cycles(&rust_imports(&read_crate(&sources)));
        let is_allowed = ALLOWED_CYCLES
            .iter()
            .any(|(allowed, _)| *allowed == directory);
        if is_allowed && cycles.is_empty() {
            problems.push(format!(
                "{directory} has no cycle any more: remove it from ALLOWED_CYCLES"
            ));
        }
        if !is_allowed {
            let named = cycles
                .iter()
                .map(|cycle| format!("{directory}/src: {cycle}"));
            problems.extend(named);
        }
    }
    assert!(
        problems.is_empty(),
        "modules depend on themselves:\n{}",
        problems.join("\n")
    );
}

#[test]
fn no_scripts_depend_on_each_other_in_a_cycle() {
    let directory = root().join("npm");
    let mut imports = Imports::new();
    for name in names(&directory) {
        if let Some(module) = name.strip_suffix(".ts") {
            imports.insert(
                module.to_owned(),
                script_imports(&read(directory.join(&name))),
            );
        }
    }
    let cycles = cycles(&imports);
    assert!(
        cycles.is_empty(),
        "scripts of npm/ depend on themselves:\n{}",
        cycles.join("\n")
    );
}

#[test]
fn the_shortest_cycle_is_reported() {
    let files = [
        (vec![], "mod a; mod b; mod c; fn f() { a::f(); }"),
        (vec!["a"], "use crate::b::{self, B}; fn f() {}"),
        (vec!["b"], "struct B; fn g() -> C { crate::c::g() }"),
        (vec!["c"], "use super::a::f;"),
    ];
    assert_eq!(
        cycles(&rust_imports(&sources(&files))),
        ["a -> b -> c -> a"]
    );
}

#[test]
fn a_re_exported_name_counts_for_the_module_that_defines_it() {
    let files = [
        (vec![], "mod a; mod b; pub use a::A; pub(crate) use b::B;"),
        (vec!["a"], "use crate::B; struct A;"),
        (vec!["b"], "use crate::A; struct B;"),
    ];
    assert_eq!(cycles(&rust_imports(&sources(&files))), ["a -> b -> a"]);
}

#[test]
fn code_for_tests_and_declarations_of_modules_do_not_count_as_imports() {
    let files = [
        (vec![], "mod a; mod b; #[cfg(test)] mod tests;"),
        (
            vec!["a"],
            "use crate::b::B; #[cfg(test)] mod tests { use super::*; }",
        ),
        (
            vec!["b"],
            "#[cfg(test)] use crate::a; struct B; #[cfg(test)] fn t() { crate::a::f() } // crate::a",
        ),
        (vec!["tests"], "use crate::a; use crate::b;"),
    ];
    assert_eq!(cycles(&rust_imports(&sources(&files))), [""; 0]);
}

#[test]
fn imports_of_types_count_as_imports_in_scripts() {
    let text = "import type { A } from \"./a\";\nexport * from \"./b\";\nlet c: typeof import(\"./c\");\nimport d from \"d\";";
    let expected = ["a", "b", "c"].map(str::to_owned);
    assert_eq!(script_imports(text), BTreeSet::from(expected));
}

/// What the tests need to know about the file of a module.
#[derive(Default)]
struct Source {
    /// The absolute paths that the module uses. They may name re-exports.
    uses: Vec<ModulePath>,
    /// The names that the module re-exports, each with the absolute path that it stands for.
    exports: BTreeMap<String, ModulePath>,
    /// The child modules that are only compiled for tests.
    test_modules: Vec<String>,
}

/// Parses the modules of an invented crate, each given by its path and its text.
fn sources(files: &[(Vec<&str>, &str)]) -> BTreeMap<ModulePath, Source> {
    let texts = files.iter().map(|(path, text)| {
        let path = path.iter().map(|&name| name.to_owned()).collect();
        (path, (*text).to_owned())
    });
    parse_all(texts.collect())
}

/// Parses all modules of the crate whose `src` directory this is.
fn read_crate(directory: &Path) -> BTreeMap<ModulePath, Source> {
    let mut texts = BTreeMap::new();
    collect_files(directory, &mut Vec::new(), &mut texts);
    parse_all(texts)
}

/// Adds the texts of all Rust files in a directory and its subdirectories, by the paths of their modules.
fn collect_files(
    directory: &Path,
    path: &mut ModulePath,
    texts: &mut BTreeMap<ModulePath, String>,
) {
    let files = names(directory);
    for name in &files {
        let file = directory.join(name);
        if file.is_dir() {
            path.push(name.clone());
            collect_files(&file, path, texts);
            path.pop();
        } else if let Some(module) = name.strip_suffix(".rs") {
            // Such a file belongs to the module of its directory, and not to a module with the file's name.
            let is_module_of_directory = match module {
                "lib" | "mod" => true,
                // If the package has a library too, `main.rs` is a crate of its own, which is read like a module.
                "main" => path.is_empty() && !files.iter().any(|file| file == "lib.rs"),
                _ => false,
            };
            let mut module_path = path.clone();
            if !is_module_of_directory {
                module_path.push(module.to_owned());
            }
            texts.insert(module_path, read(&file));
        }
    }
}

fn parse_all(texts: BTreeMap<ModulePath, String>) -> BTreeMap<ModulePath, Source> {
    let modules: BTreeSet<ModulePath> = texts.keys().cloned().collect();
    let parse = |(path, text): (ModulePath, String)| {
        let tokens: TokenStream = text.parse().expect("the source can be read as tokens");
        let mut source = Source::default();
        let mut reader = Reader {
            modules: &modules,
            source: &mut source,
        };
        reader.read(&path, tokens);
        (path, source)
    };
    texts.into_iter().map(parse).collect()
}

/// Collects the paths that the tokens of a file use.
struct Reader<'a> {
    modules: &'a BTreeSet<ModulePath>,
    source: &'a mut Source,
}

impl Reader<'_> {
    fn read(&mut self, scope: &ModulePath, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        let mut is_public = false;
        while let Some(token) = tokens.get(at) {
            let next = tokens.get(at + 1);
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '#' => {
                    at += 1;
                    if next.is_some_and(is_test_attribute) {
                        at = self.skip_item(&tokens, at + 1);
                        continue;
                    }
                }
                TokenTree::Ident(word) if word == "pub" => {
                    is_public = true;
                    at += 1;
                    if matches!(next, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
                    {
                        at += 1;
                    }
                    continue;
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = tokens.iter().skip(at).position(is_semicolon);
                    let end = end.map_or(tokens.len(), |length| at + length);
                    let tree = tokens.get(at + 1..end).unwrap_or_default();
                    self.add_use(scope, tree, is_public);
                    at = end;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                        (next, tokens.get(at + 2))
                    {
                        let mut inner = scope.clone();
                        inner.push(name.to_string());
                        self.read(&inner, body.stream());
                        at += 2;
                    }
                }
                TokenTree::Ident(_) if is_path_start(&tokens, at) => {
                    let (path, after) = path_at(&tokens, at);
                    self.add(scope, &path);
                    at = after;
                    continue;
                }
                TokenTree::Group(group) => self.read(scope, group.stream()),
                _ => {}
            }
            is_public = false;
            at += 1;
        }
    }

    /// Skips the item after `#[cfg(test)]`. Returns the index of the token after the item.
    fn skip_item(&mut self, tokens: &[TokenTree], from: usize) -> usize {
        for (at, token) in tokens.iter().enumerate().skip(from) {
            if let (TokenTree::Ident(word), Some(TokenTree::Ident(name))) =
                (token, tokens.get(at + 1))
                && word == "mod"
            {
                self.source.test_modules.push(name.to_string());
            }
            let is_body =
                matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            if is_semicolon(token) || is_body {
                return at + 1;
            }
        }
        tokens.len()
    }

    /// Adds the paths of a `use` declaration. Those of a `pub use` are re-exports and not uses.
    fn add_use(&mut self, scope: &ModulePath, tree: &[TokenTree], is_public: bool) {
        let mut leaves = Vec::new();
        use_leaves(tree, Vec::new(), &mut leaves);
        for (path, name) in leaves {
            if !is_public {
                self.add(scope, &path);
            } else if let Some(absolute) = self.absolute(scope, &path) {
                self.source.exports.insert(name, absolute);
            }
        }
    }

    fn add(&mut self, scope: &ModulePath, path: &[String]) {
        if let Some(absolute) = self.absolute(scope, path) {
            self.source.uses.push(absolute);
        }
    }

    /// Converts a path in the module `scope` to one from the crate's root. `None` if the path begins with another crate
    /// or with a name that is not a module.
    fn absolute(&self, scope: &ModulePath, path: &[String]) -> Option<ModulePath> {
        let mut absolute = scope.clone();
        let mut names = path.iter().peekable();
        match names.peek()?.as_str() {
            "crate" => {
                absolute.clear();
                names.next();
            }
            "self" => {
                names.next();
            }
            "super" => {
                while names.next_if(|name| *name == "super").is_some() {
                    absolute.pop();
                }
            }
            child => {
                absolute.push(child.to_owned());
                if !self.modules.contains(&absolute) {
                    return None;
                }
                names.next();
            }
        }
        absolute.extend(names.cloned());
        Some(absolute)
    }
}

fn is_semicolon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';')
}

fn is_test_attribute(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.to_string().replace(' ', "") == "[cfg(test)]")
}

fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    let is_colon =
        |at| matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

/// Whether a path with `::` begins at this token, instead of continuing there.
fn is_path_start(tokens: &[TokenTree], at: usize) -> bool {
    is_colons(tokens, at + 1) && !(at >= 2 && is_colons(tokens, at - 2))
}

/// The names of the path that begins at this token, and the index of the token after it.
fn path_at(tokens: &[TokenTree], mut at: usize) -> (ModulePath, usize) {
    let mut path = Vec::new();
    while let Some(TokenTree::Ident(name)) = tokens.get(at) {
        path.push(name.to_string());
        at += 1;
        if !is_colons(tokens, at) {
            break;
        }
        at += 2;
    }
    (path, at)
}

/// Adds the paths that a `use` declaration imports to `leaves`, each with the name that it gets in the module.
fn use_leaves(tree: &[TokenTree], before: ModulePath, leaves: &mut Vec<(ModulePath, String)>) {
    let (names, after) = path_at(tree, 0);
    let mut path = before;
    path.extend(names);
    match tree.get(after) {
        Some(TokenTree::Group(group)) => {
            for branch in branches(group) {
                use_leaves(&branch, path.clone(), leaves);
            }
        }
        Some(TokenTree::Ident(word)) if word == "as" => {
            let alias = tree.get(after + 1).map(ToString::to_string);
            leaves.push((path, alias.unwrap_or_default()));
        }
        _ => {
            if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
                path.pop();
            }
            let name = path.last().cloned().unwrap_or_default();
            leaves.push((path, name));
        }
    }
}

/// The parts of a group that commas separate.
fn branches(group: &Group) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
    let branches = tokens.split(is_comma).filter(|branch| !branch.is_empty());
    branches.map(<[TokenTree]>::to_vec).collect()
}

/// For each module that is not only compiled for tests, the modules that it imports from.
fn rust_imports(sources: &BTreeMap<ModulePath, Source>) -> Imports {
    let is_for_tests = |path: &ModulePath| {
        path.iter().enumerate().any(|(depth, name)| {
            let parent = path.get(..depth).and_then(|parent| sources.get(parent));
            parent.is_some_and(|parent| parent.test_modules.contains(name))
        })
    };
    let mut imports = Imports::new();
    for (path, source) in sources.iter().filter(|(path, _)| !is_for_tests(path)) {
        let used = source
            .uses
            .iter()
            .map(|used| defining_module(sources, used));
        let used = used.filter(|used| used != path);
        imports.insert(title(path), used.map(|used| title(&used)).collect());
    }
    imports
}

fn title(path: &ModulePath) -> String {
    if path.is_empty() {
        "the crate's root".to_owned()
    } else {
        path.join("::")
    }
}

/// The module that defines the item with this path. Follows re-exports.
fn defining_module(sources: &BTreeMap<ModulePath, Source>, path: &ModulePath) -> ModulePath {
    let mut path = path.clone();
    // No chain of re-exports in this repository is longer than 10, unless it is a cycle.
    for _ in 0..10 {
        let mut module = ModulePath::new();
        let mut names = path.iter();
        let unresolved = names.by_ref().find(|name| {
            module.push((*name).clone());
            let is_module = sources.contains_key(&module);
            if !is_module {
                module.pop();
            }
            !is_module
        });
        let exports = sources.get(&module).map(|source| &source.exports);
        let target = unresolved.and_then(|name| exports?.get(name));
        let Some(target) = target else {
            return module;
        };
        path = target.iter().chain(names).cloned().collect();
    }
    path
}

/// The scripts of the same directory that a script imports.
fn script_imports(text: &str) -> BTreeSet<String> {
    let after = |start: &'static str| text.split(start).skip(1);
    let names = after("from \"./").chain(after("import(\"./"));
    let names = names.filter_map(|rest| rest.split_once('"'));
    names.map(|(name, _)| name.to_owned()).collect()
}

/// The shortest cycle through each module that is in a cycle. A cycle with the same modules is listed once.
fn cycles(imports: &Imports) -> Vec<String> {
    let mut found: Vec<(BTreeSet<&str>, String)> = Vec::new();
    for start in imports.keys() {
        let Some(cycle) = shortest_cycle(imports, start) else {
            continue;
        };
        let members: BTreeSet<&str> = cycle.iter().copied().collect();
        if found.iter().all(|(known, _)| *known != members) {
            found.push((members, cycle.join(" -> ")));
        }
    }
    found.into_iter().map(|(_, cycle)| cycle).collect()
}

/// The shortest cycle from `start` back to `start`, found by a breadth-first search. `None` if `start` is in no cycle.
fn shortest_cycle<'a>(imports: &'a Imports, start: &'a str) -> Option<Vec<&'a str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(module) = queue.pop_front() {
        for next in imports.get(module).into_iter().flatten() {
            if next == start {
                let mut cycle = vec![module];
                while let Some(before) = came_from.get(cycle.last()?) {
                    cycle.push(before);
                }
                cycle.reverse();
                cycle.push(start);
                return Some(cycle);
            }
            if !came_from.contains_key(next.as_str()) {
                came_from.insert(next, module);
                queue.push_back(next);
            }
        }
    }
    None
}

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("the directory is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}
