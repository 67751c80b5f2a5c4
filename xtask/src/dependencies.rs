//! `cargo xtask dependencies`: checks the licences and the sources of all dependencies. cargo-deny checks the crates by
//! `deny.toml`. This file checks the npm packages by the lists below: all that the lock files name, and, more strictly,
//! those whose code gets into the widget's scripts. Each build of the widget runs the second check, too. `python.rs`
//! checks the Python packages.

use crate::{
    disk,
    failure::{Failure, Outcome},
    process, python, tools, workspace,
};
use serde_json::{Map, Value};
use std::{
    collections::BTreeSet,
    path::Path,
    process::{Command, ExitCode},
};

/// The directories with a `Cargo.lock`.
const CRATE_ROOTS: [&str; 2] = [".", "fuzz"];

/// The directories with a `package-lock.json`.
const NPM_ROOTS: [&str; 6] = [
    "npm",
    "npm/apps",
    "docs/prose",
    "benches",
    "examples/session-endpoint/node-express",
    "examples/testing",
];

/// The licences that an npm package may have if its code is part of the widget. They allow the use in a product with
/// other terms. A package must have exactly one of these texts as its licence.
const BUNDLE_LICENCES: [&str; 7] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT OR Apache-2.0",
];

/// Further licences, each with the npm packages that may have them. These packages are used only by builds, tests and
/// benches, which do not change them.
const LICENCES_OF_TOOLS: [(&str, &[&str]); 10] = [
    ("Apache-2.0 AND MIT", &["@swc/core"]),
    ("MPL-2.0", &["axe-core", "lightningcss"]),
    ("BlueOak-1.0.0", &["graceful-fs", "lru-cache"]),
    // The lock file does not say its licence, which is MIT.
    ("unknown", &["format"]),
    ("Unlicense", &["tweetnacl"]),
    ("(AFL-2.1 OR BSD-3-Clause)", &["json-schema"]),
    ("(MIT OR CC0-1.0)", &["type-fest"]),
    ("CC-BY-4.0", &["caniuse-lite"]),
    (
        "(CC-BY-4.0 AND MIT)",
        &["@fortawesome/free-solid-svg-icons"],
    ),
    (
        "(CC-BY-4.0 AND OFL-1.1 AND MIT)",
        &["@fortawesome/fontawesome-free"],
    ),
];

pub(crate) fn run() -> Outcome<ExitCode> {
    let cargo_deny = tools::cargo_deny()?;
    for directory in CRATE_ROOTS {
        let root = workspace::root();
        let mut deny = Command::new(&cargo_deny);
        deny.args(["--workspace", "--locked", "--manifest-path"])
            .arg(root.join(directory).join("Cargo.toml"))
            .arg("--config")
            .arg(root.join("deny.toml"))
            // `deny.toml` applies to both lock files, and one of them lacks the crates that the warning is about.
            .args(["check", "--allow", "unused-wrapper"])
            .args(["licenses", "bans", "sources"])
            .current_dir(root.join(directory));
        process::run(&mut deny)?;
    }
    let mut problems = Vec::new();
    for directory in NPM_ROOTS {
        let lock = workspace::root().join(directory).join("package-lock.json");
        let packages = locked_packages(&disk::read_text(&lock)?)?;
        let found = packages
            .iter()
            .filter_map(|(place, package)| problem_of(place, package));
        problems.extend(found.map(|problem| format!("{}: {problem}", lock.display())));
    }
    problems.extend(python::licence_problems()?);
    if problems.is_empty() {
        println!(
            "The licences and sources of all crates, npm packages and Python packages are allowed."
        );
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(problems.join("\n")))
}

/// Checks the npm packages whose code esbuild has put into a script. `metafile` is the file with the inputs of the
/// script, which esbuild writes with `--metafile`. Fails if the licence of a package is not in [`BUNDLE_LICENCES`].
pub(crate) fn check_bundled_packages(metafile: &Path) -> Outcome {
    let packages = bundled_packages(&disk::read_text(metafile)?)?;
    if packages.is_empty() {
        return Ok(());
    }
    let lock = workspace::root().join("npm/package-lock.json");
    let locked = locked_packages(&disk::read_text(&lock)?)?;
    for name in packages {
        let licence = locked
            .get(&format!("node_modules/{name}"))
            .map_or("unknown", licence_of);
        if !BUNDLE_LICENCES.contains(&licence) {
            return Err(Failure::new(format!(
                "the npm package {name} would become part of the widget, and its licence is {licence}. Use another \
                 package, or add the licence to BUNDLE_LICENCES in xtask/src/dependencies.rs if it allows that."
            )));
        }
    }
    Ok(())
}

/// The npm packages whose files are inputs of a script, from the text of esbuild's metafile.
fn bundled_packages(metafile: &str) -> Outcome<BTreeSet<String>> {
    let inputs = member_object(metafile, "inputs")?;
    let paths = inputs
        .keys()
        .filter_map(|path| path.rsplit_once("node_modules/"));
    Ok(paths.map(|(_, path)| package_name(path)).collect())
}

/// The name of the package at the beginning of a path, such as `lenis` or `@popperjs/core`.
fn package_name(path: &str) -> String {
    let part_count = if path.starts_with('@') { 2 } else { 1 };
    let parts: Vec<_> = path.split('/').take(part_count).collect();
    parts.join("/")
}

/// The packages that a `package-lock.json` names, by their place, such as `node_modules/lenis`. The entry with the empty
/// name, which stands for the project itself, is left out.
fn locked_packages(lock: &str) -> Outcome<Map<String, Value>> {
    let mut packages = member_object(lock, "packages")?;
    packages.remove("");
    Ok(packages)
}

/// Returns why a package of a lock file is not allowed; `None` if it is.
fn problem_of(place: &str, package: &Value) -> Option<String> {
    let name = place.rsplit_once("node_modules/").map(|(_, name)| name)?;
    let text = |member| package.get(member).and_then(Value::as_str);
    // The lock file names no address if the package comes from the configured registry.
    if let Some(address) =
        text("resolved").filter(|it| !it.starts_with("https://registry.npmjs.org/"))
    {
        return Some(format!(
            "{name} comes from {address}, which is not npm's registry."
        ));
    }
    if text("integrity").is_none_or(|hash| !hash.starts_with("sha512-")) {
        return Some(format!(
            "{name} has no SHA-512, so any content would be accepted."
        ));
    }
    let licence = licence_of(package);
    let is_allowed = BUNDLE_LICENCES.contains(&licence)
        || LICENCES_OF_TOOLS.iter().any(|(other, names)| {
            *other == licence && names.contains(&package_name_without_platform(name))
        });
    (!is_allowed).then(|| {
        format!("{name} has the licence {licence}, which the lists in xtask/src/dependencies.rs do not allow.")
    })
}

/// The name of a package without the platform that npm adds to packages with a program: `lightningcss` for
/// `lightningcss-linux-x64-gnu`.
fn package_name_without_platform(name: &str) -> &str {
    let platforms = ["-android", "-darwin", "-freebsd", "-linux", "-win32"];
    let end = platforms.iter().find_map(|platform| name.find(platform));
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// The licence of a package in a lock file; `unknown` if there is none.
fn licence_of(package: &Value) -> &str {
    package
        .get("license")
        .and_then(Value::as_str)
        .unwrap_or("unknown")
}

/// The member of a JSON object, if it is an object, too.
fn member_object(text: &str, name: &str) -> Outcome<Map<String, Value>> {
    let json: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("a list of npm packages is no JSON: {error}")))?;
    match json.get(name) {
        Some(Value::Object(members)) => Ok(members.clone()),
        _ => Err(Failure::new(format!(
            "a list of npm packages has no member `{name}`."
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn npm_packages_of_other_licences_and_from_other_places_are_refused() {
        let problem = |change: Value| {
            let mut package = json!({ "license": "MIT", "integrity": "sha512-x" });
            let members = package.as_object_mut().unwrap();
            members.extend(change.as_object().unwrap().clone());
            problem_of("node_modules/lenis", &package).unwrap_or_default()
        };
        assert_eq!(problem(json!({})), "");
        let registry = "https://registry.npmjs.org/lenis/-/lenis-1.0.0.tgz";
        assert_eq!(problem(json!({ "resolved": registry })), "");
        for (change, expected) in [
            (json!({ "license": "GPL-3.0-only" }), "GPL-3.0-only"),
            (
                json!({ "license": "(MIT OR GPL-3.0-only)" }),
                "GPL-3.0-only",
            ),
            (json!({ "license": "MPL-2.0" }), "MPL-2.0"),
            (json!({ "license": null }), "unknown"),
            (json!({ "integrity": null }), "SHA-512"),
            (json!({ "integrity": "sha1-x" }), "SHA-512"),
            (
                json!({ "resolved": "git+ssh://git@host.example/lenis.git" }),
                "registry",
            ),
            (
                json!({ "resolved": "https://registry.npmjs.org.evil.example/lenis.tgz" }),
                "registry",
            ),
        ] {
            let found = problem(change.clone());
            assert!(found.contains(expected), "{change}: {found}");
        }
    }

    #[test]
    fn a_licence_of_tools_is_allowed_only_for_its_packages() {
        let package = json!({ "license": "MPL-2.0", "integrity": "sha512-x" });
        for (name, is_allowed) in [
            ("axe-core", true),
            ("lightningcss-linux-x64-gnu", true),
            ("@other/axe-core", false),
            ("other", false),
        ] {
            let problem = problem_of(&format!("node_modules/{name}"), &package);
            assert_eq!(problem.is_none(), is_allowed, "{name}");
        }
    }

    #[test]
    fn the_packages_in_a_script_are_found_by_their_names() {
        let metafile = json!({ "inputs": {
            "loader.ts": {}, "../target/bindgen/pipit/bound.js": {}, "node_modules/lenis/dist/lenis.mjs": {},
            "node_modules/a/node_modules/@popperjs/core/index.js": {},
        }});
        let packages = bundled_packages(&metafile.to_string()).unwrap();
        assert_eq!(
            packages.into_iter().collect::<Vec<_>>(),
            ["@popperjs/core", "lenis"]
        );
        assert!(bundled_packages("{}").is_err());
    }

    #[test]
    fn all_npm_packages_of_the_repository_are_allowed() {
        for directory in NPM_ROOTS {
            let lock = workspace::root().join(directory).join("package-lock.json");
            let packages = locked_packages(&disk::read_text(&lock).unwrap()).unwrap();
            let problems: Vec<_> = packages
                .iter()
                .filter_map(|(place, package)| problem_of(place, package))
                .collect();
            assert_eq!(problems, Vec::<String>::new(), "{directory}");
        }
    }
}
