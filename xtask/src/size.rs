//! `cargo xtask size`: what the widget weighs, what it consists of, and what it may not exceed.
//!
//! Node.js compresses, which makes the site anyway: no crate more, and the same brotli that servers have.

use crate::{
    args::Args,
    failure::{Failure, Outcome},
    names, process,
    site::{self, Site},
    widget::{File, When},
    workspace,
};
use rustc_demangle::demangle;
use std::{
    collections::BTreeMap,
    fmt::Write,
    iter::Sum,
    ops::Add,
    path::Path,
    process::{Command, ExitCode},
};

/// What each figure was when it was last looked at, in bytes by brotli. One that grows past it by more than
/// [`SLACK_PERMILLE`] and [`SLACK_HASHES`] fails the tests; one that falls is written down here.
const REACHED: [(&str, u32); 5] = [
    ("pipit.js", 3_451),
    ("panel.js", 15_280),
    ("widget_bg.wasm", 55_735),
    (UNTIL_WRITING, 74_464),
    (WITH_CONVERSATION, 218_293),
];

/// Compressors differ from version to version by so much.
const SLACK_PERMILLE: u32 = 5;

/// The hashes in a file are others after each change anywhere, and how well they compress is luck: of 300 loaders with
/// hashes drawn at random the smallest had 3,435 bytes, the middle one 3,451, the largest 3,473.
const SLACK_HASHES: u32 = 16;

/// The goal for all of it until the composer is usable, in bytes by brotli.
const GOAL: u32 = 75_000;

const UNTIL_WRITING: &str = "until the visitor can write";
const WITH_CONVERSATION: &str = "with the conversation";

/// How many of the largest are listed.
const LARGEST: usize = 10;

pub(crate) fn run(args: Args) -> Outcome<ExitCode> {
    args.finish()?;
    let out = workspace::target()?.join("site");
    let site = site::build(&out)?;
    let weights = weigh(&site.files, &out.join("pipit"))?;
    println!("{}", table(&weights));
    for name in site.sources.bound().modules()? {
        println!("{}", anatomy(&name, &site.sources.bound().named(&name)?)?);
    }
    Ok(ExitCode::SUCCESS)
}

/// What grew past what was reached, in words; nothing when all is well.
pub(crate) fn exceeded(site: &Site, directory: &Path) -> Outcome<Vec<String>> {
    let weights = weigh(&site.files, directory)?;
    println!("{}", table(&weights));
    Ok(past(&weights, &REACHED))
}

/// A file, or several, as they are and compressed; in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Weight {
    raw: u32,
    gzip: u32,
    brotli: u32,
}

impl Add for Weight {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

impl Sum for Weight {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

/// Each file with its weight, and after them the sums.
pub(crate) struct Weights {
    files: Vec<(String, When, Weight)>,
    sums: [(&'static str, Weight); 2],
}

impl Weights {
    fn of(files: Vec<(String, When, Weight)>) -> Self {
        let sum = |is_in: fn(When) -> bool| {
            let files = files.iter().filter(|(_, when, _)| is_in(*when));
            files.map(|(.., weight)| *weight).sum()
        };
        let sums = [
            (
                UNTIL_WRITING,
                sum(|when| matches!(when, When::Page | When::Panel)),
            ),
            (WITH_CONVERSATION, sum(|when| when != When::Use)),
        ];
        Self { files, sums }
    }

    fn named(&self, name: &str) -> Option<Weight> {
        let files = self.files.iter().map(|(name, _, weight)| (&**name, weight));
        let sums = self.sums.iter().map(|(name, weight)| (*name, weight));
        let mut all = files.chain(sums);
        all.find(|(its, _)| *its == name).map(|(_, weight)| *weight)
    }
}

/// Weighs the script tag's files.
pub(crate) fn weigh(files: &[File], directory: &Path) -> Outcome<Weights> {
    let mut node = Command::new("node");
    node.arg(workspace::root().join("npm/weigh.mjs"))
        .args(files.iter().map(|file| directory.join(&file.path)));
    let told = process::read(&mut node)?;
    let weights = told.lines().map(weight).collect::<Option<Vec<_>>>();
    let Some(weights) = weights.filter(|weights| weights.len() == files.len()) else {
        return Err(Failure::new(format!("weigh.mjs answered:\n{told}")));
    };
    let weighed = files.iter().zip(weights);
    Ok(Weights::of(
        weighed
            .map(|(file, weight)| (file.name.clone(), file.when, weight))
            .collect(),
    ))
}

/// A line of `weigh.mjs`.
fn weight(line: &str) -> Option<Weight> {
    let mut figures = line.split(' ').map_while(|figure| figure.parse().ok());
    Some(Weight {
        raw: figures.next()?,
        gzip: figures.next()?,
        brotli: figures.next()?,
    })
}

/// All weights as a table, those that come first on top.
pub(crate) fn table(weights: &Weights) -> String {
    let row = |name: &str, when: &str, Weight { raw, gzip, brotli }| {
        format!("{name:<28} {when:<13}{raw:>9}{gzip:>9}{brotli:>9}\n")
    };
    let mut text = format!(
        "{:<28} {:<13}{:>9}{:>9}{:>9}\n",
        "bytes", "fetched with", "raw", "gzip -9", "br -q 11"
    );
    for time in [When::Page, When::Panel, When::Conversation, When::Use] {
        for (name, when, weight) in &weights.files {
            if *when == time {
                text += &row(name, &when.to_string(), *weight);
            }
        }
    }
    for (name, weight) in weights.sums {
        text += &row(name, "", weight);
    }
    text
}

fn past(weights: &Weights, reached: &[(&str, u32)]) -> Vec<String> {
    let grown = reached.iter().filter_map(|(name, reached)| {
        let Some(now) = weights.named(name) else {
            return Some(format!("{name} is no file of the widget's any more"));
        };
        let most = reached + reached * SLACK_PERMILLE / 1000 + SLACK_HASHES;
        (now.brotli > most).then(|| {
            format!(
                "{name}: {} bytes by brotli; {reached} were reached, and {most} are the most",
                now.brotli
            )
        })
    });
    let sum = weights.named(UNTIL_WRITING).unwrap_or_default().brotli;
    let goal = (sum > GOAL).then(|| format!("{UNTIL_WRITING}: {sum} bytes; the goal is {GOAL}"));
    grown.chain(goal).collect()
}

/// The largest crates and functions of a module that has its names.
fn anatomy(name: &str, module: &[u8]) -> Outcome<String> {
    let mut crates = BTreeMap::<String, u32>::new();
    let mut functions = BTreeMap::<String, u32>::new();
    let mut code = 0;
    for (function, bytes) in names::functions(module)? {
        let readable = without_hashes(&format!("{:#}", demangle(&function)));
        *crates.entry(crate_of(&readable)).or_default() += bytes;
        *functions.entry(readable).or_default() += bytes;
        code += bytes;
    }
    let mut text = format!(
        "{name}: {} bytes, of them {code} code\n",
        module_size(module)?
    );
    for (title, parts) in [("crates", crates), ("functions", functions)] {
        let _ = writeln!(text, "  the largest {title}");
        let mut parts = parts.into_iter().collect::<Vec<_>>();
        parts.sort_by_key(|(_, bytes)| u32::MAX - bytes);
        for (part, bytes) in parts.iter().take(LARGEST) {
            let percent = 100.0 * f64::from(*bytes) / f64::from(code.max(1));
            let part = part.chars().take(110).collect::<String>();
            let _ = writeln!(text, "  {bytes:>8} {percent:>5.1} %  {part}");
        }
    }
    Ok(text)
}

/// wasm-bindgen has made some names readable itself, and left hashes in them: `yew[7b33422e62bc2d3d]`.
fn without_hashes(name: &str) -> String {
    let mut pieces = name.split('[');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(']') {
            Some((hash, rest))
                if hash.len() == 16 && hash.chars().all(|it| it.is_ascii_hexdigit()) =>
            {
                text += rest;
            }
            _ => {
                text.push('[');
                text += piece;
            }
        }
    }
    text
}

fn module_size(module: &[u8]) -> Outcome<usize> {
    Ok(names::strip(module)?.len())
}

/// The crate that a function is of: where it is a trait's, the one of the type that has it.
fn crate_of(function: &str) -> String {
    let start = function.trim_start_matches(|letter: char| "<&*[(".contains(letter));
    let start = ["mut ", "const ", "dyn "]
        .iter()
        .fold(start, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    match start.split_once("::") {
        Some((name, _))
            if name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_') =>
        {
            name.to_owned()
        }
        _ => "(no crate)".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(brotli: u32) -> Weights {
        let weight = |brotli| Weight {
            brotli,
            ..Weight::default()
        };
        Weights::of(vec![
            ("a.js".to_owned(), When::Page, weight(brotli)),
            ("b.wasm".to_owned(), When::Conversation, weight(7)),
            ("c.js".to_owned(), When::Use, weight(9)),
        ])
    }

    #[test]
    fn sums_hold_what_is_fetched_until_then() {
        let weights = weights(1000);
        assert_eq!(weights.named(UNTIL_WRITING).unwrap().brotli, 1000);
        assert_eq!(weights.named(WITH_CONVERSATION).unwrap().brotli, 1007);
    }

    #[test]
    fn what_grows_past_the_slack_is_told() {
        let reached = [("a.js", 1000)];
        assert_eq!(past(&weights(1021), &reached), Vec::<String>::new());
        assert_eq!(past(&weights(1022), &reached).len(), 1);
        assert_eq!(past(&weights(1), &[("gone.js", 1000)]).len(), 1);
        assert_eq!(past(&weights(GOAL + 1), &[("a.js", GOAL)]).len(), 1);
    }

    #[test]
    fn hashes_of_crates_are_left_out() {
        assert_eq!(without_hashes("yew[7b33422e62bc2d3d]::App"), "yew::App");
        assert_eq!(without_hashes("a::<[u8]>::b"), "a::<[u8]>::b");
    }

    #[test]
    fn a_function_is_of_the_crate_of_its_type() {
        assert_eq!(crate_of("<yew::Scope<T> as core::fmt::Debug>::fmt"), "yew");
        assert_eq!(crate_of("core::ptr::drop_in_place::<pipit::App>"), "core");
        assert_eq!(crate_of("memcpy"), "(no crate)");
    }
}
