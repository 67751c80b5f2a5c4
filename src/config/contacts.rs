//! The option `contact`: the host's other ways of contact, which are shown wherever there is no chat.
//! `npm/contact.ts` has checked them.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::AttrValue;

/// A way of contact, such as a telephone number.
#[derive(Clone, PartialEq)]
pub(crate) struct Contact {
    pub(crate) text: AttrValue,
    /// The address of a link; `None` for a plain text.
    pub(crate) href: Option<AttrValue>,
}

/// Reads the list. What is not as `npm/contact.ts` makes it is left out.
pub(crate) fn read_contacts(option: Option<&JsValue>) -> Vec<Contact> {
    let Some(list) = option.and_then(|option| option.dyn_ref::<Array>()) else {
        return Vec::new();
    };
    let member = |contact: &JsValue, name: &str| {
        let value = Reflect::get(contact, &name.into()).ok()?;
        value.as_string().map(AttrValue::from)
    };
    let contacts = list.iter().filter_map(|contact| {
        Some(Contact {
            text: member(&contact, "text")?,
            href: member(&contact, "href"),
        })
    });
    contacts.collect()
}
