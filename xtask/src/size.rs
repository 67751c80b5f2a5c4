//! `cargo xtask size`: measures the sizes of the widget's files, and lists the largest crates and functions in its WASM
//! modules. `cargo xtask test size` also uses this file, to compare the sizes with the budgets below.
//!
//! A *weight* is the size of a file in bytes, raw and compressed. Node.js compresses the files: the site's build needs
//! Node.js anyway, and Node.js has the same brotli as web servers.

use crate::{
    failure::{Failure, Outcome},
    frame_policy::FramePolicy,
    headless, names, process,
    site::{self, Site},
    tools,
    widget::{File, When},
    workspace,
};
use rustc_demangle::demangle;
use std::{
    collections::BTreeMap,
    fmt::Write,
    iter::Sum,
    ops::Add,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

/// The budgets of files and sums, in bytes after compression with brotli. The tests fail on a size that exceeds its
/// budget by more than [`SLACK_PERMILLE`] and [`SLACK_HASHES`] together. If a file shrinks, lower its budget to the new
/// size.
const BUDGETS: [(&str, u32); 6] = [
    ("pipit.js", 3_993),
    ("panel.js", 17_445),
    ("widget_bg.wasm", 57_037),
    (UNTIL_WRITING, 78_481),
    (UNTIL_SENDING, 219_060),
    (WITH_CONVERSATION, 286_949),
];

/// The slack for different versions of the compressor, in thousandths of the budget.
const SLACK_PERMILLE: u32 = 5;

/// The slack for hashes, in bytes. A script contains the hashes of the files that it loads, so any change of a hash
/// changes the script. Hashes differ in how well they compress: of 300 versions of `pipit.js` with random hashes, the
/// smallest had 3,435 bytes, the median 3,451 and the largest 3,473.
const SLACK_HASHES: u32 = 16;

/// The limit for all files that load before the visitor can write, in bytes after compression with brotli. It has no
/// slack. The limit is 3 % above an earlier sum: the sum before the widget got the code that copes with the web pages
/// in `docs/field.md`, which break chat widgets. 2,000 bytes were added for what docs/accessibility.md reports, and for the
/// host's logo.
const GOAL: u32 = 78_698;

/// The name of the sum of all files that load before the visitor can write.
const UNTIL_WRITING: &str = "until the visitor can write";
/// The name of the sum of all files that load before a first message can leave: until the conversation part (the WASM
/// module with the chat engine) has loaded.
const UNTIL_SENDING: &str = "until a message can leave";
/// The name of the sum of all files that load for every conversation.
const WITH_CONVERSATION: &str = "with the conversation";

/// The number of crates, and of functions, that are listed for each module.
const LISTED_COUNT: usize = 10;

pub(crate) fn run() -> Outcome<ExitCode> {
    tools::check_programs()?;
    let out = workspace::target()?.join("site");
    let site = site::build(&out, &FramePolicy::default())?;
    let weights = weigh(&site.files, &out.join("pipit"))?;
    println!("{}", table(&weights));
    let headless = headless::write(&out.join("npm"))?;
    println!(
        "pipit-chat/headless, with its WASM: {} bytes by brotli\n",
        brotli_of(&headless)?
    );
    for name in site.sources.app().modules()? {
        println!(
            "{}",
            largest_parts(&name, &site.sources.app().module_with_names(&name)?)?
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Weighs the widget's files of a built site, which are in this directory. Prints all weights, and returns the sentences
/// of [`compare`] about budgets and the goal.
pub(crate) fn exceeded_budgets(site: &Site, directory: &Path) -> Outcome<Vec<String>> {
    let weights = weigh(&site.files, directory)?;
    println!("{}", table(&weights));
    Ok(compare(&weights, &BUDGETS))
}

/// The size of one file or of several files, in bytes: raw, and after compression with gzip and brotli.
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

/// The weights of all files of the widget, and their sums.
pub(crate) struct Weights {
    /// The name of each file, the moment at which a web page fetches the file, and its weight.
    files: Vec<(String, When, Weight)>,
    /// The name and the weight of each sum.
    sums: [(&'static str, Weight); 3],
}

impl Weights {
    /// Adds the sums to the weights of files.
    fn of(files: Vec<(String, When, Weight)>) -> Self {
        let sum = |is_included: fn(When) -> bool| {
            let files = files.iter().filter(|(_, when, _)| is_included(*when));
            files.map(|(.., weight)| *weight).sum()
        };
        let sums = [
            (
                UNTIL_WRITING,
                sum(|when| matches!(when, When::Page | When::Panel)),
            ),
            (
                UNTIL_SENDING,
                sum(|when| !matches!(when, When::Content | When::Use)),
            ),
            (WITH_CONVERSATION, sum(|when| when != When::Use)),
        ];
        Self { files, sums }
    }

    /// The weight of a file or of a sum. `None` if no file and no sum has this name.
    fn weight_of(&self, name: &str) -> Option<Weight> {
        let files = self.files.iter().map(|(name, _, weight)| (&**name, weight));
        let sums = self.sums.iter().map(|(name, weight)| (*name, weight));
        let mut all = files.chain(sums);
        all.find(|(entry_name, _)| *entry_name == name)
            .map(|(_, weight)| *weight)
    }
}

/// Weighs the widget's files in the form in which a script tag loads them. `directory` is the directory of `pipit.js`.
pub(crate) fn weigh(files: &[File], directory: &Path) -> Outcome<Weights> {
    let paths = files.iter().map(|file| directory.join(&file.path));
    let weights = weigh_each(&paths.collect::<Vec<_>>())?;
    let weighed = files.iter().zip(weights);
    Ok(Weights::of(
        weighed
            .map(|(file, weight)| (file.name.clone(), file.when, weight))
            .collect(),
    ))
}

/// The size of several files together, each compressed with brotli, in bytes.
pub(crate) fn brotli_of(files: &[PathBuf]) -> Outcome<u32> {
    Ok(weigh_each(files)?.into_iter().sum::<Weight>().brotli)
}

/// The weight of each file.
fn weigh_each(files: &[PathBuf]) -> Outcome<Vec<Weight>> {
    let mut node = Command::new("node");
    node.arg(workspace::root().join("npm/weigh.mjs"))
        .args(files);
    let answer = process::read(&mut node)?;
    let weights = answer.lines().map(parse_weight).collect::<Option<Vec<_>>>();
    weights
        .filter(|weights| weights.len() == files.len())
        .ok_or_else(|| Failure::new(format!("weigh.mjs answered:\n{answer}")))
}

/// Parses a line that `weigh.mjs` has printed. `None` if it does not begin with three numbers.
fn parse_weight(line: &str) -> Option<Weight> {
    let mut numbers = line.split(' ').map_while(|number| number.parse().ok());
    Some(Weight {
        raw: numbers.next()?,
        gzip: numbers.next()?,
        brotli: numbers.next()?,
    })
}

/// Formats all weights as a table, in the order in which a page fetches the files.
pub(crate) fn table(weights: &Weights) -> String {
    let row = |name: &str, when: &str, Weight { raw, gzip, brotli }| {
        format!("{name:<28} {when:<13}{raw:>9}{gzip:>9}{brotli:>9}\n")
    };
    let mut text = format!(
        "{:<28} {:<13}{:>9}{:>9}{:>9}\n",
        "bytes", "fetched with", "raw", "gzip -9", "br -q 11"
    );
    for fetch_time in [
        When::Page,
        When::Panel,
        When::Conversation,
        When::Content,
        When::Use,
    ] {
        for (name, when, weight) in &weights.files {
            if *when == fetch_time {
                text += &row(name, &when.to_string(), *weight);
            }
        }
    }
    for (name, weight) in weights.sums {
        text += &row(name, "", weight);
    }
    text
}

/// Returns one sentence for each budget that is exceeded, one for each budget whose file or sum does not exist, and one
/// if the sum [`UNTIL_WRITING`] exceeds [`GOAL`].
fn compare(weights: &Weights, budgets: &[(&str, u32)]) -> Vec<String> {
    let budget_failures = budgets.iter().filter_map(|(name, budget)| {
        let Some(weight) = weights.weight_of(name) else {
            return Some(format!("{name} is no longer a file of the widget"));
        };
        let limit = budget + budget * SLACK_PERMILLE / 1000 + SLACK_HASHES;
        (weight.brotli > limit).then(|| {
            format!(
                "{name}: {} bytes by brotli; the budget is {budget}, and with slack {limit}",
                weight.brotli
            )
        })
    });
    let sum = weights.weight_of(UNTIL_WRITING).unwrap_or_default().brotli;
    let goal = (sum > GOAL).then(|| format!("{UNTIL_WRITING}: {sum} bytes; the goal is {GOAL}"));
    budget_failures.chain(goal).collect()
}

/// Lists the largest crates and functions of a module that still has the names of its functions. The sizes of functions
/// with the same name are added up. The first line states the size that the module has for the browser, without names.
fn largest_parts(name: &str, module: &[u8]) -> Outcome<String> {
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
        // The largest part comes first.
        parts.sort_by_key(|(_, bytes)| u32::MAX - bytes);
        for (part, bytes) in parts.iter().take(LISTED_COUNT) {
            let percent = 100.0 * f64::from(*bytes) / f64::from(code.max(1));
            // Longer names would not fit in one line of a terminal.
            let part = part.chars().take(110).collect::<String>();
            let _ = writeln!(text, "  {bytes:>8} {percent:>5.1} %  {part}");
        }
    }
    Ok(text)
}

/// Removes the hashes of crates from the name of a function: `yew[7b33422e62bc2d3d]::App` becomes `yew::App`.
fn without_hashes(name: &str) -> String {
    let mut pieces = name.split('[');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(']') {
            Some((hash, rest))
                if hash.len() == 16 && hash.chars().all(|digit| digit.is_ascii_hexdigit()) =>
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

/// The size that a module has after the names of its functions are removed, in bytes.
fn module_size(module: &[u8]) -> Outcome<usize> {
    Ok(names::strip(module)?.len())
}

/// The crate that a function belongs to, according to its name. A trait's function counts for the crate of the
/// implementing type.
fn crate_of(function: &str) -> String {
    let start = function.trim_start_matches(|letter: char| "<&*[(".contains(letter));
    let start = ["mut ", "const ", "dyn "]
        .iter()
        .fold(start, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
    match start.split_once("::") {
        Some((name, _))
            if name
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '_') =>
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
    fn a_sum_covers_exactly_the_files_that_its_name_says() {
        let weights = weights(1000);
        assert_eq!(weights.weight_of(UNTIL_WRITING).unwrap().brotli, 1000);
        assert_eq!(weights.weight_of(WITH_CONVERSATION).unwrap().brotli, 1007);
    }

    #[test]
    fn an_exceeded_budget_a_missing_file_and_an_exceeded_goal_are_reported() {
        // The limit is the budget of 1,000 bytes, 5 bytes for the compressor, and 16 bytes for hashes.
        let budgets = [("a.js", 1000)];
        assert_eq!(compare(&weights(1021), &budgets), Vec::<String>::new());
        assert_eq!(compare(&weights(1022), &budgets).len(), 1);
        assert_eq!(compare(&weights(1), &[("gone.js", 1000)]).len(), 1);
        // The slack permits this file, but the goal has no slack.
        assert_eq!(compare(&weights(GOAL + 1), &[("a.js", GOAL)]).len(), 1);
    }

    #[test]
    fn hashes_of_crates_are_left_out() {
        assert_eq!(without_hashes("yew[7b33422e62bc2d3d]::App"), "yew::App");
        assert_eq!(without_hashes("a::<[u8]>::b"), "a::<[u8]>::b");
    }

    #[test]
    fn a_function_counts_for_the_crate_of_its_type() {
        assert_eq!(crate_of("<yew::Scope<T> as core::fmt::Debug>::fmt"), "yew");
        assert_eq!(crate_of("core::ptr::drop_in_place::<pipit::App>"), "core");
        assert_eq!(crate_of("memcpy"), "(no crate)");
    }
}
