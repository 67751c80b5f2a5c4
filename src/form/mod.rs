//! What the visitor is asked before a conversation, and what they have filled in. It lives as long as
//! the page, and is kept nowhere.

mod answers;
mod field;

use std::cell::RefCell;

use js_sys::Object;
use pipit_engine::Answers;
use wasm_bindgen::JsValue;

pub(crate) use field::{Field, FieldKind, FieldName, SelectOption};

/// The form, with what stands in it.
#[derive(Default)]
pub(crate) struct Form {
    fields: Vec<Field>,
    /// What the visitor has to agree to.
    consent: Option<String>,
    /// What the host knows already, by the fields' names.
    known: Vec<(FieldName, String)>,
    filled: RefCell<Filled>,
}

#[derive(Default)]
struct Filled {
    /// In the order of the fields; a tick is `true` or empty.
    values: Vec<String>,
    is_agreed: bool,
}

/// What is wrong with what stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldError {
    /// It must not be empty.
    Missing,
    /// It is no e-mail address.
    InvalidEmail,
}

impl Form {
    /// Reads the options `form`, `prefill` and `consent`.
    ///
    /// # Errors
    /// Names the option, the field and its member.
    pub(crate) fn read(
        fields: Option<&JsValue>,
        known: Option<&Object>,
        consent: Option<String>,
    ) -> Result<Self, String> {
        let fields = fields.map_or(Ok(Vec::new()), field::read_all)?;
        let known = known.map_or(Ok(Vec::new()), field::read_known)?;
        Ok(Self::new(fields, known, consent))
    }

    fn new(fields: Vec<Field>, known: Vec<(FieldName, String)>, consent: Option<String>) -> Self {
        let mut form = Self {
            fields,
            consent,
            known,
            filled: RefCell::default(),
        };
        let values = form.fields.iter().map(|field| form.first_value(field));
        let values = values.collect();
        form.filled.get_mut().values = values;
        form
    }

    /// What is asked for.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What the visitor has to agree to.
    pub(crate) fn consent(&self) -> Option<&str> {
        self.consent.as_deref()
    }

    /// Whether the visitor has to be asked: for consent, or for something that the host does not know.
    /// What may be left out is not asked for alone, when everything else is known.
    pub(crate) fn is_needed(&self) -> bool {
        let is_unknown = |field: &&Field| {
            let known = self.known_value(field);
            known.is_none_or(|value| field.wrong(value).is_some())
        };
        let has_duties = self.fields.iter().any(|field| field.is_required);
        let asked = self
            .fields
            .iter()
            .filter(|field| field.is_required || !has_duties);
        self.consent.is_some() || asked.filter(is_unknown).count() > 0
    }

    /// Whether a conversation may begin with what stands in the form.
    pub(crate) fn is_complete(&self) -> bool {
        let is_agreed = self.consent.is_none() || self.is_agreed();
        is_agreed && (0..self.fields.len()).all(|index| self.wrong(index).is_none())
    }

    /// What is wrong with a field, by its place.
    pub(crate) fn wrong(&self, index: usize) -> Option<FieldError> {
        let field = self.fields.get(index)?;
        field.wrong(&self.value(index))
    }

    /// What stands in a field, by its place.
    pub(crate) fn value(&self, index: usize) -> String {
        let filled = self.filled.borrow();
        filled.values.get(index).cloned().unwrap_or_default()
    }

    /// The visitor has filled in a field.
    pub(crate) fn fill(&self, index: usize, text: String) {
        if let Some(value) = self.filled.borrow_mut().values.get_mut(index) {
            *value = text;
        }
    }

    pub(crate) fn is_agreed(&self) -> bool {
        self.filled.borrow().is_agreed
    }

    /// The visitor agrees, or does not any more.
    pub(crate) fn agree(&self, is_agreed: bool) {
        self.filled.borrow_mut().is_agreed = is_agreed;
    }

    /// Another conversation has another question; who asks it is the same.
    pub(crate) fn clear_question(&self) {
        for (index, field) in self.fields.iter().enumerate() {
            if field.name == FieldName::Question {
                self.fill(index, self.first_value(field));
            }
        }
    }

    /// What is told to who makes the session.
    pub(crate) fn answers(&self) -> Answers {
        let is_asked = |name: &FieldName| self.fields.iter().any(|field| field.name == *name);
        let known = self.known.iter().filter(|(name, _)| !is_asked(name));
        let known = known.map(|(name, value)| (name, &FieldKind::Text, value.as_str()));
        let filled = self.filled.borrow();
        let asked = self.fields.iter().zip(&filled.values);
        let asked = asked.map(|(field, value)| (&field.name, &field.kind, value.trim()));
        answers::told(known.chain(asked))
    }

    fn first_value(&self, field: &Field) -> String {
        let known = self.known_value(field);
        known.unwrap_or(&field.value).to_owned()
    }

    fn known_value(&self, field: &Field) -> Option<&str> {
        let known = self.known.iter().find(|(name, _)| *name == field.name);
        known.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, kind: FieldKind, is_required: bool) -> Field {
        Field {
            name: FieldName::of(name),
            label: None,
            kind,
            is_required,
            value: String::new(),
            autocomplete: None,
        }
    }

    /// A name, and perhaps an e-mail address and a flag.
    fn form(known: &[(&str, &str)], consent: Option<&str>) -> Form {
        let fields = vec![
            field("firstName", FieldKind::Text, true),
            field("emailAddress", FieldKind::Email, false),
            field("newsletter", FieldKind::Tick, false),
        ];
        let known = known
            .iter()
            .map(|(name, value)| (FieldName::of(name), (*value).to_owned()));
        Form::new(fields, known.collect(), consent.map(ToOwned::to_owned))
    }

    #[test]
    fn who_is_known_is_not_asked_unless_for_consent() {
        assert!(!Form::default().is_needed());
        assert!(form(&[], None).is_needed());
        assert!(form(&[("firstName", " ")], None).is_needed());
        assert!(!form(&[("firstName", "Mia")], None).is_needed());
        assert!(form(&[("firstName", "Mia")], Some("I agree")).is_needed());
    }

    #[test]
    fn where_all_may_be_left_out_all_must_be_known() {
        let optional = |known: &[(&str, &str)]| {
            let known = known
                .iter()
                .map(|(name, value)| (FieldName::of(name), (*value).to_owned()));
            Form::new(
                vec![field("question", FieldKind::Long, false)],
                known.collect(),
                None,
            )
            .is_needed()
        };
        assert!(optional(&[]));
        assert!(!optional(&[("question", "Where is it?")]));
    }

    #[test]
    fn a_field_is_wrong_until_it_is_filled_in_rightly() {
        let form = form(&[], Some("I agree"));
        assert_eq!(form.wrong(0), Some(FieldError::Missing));
        form.fill(0, "Mia".to_owned());
        assert_eq!(form.wrong(0), None);
        for wrong in [
            "mia",
            "mia@",
            "@example.com",
            "mia @example.com",
            "mia@example.com, x",
        ] {
            form.fill(1, wrong.to_owned());
            assert_eq!(form.wrong(1), Some(FieldError::InvalidEmail), "{wrong}");
        }
        form.fill(1, " mia@example.com ".to_owned());
        assert_eq!(form.wrong(1), None);
        assert!(!form.is_complete());
        form.agree(true);
        assert!(form.is_complete());
    }

    #[test]
    fn what_is_told_has_the_members_of_a_session() {
        let form = form(
            &[("firstName", "Mia"), ("productId", "7"), ("plan", "gold")],
            None,
        );
        form.fill(0, "Mia O’Hara ".to_owned());
        form.fill(2, "true".to_owned());
        assert_eq!(
            form.answers().json(),
            r#"{"customFields":[{"name":"plan","type":"STRING","value":"gold"},{"name":"newsletter","type":"BOOLEAN","value":true}],"firstName":"Mia O’Hara","productId":7}"#
        );
    }

    #[test]
    fn another_conversation_has_another_question() {
        let fields = vec![
            field("firstName", FieldKind::Text, true),
            field("question", FieldKind::Long, true),
        ];
        let form = Form::new(fields, Vec::new(), None);
        form.fill(0, "Mia".to_owned());
        form.fill(1, "Where is it?".to_owned());
        form.clear_question();
        assert_eq!(
            (form.value(0), form.value(1)),
            ("Mia".to_owned(), String::new())
        );
    }
}
