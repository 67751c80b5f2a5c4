//! A style sheet for values that are only known while the widget runs. The widget creates it and adds it to the shadow
//! root's `adoptedStyleSheets`, because the Content-Security-Policy of the web page may forbid `<style>` and
//! `style="…"`.

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, CssStyleRule, CssStyleSheet, Element, ShadowRoot};

/// One rule for the widget's outermost element, which has the class `pipit`. `None` if the rule could not be created,
/// for example because the widget is not in a shadow root; then [`Self::set`] does nothing.
#[derive(Clone, PartialEq)]
pub(crate) struct StyleSheet(Option<CssStyleDeclaration>);

impl StyleSheet {
    /// Adds a style sheet to the shadow root that contains `element`.
    pub(crate) fn adopt(element: &Element) -> Self {
        Self(adopt_rule(element))
    }

    /// Sets a custom property.
    pub(crate) fn set(&self, name: &str, value: &str) {
        if let Some(style) = &self.0 {
            // This cannot fail, because a custom property accepts any text.
            let _ = style.set_property(name, value);
        }
    }
}

/// The shadow root that contains `element`; `None` if it is in none.
pub(crate) fn shadow_root(element: &Element) -> Option<ShadowRoot> {
    element.get_root_node().dyn_into().ok()
}

fn adopt_rule(element: &Element) -> Option<CssStyleDeclaration> {
    let root = shadow_root(element)?;
    let sheet = CssStyleSheet::new().ok()?;
    sheet.insert_rule(".pipit{}").ok()?;
    root.adopted_style_sheets().push(&sheet);
    let rule = sheet.css_rules().ok()?.get(0)?;
    Some(rule.dyn_into::<CssStyleRule>().ok()?.style())
}
