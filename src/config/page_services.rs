//! What the page gives the view: the objects and functions of its TypeScript code that the view calls, the host's other
//! ways of contact, and the pictures of agents.

use std::rc::Rc;

use js_sys::Function;

use super::agent_pictures::AgentPictures;
use super::attachments::Attachments;
use super::contacts::Contact;
use super::notifications::Notifications;

/// What the page gives the view. Each object or function is `None` if the page does not offer it.
#[derive(Clone)]
pub(crate) struct PageServices {
    /// Uploads and downloads files.
    pub(crate) attachments: Option<Attachments>,
    /// Plays a sound for a new message. The panel's menu turns the sound off and on.
    pub(crate) notifications: Option<Notifications>,
    /// The host's other ways of contact.
    pub(crate) contacts: Rc<[Contact]>,
    /// The pictures of agents.
    pub(crate) agent_pictures: AgentPictures,
    /// Sends the message that the visitor leaves when nobody can answer.
    pub(crate) leave_message: Option<Function>,
}
