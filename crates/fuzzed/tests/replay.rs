//! What the fuzzer has found and kept, run again: see `cargo xtask fuzz`.

use std::fs;
use std::io::{Error, Result};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use pipit_fuzzed::{TARGETS, Target};

/// Runs each kept input of a target, and names those that break it.
fn replay(target: &Target) -> Result<Vec<PathBuf>> {
    let inputs = files(&Path::new("corpus").join(target.name))?;
    if inputs.is_empty() {
        return Err(Error::other("nothing is kept"));
    }
    let mut broken = Vec::new();
    for input in inputs {
        let bytes = fs::read(&input)?;
        if catch_unwind(|| (target.run)(&bytes)).is_err() {
            broken.push(input);
        }
    }
    Ok(broken)
}

/// The files of a directory of `fuzz/`.
fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let mut files = Vec::new();
    for entry in fs::read_dir(fuzz.join(directory))? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// A test for each target, so that they run side by side.
macro_rules! replay {
    ($($name:ident),+ $(,)?) => {
        $( #[test]
        fn $name() {
            let target = TARGETS.iter().find(|target| target.name == stringify!($name));
            let broken = replay(target.unwrap()).unwrap();
            assert!(broken.is_empty(), "{broken:#?}");
        } )+

        #[test]
        fn each_target_is_replayed() {
            assert_eq!(TARGETS.map(|target| target.name), [$(stringify!($name)),+]);
        }
    };
}

replay! { consumer_answer, agent_answer, request, session, stored, engine, tab, rich_text }

#[test]
fn each_target_has_its_fuzzer() {
    let mut targets = TARGETS.map(|target| target.name);
    targets.sort_unstable();
    let fuzzers = files(Path::new("fuzz_targets")).unwrap();
    let fuzzers: Vec<_> = fuzzers.iter().map(|it| it.file_stem().unwrap()).collect();
    assert_eq!(fuzzers, targets);
}
