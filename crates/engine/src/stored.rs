//! Macros that declare how a type is read from JSON and written to JSON. They are used for the types that are
//! stored, and for the types that tabs send each other. Each member is declared once, with its JSON name, for both
//! reading and writing.
//!
//! `stored_object!` takes a line for each member of a struct: the member, its *mode* and its JSON name.
//!
//! | mode | if absent or unreadable | written |
//! |---|---|---|
//! | `required` | the object cannot be read | always |
//! | `defaulted` | the type's default | always |
//! | `or(value)` | this value | always |
//! | `maybe` | `None` | if it is `Some` |
//! | `outdated` | `None` | never; earlier versions wrote it |
//! | `flat` | the object cannot be read | its members, inside this object |
//! | `flat_or_default` | the type's default | its members, inside this object |
//! | `maybe_flat` | `None` | its members, inside this object, if it is `Some` |
//! | `elsewhere` | the type's default, always | never; the caller reads and writes it |
//!
//! The macros do not declare the types. They only implement [`Stored`] for them, or `WireValue` for the types of
//! `stored_names!`. `stored_enum!` is for an enum whose variant is named by the text of one member. `stored_choice!` is
//! for an enum whose variant depends on which member is present. `stored_names!` is for an enum that is stored as a
//! single text. All three macros for enums write with an exhaustive `match`, so that a variant without a declaration
//! does not compile.

use pipit_wire::Fields;

/// A type whose members are stored in a JSON object.
pub(crate) trait Stored: Sized {
    /// Reads the members of this type and removes them from the object. Other members stay in the object, and so do
    /// members that cannot be read. `None` if the type cannot be read.
    fn take_from(fields: &mut Fields) -> Option<Self>;

    /// Adds the members of this type to an object.
    fn put_into(&self, fields: &mut Fields);
}

/// An enum whose variant is named by a text member.
pub(crate) trait StoredEnum: Stored {
    /// Reads the members of the variant with this name and removes them from the object. `None` if no variant has this
    /// name, or if its members cannot be read.
    fn take_variant(name: &str, fields: &mut Fields) -> Option<Self>;
}

/// Reads or writes one member. The [module's text](self) explains the modes.
macro_rules! stored_member {
    (take $fields:ident, required $json:literal) => {
        $fields.take($json)?
    };
    (take $fields:ident, defaulted $json:literal) => {
        $fields.take($json).unwrap_or_default()
    };
    (take $fields:ident, or($default:expr) $json:literal) => {
        $fields.take($json).unwrap_or($default)
    };
    (take $fields:ident, maybe $json:literal) => {
        $fields.take($json)
    };
    (take $fields:ident, outdated $json:literal) => {
        $fields.take($json)
    };
    (take $fields:ident, flat) => {
        $crate::stored::Stored::take_from($fields)?
    };
    (take $fields:ident, flat_or_default) => {
        $crate::stored::Stored::take_from($fields).unwrap_or_default()
    };
    (take $fields:ident, maybe_flat) => {
        $crate::stored::Stored::take_from($fields)
    };
    (take $fields:ident, elsewhere) => {
        Default::default()
    };
    (put $fields:ident, $value:ident, maybe $json:literal) => {
        if let Some(value) = $value {
            $fields.put($json, value);
        }
    };
    // `let _` avoids a warning about an unused variable.
    (put $fields:ident, $value:ident, outdated $json:literal) => {
        let _ = $value;
    };
    (put $fields:ident, $value:ident, flat) => {
        $crate::stored::Stored::put_into($value, $fields);
    };
    (put $fields:ident, $value:ident, flat_or_default) => {
        $crate::stored::Stored::put_into($value, $fields);
    };
    (put $fields:ident, $value:ident, maybe_flat) => {
        if let Some(value) = $value {
            $crate::stored::Stored::put_into(value, $fields);
        }
    };
    (put $fields:ident, $value:ident, elsewhere) => {
        let _ = $value;
    };
    (put $fields:ident, $value:ident, $mode:ident $(($default:expr))? $json:literal) => {
        $fields.put($json, $value);
    };
}
pub(crate) use stored_member;

/// Lets a [`Stored`] type be the value of a member of another object.
macro_rules! stored_value {
    ($name:ident) => {
        impl pipit_wire::WireValue for $name {
            fn read(value: &pipit_wire::Value) -> Option<Self> {
                let mut fields: pipit_wire::Fields = pipit_wire::WireValue::read(value)?;
                $crate::stored::Stored::take_from(&mut fields)
            }

            fn write(&self) -> pipit_wire::Value {
                let mut fields = pipit_wire::Fields::default();
                $crate::stored::Stored::put_into(self, &mut fields);
                pipit_wire::WireValue::write(&fields)
            }
        }
    };
}
pub(crate) use stored_value;

/// Declares how the members of structs are stored. See the [module's text](self).
macro_rules! stored_object {
    ($(
        $name:ident {
            $( $member:ident: $mode:ident $(($default:expr))? $($json:literal)? ),* $(,)?
        }
    )+) => { $(
        impl $crate::stored::Stored for $name {
            fn take_from(fields: &mut pipit_wire::Fields) -> Option<Self> {
                Some(Self {
                    $( $member: $crate::stored::stored_member!(
                        take fields, $mode $(($default))? $($json)?
                    ), )*
                })
            }

            fn put_into(&self, fields: &mut pipit_wire::Fields) {
                let Self { $( $member ),* } = self;
                $( $crate::stored::stored_member!(
                    put fields, $member, $mode $(($default))? $($json)?
                ); )*
            }
        }
        $crate::stored::stored_value!($name);
    )+ };
}
pub(crate) use stored_object;

/// Declares how the variants of an enum are stored. Each variant has a text, its name, and one of these forms: a unit
/// variant; a tuple variant `(part: mode "json")`, in which `part` is any name, used only inside the macro; a struct
/// variant `{member: mode "json"}`; or `Variant[VALUE]`, which stands for `Variant(VALUE)` with exactly this value. This
/// value is not stored, because the name implies it.
/// The variant after `else` contains another [`StoredEnum`], whose variant is named by the same member. See the
/// [module's text](self).
macro_rules! stored_enum {
    (
        $name:ident in $tag:literal {
            $( $text:literal => $variant:ident
                $([ $($constant:tt)+ ])?
                $(( $( $part:ident: $part_mode:ident $(($part_or:expr))? $($part_json:literal)? ),+ ))?
                $({ $( $member:ident: $mode:ident $(($or:expr))? $($json:literal)? ),+ $(,)? })?
            ),+
            $(, else $other:ident)? $(,)?
        }
    ) => {
        impl $crate::stored::StoredEnum for $name {
            fn take_variant(name: &str, fields: &mut pipit_wire::Fields) -> Option<Self> {
                // Avoids a warning if no variant has members.
                let _ = &fields;
                match name {
                    $( $text => Some(Self::$variant
                        $(( $($constant)+ ))?
                        $(( $( $crate::stored::stored_member!(
                            take fields, $part_mode $(($part_or))? $($part_json)?
                        ) ),+ ))?
                        $({ $( $member: $crate::stored::stored_member!(
                            take fields, $mode $(($or))? $($json)?
                        ) ),+ })?
                    ), )+
                    $( name => $crate::stored::StoredEnum::take_variant(name, fields).map(Self::$other), )?
                    #[allow(unreachable_patterns, reason = "the variant after `else` takes every name")]
                    _ => None,
                }
            }
        }

        impl $crate::stored::Stored for $name {
            fn take_from(fields: &mut pipit_wire::Fields) -> Option<Self> {
                let name: String = fields.take($tag)?;
                $crate::stored::StoredEnum::take_variant(&name, fields)
            }

            fn put_into(&self, fields: &mut pipit_wire::Fields) {
                match self {
                    $( Self::$variant
                        $(( $($constant)+ ))?
                        $(( $( $part ),+ ))?
                        $({ $( $member ),+ })?
                    => {
                        fields.put($tag, &$text.to_owned());
                        $( $( $crate::stored::stored_member!(
                            put fields, $part, $part_mode $(($part_or))? $($part_json)?
                        ); )+ )?
                        $( $( $crate::stored::stored_member!(
                            put fields, $member, $mode $(($or))? $($json)?
                        ); )+ )?
                    } )+
                    $( Self::$other(other) => $crate::stored::Stored::put_into(other, fields), )?
                }
            }
        }
        $crate::stored::stored_value!($name);
    };
}
pub(crate) use stored_enum;

/// Declares how an enum is stored whose variant depends on which member is present: the first declared member that can
/// be read decides. A variant without a value is written as `true`, and is read only from `true`. The variant after
/// `else` writes nothing, and is read if no declared member can be read.
macro_rules! stored_choice {
    ($name:ident { $( $json:literal => $variant:ident $(($value:ident))? ),+, else $other:ident $(,)? }) => {
        impl $crate::stored::Stored for $name {
            fn take_from(fields: &mut pipit_wire::Fields) -> Option<Self> {
                $( $crate::stored::stored_choice!(@take fields, $json, $variant $(($value))?); )+
                Some(Self::$other)
            }

            fn put_into(&self, fields: &mut pipit_wire::Fields) {
                match self {
                    $( Self::$variant $(($value))? => {
                        $crate::stored::stored_choice!(@put fields, $json $(, $value)?);
                    } )+
                    Self::$other => {}
                }
            }
        }
    };
    (@take $fields:ident, $json:literal, $variant:ident ($value:ident)) => {
        if let Some($value) = $fields.take($json) {
            return Some(Self::$variant($value));
        }
    };
    (@take $fields:ident, $json:literal, $variant:ident) => {
        if $fields.take($json) == Some(true) {
            return Some(Self::$variant);
        }
    };
    (@put $fields:ident, $json:literal, $value:ident) => { $fields.put($json, $value) };
    (@put $fields:ident, $json:literal) => { $fields.put($json, &true) };
}
pub(crate) use stored_choice;

/// Declares how enums are stored that are a single text. `Variant(VALUE) = "text"` maps the text to the variant that
/// contains exactly this value.
macro_rules! stored_names {
    ($( $name:ident { $( $variant:ident $(($value:path))? = $text:literal ),+ $(,)? } )+) => { $(
        impl pipit_wire::WireValue for $name {
            fn read(value: &pipit_wire::Value) -> Option<Self> {
                match value.as_str()? {
                    $( $text => Some(Self::$variant $(($value))?), )+
                    _ => None,
                }
            }

            fn write(&self) -> pipit_wire::Value {
                pipit_wire::Value::from(match self {
                    $( Self::$variant $(($value))? => $text, )+
                })
            }
        }
    )+ };
}
pub(crate) use stored_names;
