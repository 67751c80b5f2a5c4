//! The objects and functions of the page's TypeScript code that the view calls: for files, for the sound and for the
//! message that a visitor leaves.

use js_sys::Function;

use super::attachments::Attachments;
use super::notifications::Notifications;

/// The objects and functions of the page's TypeScript that the view calls. Each is `None` if the page does not offer
/// it.
#[derive(Clone, Default)]
pub(crate) struct PageServices {
    /// Uploads and downloads files.
    pub(crate) attachments: Option<Attachments>,
    /// Plays a sound for a new message. The panel's menu turns the sound off and on.
    pub(crate) notifications: Option<Notifications>,
    /// Sends the message that the visitor leaves when nobody can answer.
    pub(crate) leave_message: Option<Function>,
}
