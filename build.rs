//! Makes the names of the words out of `src/locale/en.json`, so that a misspelt one does not compile, and a
//! table of the English texts, so that the browser has no JSON to read for them.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path};

const ENGLISH: &str = "src/locale/en.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={ENGLISH}");
    let english: BTreeMap<String, String> = serde_json::from_str(&fs::read_to_string(ENGLISH)?)?;
    // `expectedMinutes.one` is a form of a word, not a word.
    let (forms, words): (Vec<_>, Vec<_>) = english.iter().partition(|(key, _)| key.contains('.'));
    let names: String = words.iter().map(|(key, _)| variant(key) + ",\n").collect();
    let lines = words.iter().chain(&forms);
    let table: String = lines
        .map(|(key, text)| [key, "\t", text, "\n"].concat())
        .collect();
    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    fs::write(out.join("words.rs"), format!("words! {{\n{names}}}\n"))?;
    fs::write(out.join("english.tsv"), table.trim_end())?;
    Ok(())
}

/// `tryAgain` is `TryAgain`.
fn variant(key: &str) -> String {
    let mut letters = key.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
