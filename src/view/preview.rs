//! Whether the agent can see what is typed, and the visitor's switch.

use pipit_engine::{Command, SneakPreview};
use pipit_wire::vocabulary::SneakPreviewState;
use yew::{Html, html};

use super::{Link, icon};
use crate::locale::{self, Word};

pub(crate) fn notice(link: &Link, preview: &SneakPreview) -> Html {
    let words = link.words();
    let is_allowed = preview.is_allowed();
    let switch = if is_allowed {
        Word::TurnPreviewOff
    } else {
        Word::TurnPreviewOn
    };
    html! {
        <div part="preview" class="preview" role="status">
            { icon::eye() }
            <span class="told">{ words.say(locale::sneak_preview(preview)) }</span>
            if *preview.state() == SneakPreviewState::Enabled {
                <button part="preview-switch" class="quiet strong" type="button"
                    onclick={link.on(Command::AllowSneakPreview(!is_allowed))}>
                    <span>{ words.say(switch) }</span>
                </button>
            }
        </div>
    }
}
