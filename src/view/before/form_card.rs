//! The card with a form: the form before a conversation, or the form for a message when nobody can answer. The widget's
//! state holds the values of the form. This component does not, so the values survive a start that fails.

use std::rc::Rc;

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, InputEvent, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, Properties, TargetCast, component, html, use_effect_with,
    use_node_ref, use_state,
};

use crate::app::widget_state::WidgetInput;
use crate::form::{Field, FieldError, FieldKind, FieldName, Form, FormInput, SelectOption};
use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;
use crate::view::during::scroll::show_in_list;
use crate::view::frame::focus;

#[derive(Properties)]
pub(crate) struct FormCardProps {
    pub(crate) context: ViewContext,
    pub(crate) form: Rc<Form>,
    pub(crate) purpose: FormPurpose,
    /// Called when the visitor clicks *Cancel*; closes the form. `None` leaves out this button, because the panel then
    /// has nothing to show instead of the form.
    pub(crate) cancel: Option<Callback<()>>,
    /// Called when the visitor submits a complete form.
    pub(crate) submit: Callback<()>,
}

/// Compares the forms by pointer. Equal pointers mean equal forms: as long as these props share the form, an update of
/// the state creates a new form instead of changing this one.
impl PartialEq for FormCardProps {
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context
            && Rc::ptr_eq(&self.form, &other.form)
            && self.purpose == other.purpose
            && self.cancel == other.cancel
            && self.submit == other.submit
    }
}

/// The purpose for which the visitor fills in the form.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum FormPurpose {
    StartChat,
    LeaveMessage,
}

/// The card: the fields, the consent, and the buttons that cancel and submit.
#[component]
pub(crate) fn FormCard(props: &FormCardProps) -> Html {
    let FormCardProps {
        context,
        form,
        purpose,
        cancel,
        submit,
    } = props;
    let texts = &context.texts;
    let card = use_node_ref();
    // No error is shown until the visitor has submitted an incomplete form. A flag would not be enough: each refused
    // attempt moves the focus to the first error again, and only a new count makes the effect below run again.
    let refused_attempts = use_state(|| 0_u32);
    let shows_errors = *refused_attempts > 0;
    use_effect_with(*refused_attempts, {
        let card = card.clone();
        move |attempts| {
            if let Some(field) =
                focus::first_match(&card, "[aria-invalid=true]").filter(|_| *attempts > 0)
            {
                focus::focus_element(&field);
                // The row of the field has its label and its error.
                if let Ok(Some(row)) = field.closest(".item") {
                    show_in_list(&row);
                }
            }
        }
    });
    let onsubmit = Callback::from({
        let context = context.clone();
        let purpose = *purpose;
        let submit = submit.clone();
        let refused_attempts = refused_attempts.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            // Reads the current form, because the visitor may have typed since this component was last rendered.
            if current_form(&context, purpose).is_complete() {
                submit.emit(());
            } else {
                refused_attempts.set(*refused_attempts + 1);
            }
        }
    });
    let update_form = form_updater(context, *purpose);
    let set_consent = update_form.reform(|event: Event| FormInput::SetConsent(is_checked(&event)));
    let rows = form.fields().iter().enumerate().map(|(index, field)| {
        let row = FieldRow {
            id: ["ask-", &index.to_string()].concat(),
            field,
            value: form.value(index),
            error: form.error(index).filter(|_| shows_errors),
        };
        row.render(
            texts,
            &update_form.reform(move |value| FormInput::Fill { index, value }),
        )
    });
    let (submit_part, submit_label) = match purpose {
        FormPurpose::StartChat => ("start", TextKey::StartChat),
        FormPurpose::LeaveMessage => ("leave-message", TextKey::Send),
    };
    html! {
        <form part="form" class="form" novalidate={true} aria-labelledby={TITLE_ID} ref={card} {onsubmit}>
            if *purpose == FormPurpose::StartChat {
                <h3 id={TITLE_ID}>{ texts.get(TextKey::Welcome) }</h3>
            } else {
                <h3 id={TITLE_ID}>{ texts.get(TextKey::LeaveMessage) }</h3>
                <p class="more-words">{ texts.get(TextKey::LeaveMessageMore) }</p>
            }
            { for rows }
            if let Some(consent) = form.consent() {
                { consent_checkbox(consent, form.has_consent(), shows_errors).render(texts, set_consent) }
            }
            <div class="buttons">
                if let Some(cancel) = cancel {
                    <button part="cancel" class="button" type="button" onclick={cancel.reform(|_| ())}>
                        { texts.get(TextKey::Cancel) }
                    </button>
                }
                <button part={submit_part} class="button main" type="submit">{ texts.get(submit_label) }</button>
            </div>
        </form>
    }
}

/// The `id` of the form's headline, which is the name of the form.
const TITLE_ID: &str = "form-title";

/// The form of this purpose as it is in the widget's state now.
fn current_form(context: &ViewContext, purpose: FormPurpose) -> Rc<Form> {
    let state = context.state();
    match purpose {
        FormPurpose::StartChat => state.form.clone(),
        FormPurpose::LeaveMessage => state.message_form.clone(),
    }
}

/// A callback that passes an input to the form of this purpose.
fn form_updater(context: &ViewContext, purpose: FormPurpose) -> Callback<FormInput> {
    let context = context.clone();
    Callback::from(move |input| {
        context.update(match purpose {
            FormPurpose::StartChat => WidgetInput::Form(input),
            FormPurpose::LeaveMessage => WidgetInput::MessageForm(input),
        });
    })
}

/// One field of the form with its value and its error. `id` is the HTML attribute `id` of the element in which the
/// visitor fills in the field.
struct FieldRow<'a> {
    id: String,
    field: &'a Field,
    value: &'a str,
    error: Option<FieldError>,
}

impl FieldRow<'_> {
    /// Renders the field. `fill` receives the value each time that the visitor changes it.
    fn render(&self, texts: &Texts, fill: &Callback<String>) -> Html {
        let error = self.error.map(|error| match error {
            FieldError::Missing => TextKey::FillIn,
            FieldError::InvalidEmail => TextKey::CheckEmail,
        });
        if self.field.kind == FieldKind::Checkbox {
            let checkbox = Checkbox {
                id: &self.id,
                label: field_label(texts, self.field),
                label_language: label_language(self.field),
                is_checked: !self.value.is_empty(),
                is_required: self.field.is_required,
                error,
            };
            let onchange = fill.reform(|event: Event| {
                let value = if is_checked(&event) { "true" } else { "" };
                value.to_owned()
            });
            return checkbox.render(texts, onchange);
        }
        let is_optional = !self.field.is_required;
        html! {
            <div class="item">
                <label for={self.id.clone()}>
                    <bdi lang={label_language(self.field)}>{ field_label(texts, self.field) }</bdi>
                    if is_optional {
                        // The space separates the words for a screen reader, too.
                        { " " }
                        <span class="optional">{ texts.get(TextKey::Optional) }</span>
                    }
                </label>
                { self.render_control(texts, fill) }
                { render_error(texts, &self.id, error) }
            </div>
        }
    }

    /// The element in which the visitor fills in the field.
    fn render_control(&self, texts: &Texts, fill: &Callback<String>) -> Html {
        let Self { field, value, .. } = self;
        let id = AttrValue::from(self.id.clone());
        let value = AttrValue::from((*value).to_owned());
        let autocomplete = field.autocomplete.clone();
        let invalid = self.error.map(|_| "true");
        let described_by = self.error.map(|_| error_id(&id));
        let required = field.is_required.then_some("true");
        let oninput = fill.reform(|event: InputEvent| input_value(&event));
        match &field.kind {
            FieldKind::MultiLine => html! {
                <textarea class="entry long" {id} rows="3" {value} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by} />
            },
            FieldKind::Select(options) => html! {
                <select class="entry" {id} {autocomplete} onchange={fill.reform(|event: Event| input_value(&event))}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by}>
                    <option value="" selected={value.is_empty()}>{ texts.get(TextKey::Choose) }</option>
                    { for options.iter().map(|option| render_option(option, &value)) }
                </select>
            },
            // The kind is text or e-mail, because `render` has already handled a checkbox.
            kind => html! {
                <input class="entry" {id} type={if *kind == FieldKind::Email { "email" } else { "text" }}
                    {value} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described_by} />
            },
        }
    }
}

fn render_option(option: &SelectOption, selected: &str) -> Html {
    html! {
        <option lang="" value={option.value.clone()} selected={option.value == selected}>{ option.label.clone() }</option>
    }
}

/// The checkbox by which the visitor gives the consent. The label `consent` is a sentence of the host (the web page
/// that embeds the chat).
fn consent_checkbox(consent: &str, has_consent: bool, shows_errors: bool) -> Checkbox<'static> {
    Checkbox {
        id: "consent",
        label: AttrValue::from(consent.to_owned()),
        label_language: UNKNOWN_LANGUAGE,
        is_checked: has_consent,
        is_required: true,
        error: (shows_errors && !has_consent).then_some(TextKey::PleaseAgree),
    }
}

/// A checkbox with its label and its error.
struct Checkbox<'a> {
    id: &'a str,
    label: AttrValue,
    /// The value of the label's attribute `lang`; `None` for a label in the panel's language.
    label_language: Option<&'static str>,
    is_checked: bool,
    is_required: bool,
    error: Option<TextKey>,
}

impl Checkbox<'_> {
    fn render(&self, texts: &Texts, onchange: Callback<Event>) -> Html {
        let invalid = self.error.map(|_| "true");
        let described_by = self.error.map(|_| error_id(self.id));
        html! {
            <div class="item">
                <label class="tick">
                    <input type="checkbox" id={self.id.to_owned()} checked={self.is_checked} {onchange}
                        aria-required={self.is_required.then_some("true")} aria-invalid={invalid}
                        aria-describedby={described_by} />
                    <bdi lang={self.label_language}>{ self.label.clone() }</bdi>
                </label>
                { render_error(texts, self.id, self.error) }
            </div>
        }
    }
}

/// The error below a field, to which the field's `aria-describedby` refers.
fn render_error(texts: &Texts, field_id: &str, error: Option<TextKey>) -> Html {
    error.map_or_else(Html::default, |error| {
        html! { <p part="wrong" class="wrong" id={error_id(field_id)}>{ texts.get(error) }</p> }
    })
}

/// The `id` of the element with a field's error.
fn error_id(field_id: &str) -> String {
    [field_id, "-wrong"].concat()
}

/// The host's label of a field, or the default label in the visitor's language.
fn field_label(texts: &Texts, field: &Field) -> AttrValue {
    if let Some(label) = &field.label {
        return AttrValue::from(label.clone());
    }
    match &field.name {
        FieldName::First => texts.get(TextKey::FormFirstName),
        FieldName::Last => texts.get(TextKey::FormLastName),
        FieldName::Email => texts.get(TextKey::FormEmail),
        FieldName::Question => texts.get(TextKey::FormQuestion),
        FieldName::ProductId => texts.get(TextKey::FormProduct),
        FieldName::CategoryId => texts.get(TextKey::FormCategory),
        // A custom field always has a label of the host. The queue has no default label, so the name `queueId` is shown.
        FieldName::QueueId | FieldName::Custom(_) => {
            AttrValue::from(field.name.as_str().to_owned())
        }
    }
}

/// The value of the attribute `lang` for a text of the host, whose language is not known.
const UNKNOWN_LANGUAGE: Option<&str> = Some("");

/// The value of the attribute `lang` for the label of a field; `None` for a label in the panel's language.
fn label_language(field: &Field) -> Option<&'static str> {
    field.label.as_ref().and(UNKNOWN_LANGUAGE)
}

/// The value of the control that an event comes from. Inputs, text areas and selects all have the property `value`;
/// reading it by name takes less code than casts to the three types.
fn input_value<E: AsRef<Event> + JsCast>(event: &E) -> String {
    let value = |control: Element| Reflect::get(&control, &"value".into()).ok()?.as_string();
    event.target_dyn_into().and_then(value).unwrap_or_default()
}

/// Whether the checkbox that an event comes from is checked.
fn is_checked(event: &Event) -> bool {
    let checked = |control: Element| Reflect::get(&control, &"checked".into()).ok()?.as_bool();
    event
        .target_dyn_into()
        .and_then(checked)
        .unwrap_or_default()
}
