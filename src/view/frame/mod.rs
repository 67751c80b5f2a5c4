//! What surrounds the messages: the panel with its header, menu, banners and the question whether to end
//! the chat, and how the panel fits on the screen. `widget` is the component around the panel; it decides how
//! the panel is shown and handles keys. The other modules are tools for this: icons, avatars,
//! slots for the web page's own elements, the keyboard and its focus, and the style sheet for computed
//! values.

pub(crate) mod avatar;
pub(crate) mod banner;
pub(crate) mod end_question;
pub(crate) mod focus;
pub(crate) mod header;
pub(crate) mod icon;
pub(crate) mod keys;
pub(crate) mod menu;
pub(crate) mod panel;
pub(crate) mod screen;
pub(crate) mod slot;
pub(crate) mod style_sheet;
pub(crate) mod widget;
