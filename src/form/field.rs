//! One field of the form, and how a host describes it.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::FieldError;

/// One thing that the visitor is asked.
pub(crate) struct Field {
    pub(crate) name: FieldName,
    /// The host's own; the names of the API have labels of ours.
    pub(crate) label: Option<String>,
    pub(crate) kind: FieldKind,
    pub(crate) is_required: bool,
    /// What stands in it at first.
    pub(crate) value: String,
    /// What the browser may fill in, as the attribute says it.
    pub(crate) autocomplete: Option<String>,
}

/// The member of the session's request that a field fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldName {
    First,
    Last,
    Email,
    Question,
    ProductId,
    CategoryId,
    /// Where to wait: never asked, but told by the host.
    QueueId,
    /// One of `customFields`.
    Custom(String),
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Email,
    Long,
    Select(Vec<SelectOption>),
    Tick,
}

/// One of those that can be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SelectOption {
    pub(crate) value: String,
    pub(crate) label: String,
}

impl FieldName {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "firstName" => Self::First,
            "lastName" => Self::Last,
            "emailAddress" => Self::Email,
            "question" => Self::Question,
            "productId" => Self::ProductId,
            "categoryId" => Self::CategoryId,
            "queueId" => Self::QueueId,
            custom => Self::Custom(custom.to_owned()),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::First => "firstName",
            Self::Last => "lastName",
            Self::Email => "emailAddress",
            Self::Question => "question",
            Self::ProductId => "productId",
            Self::CategoryId => "categoryId",
            Self::QueueId => "queueId",
            Self::Custom(name) => name,
        }
    }

    fn is_number(&self) -> bool {
        matches!(self, Self::ProductId | Self::CategoryId | Self::QueueId)
    }

    /// How it is filled in where the host does not say it.
    fn usual_kind(&self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Question => "textarea",
            Self::ProductId | Self::CategoryId => "select",
            Self::First | Self::Last | Self::QueueId | Self::Custom(_) => "text",
        }
    }

    fn usual_autocomplete(&self) -> Option<&'static str> {
        match self {
            Self::First => Some("given-name"),
            Self::Last => Some("family-name"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}

impl Field {
    pub(super) fn wrong(&self, value: &str) -> Option<FieldError> {
        let value = value.trim();
        if value.is_empty() {
            return self.is_required.then_some(FieldError::Missing);
        }
        let is_wrong = self.kind == FieldKind::Email && !is_address(value);
        is_wrong.then_some(FieldError::InvalidEmail)
    }
}

/// As little as an address has; whether it is one, only a letter to it can tell.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| {
        let is_odd = |letter: char| letter.is_whitespace() || matches!(letter, '@' | ',' | ';');
        !name.is_empty() && !host.is_empty() && !name.contains(is_odd) && !host.contains(is_odd)
    })
}

/// Reads the option `form`.
pub(super) fn read_all(form: &JsValue) -> Result<Vec<Field>, String> {
    let Some(list) = form.dyn_ref::<Array>() else {
        return Err("the option `form` is not a list of fields.".to_owned());
    };
    let mut fields: Vec<Field> = Vec::new();
    for (number, described) in (1_u32..).zip(list.iter()) {
        let name = text(&described, "name").filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Err(wrong(&number.to_string(), "name", "is not a text"));
        };
        let field = read(&described, &name)?;
        if fields.iter().any(|other| other.name == field.name) {
            return Err(wrong(&name, "name", "is there twice"));
        }
        fields.push(field);
    }
    Ok(fields)
}

/// Reads the option `prefill`.
pub(super) fn read_known(known: &Object) -> Result<Vec<(FieldName, String)>, String> {
    let names = Object::keys(known);
    let names = names.iter().filter_map(|name| name.as_string());
    let values = names.map(|name| {
        let value = text(known, &name).ok_or_else(|| {
            [
                "the option `prefill`: `",
                &name,
                "` is neither a text nor a number.",
            ]
            .concat()
        })?;
        Ok((FieldName::of(&name), value))
    });
    values.collect()
}

const MEMBERS: [&str; 7] = [
    "name",
    "label",
    "type",
    "required",
    "options",
    "value",
    "autocomplete",
];

fn read(described: &JsValue, name: &str) -> Result<Field, String> {
    let is_member = |member: &String| MEMBERS.contains(&member.as_str());
    let members = Object::keys(described.unchecked_ref::<Object>());
    let mut members = members.iter().filter_map(|member| member.as_string());
    if let Some(odd) = members.find(|member| !is_member(member)) {
        return Err(wrong(name, &odd, "is none of its members"));
    }
    let maybe = |member: &str| match there(described, member) {
        None => Ok(None),
        Some(value) => match text_of(&value) {
            Some(text) => Ok(Some(text)),
            None => Err(wrong(name, member, "is not a text")),
        },
    };
    let name_of = FieldName::of(name);
    let label = maybe("label")?;
    if label.is_none() && matches!(name_of, FieldName::Custom(_)) {
        return Err(wrong(
            name,
            "label",
            "is missing; names of your own need one",
        ));
    }
    let is_required = match there(described, "required") {
        None => false,
        Some(flag) => flag
            .as_bool()
            .ok_or_else(|| wrong(name, "required", "is neither true nor false"))?,
    };
    let kind = maybe("type")?;
    let usual = name_of.usual_autocomplete().map(ToOwned::to_owned);
    Ok(Field {
        kind: read_kind(described, name, &name_of, kind.as_deref())?,
        label,
        is_required,
        value: maybe("value")?.unwrap_or_default(),
        autocomplete: maybe("autocomplete")?.or(usual),
        name: name_of,
    })
}

fn read_kind(
    described: &JsValue,
    name: &str,
    name_of: &FieldName,
    kind: Option<&str>,
) -> Result<FieldKind, String> {
    let kind = kind.unwrap_or(name_of.usual_kind());
    if name_of.is_number() && kind != "select" {
        return Err(wrong(name, "type", "must be `select`"));
    }
    Ok(match kind {
        "text" => FieldKind::Text,
        "email" => FieldKind::Email,
        "textarea" => FieldKind::Long,
        "checkbox" => FieldKind::Tick,
        "select" => {
            let choices = there(described, "options").and_then(|list| read_choices(&list));
            let choices = choices.filter(|choices| {
                let fits = |choice: &SelectOption| choice.value.parse::<i64>().is_ok();
                !choices.is_empty() && (!name_of.is_number() || choices.iter().all(fits))
            });
            FieldKind::Select(choices.ok_or_else(|| {
                let must = if name_of.is_number() {
                    "must be a list of `{value, label}` with whole numbers as values"
                } else {
                    "must be a list of texts, or of `{value, label}`"
                };
                wrong(name, "options", must)
            })?)
        }
        _ => {
            let must = "must be `text`, `email`, `textarea`, `select` or `checkbox`";
            return Err(wrong(name, "type", must));
        }
    })
}

fn read_choices(list: &JsValue) -> Option<Vec<SelectOption>> {
    let list = list.dyn_ref::<Array>()?;
    let choice = |described: JsValue| {
        let (value, label) = match text_of(&described) {
            Some(text) => (text.clone(), text),
            None => (text(&described, "value")?, text(&described, "label")?),
        };
        Some(SelectOption { value, label })
    };
    list.iter().map(choice).collect()
}

/// A member that is a text, or a number as one.
fn text(object: &JsValue, member: &str) -> Option<String> {
    text_of(&there(object, member)?)
}

fn text_of(value: &JsValue) -> Option<String> {
    let number = || {
        value
            .dyn_ref::<js_sys::Number>()?
            .to_string_with_radix(10)
            .ok()
    };
    value.as_string().or_else(|| number().map(String::from))
}

fn there(object: &JsValue, member: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &member.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn wrong(field: &str, member: &str, told: &str) -> String {
    [
        "the option `form`: the field `",
        field,
        "`: `",
        member,
        "` ",
        told,
        ".",
    ]
    .concat()
}
