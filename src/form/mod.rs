//! The data of the two forms of the panel: the form before a conversation, and the form by which the visitor leaves a
//! message when nobody can answer. A form has the fields that the host (the web team's code on the page) has set, and
//! what the visitor has filled in. The browser does not store the values, so a reload loses them.

mod answers;
mod field;

use std::rc::Rc;

use js_sys::Object;
use pipit_engine::FormAnswers;
use wasm_bindgen::JsValue;

pub(crate) use field::{Field, FieldError, FieldKind, FieldName, SelectOption, is_email_address};

/// A form with its values. A clone shares what the host has set, and copies what the visitor has filled in.
#[derive(Clone, Default)]
pub(crate) struct Form {
    fields: Rc<[Field]>,
    /// The sentence to which the visitor has to agree; `None` if the host demands no consent.
    consent: Option<Rc<str>>,
    /// Values that the host already knows. A value without a field is sent although the visitor does not see it.
    prefill: Rc<[(FieldName, String)]>,
    /// The values in the order of the fields. A ticked checkbox has the value `true`; any other checkbox has an
    /// empty value.
    values: Vec<String>,
    /// Whether the visitor has given the consent.
    has_consent: bool,
}

/// An input that changes a form.
pub(crate) enum FormInput {
    /// Sets the value of the field at this index in [`Form::fields`].
    Fill { index: usize, value: String },
    /// Gives or withdraws the consent.
    SetConsent(bool),
    /// Resets the field `question` to its initial value for the next conversation. All other fields keep their values.
    ClearQuestion,
}

impl Form {
    /// Reads the option `form` or `messageForm`, given by its name and its value, and the options `prefill` and `consent`.
    ///
    /// # Errors
    /// The error is a sentence for the host's developers. It names the option and the wrong member; for the options
    /// `form` and `messageForm` it also names the field.
    pub(crate) fn read(
        (name, fields): (&str, Option<&JsValue>),
        prefill: Option<&Object>,
        consent: Option<String>,
    ) -> Result<Self, String> {
        Ok(Self::new(
            fields.map_or(Ok(Vec::new()), |fields| field::read_fields(name, fields))?,
            prefill.map_or(Ok(Vec::new()), field::read_prefill)?,
            consent,
        ))
    }

    /// A form in which the visitor has not changed anything.
    fn new(fields: Vec<Field>, prefill: Vec<(FieldName, String)>, consent: Option<String>) -> Self {
        let mut form = Self {
            fields: fields.into(),
            consent: consent.map(Into::into),
            prefill: prefill.into(),
            values: Vec::new(),
            has_consent: false,
        };
        let initial_values = form.fields.iter().map(|field| form.initial_value(field));
        form.values = initial_values.collect();
        form
    }

    /// Applies an input. Returns true if it has changed a value or the consent.
    pub(crate) fn update(&mut self, input: FormInput) -> bool {
        match input {
            FormInput::Fill { index, value } => self.fill(index, value),
            FormInput::SetConsent(has_consent) => {
                let has_changed = self.has_consent != has_consent;
                self.has_consent = has_consent;
                has_changed
            }
            FormInput::ClearQuestion => {
                let is_question = |field: &Field| field.name == FieldName::Question;
                let mut fields = self.fields.iter().enumerate();
                let question = fields.find(|(_, field)| is_question(field));
                let Some((index, field)) = question else {
                    return false;
                };
                let initial_value = self.initial_value(field);
                self.fill(index, initial_value)
            }
        }
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The sentence to which the visitor has to agree; `None` if the host demands no consent.
    pub(crate) fn consent(&self) -> Option<&str> {
        self.consent.as_deref()
    }

    /// Whether the visitor has given the consent.
    pub(crate) fn has_consent(&self) -> bool {
        self.has_consent
    }

    /// Whether the form must be shown before a conversation. It must be shown if the host demands consent, or if
    /// `prefill` lacks an acceptable value for a required field. If the form has no required field, it must be shown if
    /// `prefill` lacks an acceptable value for an optional field.
    pub(crate) fn is_needed(&self) -> bool {
        let has_required_fields = self.fields.iter().any(|field| field.is_required);
        let is_unknown = |field: &Field| {
            let prefilled_value = self.prefilled(field);
            prefilled_value.is_none_or(|value| field.check(value).is_some())
        };
        let has_unknown_value = self
            .fields
            .iter()
            .filter(|field| field.is_required || !has_required_fields)
            .any(is_unknown);
        self.consent.is_some() || has_unknown_value
    }

    /// Whether all values are accepted, and the visitor has given the consent if the host demands it.
    pub(crate) fn is_complete(&self) -> bool {
        let has_required_consent = self.consent.is_none() || self.has_consent;
        has_required_consent && (0..self.fields.len()).all(|index| self.error(index).is_none())
    }

    /// Why the value of the field at this index is not accepted; `None` if it is accepted.
    pub(crate) fn error(&self, index: usize) -> Option<FieldError> {
        let field = self.fields.get(index)?;
        field.check(self.value(index))
    }

    /// The value of the field at this index; empty if it is not filled in.
    pub(crate) fn value(&self, index: usize) -> &str {
        self.values.get(index).map_or("", String::as_str)
    }

    /// The values as members of `establishSessions`, the request that creates a session: the values of the fields, and
    /// the prefilled values without a field. A message that the visitor leaves has the same members.
    pub(crate) fn answers(&self) -> FormAnswers {
        let has_field = |name: &FieldName| self.fields.iter().any(|field| field.name == *name);
        let from_host = self
            .prefill
            .iter()
            .filter(|(name, _)| !has_field(name))
            .map(|(name, value)| (name, &FieldKind::Text, value.as_str()));
        let from_fields = self
            .fields
            .iter()
            .zip(&self.values)
            .map(|(field, value)| (&field.name, &field.kind, value.trim()));
        answers::collect(from_host.chain(from_fields))
    }

    /// Sets the value of the field at this index. Returns true if the value has changed.
    fn fill(&mut self, index: usize, value: String) -> bool {
        let Some(current) = self.values.get_mut(index) else {
            return false;
        };
        let has_changed = *current != value;
        *current = value;
        has_changed
    }

    /// The value of a field before the visitor fills it in. A value in the option `prefill` takes precedence over the
    /// value in the field's description.
    fn initial_value(&self, field: &Field) -> String {
        let prefilled_value = self.prefilled(field);
        prefilled_value.unwrap_or(&field.initial_value).to_owned()
    }

    /// The host's value in `prefill` for a field; `None` if `prefill` has no value for it.
    fn prefilled(&self, field: &Field) -> Option<&str> {
        let entry = self.prefill.iter().find(|(name, _)| *name == field.name);
        entry.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: FieldKind, is_required: bool) -> Field {
        Field {
            name: FieldName::parse(name),
            label: None,
            kind,
            is_required,
            initial_value: String::new(),
            autocomplete: None,
        }
    }

    fn prefill(values: &[(&str, &str)]) -> Vec<(FieldName, String)> {
        values
            .iter()
            .map(|(name, value)| (FieldName::parse(name), (*value).to_owned()))
            .collect()
    }

    /// A form with a required name (index 0), an optional e-mail address (index 1) and a checkbox (index 2).
    fn form(prefilled: &[(&str, &str)], consent: Option<&str>) -> Form {
        let fields = vec![
            field("firstName", FieldKind::Text, true),
            field("emailAddress", FieldKind::Email, false),
            field("newsletter", FieldKind::Checkbox, false),
        ];
        Form::new(fields, prefill(prefilled), consent.map(ToOwned::to_owned))
    }

    fn fill(form: &mut Form, index: usize, value: &str) -> bool {
        let value = value.to_owned();
        form.update(FormInput::Fill { index, value })
    }

    /// The required name must be known. The optional fields of the form do not count.
    #[test]
    fn a_known_visitor_is_only_asked_for_consent() {
        assert!(!Form::default().is_needed());
        assert!(form(&[], None).is_needed());
        assert!(form(&[("firstName", " ")], None).is_needed());
        assert!(!form(&[("firstName", "Mia")], None).is_needed());
        assert!(form(&[("firstName", "Mia")], Some("I agree")).is_needed());
    }

    #[test]
    fn a_form_with_only_optional_fields_is_skipped_if_all_values_are_known() {
        let is_needed = |known: &[(&str, &str)]| {
            let fields = vec![field("question", FieldKind::MultiLine, false)];
            Form::new(fields, prefill(known), None).is_needed()
        };
        assert!(is_needed(&[]));
        assert!(!is_needed(&[("question", "Where is it?")]));
    }

    #[test]
    fn a_field_has_an_error_until_its_value_is_accepted() {
        let mut form = form(&[], Some("I agree"));
        assert_eq!(form.error(0), Some(FieldError::Missing));
        fill(&mut form, 0, "Mia");
        assert_eq!(form.error(0), None);
        for invalid in [
            "mia",
            "mia@",
            "@example.com",
            "mia @example.com",
            "mia@example.com, x",
        ] {
            fill(&mut form, 1, invalid);
            assert_eq!(form.error(1), Some(FieldError::InvalidEmail), "{invalid}");
        }
        fill(&mut form, 1, " mia@example.com ");
        assert_eq!(form.error(1), None);
        assert!(!form.is_complete());
        form.update(FormInput::SetConsent(true));
        assert!(form.is_complete());
    }

    #[test]
    fn an_input_reports_whether_it_has_changed_anything() {
        let mut form = form(&[], None);
        assert!(fill(&mut form, 0, "Mia"));
        assert!(!fill(&mut form, 0, "Mia"));
        assert!(!fill(&mut form, 9, "no such field"));
        assert!(form.update(FormInput::SetConsent(true)));
        assert!(!form.update(FormInput::SetConsent(true)));
        // This form has no field `question`.
        assert!(!form.update(FormInput::ClearQuestion));
    }

    #[test]
    fn the_answers_are_members_of_the_request_that_creates_a_session() {
        // `productId` and `plan` have no field. `plan` is not a name of the API, so it becomes a custom field.
        let mut form = form(
            &[("firstName", "Mia"), ("productId", "7"), ("plan", "gold")],
            None,
        );
        fill(&mut form, 0, "Mia O’Hara ");
        fill(&mut form, 2, "true");
        assert_eq!(
            form.answers().json(),
            r#"{"customFields":[{"name":"plan","type":"STRING","value":"gold"},{"name":"newsletter","type":"BOOLEAN","value":true}],"firstName":"Mia O’Hara","productId":7}"#
        );
    }

    #[test]
    fn clearing_the_question_keeps_the_other_values() {
        let fields = vec![
            field("firstName", FieldKind::Text, true),
            field("question", FieldKind::MultiLine, true),
        ];
        let mut form = Form::new(fields, Vec::new(), None);
        fill(&mut form, 0, "Mia");
        fill(&mut form, 1, "Where is it?");
        form.update(FormInput::ClearQuestion);
        assert_eq!((form.value(0), form.value(1)), ("Mia", ""));
    }
}
