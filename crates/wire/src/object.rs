//! The macros that declare the types of the API, and the traits that read and write these types as JSON.
//!
//! `wire_object!` takes a table with one line for each member: its Rust type, its *mode* and its JSON
//! name. The mode decides what happens if the member is absent or has the wrong type, and how the member is
//! written. Each mode except `flat` is a module in `mode`:
//!
//! | mode | if absent or unreadable | written |
//! |---|---|---|
//! | `required` | the object cannot be read | always |
//! | `defaulted` | the type's default | always |
//! | `maybe` | `None` | if it is not `None` |
//! | `nullable` | `None` | always; `None` as `null` |
//! | `twin` | the object cannot be read | as `name` and `nameString` |
//! | `defaulted_twin` | the type's default | as `name` and `nameString` |
//! | `maybe_twin` | `None` | as `name` and `nameString`, if it is not `None` |
//! | `flat` | the modes of the inner object's members decide | the inner object's members, as members of the outer object |
//!
//! A *twin* is an int64 that the API prints twice: as a number (`name`) and as a text (`nameString`). JavaScript rounds
//! numbers beyond 2^53; the text is exact.
//!
//! `wire_enum!` declares an enum whose values are texts. `default_object!` adds `Default` to an object
//! without required members.

use std::rc::Rc;

use serde_json::{Map, Value};

use crate::read_error::ReadError;
use crate::tolerant_json;

/// The members of a JSON object, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields(pub Map<String, Value>);

impl Fields {
    /// Parses JSON text that holds an object.
    ///
    /// # Errors
    /// [`ReadError::NotJson`] or [`ReadError::NotAnObject`].
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        match serde_json::from_str(text) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(_) => Err(ReadError::NotAnObject),
            Err(_) => Err(ReadError::NotJson),
        }
    }

    /// Parses JSON text that holds an object, and reads a text that is not valid JSON a second time, by [`tolerant_json`].
    /// The object's end must be in the text.
    ///
    /// # Errors
    /// [`ReadError::NotJson`] or [`ReadError::NotAnObject`].
    pub fn from_json_tolerantly(text: &str) -> Result<Self, ReadError> {
        match Self::from_json(text) {
            Err(ReadError::NotJson) => match tolerant_json::read(text) {
                Some(reading) if reading.is_whole => Ok(Self(reading.members)),
                _ => Err(ReadError::NotJson),
            },
            result => result,
        }
    }

    /// Reads these members as an object of the API.
    ///
    /// # Errors
    /// [`ReadError::Missing`].
    pub fn into_object<T: WireObject>(self) -> Result<T, ReadError> {
        T::from_value(Value::Object(self.0))
    }

    /// Removes a member and returns it as `T`. Returns `None` if the member is absent, is `null`, or cannot be read as
    /// `T`. In the last case the member is not removed.
    // Without `inline(never)` the compiler copies the function to many callers, and the widget's WASM module grows.
    #[inline(never)]
    pub fn take<T: WireValue>(&mut self, name: &str) -> Option<T> {
        let value = self.0.get(name)?;
        let read = T::read(value);
        if read.is_some() || value.is_null() {
            self.discard(name);
        }
        read
    }

    /// Sets a member, and replaces an earlier value.
    pub fn put<T: WireValue>(&mut self, name: &str, value: &T) {
        self.insert(name, value.write());
    }

    /// Removes a member. The function is separate so that it exists once, and not once for each `T` of [`Fields::take`].
    #[inline(never)]
    fn discard(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Sets a member to a JSON value. The function is separate so that it exists once, and not once for each `T` of
    /// [`Fields::put`].
    #[inline(never)]
    fn insert(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// Sets all members of another object.
    #[inline(never)]
    pub(crate) fn insert_all(&mut self, other: &Self) {
        self.0.extend(other.0.clone());
    }
}

/// The value of one member: a text, a number, a flag, a list or an object.
pub trait WireValue: Sized {
    /// Reads the value. Returns `None` if the JSON has the wrong type.
    fn read(value: &Value) -> Option<Self>;
    /// The value as JSON.
    fn write(&self) -> Value;
}

/// An object of the API. `wire_object!` implements this trait for the types that it declares.
pub trait WireObject: Sized {
    /// Takes the declared members out of `fields`. Other members stay in `fields`.
    ///
    /// # Errors
    /// [`ReadError::Missing`] if a required member is absent or has the wrong type.
    fn take_from(fields: &mut Fields) -> Result<Self, ReadError>;

    /// Adds the members of this object to `fields`.
    fn put_into(&self, fields: &mut Fields);

    /// The members that are not declared or have the wrong type. [`WireObject::from_value`] sets them.
    fn unknown_mut(&mut self) -> &mut Fields;

    /// Reads the object from a JSON value. Members that are not declared, or have the wrong type, are kept in `unknown`.
    /// A declared member that is `null` counts as absent and is not kept.
    ///
    /// # Errors
    /// [`ReadError::NotAnObject`] or [`ReadError::Missing`].
    fn from_value(value: Value) -> Result<Self, ReadError> {
        let Value::Object(map) = value else {
            return Err(ReadError::NotAnObject);
        };
        let mut fields = Fields(map);
        let mut object = Self::take_from(&mut fields)?;
        *object.unknown_mut() = fields;
        Ok(object)
    }

    /// Reads the object from JSON text. A byte order mark and spaces around the text are ignored. An empty text is read as
    /// `{}`, because Oracle's samples send no body if all members of a request are optional.
    ///
    /// # Errors
    /// [`ReadError::NotJson`], [`ReadError::NotAnObject`] or [`ReadError::Missing`].
    fn from_json(text: &str) -> Result<Self, ReadError> {
        let json = text.trim_start_matches('\u{feff}').trim();
        let value = if json.is_empty() {
            Value::Object(Map::new())
        } else {
            serde_json::from_str(json).map_err(|_| ReadError::NotJson)?
        };
        Self::from_value(value)
    }

    /// Writes the object as a JSON value.
    fn to_value(&self) -> Value {
        let mut fields = Fields::default();
        self.put_into(&mut fields);
        Value::Object(fields.0)
    }

    /// Writes the object as JSON text.
    fn to_json(&self) -> String {
        self.to_value().to_string()
    }
}

impl WireValue for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

impl WireValue for Rc<str> {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
    fn write(&self) -> Value {
        Value::from(&**self)
    }
}

/// The texts `"true"` and `"false"` are read too. Flags are written as JSON `true` and `false`.
impl WireValue for bool {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) if text == "true" => Some(true),
            Value::String(text) if text == "false" => Some(false),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

/// A value that is an int64 on the wire. Only such a value can be a twin (see the [module's documentation](self)).
pub trait Int64 {
    /// The number that is written.
    fn int64(&self) -> i64;
}

impl Int64 for i64 {
    fn int64(&self) -> i64 {
        *self
    }
}

/// A text with the digits of the number is read too. The number is written as a JSON integer.
impl WireValue for i64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number.as_i64().or_else(|| {
                // The number is written with a fraction or an exponent, such as `5.0`, or is too large. JavaScript
                // represents whole numbers exactly up to this one.
                let limit = 9_007_199_254_740_991.0;
                let number = number.as_f64()?;
                let is_whole = number.fract() == 0.0 && number.abs() <= limit;
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "the number is whole and in range"
                )]
                is_whole.then_some(number as Self)
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// A text with the digits of the number is read too.
impl WireValue for u64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number
                .as_u64()
                .or_else(|| i64::read(value).and_then(|number| Self::try_from(number).ok())),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl WireValue for u32 {
    fn read(value: &Value) -> Option<Self> {
        u64::read(value).and_then(|number| Self::try_from(number).ok())
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl WireValue for u16 {
    fn read(value: &Value) -> Option<Self> {
        u64::read(value).and_then(|number| Self::try_from(number).ok())
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl WireValue for i32 {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).and_then(|number| Self::try_from(number).ok())
    }
    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// Every JSON value except `null` is read.
impl WireValue for Value {
    fn read(value: &Value) -> Option<Self> {
        (!value.is_null()).then(|| value.clone())
    }
    fn write(&self) -> Value {
        self.clone()
    }
}

impl WireValue for Fields {
    fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned().map(Self)
    }
    fn write(&self) -> Value {
        Value::Object(self.0.clone())
    }
}

/// Reading keeps the elements that can be read as `T` and drops the others.
impl<T: WireValue> WireValue for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        Some(value.as_array()?.iter().filter_map(T::read).collect())
    }
    fn write(&self) -> Value {
        Value::Array(self.iter().map(T::write).collect())
    }
}

/// Texts by name, as in the member `messageDataMap`. Reading drops values of other types.
///
/// Page 003 of Oracle's API reference, about `postMessage`, documents the member.
// The map holds JSON values, because the code of a `BTreeMap<String, String>` would make the widget's WASM module
// larger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextMap(Fields);

impl TextMap {
    /// The text with this name; `None` if it is absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.0.get(name)?.as_str()
    }
}

impl FromIterator<(String, String)> for TextMap {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(texts: T) -> Self {
        let mut map = Self::default();
        for (name, text) in texts {
            map.0.put(&name, &text);
        }
        map
    }
}

impl WireValue for TextMap {
    fn read(value: &Value) -> Option<Self> {
        let mut texts = Fields::default();
        for (name, value) in value.as_object()? {
            if value.is_string() {
                texts.put(name, value);
            }
        }
        Some(Self(texts))
    }
    fn write(&self) -> Value {
        self.0.write()
    }
}

/// Reads and writes one member, by its mode. The table in the [module's documentation](self) explains
/// the modes.
pub(crate) mod mode {
    /// Makes a module with the functions `take` and `put` of one mode. `$ty` is the type of the value in the JSON, and
    /// `$member` the type of the Rust member: `T` or `Option<T>`. `$bound` lists the traits that `$ty` must have,
    /// besides `WireValue`; `Sized` means none. `$take` reads the member, and `$put` writes it. The names in brackets
    /// after `take` and `put` are those of the variables in these two expressions.
    macro_rules! mode {
        ($mode:ident, $ty:ident => $member:ty, $($bound:path),+;
         take($fields:ident, $name:ident) $take:expr;
         put($out:ident, $value:ident) $put:expr) => {
            pub(crate) mod $mode {
                use crate::object::{Fields, WireValue};
                use crate::read_error::ReadError;

                #[allow(clippy::unnecessary_wraps, reason = "all modes have the same signature")]
                pub(crate) fn take<$ty: WireValue $(+ $bound)+>(
                    $fields: &mut Fields,
                    $name: &'static str,
                ) -> Result<$member, ReadError> {
                    $take
                }

                pub(crate) fn put<$ty: WireValue $(+ $bound)+>(
                    $out: &mut Fields,
                    $name: &'static str,
                    $value: &$member,
                ) {
                    $put
                }
            }
        };
    }

    mode!(required, T => T, Sized;
        take(fields, name) fields.take(name).ok_or(ReadError::Missing(name));
        put(fields, value) fields.put(name, value));
    mode!(defaulted, T => T, Default;
        take(fields, name) Ok(fields.take(name).unwrap_or_default());
        put(fields, value) fields.put(name, value));
    mode!(maybe, T => Option<T>, Sized;
        take(fields, name) Ok(fields.take(name));
        put(fields, value) if let Some(value) = value { fields.put(name, value) });
    // If the member could not be read, its value is in `unknown`, which `put_into` writes first. `None` does not replace
    // that value.
    mode!(nullable, T => Option<T>, Sized;
    take(fields, name) Ok(fields.take(name));
    put(fields, value) match value {
        Some(value) => fields.put(name, value),
        None => { fields.0.entry(name).or_insert(serde_json::Value::Null); }
    });
    mode!(twin, T => T, crate::object::Int64;
        take(fields, name) fields.take_twin(name).ok_or(ReadError::Missing(name));
        put(fields, value) fields.put_twin(name, value));
    mode!(defaulted_twin, T => T, crate::object::Int64, Default;
        take(fields, name) Ok(fields.take_twin(name).unwrap_or_default());
        put(fields, value) fields.put_twin(name, value));
    mode!(maybe_twin, T => Option<T>, crate::object::Int64;
        take(fields, name) Ok(fields.take_twin(name));
        put(fields, value) if let Some(value) = value { fields.put_twin(name, value) });
}

impl Fields {
    /// Takes `name` and `nameString`. The text takes precedence, because a number that went through JavaScript may have
    /// been rounded.
    fn take_twin<T: WireValue>(&mut self, name: &str) -> Option<T> {
        let number = self.take(name);
        self.take(&twin_name(name)).or(number)
    }

    /// Sets `name` and `nameString`.
    fn put_twin<T: WireValue + Int64>(&mut self, name: &str, value: &T) {
        self.put(name, value);
        self.put(&twin_name(name), &value.int64().to_string());
    }
}

/// The name of the text form of a twin.
fn twin_name(name: &str) -> String {
    [name, "String"].concat()
}

/// Declares an object of the API by a table of its members. See the [module's documentation](self).
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $( $(#[$member_meta:meta])* pub $member:ident : $ty:ty = $mode:ident $($json:literal)?, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(test, derive(proptest_derive::Arbitrary))]
        pub struct $name {
            $( $(#[$member_meta])* pub $member: $ty, )*
            /// Members that are not declared, or have the wrong type. They are written back unchanged. If a declared
            /// member with the same name is written too, it replaces the unknown one.
            #[cfg_attr(test, proptest(value = "Default::default()"))]
            pub unknown: $crate::Fields,
        }

        impl $crate::WireObject for $name {
            #[allow(unused_variables, reason = "an object may have no members")]
            fn take_from(fields: &mut $crate::Fields) -> Result<Self, $crate::ReadError> {
                Ok(Self {
                    $( $member: $crate::object::wire_object!(@take fields, $mode $($json)?), )*
                    unknown: $crate::Fields::default(),
                })
            }

            fn put_into(&self, fields: &mut $crate::Fields) {
                fields.insert_all(&self.unknown);
                $( $crate::object::wire_object!(@put fields, self.$member, $mode $($json)?); )*
            }

            fn unknown_mut(&mut self) -> &mut $crate::Fields {
                &mut self.unknown
            }
        }

        impl $crate::WireValue for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                $crate::WireObject::from_value(value.clone()).ok()
            }
            fn write(&self) -> serde_json::Value {
                $crate::WireObject::to_value(self)
            }
        }
    };
    // The rules below are internal: they read or write one member, by its mode.
    (@take $fields:ident, flat) => { $crate::WireObject::take_from($fields)? };
    (@take $fields:ident, $mode:ident $json:literal) => {
        $crate::object::mode::$mode::take($fields, $json)?
    };
    (@put $fields:ident, $value:expr, flat) => { $crate::WireObject::put_into(&$value, $fields) };
    (@put $fields:ident, $value:expr, $mode:ident $json:literal) => {
        $crate::object::mode::$mode::put($fields, $json, &$value)
    };
}
pub(crate) use wire_object;

/// Implements `Default` for types of `wire_object!` that have no required members: the default is what `{}` is read as.
macro_rules! default_object {
    ($($name:ident),+ $(,)?) => { $(
        impl Default for $name {
            fn default() -> Self {
                match $crate::WireObject::take_from(&mut $crate::Fields::default()) {
                    Ok(object) => object,
                    Err(_) => unreachable!("only for types without required members"),
                }
            }
        }
    )+ };
}
pub(crate) use default_object;

/// Declares an enum whose values are texts of the API. A text that is not in the list is kept in
/// `Unknown`.
macro_rules! wire_enum {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$value_meta:meta])* $value:ident = $text:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $( #[doc = concat!("`", $text, "`")] $(#[$value_meta])* $value, )+
            /// A text that is not in the list.
            Unknown(String),
        }

        impl $name {
            /// The declared values, in the order of their declaration. `Unknown` is not among them.
            pub const ALL: &'static [Self] = &[ $( Self::$value, )+ ];

            /// The text that the API uses for the value.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$value => $text, )+
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$value, )+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl $crate::WireValue for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                value.as_str().map(Self::from)
            }
            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(self.as_str())
            }
        }

        #[cfg(test)]
        impl proptest::arbitrary::Arbitrary for $name {
            type Parameters = ();
            type Strategy = proptest::strategy::BoxedStrategy<Self>;
            fn arbitrary_with((): ()) -> Self::Strategy {
                use proptest::strategy::Strategy as _;
                // Four of five values are declared ones.
                proptest::prop_oneof![
                    4 => proptest::sample::select(Self::ALL),
                    1 => "[A-Z_]{1,12}".prop_map(|text| Self::from(text.as_str())),
                ]
                .boxed()
            }
        }
    };
}
pub(crate) use wire_enum;
