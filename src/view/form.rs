//! The form before a conversation. What stands in it outlives the card: a start that fails leaves it
//! as it was.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, InputEvent, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, Properties, TargetCast, component, html, use_effect,
    use_force_update, use_mut_ref, use_node_ref, use_state_eq,
};

use super::{Link, focus};
use crate::form::{Choice, Field, Kind, Name, Wrong};
use crate::locale::{Word, Words};

#[derive(Properties, PartialEq)]
pub(crate) struct CardProps {
    pub(crate) link: Link,
    pub(crate) purpose: Purpose,
    /// Puts the form away, where there is something behind it.
    pub(crate) back: Option<Callback<()>>,
    /// All that is asked for is there.
    pub(crate) done: Callback<()>,
}

/// What it is for.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Purpose {
    Start,
    /// A message, for nobody is there.
    Message,
}

#[component]
pub(crate) fn Card(props: &CardProps) -> Html {
    let CardProps {
        link,
        purpose,
        back,
        done,
    } = props;
    let (form, words) = (&*link.form, link.words());
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
        let (link, done, is_checked) = (link.clone(), done.clone(), is_checked.clone());
        let redraw = redraw.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if link.form.is_complete() {
                done.emit(());
            } else {
                *was_refused.borrow_mut() = true;
                is_checked.set(true);
                redraw.force_update();
            }
        })
    };
    let agree = {
        let (link, redraw) = (link.clone(), redraw.clone());
        Callback::from(move |event: Event| {
            link.form.agree(is_ticked(&event));
            redraw.force_update();
        })
    };
    let rows = form.fields().iter().enumerate().map(|(index, field)| {
        let link = link.clone();
        let redraw = redraw.clone();
        let fill = Callback::from(move |text| {
            link.form.fill(index, text);
            redraw.force_update();
        });
        Row {
            id: ["ask-", &index.to_string()].concat(),
            field,
            value: form.value(index),
            wrong: form.wrong(index).filter(|_| *is_checked),
        }
        .draw(words, &fill)
    });
    let (start, submit) = match purpose {
        Purpose::Start => ("start", Word::StartChat),
        Purpose::Message => ("leave-message", Word::Send),
    };
    html! {
        <form part="form" class="form" novalidate={true} ref={card} {onsubmit}>
            if *purpose == Purpose::Start {
                <h3>{ words.say(Word::Welcome) }</h3>
            } else {
                <h3>{ words.say(Word::LeaveMessage) }</h3>
                <p class="more-words">{ words.say(Word::LeaveMessageMore) }</p>
            }
            { for rows }
            if let Some(consent) = form.consent() {
                { consent_row(words, consent, form.is_agreed(), *is_checked, agree) }
            }
            <div class="buttons">
                if let Some(back) = back {
                    <button part="cancel" class="button" type="button" onclick={back.reform(|_| ())}>
                        { words.say(Word::Cancel) }
                    </button>
                }
                <button part={start} class="button main" type="submit">{ words.say(submit) }</button>
            </div>
        </form>
    }
}

/// A field as it stands.
struct Row<'a> {
    id: String,
    field: &'a Field,
    value: String,
    wrong: Option<Wrong>,
}

impl Row<'_> {
    fn draw(&self, words: &Words, fill: &Callback<String>) -> Html {
        let told = self.wrong.map(|wrong| match wrong {
            Wrong::Empty => Word::FillIn,
            Wrong::NoAddress => Word::CheckEmail,
        });
        if self.field.kind == Kind::Tick {
            let fill = fill.clone();
            let tick = Tick {
                id: &self.id,
                label: label(words, self.field),
                is_ticked: !self.value.is_empty(),
                is_required: self.field.is_required,
                wrong: told,
            };
            return tick.draw(
                words,
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
                    <bdi>{ label(words, self.field) }</bdi>
                    if is_optional {
                        <span class="optional">{ words.say(Word::Optional) }</span>
                    }
                </label>
                { self.control(words, fill) }
                { complaint(words, &self.id, told) }
            </div>
        }
    }

    fn control(&self, words: &Words, fill: &Callback<String>) -> Html {
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
            Kind::Long => html! {
                <textarea class="entry long" {id} rows="3" value={value.clone()} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described} />
            },
            Kind::Select(choices) => html! {
                <select class="entry" {id} {autocomplete} onchange={fill.reform(|event: Event| text(&event))}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described}>
                    <option value="" selected={value.is_empty()}>{ words.say(Word::Choose) }</option>
                    { for choices.iter().map(|choice| option(choice, value)) }
                </select>
            },
            kind => html! {
                <input class="entry" {id} type={if *kind == Kind::Email { "email" } else { "text" }}
                    value={value.clone()} {autocomplete} {oninput}
                    aria-required={required} aria-invalid={invalid} aria-describedby={described} />
            },
        }
    }
}

fn option(choice: &Choice, value: &str) -> Html {
    html! {
        <option value={choice.value.clone()} selected={choice.value == value}>{ choice.label.clone() }</option>
    }
}

fn consent_row(
    words: &Words,
    consent: &str,
    is_agreed: bool,
    is_checked: bool,
    agree: Callback<Event>,
) -> Html {
    let tick = Tick {
        id: "consent",
        label: AttrValue::from(consent.to_owned()),
        is_ticked: is_agreed,
        is_required: true,
        wrong: (is_checked && !is_agreed).then_some(Word::PleaseAgree),
    };
    tick.draw(words, agree)
}

/// A box to tick, with its words beside it.
struct Tick<'a> {
    id: &'a str,
    label: AttrValue,
    is_ticked: bool,
    is_required: bool,
    wrong: Option<Word>,
}

impl Tick<'_> {
    fn draw(&self, words: &Words, onchange: Callback<Event>) -> Html {
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
                { complaint(words, self.id, self.wrong) }
            </div>
        }
    }
}

/// What is wrong, below the field that points to it.
fn complaint(words: &Words, id: &str, told: Option<Word>) -> Html {
    told.map_or_else(Html::default, |told| {
        html! { <p part="wrong" class="wrong" id={complaint_id(id)}>{ words.say(told) }</p> }
    })
}

fn complaint_id(id: &str) -> String {
    [id, "-wrong"].concat()
}

fn label(words: &Words, field: &Field) -> AttrValue {
    if let Some(label) = &field.label {
        return AttrValue::from(label.clone());
    }
    match &field.name {
        Name::First => words.say(Word::FormFirstName),
        Name::Last => words.say(Word::FormLastName),
        Name::Email => words.say(Word::FormEmail),
        Name::Question => words.say(Word::FormQuestion),
        Name::ProductId => words.say(Word::FormProduct),
        Name::CategoryId => words.say(Word::FormCategory),
        Name::QueueId | Name::Custom(_) => AttrValue::from(field.name.as_str().to_owned()),
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
