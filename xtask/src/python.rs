//! Installs the Python packages that the tests of the example session endpoints need, and checks their licences. The
//! lists of packages pin each version with the hashes of its files, so only the licences are left to check.

use crate::{
    debian::DebianProgram,
    disk,
    failure::{Failure, Outcome},
    process, workspace,
};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The directories of `examples/session-endpoint` with a `requirements.txt`. The lists agree in all versions, so that one
/// environment can have all packages.
const LISTS: [&str; 3] = ["python-fastapi", "python-flask", "contract"];

const PYTHON: DebianProgram = DebianProgram {
    program: "python3",
    packages: &["python3", "python3-pip"],
    missing_error: "the tests of the session endpoints need Python 3.11 or newer with pip. Install both (Debian: `apt-get \
        install python3 python3-pip`; macOS: `brew install python`).",
};

/// Succeeds if a Python is recent enough, and has pip, which is a package of its own in Debian.
const CHECK: &str = "import sys, venv, pip; sys.exit(sys.version_info < (3, 11))";

/// The licences that a package may have, as its metadata name them. No package becomes a part of the widget.
const LICENCES: [&str; 7] = [
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-3-Clause",
    "MIT",
    "MIT License",
    "PSF-2.0",
];

/// Further licences, each with the package that may have it. The tests do not change these packages.
const OTHER_LICENCES: [(&str, &str); 1] = [("Mozilla Public License 2.0 (MPL 2.0)", "certifi")];

/// Installs the packages if they are missing, into an environment of their own (a `venv`). Returns the directory of the
/// environment.
pub(crate) fn environment() -> Outcome<PathBuf> {
    let examples = workspace::root().join("examples/session-endpoint");
    let environment = workspace::target()?.join("python");
    // A copy of the lists of packages that are installed. The contents of the lists are compared, and not their dates.
    let installed = environment.join("installed-requirements.txt");
    let lists = LISTS.map(|directory| examples.join(directory).join("requirements.txt"));
    let mut wanted = String::new();
    for list in &lists {
        wanted.push_str(&disk::read_text(list)?);
    }
    if disk::read_text(&installed).is_ok_and(|text| text == wanted) {
        return Ok(environment);
    }
    disk::remove(&environment)?;
    let python = find_or_install()?;
    // A pip of the environment's own would take longer to install than the packages.
    process::run(
        Command::new(&python)
            .args(["-m", "venv", "--without-pip"])
            .arg(&environment),
    )?;
    let mut install = Command::new(python);
    install
        .args(["-m", "pip", "--disable-pip-version-check", "--python"])
        .arg(&environment)
        .args(["install", "--quiet", "--require-hashes"])
        .args(["--only-binary", ":all:"]);
    for list in &lists {
        install.arg("--requirement").arg(list);
    }
    process::run_step("Installing the Python packages", &mut install)?;
    disk::write(&installed, wanted)?;
    Ok(environment)
}

/// Finds a Python that can make an environment and install packages into it.
fn find_or_install() -> Outcome<PathBuf> {
    let python = PYTHON.find_or_install()?;
    if is_usable(&python) {
        return Ok(python);
    }
    let python = PYTHON.install()?;
    if is_usable(&python) {
        return Ok(python);
    }
    Err(Failure::new(PYTHON.missing_error))
}

fn is_usable(python: &Path) -> bool {
    let mut check = Command::new(python);
    let output = check.args(["-c", CHECK]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Returns a sentence for each installed package whose licence is not allowed.
pub(crate) fn licence_problems() -> Outcome<Vec<String>> {
    let library = environment()?.join("lib");
    let mut problems = Vec::new();
    for version in disk::names(&library)? {
        let packages = library.join(version).join("site-packages");
        for name in disk::names(&packages)? {
            if name.ends_with(".dist-info") {
                let metadata = disk::read_text(&packages.join(name).join("METADATA"))?;
                problems.extend(problem_of(&metadata));
            }
        }
    }
    Ok(problems)
}

/// Returns why a package is not allowed; `None` if it is. `metadata` is the text of its file METADATA, whose header ends
/// at the first empty line.
fn problem_of(metadata: &str) -> Option<String> {
    let header = || metadata.lines().take_while(|line| !line.is_empty());
    let value = |start: &str| header().find_map(|line| line.strip_prefix(start));
    let name = value("Name: ").unwrap_or("a package without a name");
    let licence = value("License-Expression: ")
        .or_else(|| value("Classifier: License :: OSI Approved :: "))
        .or_else(|| value("License: "))
        .unwrap_or("unknown");
    let is_allowed = LICENCES.contains(&licence) || OTHER_LICENCES.contains(&(licence, name));
    (!is_allowed).then(|| {
        format!(
            "The Python package {name} has the licence {licence}, which the lists in xtask/src/python.rs do not allow."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn python_packages_of_other_licences_are_refused() {
        for (metadata, problem) in [
            ("Name: a\nLicense-Expression: MIT\n\n", None),
            (
                "Name: a\nClassifier: License :: OSI Approved :: BSD License\nLicense: Anything\n",
                None,
            ),
            ("Name: a\nLicense: MIT\n", None),
            (
                "Name: certifi\nClassifier: License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)\n",
                None,
            ),
            (
                "Name: a\nClassifier: License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)\n",
                Some("MPL 2.0"),
            ),
            (
                "Name: a\nLicense-Expression: GPL-3.0-only\nLicense: MIT\n",
                Some("GPL-3.0-only"),
            ),
            (
                "Name: a\nLicense-Expression: MIT OR GPL-3.0-only\n",
                Some("GPL"),
            ),
            ("Name: a\n\nLicense: MIT\n", Some("unknown")),
        ] {
            let found = problem_of(metadata);
            assert_eq!(found.is_some(), problem.is_some(), "{metadata}");
            assert!(
                found
                    .unwrap_or_default()
                    .contains(problem.unwrap_or_default()),
                "{metadata}"
            );
        }
    }
}
