//! The only Yew root of the page. Yew keeps the memory of a root until the page is closed, so each new panel is drawn into
//! the same root, and `destroy` draws nothing into it.

use web_sys::Element;
use yew::{AppHandle, Html, Properties, Renderer, component, html};

use crate::view::frame::widget::{Widget, WidgetProps};

/// The handle by which the root draws another panel, or none.
pub(crate) type Drawing = AppHandle<Root>;

/// Creates the root in `element`, and draws a panel into it.
pub(crate) fn draw(element: Element, props: WidgetProps) -> Drawing {
    let widget = Some(props);
    Renderer::<Root>::with_root_and_props(element, RootProps { widget }).render()
}

/// Draws another panel, the same one with other properties, or none.
pub(crate) fn redraw(drawing: &mut Drawing, widget: Option<WidgetProps>) {
    drawing.update(RootProps { widget });
}

#[derive(Properties, PartialEq)]
pub(crate) struct RootProps {
    widget: Option<WidgetProps>,
}

#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    match &props.widget {
        // The key makes Yew drop all components of an earlier panel, so that no state of theirs reaches the next one.
        Some(widget) => html! { <Widget key={widget.number} ..widget.clone() /> },
        None => Html::default(),
    }
}
