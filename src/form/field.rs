//! One field of a form, and how the field is read from the options of the host (the web team's code on the page). The
//! host describes a field by an object with members such as `name` and `label`. If the name belongs to the chat API,
//! the host may leave the label out. The host's own fields, called custom fields, must have a label.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// One field of the form.
#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: FieldName,
    /// The host's label. `None` stands for the default label, which only a field with a name of the API has.
    pub(crate) label: Option<String>,
    /// How the visitor fills in the field.
    pub(crate) kind: FieldKind,
    pub(crate) is_required: bool,
    /// The value that the host has set in the field's description; empty if the description has no value. Any text ticks
    /// a checkbox.
    pub(crate) initial_value: String,
    /// The value of the HTML attribute `autocomplete`; `None` leaves the attribute out.
    pub(crate) autocomplete: Option<String>,
}

/// The name of a field. The value of the field becomes a member of `establishSessions`, the request that creates a
/// session, or of the message that the visitor leaves. The member has the name of the field, unless the field is a
/// custom field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldName {
    First,
    Last,
    Email,
    Question,
    ProductId,
    CategoryId,
    /// The queue in which the visitor waits. The host usually sets it in the option `prefill`.
    QueueId,
    /// The name of a custom field. Its value becomes an element of the member `customFields`.
    Custom(String),
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FieldKind {
    Text,
    Email,
    MultiLine,
    Select(Vec<SelectOption>),
    Checkbox,
}

/// One option of a select field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SelectOption {
    /// What is sent.
    pub(crate) value: String,
    /// What the visitor reads.
    pub(crate) label: String,
}

/// Why the value of a field is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldError {
    /// The field is required and empty.
    Missing,
    /// The value is not an e-mail address.
    InvalidEmail,
}

impl FieldName {
    /// Parses the member `name` of a field. A name that the API does not have is the name of a custom field.
    pub(super) fn parse(name: &str) -> Self {
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

    /// The name as the API and the host write it.
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

    /// Whether the API expects a number as the field's value.
    fn requires_number(&self) -> bool {
        matches!(self, Self::ProductId | Self::CategoryId | Self::QueueId)
    }

    /// The `type` of a field if the host sets no type. For a field `queueId` the host must set
    /// the type `select`, because [`read_kind`] refuses the default `text`.
    fn default_type(&self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Question => "textarea",
            Self::ProductId | Self::CategoryId => "select",
            Self::First | Self::Last | Self::QueueId | Self::Custom(_) => "text",
        }
    }

    /// The value of the HTML attribute `autocomplete` if the host sets no value; `None` leaves the attribute out.
    fn default_autocomplete(&self) -> Option<&'static str> {
        match self {
            Self::First => Some("given-name"),
            Self::Last => Some("family-name"),
            Self::Email => Some("email"),
            _ => None,
        }
    }
}

impl Field {
    /// Why a value is not accepted; `None` if it is accepted.
    pub(super) fn check(&self, value: &str) -> Option<FieldError> {
        let value = value.trim();
        if value.is_empty() {
            return self.is_required.then_some(FieldError::Missing);
        }
        let is_invalid = self.kind == FieldKind::Email && !is_email_address(value);
        is_invalid.then_some(FieldError::InvalidEmail)
    }
}

/// Whether a text has roughly the shape of an e-mail address. Only a mail to the address could show that it exists.
pub(crate) fn is_email_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, domain)| {
        let is_forbidden =
            |character: char| character.is_whitespace() || matches!(character, '@' | ',' | ';');
        !name.is_empty()
            && !domain.is_empty()
            && !name.contains(is_forbidden)
            && !domain.contains(is_forbidden)
    })
}

/// Reads `option`, which is `form` or `messageForm`. An error names the option.
pub(super) fn read_fields(option: &str, form: &JsValue) -> Result<Vec<Field>, String> {
    read_list(form).map_err(|problem| ["the option `", option, "`: ", &problem, "."].concat())
}

/// Reads the fields of a form. An error about a field names the field and its member. The error about
/// a field without a name has the number of the field instead; the first field has the number 1.
fn read_list(form: &JsValue) -> Result<Vec<Field>, String> {
    let Some(list) = form.dyn_ref::<Array>() else {
        return Err("it is not a list of fields".to_owned());
    };
    let mut fields: Vec<Field> = Vec::new();
    for (number, description) in (1_u32..).zip(list.iter()) {
        let name = text_member(&description, "name").filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Err(field_error(&number.to_string(), "name", "is not a text"));
        };
        let field = read_field(&description, &name)?;
        if fields.iter().any(|other| other.name == field.name) {
            return Err(field_error(
                &name,
                "name",
                "is the name of an earlier field",
            ));
        }
        fields.push(field);
    }
    Ok(fields)
}

/// Reads the option `prefill`. An error names the member that is neither a text nor a number.
pub(super) fn read_prefill(prefill: &Object) -> Result<Vec<(FieldName, String)>, String> {
    let read_value = |name: String| match text_member(prefill, &name) {
        Some(value) => Ok((FieldName::parse(&name), value)),
        None => Err([
            "the option `prefill`: `",
            &name,
            "` is neither a text nor a number.",
        ]
        .concat()),
    };
    Object::keys(prefill)
        .iter()
        .filter_map(|name| name.as_string())
        .map(read_value)
        .collect()
}

/// The members that the description of a field may have.
const MEMBERS: [&str; 7] = [
    "name",
    "label",
    "type",
    "required",
    "options",
    "value",
    "autocomplete",
];

/// Reads the description of one field, whose name is `name`.
fn read_field(description: &JsValue, name: &str) -> Result<Field, String> {
    check_members(description, name)?;
    let optional_text = |member: &str| match present_member(description, member) {
        None => Ok(None),
        Some(value) => match as_text(&value) {
            Some(text) => Ok(Some(text)),
            None => Err(field_error(name, member, "is not a text")),
        },
    };
    let field_name = FieldName::parse(name);
    let label = optional_text("label")?;
    if label.is_none() && matches!(field_name, FieldName::Custom(_)) {
        let problem = "is missing; names of your own need one";
        return Err(field_error(name, "label", problem));
    }
    let is_required = match present_member(description, "required") {
        None => false,
        Some(flag) => flag
            .as_bool()
            .ok_or_else(|| field_error(name, "required", "is neither true nor false"))?,
    };
    let type_name = optional_text("type")?;
    let default_autocomplete = field_name.default_autocomplete().map(ToOwned::to_owned);
    Ok(Field {
        kind: read_kind(description, name, &field_name, type_name.as_deref())?,
        label,
        is_required,
        initial_value: optional_text("value")?.unwrap_or_default(),
        autocomplete: optional_text("autocomplete")?.or(default_autocomplete),
        name: field_name,
    })
}

/// Refuses a description with a member that no field has, such as a misspelt member.
fn check_members(description: &JsValue, name: &str) -> Result<(), String> {
    let is_unknown = |member: &String| !MEMBERS.contains(&member.as_str());
    let members = Object::keys(description.unchecked_ref::<Object>());
    let mut member_names = members.iter().filter_map(|member| member.as_string());
    match member_names.find(is_unknown) {
        Some(unknown) => Err(field_error(name, &unknown, "is none of its members")),
        None => Ok(()),
    }
}

/// Reads how the field is filled in, from the members `type` and `options`.
fn read_kind(
    description: &JsValue,
    name: &str,
    field_name: &FieldName,
    type_name: Option<&str>,
) -> Result<FieldKind, String> {
    let type_name = type_name.unwrap_or(field_name.default_type());
    if field_name.requires_number() && type_name != "select" {
        return Err(field_error(name, "type", "must be `select`"));
    }
    Ok(match type_name {
        "text" => FieldKind::Text,
        "email" => FieldKind::Email,
        "textarea" => FieldKind::MultiLine,
        "checkbox" => FieldKind::Checkbox,
        "select" => {
            let options = present_member(description, "options")
                .and_then(|list| read_select_options(&list))
                .filter(|options| are_usable(options, field_name));
            FieldKind::Select(options.ok_or_else(|| {
                let problem = if field_name.requires_number() {
                    "must be a list of `{value, label}` with whole numbers as values"
                } else {
                    "must be a list of texts, or of `{value, label}`"
                };
                field_error(name, "options", problem)
            })?)
        }
        _ => {
            let problem = "must be `text`, `email`, `textarea`, `select` or `checkbox`";
            return Err(field_error(name, "type", problem));
        }
    })
}

/// Whether a select field has at least one option, and only whole numbers as values if the API expects a number.
fn are_usable(options: &[SelectOption], field_name: &FieldName) -> bool {
    let is_whole_number = |option: &SelectOption| option.value.parse::<i64>().is_ok();
    !options.is_empty() && (!field_name.requires_number() || options.iter().all(is_whole_number))
}

/// Reads a list of texts or of objects `{ value, label }`; `None` if `list` is anything else.
fn read_select_options(list: &JsValue) -> Option<Vec<SelectOption>> {
    let list = list.dyn_ref::<Array>()?;
    let read_option = |description: JsValue| {
        let (value, label) = match as_text(&description) {
            Some(text) => (text.clone(), text),
            None => (
                text_member(&description, "value")?,
                text_member(&description, "label")?,
            ),
        };
        Some(SelectOption { value, label })
    };
    list.iter().map(read_option).collect()
}

/// The value of a member that is a text or a number, as a text; `None` for any other value.
fn text_member(object: &JsValue, member: &str) -> Option<String> {
    as_text(&present_member(object, member)?)
}

/// Returns a text unchanged, and a number as a text; `None` for any other value.
fn as_text(value: &JsValue) -> Option<String> {
    let number = || {
        value
            .dyn_ref::<js_sys::Number>()?
            .to_string_with_radix(10)
            .ok()
    };
    value.as_string().or_else(|| number().map(String::from))
}

/// The value of a member; `None` if it is `undefined` or `null`.
fn present_member(object: &JsValue, member: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &member.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The error message about a member of a field, without the option's name.
fn field_error(field: &str, member: &str, problem: &str) -> String {
    ["the field `", field, "`: `", member, "` ", problem].concat()
}
