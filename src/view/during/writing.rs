//! The bubble with dots that shows that an agent writes. Screen readers do not read it: the announcer says it.

use pipit_engine::Agent;
use yew::{Html, html};

use crate::locale::{TextKey, activity_key};
use crate::view::before::waiting::render_dots;
use crate::view::context::ViewContext;
use crate::view::frame::avatar::avatar;

/// The bubble of the first agent who writes; empty if none does.
pub(crate) fn render(context: &ViewContext, agents: &[Agent]) -> Html {
    let is_writing = |agent: &&Agent| activity_key(agent) == TextKey::AgentWriting;
    let Some(agent) = agents.iter().find(is_writing) else {
        return Html::default();
    };
    let picture = context.services.agent_pictures.of(agent);
    html! {
        <div part="writing" class="message last-of-group first-of-group" aria-hidden="true">
            <span class="avatar small">{ avatar(&agent.name, picture.as_ref()) }</span>
            <div class="said"><div class="bubble">{ render_dots() }</div></div>
        </div>
    }
}
