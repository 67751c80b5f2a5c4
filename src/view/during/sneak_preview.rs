//! The line above the composer about the sneak preview (the text that the agent sees while the visitor still types it).
//! While the server has enabled previews, a button lets the visitor turn them off and on.

use pipit_engine::{Command, SneakPreview};
use pipit_wire::vocabulary::SneakPreviewState;
use yew::{Html, html};

use crate::locale::{self, TextKey};
use crate::view::context::ViewContext;
use crate::view::frame::icon;

/// The line for the current state of the preview.
pub(crate) fn render(context: &ViewContext, preview: &SneakPreview) -> Html {
    let texts = &context.texts;
    // Whether the visitor allows previews.
    let is_allowed = preview.is_allowed();
    let switch_label = if is_allowed {
        TextKey::TurnPreviewOff
    } else {
        TextKey::TurnPreviewOn
    };
    html! {
        <div part="preview" class="preview" role="status">
            { icon::eye() }
            <span class="line-text">{ texts.get(locale::sneak_preview_key(preview)) }</span>
            if *preview.state() == SneakPreviewState::Enabled {
                <button part="preview-switch" class="quiet strong" type="button"
                    onclick={context.command_callback(Command::AllowSneakPreview(!is_allowed))}>
                    <span>{ texts.get(switch_label) }</span>
                </button>
            }
        </div>
    }
}
