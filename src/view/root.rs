//! The one Yew root of the page, and which panel is drawn into it.

use web_sys::Element;
use yew::{AppHandle, Html, Properties, Renderer, component, html};

use crate::view::frame::widget::{Widget, WidgetProps};

/// What is drawn: a panel, or nothing. Yew keeps what a root once held until the page goes, so there
/// is one root for all panels of a page.
pub(crate) type Drawing = AppHandle<Root>;

/// Begins to draw into `root`.
pub(crate) fn draw(root: Element, props: WidgetProps) -> Drawing {
    let shown = Some(props);
    Renderer::<Root>::with_root_and_props(root, RootProps { shown }).render()
}

/// Draws another panel, or the same one anew, or none.
pub(crate) fn redraw(drawing: &mut Drawing, shown: Option<WidgetProps>) {
    drawing.update(RootProps { shown });
}

#[derive(Properties, PartialEq)]
pub(crate) struct RootProps {
    shown: Option<WidgetProps>,
}

#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    match &props.shown {
        // A panel that was there before must leave nothing of itself in the next.
        Some(shown) => html! { <Widget key={shown.number} ..shown.clone() /> },
        None => Html::default(),
    }
}
