//! The only Yew root (the element into which Yew draws) of the web page. Yew keeps a root's memory until the page is
//! closed. Therefore each new panel is drawn into the same root, and the command `destroy` only empties the root.

use web_sys::Element;
use yew::{AppHandle, Html, Properties, Renderer, component, html};

use crate::view::frame::widget::{Widget, WidgetProps};

/// The handle by which [`redraw`] reaches the root.
pub(crate) type Drawing = AppHandle<Root>;

/// Creates the root in `element`, without a panel.
pub(crate) fn draw(element: Element) -> Drawing {
    let widget = None;
    Renderer::<Root>::with_root_and_props(element, RootProps { widget }).render()
}

/// Draws a new panel, or the same panel with changed properties. `None` removes the panel.
pub(crate) fn redraw(drawing: &mut Drawing, widget: Option<WidgetProps>) {
    drawing.update(RootProps { widget });
}

#[derive(Properties, PartialEq)]
pub(crate) struct RootProps {
    /// The panel to draw; `None` for no panel.
    widget: Option<WidgetProps>,
}

/// The root component. It is public to the crate only because the type [`Drawing`] names it.
#[component]
pub(crate) fn Root(props: &RootProps) -> Html {
    match &props.widget {
        // The key makes Yew drop the components of an earlier panel, so that the next panel does not inherit their
        // state.
        Some(widget) => html! { <Widget key={widget.number} ..widget.clone() /> },
        None => Html::default(),
    }
}
