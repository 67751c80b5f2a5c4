//! Makes the names of the words out of `src/locale/en.json`, so that a misspelt one does not compile, and a
//! table of the English texts, so that the browser has no JSON to read for them.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const ENGLISH: &str = "src/locale/en.json";

/// The words of the panel before the conversation's part is here; that part brings the others.
const FIRST: [&str; 9] = [
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
    // `expectedMinutes.one` is a form of a word, not a word.
    let (forms, words): (Vec<_>, Vec<_>) = english.iter().partition(|(key, _)| key.contains('.'));
    let (first, others): (Vec<_>, Vec<_>) = words
        .into_iter()
        .partition(|(key, _)| FIRST.contains(&key.as_str()));
    let names = first.iter().chain(&others);
    let names: String = names.map(|(key, _)| variant(key) + ",\n").collect();
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("words.rs"), format!("words! {{\n{names}}}\n"))?;
    fs::write(out.join("first.tsv"), table(&first))?;
    fs::write(out.join("others.tsv"), table(&[others, forms].concat()))?;
    Ok(())
}

/// A line a text: its key, a tab, the text.
fn table(texts: &[(&String, &String)]) -> String {
    let lines = texts.iter().map(|(key, text)| [key, "\t", text].concat());
    lines.collect::<Vec<_>>().join("\n")
}

/// `tryAgain` is `TryAgain`.
fn variant(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
