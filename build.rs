//! Generates two things from `src/locale/en.json`: the enum of text keys, so that a misspelt key does not compile, and
//! tables of the English texts, so that the browser does not have to parse JSON. `src/locale/text_key.rs` includes
//! both.
//!
//! There are two tables, because the widget is loaded in two steps. The first WASM module draws the panel and has only
//! the texts that the panel needs at first. The conversation part (the second WASM module) has all other texts.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const ENGLISH: &str = "src/locale/en.json";

/// The keys of the texts that the first module needs. The conversation part has all others.
const FIRST_KEYS: [&str; 9] = [
    "messages",
    "minimiseChat",
    "notConnected",
    "send",
    "startChat",
    "title",
    "welcome",
    "welcomeMore",
    "writeMessage",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ENGLISH}");
    let english: BTreeMap<String, String> = serde_json::from_str(&fs::read_to_string(ENGLISH)?)?;
    // A form that depends on a number, such as `expectedMinutes.one`, is no variant of the enum.
    let (forms, texts): (Vec<_>, Vec<_>) = english.iter().partition(|(key, _)| key.contains('.'));
    let (first, remaining): (Vec<_>, Vec<_>) = texts
        .into_iter()
        .partition(|(key, _)| FIRST_KEYS.contains(&key.as_str()));
    let all = first.iter().chain(&remaining);
    let variants: String = all.map(|(key, _)| variant(key) + ",\n").collect();
    let out_dir = env::var("OUT_DIR")?;
    let out = Path::new(&out_dir);
    fs::write(
        out.join("text_keys.rs"),
        format!("text_keys! {{\n{variants}}}\n"),
    )?;
    fs::write(out.join("first.tsv"), table(&first))?;
    fs::write(
        out.join("remaining.tsv"),
        table(&[remaining, forms].concat()),
    )?;
    Ok(())
}

/// Writes one line for each text: its key, a tab, the text.
fn table(texts: &[(&String, &String)]) -> String {
    let lines = texts.iter().map(|(key, text)| [key, "\t", text].concat());
    lines.collect::<Vec<_>>().join("\n")
}

/// The enum variant of a key: `TryAgain` for `tryAgain`.
fn variant(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
