//! What the page gives the view: the objects and functions of its TypeScript code that the view calls, the host's other
//! ways of contact, and the pictures of agents.

use std::rc::Rc;

use js_sys::Function;

use super::agent_pictures::AgentPictures;
use super::attachments::Attachments;
use super::contacts::Contact;
use super::notifications::Notifications;
use super::picture_hosts::PictureHosts;

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
    /// The hosts whose pictures are shown in messages.
    pub(crate) picture_hosts: PictureHosts,
    /// Sends what the visitor leaves to the host's server: a message, a rating, or the transcript.
    pub(crate) send_to_host: Option<Function>,
    /// Whether the visitor can rate a conversation.
    pub(crate) can_rate: bool,
    /// Whether the visitor can get the transcript by email.
    pub(crate) can_mail: bool,
}
