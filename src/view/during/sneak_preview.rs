//! The button in the composer that turns the sneak preview off and on (the text that the agent sees while the visitor
//! still types it). The sentence about the preview is below the notice that the agent has joined (`row.rs`).

use pipit_engine::{Command, SneakPreview};
use pipit_wire::vocabulary::SneakPreviewState;
use yew::{Html, MouseEvent, html};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::frame::icon;

/// The button: an eye, which is crossed out while the visitor has turned the preview off. Its label says what the agent
/// sees, and what the button does. Empty unless the server has enabled previews.
pub(crate) fn render_switch(context: &ViewContext, preview: &SneakPreview) -> Html {
    if *preview.state() != SneakPreviewState::Enabled {
        return Html::default();
    }
    let texts = &context.texts;
    // Whether the visitor allows previews.
    let is_allowed = preview.is_allowed();
    let (icon, action) = if is_allowed {
        (icon::eye(), TextKey::TurnPreviewOff)
    } else {
        (icon::crossed_eye(), TextKey::TurnPreviewOn)
    };
    let state = texts.get(locale::sneak_preview_key(preview));
    let label = [&*state, " – ", &*texts.get(action)].concat();
    // `prevent_default` leaves the focus in the field, so that the on-screen keyboard of a phone stays.
    html! {
        <button part="preview-switch" class="icon preview" type="button" title={label.clone()} aria-label={label}
            onmousedown={|event: MouseEvent| event.prevent_default()}
            onclick={context.command_callback(Command::AllowSneakPreview(!is_allowed))}>{ icon }</button>
    }
}
