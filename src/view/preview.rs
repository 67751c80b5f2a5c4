//! Whether the agent can see what is typed, and the visitor's switch.

use pipit_engine::{Command, SneakPreview};
use pipit_wire::vocabulary::SneakPreviewState;
use yew::{Html, html};

use super::{Link, icon};
use crate::locale;

pub(crate) fn notice(link: &Link, preview: &SneakPreview) -> Html {
    let is_allowed = preview.is_allowed();
    html! {
        <div part="preview" class="preview" role="status">
            { icon::eye() }
            <span class="told">{ locale::sneak_preview(preview) }</span>
            if *preview.state() == SneakPreviewState::Enabled {
                <button part="preview-switch" class="quiet strong" type="button"
                    onclick={link.on(Command::AllowSneakPreview(!is_allowed))}>
                    <span>{ if is_allowed { locale::TURN_OFF } else { locale::TURN_ON } }</span>
                </button>
            }
        </div>
    }
}
