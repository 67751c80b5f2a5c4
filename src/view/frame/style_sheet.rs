//! A style sheet for values that are only known while the widget runs. The page's security policy may forbid `<style>`
//! and `style="…"`, but not a sheet that a script creates and adopts.

use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, CssStyleRule, CssStyleSheet, Element, ShadowRoot};

/// One rule for the widget's outermost element. Outside of a shadow root it is empty, and nothing is ever set.
#[derive(Clone, PartialEq)]
pub(crate) struct StyleSheet(Option<CssStyleDeclaration>);

impl StyleSheet {
    /// Adds a sheet to the shadow root that contains `element`.
    pub(crate) fn adopt(element: &Element) -> Self {
        Self(adopt_rule(element))
    }

    /// Sets a custom property.
    pub(crate) fn set(&self, name: &str, value: &str) {
        if let Some(style) = &self.0 {
            // This cannot fail: the rule is ours, and a custom property takes any text.
            let _ = style.set_property(name, value);
        }
    }
}

fn adopt_rule(element: &Element) -> Option<CssStyleDeclaration> {
    let root: ShadowRoot = element.get_root_node().dyn_into().ok()?;
    let sheet = CssStyleSheet::new().ok()?;
    sheet.insert_rule(".pipit{}").ok()?;
    root.adopted_style_sheets().push(&sheet);
    let rule = sheet.css_rules().ok()?.get(0)?;
    Some(rule.dyn_into::<CssStyleRule>().ok()?.style())
}
