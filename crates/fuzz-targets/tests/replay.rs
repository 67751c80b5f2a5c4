//! Runs every fuzz target with the inputs in `fuzz/corpus`, which `cargo xtask fuzz keep` has put there. A target
//! panics if an input breaks a promise of the code under test.

use std::fs;
use std::io::{Error, Result};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use pipit_fuzz_targets::{TARGETS, Target};

/// Runs a target with each of its inputs. Returns the inputs with which it fails.
fn replay(target: &Target) -> Result<Vec<PathBuf>> {
    let inputs = files(&Path::new("corpus").join(target.name))?;
    if inputs.is_empty() {
        return Err(Error::other("the target has no inputs"));
    }
    let mut failing = Vec::new();
    for input in inputs {
        let bytes = fs::read(&input)?;
        if catch_unwind(|| (target.run)(&bytes)).is_err() {
            failing.push(input);
        }
    }
    Ok(failing)
}

/// The files in a directory of `fuzz/`, sorted.
fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut files = Vec::new();
    for entry in fs::read_dir(fuzz.join(directory))? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// Declares one test for each target, because tests run in parallel. Also declares a test that no target is missing.
macro_rules! replay {
    ($($name:ident),+ $(,)?) => {
        $( #[test]
        fn $name() {
            let target = TARGETS.iter().find(|target| target.name == stringify!($name));
            let failing = replay(target.unwrap()).unwrap();
            assert!(failing.is_empty(), "{failing:#?}");
        } )+

        #[test]
        fn each_target_is_replayed() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),+]);
        }
    };
}

replay! {
    consumer_answer, agent_answer, request, session, stored, engine, tab, rich_text, tolerant_json,
    untrusted_text,
}

#[test]
fn each_target_has_a_file_in_fuzz_targets() {
    let mut targets = TARGETS.map(|target| target.name);
    targets.sort_unstable();
    let fuzzers = files(Path::new("fuzz_targets")).unwrap();
    let fuzzers: Vec<_> = fuzzers.iter().map(|it| it.file_stem().unwrap()).collect();
    assert_eq!(fuzzers, targets);
}
