//! Reads the value of one option from JavaScript. Each type that an option can have implements [`OptionValue`].

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::attachments::Attachments;
use super::availability::Availability;
use super::mode::Mode;
use super::notifications::Notifications;
use crate::page_error::PageError;

/// A type that an option can have.
pub(crate) trait OptionValue: Sized {
    /// Reads the value of the option `name`.
    ///
    /// # Errors
    /// Names the option.
    fn read(name: &str, value: JsValue) -> Result<Self, PageError>;
}

/// Reads one option after another, and keeps the first error. Reading continues after an error, because an early return
/// after each option would need more code in the WASM module.
pub(crate) struct OptionReader<'a> {
    options: &'a JsValue,
    /// The error about the first option that could not be read; `None` if there was no error.
    error: Option<PageError>,
}

impl<'a> OptionReader<'a> {
    pub(crate) fn new(options: &'a JsValue) -> Self {
        let error = None;
        Self { options, error }
    }

    /// The option `name`; `None` if it is not given or cannot be read.
    pub(crate) fn read<T: OptionValue>(&mut self, name: &str) -> Option<T> {
        match T::read(name, given(self.options, name)?) {
            Ok(value) => Some(value),
            Err(error) => {
                self.error.get_or_insert(error);
                None
            }
        }
    }

    /// Returns `result`, which the caller has built from the options that were read. Fails if one could not be read.
    ///
    /// # Errors
    /// Names the first option that cannot be read.
    pub(crate) fn finish<T>(self, result: T) -> Result<T, PageError> {
        match self.error {
            None => Ok(result),
            Some(error) => Err(error),
        }
    }
}

/// The value of the option `name`; `None` if it is `undefined` or `null`, or if reading it throws an exception.
pub(crate) fn given(options: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(options, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The error about an option. `problem` completes the sentence that begins with *the option `name`*.
fn option_error(name: &str, problem: &str) -> PageError {
    PageError::option(["the option `", name, "` ", problem, "."].concat())
}

/// Every value is accepted and stays as it is.
impl OptionValue for JsValue {
    fn read(_: &str, value: JsValue) -> Result<Self, PageError> {
        Ok(value)
    }
}

impl OptionValue for String {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        value
            .as_string()
            .ok_or_else(|| option_error(name, "is not a text"))
    }
}

/// A whole number of seconds. Every option with a whole number that is read here is a number of seconds.
impl OptionValue for u32 {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        let whole = value.as_f64().filter(|number| {
            number.fract() == 0.0 && (0.0..=f64::from(Self::MAX)).contains(number)
        });
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the filter has just checked the range"
        )]
        whole
            .map(|number| number as Self)
            .ok_or_else(|| option_error(name, "is not a whole number of seconds"))
    }
}

/// A number of minutes. Every option with fractions is one.
impl OptionValue for f64 {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        value
            .as_f64()
            .filter(|number| *number >= 0.0)
            .ok_or_else(|| option_error(name, "is not a number of minutes, 0 or more"))
    }
}

impl OptionValue for Vec<String> {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        let list = value.dyn_ref::<Array>();
        let texts = list.and_then(|list| list.iter().map(|item| item.as_string()).collect());
        texts.ok_or_else(|| option_error(name, "is not a list of texts"))
    }
}

/// Any object. `instanceof` is not used, because it is false for an object that another window has created.
impl OptionValue for Object {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        if value.is_object() {
            Ok(value.unchecked_into())
        } else {
            Err(option_error(name, "is not an object"))
        }
    }
}

impl OptionValue for Function {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        value
            .dyn_into()
            .map_err(|_| option_error(name, "is not a function"))
    }
}

impl OptionValue for Mode {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        let text = value.as_string();
        text.as_deref()
            .and_then(Self::parse)
            .ok_or_else(|| option_error(name, "must be `floating`, `inline` or `page`"))
    }
}

/// Every value is accepted. A value is read as *unavailable* only if it says both that nobody can answer and what the
/// panel does then. Every other value is read as *open*.
impl OptionValue for Availability {
    fn read(_: &str, value: JsValue) -> Result<Self, PageError> {
        Ok(Self::from_js(&value))
    }
}

impl OptionValue for Attachments {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        Object::read(name, value).map(JsCast::unchecked_into)
    }
}

impl OptionValue for Notifications {
    fn read(name: &str, value: JsValue) -> Result<Self, PageError> {
        Object::read(name, value).map(JsCast::unchecked_into)
    }
}
