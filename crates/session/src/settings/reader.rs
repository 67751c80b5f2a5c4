//! Reads single values: a variable overrides the file. Collects what is wrong, in sentences for whoever runs the server.

use std::ops::RangeInclusive;

use pipit_wire::Secret;

/// Reads values and collects problems. A variable has the name of its key, in capitals.
pub(super) struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    read_file: &'a dyn Fn(&str) -> std::io::Result<String>,
    problems: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        variable: &'a dyn Fn(&str) -> Option<String>,
        read_file: &'a dyn Fn(&str) -> std::io::Result<String>,
    ) -> Self {
        Self {
            variable,
            read_file,
            problems: Vec::new(),
        }
    }

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }

    /// Notes that the value of a key is wrong. The sentence continues the key's name.
    pub(super) fn problem(&mut self, key: &str, sentence: &str) {
        self.problems.push(format!("{key} {sentence}"));
    }

    /// Notes that a key has no value.
    pub(super) fn missing(&mut self, key: &str, meaning: &str) {
        let variable = key.to_uppercase();
        self.problems.push(format!(
            "{key} is missing: {meaning}. Set it in the file, or set the variable {variable}"
        ));
    }

    /// The value of a variable. An empty value counts as none.
    fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name).filter(|value| !value.trim().is_empty())
    }

    pub(super) fn text(&self, key: &str, in_file: Option<String>) -> Option<String> {
        self.variable(&key.to_uppercase()).or(in_file)
    }

    pub(super) fn required_text(
        &mut self,
        key: &str,
        in_file: Option<String>,
        meaning: &str,
    ) -> Option<String> {
        let text = self.text(key, in_file).filter(|text| !text.is_empty());
        if text.is_none() {
            self.missing(key, meaning);
        }
        text
    }

    /// A list. In a variable, commas separate its elements.
    pub(super) fn list(&self, key: &str, in_file: Option<Vec<String>>) -> Option<Vec<String>> {
        let Some(text) = self.variable(&key.to_uppercase()) else {
            return in_file;
        };
        let elements = text.split(',').map(str::trim);
        let elements = elements.filter(|element| !element.is_empty());
        Some(elements.map(str::to_owned).collect())
    }

    pub(super) fn optional_number(
        &mut self,
        key: &str,
        in_file: Option<u64>,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        let text = self.variable(&key.to_uppercase());
        let number = match &text {
            Some(text) => text.trim().parse().ok(),
            None => Some(in_file?),
        };
        let number = number.filter(|number| range.contains(number));
        if number.is_none() {
            let (first, last) = (range.start(), range.end());
            let sentence = format!("must be a whole number from {first} to {last}");
            self.problem(key, &sentence);
        }
        number
    }

    pub(super) fn number(
        &mut self,
        key: &str,
        in_file: Option<u64>,
        range: RangeInclusive<u64>,
        default: u64,
    ) -> u64 {
        self.optional_number(key, in_file, range).unwrap_or(default)
    }

    /// A secret: the value of a variable, or the text of the file that the variable with `_FILE` at its end names.
    pub(super) fn secret(&mut self, name: &str, meaning: &str) -> Option<Secret> {
        if let Some(value) = self.variable(name) {
            return Some(Secret::new(value));
        }
        let name_of_file = format!("{name}_FILE");
        let Some(path) = self.variable(&name_of_file) else {
            self.problems.push(format!(
                "the variable {name} is missing: {meaning}. Set it, or let {name_of_file} name a file that contains it"
            ));
            return None;
        };
        match (self.read_file)(&path) {
            // Editors end a file with a line break.
            Ok(text) if !text.trim().is_empty() => {
                Some(Secret::new(text.trim_end_matches(['\r', '\n'])))
            }
            Ok(_) => {
                self.problems
                    .push(format!("{name_of_file} names {path}, which is empty"));
                None
            }
            Err(error) => {
                self.problems.push(format!(
                    "{name_of_file} names {path}, which cannot be read: {error}"
                ));
                None
            }
        }
    }
}
