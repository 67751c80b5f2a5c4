//! A style sheet for what is only known while the widget runs. A page's security policy may forbid
//! `<style>` and `style="…"`; a sheet that is made and adopted by a script is neither.

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, CssStyleRule, CssStyleSheet, Element, ShadowRoot};

/// One rule, for the widget's outermost element. Without a shadow root around it, nothing is set.
#[derive(Clone, PartialEq)]
pub(crate) struct StyleSheet(Option<CssStyleDeclaration>);

impl StyleSheet {
    /// Adds the sheet to those of the shadow root that `element` is in.
    pub(crate) fn beside(element: &Element) -> Self {
        Self(adopted(element))
    }

    /// Sets a custom property.
    pub(crate) fn set(&self, name: &str, value: &str) {
        if let Some(style) = &self.0 {
            // The rule is ours, and custom properties take any text.
            let _ = style.set_property(name, value);
        }
    }
}

fn adopted(element: &Element) -> Option<CssStyleDeclaration> {
    let root: ShadowRoot = element.get_root_node().dyn_into().ok()?;
    let sheet = CssStyleSheet::new().ok()?;
    sheet.insert_rule(".pipit{}").ok()?;
    root.adopted_style_sheets().push(&sheet);
    let rule = sheet.css_rules().ok()?.get(0)?;
    Some(rule.dyn_into::<CssStyleRule>().ok()?.style())
}
