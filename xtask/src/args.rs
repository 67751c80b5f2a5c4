//! Reads the arguments of a `cargo xtask` command. A command takes each argument that it knows, and then calls
//! `finish`, which fails if any argument is left.

use crate::failure::{Failure, Outcome};
use std::{env, str::FromStr};

/// The arguments that the command has not taken yet.
pub(crate) struct Args(Vec<String>);

impl Args {
    /// Reads all arguments of the command line.
    pub(crate) fn from_command_line() -> Self {
        Self(env::args().skip(1).collect())
    }

    /// Creates arguments from a list, for a test.
    #[cfg(test)]
    pub(crate) fn of(arguments: Vec<String>) -> Self {
        Self(arguments)
    }

    /// Takes the first of the arguments that are left, even if it is a flag. So a command takes its flags first, if they
    /// may stand before this argument. `None` if no argument is left.
    pub(crate) fn positional(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes a flag without a value. Returns whether it was among the arguments.
    pub(crate) fn flag(&mut self, flag: &str) -> bool {
        let count_before = self.0.len();
        self.0.retain(|argument| argument != flag);
        self.0.len() < count_before
    }

    /// Takes `flag VALUE` or `flag=VALUE`, and parses the value. `None` if the flag is not among the arguments. Fails
    /// if the value is missing or cannot be parsed.
    pub(crate) fn value<T: FromStr>(&mut self, flag: &str) -> Outcome<Option<T>> {
        let Some(text) = self.text(flag)? else {
            return Ok(None);
        };
        match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(Failure::new(format!("'{text}' does not fit {flag}."))),
        }
    }

    /// Fails if an argument is left, because the command does not know it.
    pub(crate) fn finish(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(argument) => Err(Failure::new(format!(
                "this command does not know '{argument}'. `cargo xtask help` lists the options."
            ))),
        }
    }

    /// Takes the flag and the text of its value. `None` if the flag is not among the arguments. Fails if the flag has no
    /// value.
    fn text(&mut self, flag: &str) -> Outcome<Option<String>> {
        let Some(at) = self
            .0
            .iter()
            .position(|argument| argument.split('=').next() == Some(flag))
        else {
            return Ok(None);
        };
        if let Some((_, value)) = self.0.remove(at).split_once('=') {
            return Ok(Some(value.to_owned()));
        }
        // The flag has been removed, so its value is at the same index now.
        if at == self.0.len() {
            return Err(Failure::new(format!("{flag} needs a value.")));
        }
        Ok(Some(self.0.remove(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(words: &str) -> Args {
        Args(words.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn a_value_after_a_blank_or_an_equals_sign_is_read_and_removed() {
        for words in ["--port 90", "--port=90"] {
            let mut args = args(words);
            assert_eq!(args.value::<u16>("--port").unwrap(), Some(90));
            args.finish().unwrap();
        }
    }

    #[test]
    fn a_flag_is_found_and_removed() {
        let mut args = args("load --quick");
        assert!(args.flag("--quick"));
        assert!(!args.flag("--quick"));
        assert_eq!(args.positional().as_deref(), Some("load"));
        args.finish().unwrap();
    }

    #[test]
    fn a_missing_or_invalid_value_is_an_error() {
        for words in ["--port", "--port 99999", "--port x"] {
            assert!(args(words).value::<u16>("--port").is_err(), "{words}");
        }
    }

    #[test]
    fn an_argument_that_is_left_over_is_an_error() {
        let mut args = args("native extra");
        assert_eq!(args.positional().as_deref(), Some("native"));
        assert!(args.finish().is_err());
    }
}
