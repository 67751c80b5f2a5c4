//! The form before a conversation. What stands in it outlives the card: a start that fails leaves it
//! as it was.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, InputEvent, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, Properties, TargetCast, component, html, use_effect,
    use_force_update, use_mut_ref, use_node_ref, use_state_eq,
};

use crate::form::{Field, FieldError, FieldKind, FieldName, SelectOption};
use crate::locale::{TextKey, Texts};
use crate::view::context::ViewContext;
use crate::view::frame::focus;

#[derive(Properties, PartialEq)]
pub(crate) struct FormCardProps {
    pub(crate) context: ViewContext,
    pub(crate) purpose: FormPurpose,
    /// Puts the form away, where there is something behind it.
    pub(crate) back: Option<Callback<()>>,
    /// All that is asked for is there.
    pub(crate) done: Callback<()>,
}

/// What it is for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum FormPurpose {
    Start,
    /// A message, for nobody is there.
    Message,
}

#[component]
pub(crate) fn FormCard(props: &FormCardProps) -> Html {
    let FormCardProps {
        context,
        purpose,
        back,
        done,
    } = props;
    let (form, texts) = (&*context.form, &context.texts);
    let card = use_node_ref();
    let redraw = use_force_update();
    // From the first try on, what is wrong is told as it stands.
    let is_checked = use_state_eq(|| false);
    let was_refused = use_mut_ref(|| false);
    {
        let (card, was_refused) = (card.clone(), was_refused.clone());
        use_effect(move || {
            if was_refused.take() {
                focus::give_first(&card, "[aria-invalid=true]");
            }
        });
    }
    let onsubmit = {
        let (context, done, is_checked) = (context.clone(), done.clone(), is_checked.clone());
        let redraw = redraw.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if context.form.is_complete() {
                done.emit(());
            } else {
                *was_refused.borrow_mut() = true;
                is_checked.set(true);
                redraw.force_update();
            }
        })
    };
    let agree = {
        let (context, redraw) = (context.clone(), redraw.clone());
        Callback::from(move |event: Event| {
            context.form.agree(is_ticked(&event));
            redraw.force_update();
        })
    };
    let rows = form.fields().iter().enumerate().map(|(index, field)| {
        let context = context.clone();
        let redraw = redraw.clone();
        let fill = Callback::from(move |text| {
            context.form.fill(index, text);
            redraw.force_update();
        });
        FieldRow {
            id: ["ask-", &index.to_string()].concat(),
            field,
            value: form.value(index),
            wrong: form.wrong(index).filter(|_| *is_checked),
        }
        .draw(texts, &fill)
    });
    let (start, submit) = match purpose {
        FormPurpose::Start => ("start", TextKey::StartChat),
        FormPurpose::Message => ("leave-message", TextKey::Send),
    };
    html! {
        <form part="form" class="form" novalidate={true} ref={card} {onsubmit}>
            if *purpose == FormPurpose::Start {
                <h3>{ texts.get(TextKey::Welcome) }</h3>
            } else {
                <h3>{ texts.get(TextKey::LeaveMessage) }</h3>
                <p class="more-words">{ texts.get(TextKey::LeaveMessageMore) }</p>
            }
            { for rows }
            if let Some(consent) = form.consent() {
                { consent_row(texts, consent, form.is_agreed(), *is_checked, agree) }
            }
            <div class="buttons">
                if let Some(back) = back {
                    <button part="cancel" class="button" type="button" onclick={back.reform(|_| ())}>
                        { texts.get(TextKey::Cancel) }
                    </button>
                }
                <button part={start} class="button main" type="submit">{ texts.get(submit) }</button>
            </div>
        </form>
    }
}

/// A field as it stands.
struct FieldRow<'a> {
    id: String,
    field: &'a Field,
    value: String,
    wrong: Option<FieldError>,
}

impl FieldRow<'_> {
    fn draw(&self, texts: &Texts, fill: &Callback<String>) -> Html {
        let told = self.wrong.map(|wrong| match wrong {
            FieldError::Missing => TextKey::FillIn,
            FieldError::InvalidEmail => TextKey::CheckEmail,
        });
        if self.field.kind == FieldKind::Tick {
            let fill = fill.clone();
            let tick = TickBox {
                id: &self.id,
                label: label(texts, self.field),
                is_ticked: !self.value.is_empty(),
                is_required: self.field.is_required,
                wrong: told,
            };
            return tick.draw(
                texts,
                Callback::from(move |event: Event| {
                    let text = if is_ticked(&event) { "true" } else { "" };
                    fill.emit(text.to_owned());
                }),
            );
        }
        let is_optional = !self.field.is_required;
        html! {
            <div class="item">
                <label for={self.id.clone()}>
                    <bdi>{ label(texts, self.field) }</bdi>
                    if is_optional {
                        <span class="optional">{ texts.get(TextKey::Optional) }</span>
                    }
                </label>
                { self.control(texts, fill) }
                { complaint(texts, &self.id, told) }
            </div>
        }
    }

    fn control(&self, texts: &Texts, fill: &Callback<String>) -> Html {
        let Self {
            id, field, value, ..
        } = self;
        let id = AttrValue::from(id.clone());
        let autocomplete = field.autocomplete.clone();
        let invalid = self.wrong.map(|_| "true");
        let described = self.wrong.map(|_| complaint_id(&id));
        let required = field.is_required.then_some("true");
        let oninput = fill.reform(|event: InputEvent| text(&event));
        match &field.kind {
            FieldKind::Long => html! {
                <textarea class="entry long" {id} rows="3" value={value.clone()} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described} />
            },
            FieldKind::Select(choices) => html! {
                <select class="entry" {id} {autocomplete} onchange={fill.reform(|event: Event| text(&event))}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described}>
                    <option value="" selected={value.is_empty()}>{ texts.get(TextKey::Choose) }</option>
                    { for choices.iter().map(|choice| option(choice, value)) }
                </select>
            },
            kind => html! {
                <input class="entry" {id} type={if *kind == FieldKind::Email { "email" } else { "text" }}
                    value={value.clone()} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described} />
            },
        }
    }
}

fn option(choice: &SelectOption, value: &str) -> Html {
    html! {
        <option value={choice.value.clone()} selected={choice.value == value}>{ choice.label.clone() }</option>
    }
}

fn consent_row(
    texts: &Texts,
    consent: &str,
    is_agreed: bool,
    is_checked: bool,
    agree: Callback<Event>,
) -> Html {
    let tick = TickBox {
        id: "consent",
        label: AttrValue::from(consent.to_owned()),
        is_ticked: is_agreed,
        is_required: true,
        wrong: (is_checked && !is_agreed).then_some(TextKey::PleaseAgree),
    };
    tick.draw(texts, agree)
}

/// A box to tick, with its texts beside it.
struct TickBox<'a> {
    id: &'a str,
    label: AttrValue,
    is_ticked: bool,
    is_required: bool,
    wrong: Option<TextKey>,
}

impl TickBox<'_> {
    fn draw(&self, texts: &Texts, onchange: Callback<Event>) -> Html {
        let invalid = self.wrong.map(|_| "true");
        let described = self.wrong.map(|_| complaint_id(self.id));
        html! {
            <div class="item">
                <label class="tick">
                    <input type="checkbox" id={self.id.to_owned()} checked={self.is_ticked} {onchange}
                        aria-required={self.is_required.then_some("true")} aria-invalid={invalid}
                        aria-describedby={described} />
                    <bdi>{ self.label.clone() }</bdi>
                </label>
                { complaint(texts, self.id, self.wrong) }
            </div>
        }
    }
}

/// What is wrong, below the field that points to it.
fn complaint(texts: &Texts, id: &str, told: Option<TextKey>) -> Html {
    told.map_or_else(Html::default, |told| {
        html! { <p part="wrong" class="wrong" id={complaint_id(id)}>{ texts.get(told) }</p> }
    })
}

fn complaint_id(id: &str) -> String {
    [id, "-wrong"].concat()
}

fn label(texts: &Texts, field: &Field) -> AttrValue {
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
        FieldName::QueueId | FieldName::Custom(_) => {
            AttrValue::from(field.name.as_str().to_owned())
        }
    }
}

/// What stands in the field of an event; all kinds of them have it under one name.
fn text<E: AsRef<Event> + JsCast>(event: &E) -> String {
    let value = |field: Element| Reflect::get(&field, &"value".into()).ok()?.as_string();
    event.target_dyn_into().and_then(value).unwrap_or_default()
}

fn is_ticked(event: &Event) -> bool {
    let checked = |field: Element| Reflect::get(&field, &"checked".into()).ok()?.as_bool();
    event
        .target_dyn_into()
        .and_then(checked)
        .unwrap_or_default()
}
